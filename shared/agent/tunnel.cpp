#include "tunnel.h"

namespace sallyport::agent {

wire::TunnelRequest requestOf(const Tunnel& tunnel)
{
    const config::TunnelConfig& config = tunnel.spec.config;
    wire::TunnelRequest request;
    request.ref = tunnel.ref;
    request.kind = config.kind;
    request.name = config.name;
    request.hostname = config.hostname;
    request.remotePort = config.remotePort;
    request.options.proxyProtocol = config.proxyProtocol;
    request.options.plainHttp = !config.httpUpstream.empty();
    request.options.hostHeader = config.hostHeader;
    request.options.upstreamProtocol = config.protocol;
    request.options.access = config.access;
    return request;
}

} // namespace sallyport::agent
