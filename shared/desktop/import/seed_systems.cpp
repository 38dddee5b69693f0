// Agents of four smaller systems: ax-router, go-tunnel, nexus, atlax.
#include "import/importers.h"

#include <utility>

namespace sallyport::desktop {

namespace {

using config::Node;
using config::TunnelConfig;
using config::TunnelKind;

constexpr std::string_view credential =
    "Not taken over: a credential of another system means nothing to a relay.";

void noteCredentials(const Node& map, std::initializer_list<std::string_view> keys,
                     const std::string& place, ImportBuilder& builder)
{
    for (const std::string_view key : keys)
        if (map.find(key))
            builder.note(place + std::string(key), std::string(credential));
}

// The mapping of a public port to a local address in a nexus backend: by host name where there is
// one, else the default.
std::string_view mappedTo(const Node& backend, const std::string& port, std::string_view host)
{
    const Node* mappings = backend.find("portMappings");
    const Node* mapping = mappings ? mappings->find(port) : nullptr;
    if (!mapping)
        return {};
    const Node* hosts = mapping->find("hosts");
    const std::string_view ofHost = hosts ? textOf(*hosts, host) : std::string_view();
    return ofHost.empty() ? textOf(*mapping, "default") : ofHost;
}

// nexus passes TLS through by the server's name, and plain HTTP by the Host field.
void importNexusHost(const Node& backend, std::string_view host, const std::string& place,
                     ImportBuilder& builder)
{
    const std::string_view secure = mappedTo(backend, "443", host);
    const std::string_view plain = mappedTo(backend, "80", host);
    if (secure.empty() && plain.empty()) {
        builder.note(place, "Left out: portMappings names no local address for port 443 or 80.");
        return;
    }
    TunnelConfig tunnel;
    tunnel.kind = secure.empty() ? TunnelKind::Http : TunnelKind::Tls;
    auto upstream = builder.upstream(secure.empty() ? plain : secure, tunnel.kind, place);
    if (!upstream)
        return;
    tunnel.upstream = std::move(*upstream);
    if (!secure.empty() && !plain.empty())
        if (auto http = builder.upstream(plain, TunnelKind::Http, place))
            tunnel.httpUpstream = std::move(*http);
    builder.setHostname(tunnel, host, place);
    builder.add(host.substr(0, host.find('.')), std::move(tunnel), place);
}

void importNexusBackend(const Node& backend, const std::string& place, ImportBuilder& builder)
{
    for (const std::string_view address : textsOf(backend, "nexusAddresses"))
        builder.hintRelay(address);
    for (const std::string_view key : {"hostname", "hostnames"})
        for (const std::string_view host : textsOf(backend, key))
            importNexusHost(backend, host, place + "." + std::string(key), builder);
    for (const std::string_view port : textsOf(backend, "tcpPorts")) {
        const std::string where = place + ".tcpPorts";
        const std::string_view local = mappedTo(backend, std::string(port), "");
        TunnelConfig tunnel;
        tunnel.kind = TunnelKind::Tcp;
        auto upstream = builder.upstream(local.empty() ? port : local, tunnel.kind, where);
        if (!upstream)
            continue;
        tunnel.upstream = std::move(*upstream);
        builder.setRemotePort(tunnel, port, where);
        builder.add(std::string(textOf(backend, "name")) + "-" + std::string(port),
                    std::move(tunnel), where);
    }
    if (backend.find("udpRoutes"))
        builder.note(place + ".udpRoutes", "Left out: udp tunnels are not supported yet.");
    if (backend.find("attestation"))
        builder.note(place + ".attestation", std::string(credential));
    builder.noteOthers(backend,
                       {"name", "hostname", "hostnames", "tcpPorts", "udpRoutes", "nexusAddresses",
                        "attestation", "portMappings", "healthChecks", "flowControl"},
                       place);
}

} // namespace

void importAxRouter(const Node& root, ImportBuilder& builder)
{
    builder.hintRelay(textOf(root, "AXR_SERVER"));
    noteCredentials(root, {"AXR_TOKEN"}, "", builder);
    const std::string_view target = textOf(root, "AXR_TARGET");
    if (target.empty()) {
        builder.note("AXR_TARGET",
                     "Left out: the local address stands on the agent's command line. "
                     "Publish that port with this name.");
        return;
    }
    TunnelConfig tunnel;
    auto upstream = builder.upstream(target, tunnel.kind, "AXR_TARGET");
    if (!upstream)
        return;
    tunnel.upstream = std::move(*upstream);
    const std::string_view service = textOf(root, "AXR_SERVICE");
    if (!service.empty())
        builder.setName(tunnel, service, "AXR_SERVICE");
    builder.add(service, std::move(tunnel), "AXR_SERVICE");
}

void importGoTunnel(const Node& root, ImportBuilder& builder)
{
    builder.hintRelay(textOf(root, "tunnel_addr"));
    noteCredentials(root, {"jwt_secret", "token", "auth_token"}, "", builder);
    if (isTrue(textOf(root, "skip_tls_verify")))
        builder.note("skip_tls_verify", "Not taken over: the relay's certificate is always "
                                        "verified. Pin its key where it has one of its own.");
    const Node* tunnels = root.find("tunnels");
    if (!tunnels)
        return;
    for (size_t i = 0; i < tunnels->items.size(); ++i) {
        const Node& entry = tunnels->items[i];
        const std::string place = "tunnels[" + std::to_string(i) + "]";
        TunnelConfig tunnel;
        if (textOf(entry, "mode") == "tcp")
            tunnel.kind = TunnelKind::Tcp;
        auto upstream = builder.upstream(textOf(entry, "target"), tunnel.kind, place + ".target");
        if (!upstream)
            continue;
        tunnel.upstream = std::move(*upstream);
        const std::string_view host = textOf(entry, "hostname");
        if (tunnel.kind == TunnelKind::Http)
            builder.setHostname(tunnel, host, place + ".hostname");
        else
            builder.note(place + ".hostname",
                         "A tcp tunnel has a port of the relay instead of a host name.");
        builder.add(host.substr(0, host.find('.')), std::move(tunnel), place);
    }
}

void importNexus(const Node& root, ImportBuilder& builder)
{
    if (const Node* backends = root.find("backends"))
        for (size_t i = 0; i < backends->items.size(); ++i)
            importNexusBackend(backends->items[i], "backends[" + std::to_string(i) + "]", builder);
}

void importAtlax(const Node& root, ImportBuilder& builder)
{
    if (const Node* relay = root.find("relay"))
        builder.hintRelay(textOf(*relay, "addr"));
    if (root.find("tls"))
        builder.note("tls", "Not taken over: certificates of another system mean nothing to a "
                            "relay.");
    const Node* services = root.find("services");
    if (!services)
        return;
    for (size_t i = 0; i < services->items.size(); ++i) {
        const Node& entry = services->items[i];
        const std::string place = "services[" + std::to_string(i) + "]";
        if (textOf(entry, "protocol") == "udp") {
            builder.note(place + ".protocol", "Left out: udp tunnels are not supported yet.");
            continue;
        }
        TunnelConfig tunnel;
        tunnel.kind = TunnelKind::Tcp;
        auto upstream =
            builder.upstream(textOf(entry, "local_addr"), tunnel.kind, place + ".local_addr");
        if (!upstream)
            continue;
        tunnel.upstream = std::move(*upstream);
        builder.setRemotePort(tunnel, textOf(entry, "relay_port"), place + ".relay_port");
        builder.add(textOf(entry, "name"), std::move(tunnel), place);
    }
}

} // namespace sallyport::desktop
