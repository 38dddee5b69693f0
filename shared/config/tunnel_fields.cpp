// The keys of one tunnel in agent.yaml.
#include <sallyport/config/access_config.h>
#include <sallyport/config/host_name.h>
#include <sallyport/config/tunnel_config.h>

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace sallyport::config {

namespace {

// "http", "tls" or "tcp": chooses the kind and names the upstream.
Field upstreamField(TunnelConfig& tunnel, TunnelKind kind, std::string help)
{
    Field field{std::string(wire::kindText(kind)), "upstream", std::move(help), ""};
    field.set = [&tunnel, kind](const Node& node) -> std::vector<Refused> {
        if (auto refused = detail::notOneValue(node))
            return {*refused};
        if (!tunnel.upstream.empty() && tunnel.kind != kind)
            return {{"", "",
                     "a tunnel has one kind, and this one is " +
                         std::string(wire::kindText(tunnel.kind)) +
                         " already: make a second tunnel",
                     node.line}};
        auto upstream = Upstream::parse(node.text, kind);
        if (!upstream)
            return {{"", node.text, upstream.error(), node.line}};
        tunnel.kind = kind;
        tunnel.upstream = std::move(*upstream);
        return {};
    };
    return field;
}

Field httpUpstreamField(TunnelConfig& tunnel)
{
    Field field{"http_upstream", "upstream",
                "With tls: where visitors of the same host without TLS go, so that the service can "
                "renew its certificate by HTTP. Without it they are sent to https.",
                ""};
    field.set = [&tunnel](const Node& node) -> std::vector<Refused> {
        if (auto refused = detail::notOneValue(node))
            return {*refused};
        auto upstream = Upstream::parse(node.text, TunnelKind::Http);
        if (!upstream)
            return {{"", node.text, upstream.error(), node.line}};
        tunnel.httpUpstream = std::move(*upstream);
        return {};
    };
    return field;
}

Codec<std::string> hostPattern()
{
    Codec<std::string> codec = hostName();
    codec.parse = parseHostPattern;
    return codec;
}

Codec<std::string> hostAndMaybePort()
{
    Codec<std::string> codec = hostName();
    codec.type = "host name or host:port";
    codec.parse = [](std::string_view text) -> Result<std::string, std::string> {
        const auto endpoint = Endpoint::parse(text, 1);
        if (!endpoint)
            return Failure(endpoint.error());
        return std::string(text);
    };
    return codec;
}

} // namespace

void TunnelConfig::declare(Fields& fields)
{
    fields.add(upstreamField(*this, TunnelKind::Http,
                             "Publish a web server: `PORT`, `HOST:PORT`, `http://HOST:PORT` or "
                             "`unix:/PATH`. A bare port is one of 127.0.0.1."));
    fields.add(
        upstreamField(*this, TunnelKind::Tls,
                      "Publish a service that speaks TLS itself and keeps its key: `PORT`, "
                      "`HOST:PORT` or `unix:/PATH`. The relay routes by the server name that "
                      "visitors send in clear and passes everything on unread."));
    fields.add(upstreamField(*this, TunnelKind::Tcp,
                             "Publish any TCP service: `PORT`, `HOST:PORT` or `unix:/PATH`."));
    fields.reserved("udp", "tunnels of this kind are not yet supported in this version");
    fields.optional("name", name, config::name(),
                    "With http and tls: the name asked for under the relay's domain; the relay "
                    "chooses one when "
                    "neither name nor hostname (nor, with tls, remote_port) is given.");
    fields.optional(
        "hostname", hostname, hostPattern(),
        "With http and tls: a host name of your own that points at the relay, or `*.` and one.");
    fields.optional(
        "remote_port", remotePort, port(),
        "With tcp: the port asked for at the relay; the relay chooses one when it is not given. "
        "With tls: a port whose visitors come here when they name no server that another tunnel "
        "has.");
    fields.add(httpUpstreamField(*this));
    fields.value("certificate", certificate,
                 oneOf<Certificate>({{"none", Certificate::None}, {"auto", Certificate::Auto}}),
                 "With tls: auto ends the visitors' TLS here in the agent, with a certificate that "
                 "it obtains by ACME through the tunnel and renews; the upstream speaks plain. The "
                 "relay never has the key.");
    fields.value("certificate_file", certificateFile, filePath(),
                 "With tls: the same with a certificate chain of your own (PEM).");
    fields.value("certificate_key", certificateKey, filePath(), "The key to it (PEM).");
    fields.value(
        "proxy_protocol", proxyProtocol, yesOrNo(),
        "Begin each connection to the upstream with a PROXY protocol v2 header that tells the "
        "visitor's address.");
    fields.optional("host_header", hostHeader, hostAndMaybePort(),
                    "With http: the Host header that the upstream sees instead of the visitor's.");
    fields.value(
        "protocol", protocol,
        oneOf<UpstreamProtocol>(
            {{"http1", UpstreamProtocol::Http1}, {"h2c", UpstreamProtocol::H2c}}),
        "With http: what the upstream speaks. `h2c` is HTTP/2 without TLS, as gRPC servers "
        "want it.");
    fields.value("paused", paused, yesOrNo(),
                 "Keep the tunnel here, but do not publish it for now.");
    declareAccess(access, fields);
}

void TunnelConfig::validate(Loader& loader, const std::string& path) const
{
    if (upstream.empty()) {
        if (!loader.hasComplainedAbout(path))
            loader.complain(path,
                            "says nothing to publish: add http: PORT, tls: PORT or tcp: PORT");
        return;
    }
    const auto onlyWith = [&](std::initializer_list<TunnelKind> wanted, bool given,
                              const char* key) {
        if (!given || std::find(wanted.begin(), wanted.end(), kind) != wanted.end())
            return;
        std::string kinds;
        for (const TunnelKind one : wanted)
            kinds += (kinds.empty() ? "" : " and ") + std::string(wire::kindText(one));
        loader.complain(path + "." + key, "has a meaning for " + kinds +
                                              " tunnels only, and this one is " +
                                              std::string(wire::kindText(kind)));
    };
    using enum TunnelKind;
    onlyWith({Http, Tls}, name.has_value(), "name");
    onlyWith({Http, Tls}, hostname.has_value(), "hostname");
    onlyWith({Http}, hostHeader.has_value(), "host_header");
    onlyWith({Tcp, Tls}, remotePort.has_value(), "remote_port");
    onlyWith({Tls}, !httpUpstream.empty(), "http_upstream");
    onlyWith({Tls}, certificate != Certificate::None, "certificate");
    onlyWith({Tls}, !certificateFile.empty(), "certificate_file");
    if (certificateFile.empty() != certificateKey.empty())
        loader.complain(path + ".certificate_file",
                        "and certificate_key belong together: give both or neither");
    if (certificate == Certificate::Auto && !certificateFile.empty())
        loader.complain(path + ".certificate", "is auto, and a file is given too: remove one");
    if (certificate == Certificate::Auto && hostname && hostname->starts_with("*."))
        loader.complain(path + ".certificate",
                        "is auto, which needs a hostname without a wildcard");
    if (certificate == Certificate::Auto && remotePort && !hostname && !name)
        loader.complain(path + ".certificate", "is auto, which needs a hostname or a name");
    onlyWith({Http}, protocol != UpstreamProtocol::Http1, "protocol");
    validateAccess(access, kind == Http, loader, path);
}

} // namespace sallyport::config
