#include "tunnel.h"

namespace sallyport::agent {

namespace {

wire::TunnelKind wireKind(config::TunnelKind kind)
{
    switch (kind) {
    case config::TunnelKind::Http:
        return wire::TunnelKind::Http;
    case config::TunnelKind::Tls:
        return wire::TunnelKind::Tls;
    case config::TunnelKind::Tcp:
        return wire::TunnelKind::Tcp;
    case config::TunnelKind::Udp:
        return wire::TunnelKind::Udp;
    }
    return wire::TunnelKind::Http;
}

} // namespace

wire::TunnelRequest requestOf(const Tunnel& tunnel)
{
    const config::TunnelConfig& config = tunnel.spec.config;
    wire::TunnelRequest request;
    request.ref = tunnel.ref;
    request.kind = wireKind(config.kind);
    request.name = config.name;
    request.hostname = config.hostname;
    request.remotePort = config.remotePort;
    request.options.proxyProtocol = config.proxyProtocol;
    request.options.plainHttp = !config.httpUpstream.empty();
    request.options.hostHeader = config.hostHeader;
    if (config.protocol == config::UpstreamProtocol::H2c)
        request.options.upstreamProtocol = wire::UpstreamProtocol::H2c;
    request.options.access = config.access;
    return request;
}

} // namespace sallyport::agent
