#include "visitors/tcp_visitors.h"

#include "visitors/filters/visit_policy.h"
#include "visitors/filters/visitor_address.h"

#include <algorithm>

namespace sallyport::relay {

namespace {
// A visitor who waits hears first that the grace is over.
constexpr auto Leeway = std::chrono::milliseconds(200);
} // namespace

TcpVisitors::TcpVisitors(TcpHost& host)
    : m_host(host), m_overdue(host.io().deadlines(), [this] { dropOverdue(); })
{}

TcpVisitors::~TcpVisitors() = default;

void TcpVisitors::openPort(uint16_t port, net::Socket listening)
{
    m_listeners[port] =
        std::make_unique<net::Listener>(m_host.io(), std::move(listening),
                                        [this, port](net::Socket socket, const net::Address& peer) {
                                            accepted(port, std::move(socket), peer);
                                        });
}

void TcpVisitors::accepted(uint16_t port, net::Socket socket, const net::Address& peer)
{
    const RouteTable::RoutePtr route = m_host.findPort(port);
    if (route && route->kind == wire::TunnelKind::Tls)
        return m_host.peekHello({std::move(socket), peer, port});
    SharedState& shared = m_host.shared();
    auto pass = shared.visitors.admit(peer);
    if (!pass)
        return socket.abort();
    adopt({std::move(socket), peer, std::move(*pass), port,
           m_host.io().now() + shared.config.reconnectGrace, std::nullopt});
}

RouteTable::RoutePtr TcpVisitors::findTls(std::string_view serverName, uint16_t port)
{
    const auto isTls = [](const RouteTable::RoutePtr& route) {
        return route && route->kind == wire::TunnelKind::Tls;
    };
    if (!serverName.empty())
        if (RouteTable::RoutePtr route = m_host.findHost(serverName); isTls(route))
            return route;
    RouteTable::RoutePtr route = m_host.findPort(port);
    return isTls(route) ? route : nullptr;
}

bool TcpVisitors::takesHttps(std::string_view serverName, uint16_t port)
{
    const RouteTable::RoutePtr route =
        serverName.empty() ? m_host.findPort(port) : m_host.findHost(serverName);
    return route ? route->kind == wire::TunnelKind::Tls : mayComeBack(serverName);
}

bool TcpVisitors::mayComeBack(std::string_view serverName)
{
    return !serverName.empty() && !m_host.findHost(serverName) &&
           m_host.shared().inStartupGrace(m_host.io().now());
}

void TcpVisitors::passThrough(PeekedVisitor visitor, const tls::ClientHelloReader& hello)
{
    SharedState& shared = m_host.shared();
    auto pass = shared.visitors.admit(visitor.peer);
    if (!pass)
        return visitor.socket.abort();
    adopt({std::move(visitor.socket), visitor.peer, std::move(*pass), visitor.port,
           m_host.io().now() + shared.config.reconnectGrace + Leeway,
           TlsWish{std::string(hello.serverName()), std::string(hello.onlyProtocol()),
                   visitor.https}});
}

RouteTable::RoutePtr TcpVisitors::findRoute(const TcpHandover& visitor)
{
    if (visitor.tls)
        return findTls(visitor.tls->serverName, visitor.port);
    RouteTable::RoutePtr route = m_host.findPort(visitor.port);
    return route && route->kind == wire::TunnelKind::Tcp ? route : nullptr;
}

void TcpVisitors::noRoute(TcpHandover visitor)
{
    if (!visitor.tls || !visitor.tls->https)
        return turnAway(std::move(visitor), tls::Alert::UnrecognizedName);
    if (mayComeBack(visitor.tls->serverName))
        return wait(std::move(visitor));
    visitor.pass.release();
    m_host.endTls({std::move(visitor.socket), visitor.peer, visitor.port, true});
}

// Nothing was read from it yet, so a tls visitor can hear why.
void TcpVisitors::turnAway(TcpHandover visitor, tls::Alert alert)
{
    if (visitor.tls)
        refuseHello(m_host.io(), std::move(visitor.socket), alert);
    else
        visitor.socket.abort();
}

void TcpVisitors::adopt(TcpHandover visitor)
{
    const RouteTable::RoutePtr route = findRoute(visitor);
    if (!route)
        return noRoute(std::move(visitor));
    if (route->state == Route::State::Away)
        return turnAway(std::move(visitor), tls::Alert::InternalError);
    if (route->policy && !route->policy->admits(ipOf(visitor.peer)))
        return turnAway(std::move(visitor), tls::Alert::AccessDenied);
    if (route->state == Route::State::Grace)
        return wait(std::move(visitor));
    if (!m_host.isLocal(*route))
        return m_host.handOver(*route, std::move(visitor));
    LinkTunnel* tunnel = m_host.localTunnel(*route);
    if (!tunnel || tunnel->linkClosed())
        return wait(std::move(visitor));

    const std::shared_ptr<TunnelStats> stats = tunnel->route().stats;
    VisitorInfo info{visitor.peer, visitor.socket.localAddress(), {}, {}, {}};
    if (visitor.tls) {
        info.authority = visitor.tls->serverName;
        info.alpn = visitor.tls->alpn;
    }
    net::StreamPump& pump = addPump(std::move(visitor.pass), stats);
    if (!tunnel->openFor(pump, info)) {
        stats->errors.add();
        turnAway(std::move(visitor), tls::Alert::InternalError);
        m_host.io().retire(std::move(m_pumps.at(&pump).pump));
        m_pumps.erase(&pump);
        return;
    }
    stats->requests.add();
    stats->active.add();
    pump.start(std::move(visitor.socket));
}

net::StreamPump& TcpVisitors::addPump(VisitorPass pass, std::shared_ptr<TunnelStats> stats)
{
    auto pump = std::make_unique<net::StreamPump>(m_host.io(), static_cast<net::PumpOwner&>(*this));
    net::StreamPump& reference = *pump;
    m_pumps.emplace(&reference, Pump{std::move(pump), std::move(pass), std::move(stats)});
    return reference;
}

void TcpVisitors::adoptUpgraded(net::LinkStream& stream, PumpStart start)
{
    net::StreamPump& pump = addPump(std::move(start.pass), start.stats);
    start.stats->active.add();
    if (net::Link* link = stream.link())
        link->reattach(stream, pump);
    // What the visitor is to get first was credited already.
    pump.start(std::move(start.socket), start.toStream, start.toSocket, start.streamFinished,
               start.toSocket.size());
}

void TcpVisitors::pumpEnded(net::StreamPump& pump, net::PumpEnd)
{
    const auto found = m_pumps.find(&pump);
    if (found == m_pumps.end())
        return;
    TunnelStats& stats = *found->second.stats;
    stats.bytesIn.add(pump.bytesFromSocket());
    stats.bytesOut.add(pump.bytesToSocket());
    stats.active.subtract();
    m_host.io().retire(std::move(found->second.pump));
    m_pumps.erase(found);
}

// --- waiting for a link that just dropped ---

void TcpVisitors::wait(TcpHandover visitor)
{
    SharedState& shared = m_host.shared();
    if (shared.waiting.value() >= int64_t(shared.config.limits.pendingRequests))
        return turnAway(std::move(visitor), tls::Alert::InternalError);
    m_waiting.push_back({std::move(visitor), Counted(shared.waiting)});
    m_overdue.set(m_waiting.front().visitor.giveUp);
}

void TcpVisitors::routesChanged()
{
    std::vector<Waiting> waiting = std::exchange(m_waiting, {});
    for (Waiting& one : waiting) {
        one.count.release();
        adopt(std::move(one.visitor));
    }
}

void TcpVisitors::dropOverdue()
{
    const TimePoint now = m_host.io().now();
    std::erase_if(m_waiting, [&](Waiting& one) {
        if (one.visitor.giveUp > now)
            return false;
        turnAway(std::move(one.visitor), tls::Alert::InternalError);
        return true;
    });
    if (!m_waiting.empty())
        m_overdue.set(m_waiting.front().visitor.giveUp);
}

} // namespace sallyport::relay
