// The keys of one tunnel in agent.yaml.
#include <sallyport/config/host_name.h>
#include <sallyport/config/tunnel_config.h>

#include <utility>

namespace sallyport::config {

namespace {

// "http" or "tcp": chooses the kind and names the upstream.
Field upstreamField(TunnelConfig& tunnel, TunnelKind kind, std::string help)
{
    Field field{std::string(toText(kind)), "upstream", std::move(help), ""};
    field.set = [&tunnel, kind](const Node& node) -> std::vector<Refused> {
        if (auto refused = detail::notOneValue(node))
            return {*refused};
        if (!tunnel.upstream.empty() && tunnel.kind != kind)
            return {{"", "",
                     "a tunnel has one kind, and this one is " + std::string(toText(tunnel.kind)) +
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
    fields.add(upstreamField(*this, TunnelKind::Tcp,
                             "Publish any TCP service: `PORT`, `HOST:PORT` or `unix:/PATH`."));
    const std::string notYet = "tunnels of this kind are not yet supported in this version";
    fields.reserved("tls", notYet);
    fields.reserved("udp", notYet);
    fields.optional(
        "name", name, config::name(),
        "With http: the name asked for under the relay's domain; the relay chooses one when "
        "neither name nor hostname is given.");
    fields.optional(
        "hostname", hostname, hostPattern(),
        "With http: a host name of your own that points at the relay, or `*.` and one.");
    fields.optional(
        "remote_port", remotePort, port(),
        "With tcp: the port asked for at the relay; the relay chooses one when it is not given.");
    fields.value(
        "proxy_protocol", proxyProtocol, yesOrNo(),
        "Begin each connection to the upstream with a PROXY protocol v2 header that tells the "
        "visitor's address.");
    fields.optional("host_header", hostHeader, hostAndMaybePort(),
                    "With http: the Host header that the upstream sees instead of the visitor's.");
}

void TunnelConfig::validate(Loader& loader, const std::string& path) const
{
    if (upstream.empty()) {
        if (!loader.hasComplainedAbout(path))
            loader.complain(path, "says nothing to publish: add http: PORT or tcp: PORT");
        return;
    }
    const auto onlyWith = [&](TunnelKind wanted, bool given, const char* key) {
        if (given && kind != wanted)
            loader.complain(path + "." + key, "has a meaning for " + std::string(toText(wanted)) +
                                                  " tunnels only, and this one is " +
                                                  std::string(toText(kind)));
    };
    onlyWith(TunnelKind::Http, name.has_value(), "name");
    onlyWith(TunnelKind::Http, hostname.has_value(), "hostname");
    onlyWith(TunnelKind::Http, hostHeader.has_value(), "host_header");
    onlyWith(TunnelKind::Tcp, remotePort.has_value(), "remote_port");
}

} // namespace sallyport::config
