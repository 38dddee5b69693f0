#include "visitors/routing.h"

#include "visitors/answers.h"

namespace sallyport::relay {

namespace {

Destination answered(const http::ErrorAnswer& answer)
{
    return {Destination::Kind::Answer, answer};
}

Destination waiting(bool waitedEnough)
{
    return waitedEnough ? answered(agentAway()) : Destination{Destination::Kind::Wait};
}

} // namespace

http::HeadLimits headLimits(const config::RelayLimits& limits)
{
    http::HeadLimits head;
    head.head = limits.head;
    head.target = limits.uri;
    head.fields = limits.headers;
    return head;
}

Destination destinationOf(VisitorHost& host, const http::RequestHead& head, bool tls,
                          bool waitedEnough)
{
    if (head.method == http::Method::Connect)
        return answered(connectRefused());
    RouteTable::RoutePtr route = host.findHost(head.host);
    if (!route && head.path == "/health")
        return {Destination::Kind::Health};
    if (!route)
        return host.shared().inStartupGrace(host.io().now()) && !waitedEnough
                   ? Destination{Destination::Kind::Wait}
                   : answered(unknownHost());
    if (route->kind == wire::TunnelKind::Tls && (tls || !route->plainHttp))
        return answered(misdirectedRequest());
    if (route->state == Route::State::Away)
        return answered(agentAway());
    if (route->state == Route::State::Grace)
        return waiting(waitedEnough);
    if (!host.isLocal(*route))
        return {Destination::Kind::Elsewhere, {}, std::move(route)};
    LinkTunnel* tunnel = host.localTunnel(*route);
    if (!tunnel || tunnel->linkClosed())
        return waiting(waitedEnough); // it went a moment ago: the control thread is about to say so
    return {Destination::Kind::Here, {}, std::move(route), tunnel};
}

std::optional<uint64_t> redirectPort(VisitorHost& host, const http::RequestHead& head, bool secure,
                                     bool trusted)
{
    if (secure)
        return std::nullopt;
    const SharedState& shared = host.shared();
    const uint64_t own = shared.httpsPort ? shared.httpsPort : 443;
    const uint64_t port = shared.config.publicUrl.port ? shared.config.publicUrl.port : own;
    const RouteTable::RoutePtr route = host.findHost(head.host);
    if (route && route->kind == wire::TunnelKind::Tls) {
        if (route->plainHttp)
            return std::nullopt;
        return port; // its upstream speaks TLS alone
    }
    if (!shared.config.httpsRedirect || shared.httpsPort == 0)
        return std::nullopt;
    if (head.path == "/health" || head.path.starts_with("/.well-known/acme-challenge/") ||
        head.form == http::TargetForm::Asterisk)
        return std::nullopt;
    if (trusted && head.value("X-Forwarded-Proto") == "https")
        return std::nullopt;
    // Better plain than a handshake that must fail.
    if (!route || !host.findCertificate(head.host.view()))
        return std::nullopt;
    return port;
}

Origin originOf(VisitorHost& host, const net::Address& peer, const net::StreamSocket& socket)
{
    Origin origin{peer.host(), isTrusted(host.shared().config.trustedProxies, peer)};
    if (const tls::Engine* engine = socket.tls()) {
        origin.scheme = "https";
        origin.tlsVersion = engine->version();
    }
    return origin;
}

http::RequestForwarding forwardingFor(VisitorHost& host, const Origin& origin,
                                      const LinkTunnel& tunnel, const http::RequestHead& head)
{
    http::RequestForwarding forwarding;
    forwarding.peer = origin.peer;
    forwarding.scheme = origin.scheme;
    forwarding.trustedPeer = origin.trusted;
    forwarding.requestId = http::requestIdFor(head, origin.trusted, host.freshRequestId());
    if (tunnel.route().hostHeader)
        forwarding.host = *tunnel.route().hostHeader;
    return forwarding;
}

} // namespace sallyport::relay
