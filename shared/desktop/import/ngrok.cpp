// ngrok.yml: version 1 and 2 have `tunnels`, version 3 has `endpoints` as well.
#include "import/importers.h"

#include <array>
#include <set>

namespace sallyport::desktop {

namespace {

using config::Node;
using config::TunnelConfig;
using config::TunnelKind;

constexpr std::string_view credentials =
    "Not taken over: a credential of ngrok means nothing to a relay of yours.";

bool isNgrokDomain(std::string_view host)
{
    for (const std::string_view domain : {".ngrok.io", ".ngrok.app", ".ngrok.dev",
                                          ".ngrok-free.app", ".ngrok-free.dev", ".ngrok.pizza"})
        if (host.ends_with(domain))
            return true;
    return false;
}

struct Address
{
    TunnelConfig tunnel;
    std::string place;
    ImportProtection protection;
};

// What lets only some visitors in, and has nothing like it here.
constexpr std::array foreignGuards = {"oauth",
                                      "oidc",
                                      "saml",
                                      "verify_webhook",
                                      "verify_webhook_provider",
                                      "mutual_tls_cas",
                                      "mutual_tls",
                                      "policy",
                                      "traffic_policy",
                                      "verify_webhook_secret",
                                      "user_agent_filter"};

// A host of ngrok's own domains becomes a name under the relay's domain.
void setHost(Address& address, std::string_view host, const std::string& key,
             ImportBuilder& builder)
{
    if (host.empty())
        return;
    const std::string place = address.place + "." + key;
    if (!isNgrokDomain(host)) {
        builder.setHostname(address.tunnel, host, place);
        return;
    }
    builder.setName(address.tunnel, host.substr(0, host.find('.')), place);
    builder.note(place, "The domain belongs to ngrok: the same name is asked for under the relay's "
                        "domain.");
}

void setRemote(Address& address, std::string_view remote, const std::string& key,
               ImportBuilder& builder)
{
    const size_t colon = remote.rfind(':');
    if (colon != std::string_view::npos)
        builder.setRemotePort(address.tunnel, remote.substr(colon + 1), address.place + "." + key);
}

// `addr` may be a port, host:port, a URL, or file:///.
bool setUpstream(Address& address, std::string_view text, const std::string& key,
                 ImportBuilder& builder)
{
    const std::string place = address.place + "." + key;
    if (text.starts_with("file:")) {
        builder.note(place, "Left out: it serves files of a folder. Start a web server for them "
                            "and publish that.");
        return false;
    }
    if (address.tunnel.kind != TunnelKind::Http)
        for (const std::string_view scheme : {"tcp://", "tls://"})
            if (text.starts_with(scheme))
                text.remove_prefix(scheme.size());
    auto upstream = builder.upstream(text, address.tunnel.kind, place);
    if (upstream)
        address.tunnel.upstream = std::move(*upstream);
    return upstream.has_value();
}

void setAccess(Address& address, const Node& tunnel)
{
    for (const std::string_view key : foreignGuards)
        if (tunnel.find(key))
            address.protection.lost.emplace_back(key);
    for (const std::string_view key : {"auth", "basic_auth"}) {
        const auto logins = textsOf(tunnel, key);
        if (logins.empty() && tunnel.find(key))
            address.protection.lost.emplace_back(key);
        for (const std::string_view login : logins)
            addLogin(address.protection, login, key);
    }
    const Node* rules = tunnel.find("ip_restriction");
    if (!rules)
        return;
    for (const std::string_view network : textsOf(*rules, "allow_cidrs"))
        address.tunnel.access.allow.emplace_back(network);
    for (const std::string_view network : textsOf(*rules, "deny_cidrs"))
        address.tunnel.access.deny.emplace_back(network);
}

void importTunnel(const std::string& name, const Node& node, ImportBuilder& builder)
{
    Address address{{}, "tunnels." + name, {}};
    const std::string_view proto = textOf(node, "proto");
    if (proto == "tcp")
        address.tunnel.kind = TunnelKind::Tcp;
    else if (proto == "tls")
        address.tunnel.kind = TunnelKind::Tls;
    else if (!proto.empty() && proto != "http" && proto != "https") {
        builder.note(address.place + ".proto", "Left out: there is no such kind of tunnel here.");
        return;
    }
    if (node.find("labels")) {
        builder.note(address.place + ".labels",
                     "Left out: where it is published is decided in ngrok's dashboard.");
        return;
    }
    if (!setUpstream(address, textOf(node, "addr"), "addr", builder))
        return;
    setHost(address, textOf(node, "hostname"), "hostname", builder);
    setHost(address, textOf(node, "domain"), "domain", builder);
    if (const auto subdomain = textOf(node, "subdomain"); !subdomain.empty())
        builder.setName(address.tunnel, subdomain, address.place + ".subdomain");
    setRemote(address, textOf(node, "remote_addr"), "remote_addr", builder);
    const std::string_view header = textOf(node, "host_header");
    if (header == "rewrite")
        address.tunnel.hostHeader = address.tunnel.upstream.endpoint.text();
    else if (!header.empty() && header != "preserve")
        address.tunnel.hostHeader = std::string(header);
    address.tunnel.proxyProtocol = textOf(node, "proxy_proto") == "2";
    setAccess(address, node);
    std::set<std::string_view> known(foreignGuards.begin(), foreignGuards.end());
    known.insert({"proto", "addr", "hostname", "domain", "subdomain", "remote_addr", "inspect",
                  "host_header", "proxy_proto", "auth", "basic_auth", "ip_restriction", "schemes",
                  "bind_tls", "metadata"});
    builder.noteOthers(node, known, address.place);
    builder.add(name, std::move(address.tunnel), address.place, std::move(address.protection));
}

void importEndpoint(const Node& node, const std::string& place, ImportBuilder& builder)
{
    Address address{{}, place, {}};
    const std::string_view url = textOf(node, "url");
    const size_t schemeEnd = url.find("://");
    const std::string_view scheme =
        schemeEnd == std::string_view::npos ? "" : url.substr(0, schemeEnd);
    std::string_view host = schemeEnd == std::string_view::npos ? url : url.substr(schemeEnd + 3);
    host = host.substr(0, host.find('/'));
    if (scheme == "tcp")
        address.tunnel.kind = TunnelKind::Tcp;
    else if (scheme == "tls")
        address.tunnel.kind = TunnelKind::Tls;
    if (address.tunnel.kind == TunnelKind::Tcp)
        setRemote(address, host, "url", builder);
    else if (host.ends_with(".internal"))
        builder.note(place + ".url", "Internal endpoints are reached by ngrok alone: the relay "
                                     "chooses a public address instead.");
    else
        setHost(address, host.substr(0, host.find(':')), "url", builder);

    const Node* upstream = node.find("upstream");
    if (!upstream || !setUpstream(address, textOf(*upstream, "url"), "upstream.url", builder)) {
        if (!upstream)
            builder.note(place, "Left out: it names no upstream.");
        return;
    }
    if (textOf(*upstream, "protocol") == "http2")
        address.tunnel.protocol = config::UpstreamProtocol::H2c;
    address.tunnel.proxyProtocol = textOf(*upstream, "proxy_protocol") == "2";
    // It may hold anything: who may visit, too.
    if (node.find("traffic_policy"))
        address.protection.lost.emplace_back("traffic_policy");
    builder.noteOthers(
        node, {"name", "url", "upstream", "traffic_policy", "metadata", "description", "inspect"},
        place);
    const std::string_view name = textOf(node, "name");
    builder.add(name.empty() ? host : name, std::move(address.tunnel), place,
                std::move(address.protection));
}

} // namespace

void importNgrok(const Node& root, ImportBuilder& builder)
{
    const Node* agent = root.find("agent");
    for (const std::string_view key : {"authtoken", "api_key"})
        if (root.find(key) || (agent && agent->find(key)))
            builder.note(std::string(agent ? "agent." : "") + std::string(key),
                         std::string(credentials));
    if (const Node* endpoints = root.find("endpoints"))
        for (size_t i = 0; i < endpoints->items.size(); ++i)
            importEndpoint(endpoints->items[i], "endpoints[" + std::to_string(i) + "]", builder);
    if (const Node* tunnels = root.find("tunnels"))
        for (const config::NodeEntry& entry : tunnels->entries)
            importTunnel(entry.key, entry.value, builder);
}

} // namespace sallyport::desktop
