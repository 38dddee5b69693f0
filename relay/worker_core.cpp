#include "worker_core.h"

#include <QRandomGenerator>

#include <cinttypes>
#include <cstdio>

namespace sallyport::relay {

namespace {
// The same trouble from the same address is logged once in this time.
constexpr auto TroubleInterval = std::chrono::seconds(10);
constexpr std::string_view LinkProtocol = "sallyport/1";

// A task must be copyable; what it carries is not.
template <typename T>
std::function<void(WorkerCore&)> adopting(T handover)
{
    return [carried = std::make_shared<T>(std::move(handover))](WorkerCore& core) {
        core.adopt(std::move(*carried));
    };
}

HelloPeeks::Limits peekLimits(const config::RelayLimits& limits)
{
    return {limits.peeking, limits.peekBytes, limits.peekFirstByte, limits.peekProgress,
            limits.peekTimeout};
}
} // namespace

WorkerCore::WorkerCore(Worker& worker, SharedState& shared, ControlPort& control,
                       WorkerListeners listeners, std::vector<Worker*> all)
    : m_worker(worker),
      m_shared(shared),
      m_all(std::move(all)),
      m_routes(shared.routes),
      m_certificates(shared.certificates),
      m_acme(shared.acme),
      m_gatekeeper(
          shared,
          [&worker](std::function<void(Gatekeeper&)> task) {
              worker.post([task = std::move(task)](WorkerCore& core) { task(core.m_gatekeeper); });
          },
          [this] { return m_io.now(); }),
      m_requestCounter(QRandomGenerator::system()->generate64()),
      m_links(m_io, shared, control, worker.index()),
      m_https(m_io, shared, *this),
      m_peeks(m_io, peekLimits(shared.config.limits), shared.peeking, *this),
      m_tcp(*this),
      m_troubleGuard(TroubleInterval)
{
    for (net::Socket& socket : listeners.http)
        m_listeners.push_back(std::make_unique<net::Listener>(
            m_io, std::move(socket),
            [this](net::Socket s, const net::Address& peer) { httpAccepted(std::move(s), peer); }));
    for (net::Socket& socket : listeners.https)
        m_listeners.push_back(std::make_unique<net::Listener>(
            m_io, std::move(socket),
            [this, port = socket.localAddress().port()](net::Socket s, const net::Address& peer) {
                m_peeks.add({std::move(s), peer, port, true});
            }));
    for (net::Socket& socket : listeners.agents)
        m_listeners.push_back(std::make_unique<net::Listener>(
            m_io, std::move(socket), [this](net::Socket s, const net::Address& peer) {
                m_links.accepted(std::move(s), peer);
            }));
}

WorkerCore::~WorkerCore()
{
    closeEverything("the relay stopped");
}

// --- visitors ---

void WorkerCore::httpAccepted(net::Socket socket, const net::Address& peer)
{
    auto pass = m_shared.visitors.admit(peer);
    if (!pass)
        return socket.abort();
    adopt(HttpHandover{std::move(socket), peer, std::move(*pass), {}, false, 0});
}

// Where the TLS is a tunnel's it is passed through, challenges of a CA (RFC 8737) included; but
// agents come in here whatever server they name.
void WorkerCore::helloPeeked(PeekedVisitor visitor, const tls::ClientHelloReader& hello)
{
    const bool agent = visitor.https && hello.offers(LinkProtocol);
    if (!visitor.https || (!agent && m_tcp.takesHttps(hello.serverName(), visitor.port)))
        return m_tcp.passThrough(std::move(visitor), hello);
    endTls(std::move(visitor));
}

void WorkerCore::notTlsPeeked(PeekedVisitor visitor)
{
    if (visitor.https)
        return endTls(std::move(visitor)); // which says what is wrong
    visitor.socket.abort();
}

void WorkerCore::adopt(HttpHandover handover)
{
    auto visitor =
        std::make_unique<HttpVisitor>(static_cast<VisitorHost&>(*this), std::move(handover));
    HttpVisitor& reference = *visitor;
    m_visitors.emplace(&reference, std::move(visitor));
    if (m_finishing)
        reference.finishSoon();
    reference.start();
}

void WorkerCore::adopt(H2Handover handover)
{
    auto visitor =
        std::make_unique<H2Visitor>(static_cast<VisitorHost&>(*this), std::move(handover));
    H2Visitor& reference = *visitor;
    m_visitors.emplace(&reference, std::move(visitor));
    if (m_finishing)
        reference.finishSoon();
    reference.start();
}

void WorkerCore::becomeHttp2(H2Handover visitor)
{
    adopt(std::move(visitor));
}

void WorkerCore::visitorTrouble(const net::Address& peer, const std::string& message)
{
    if (const auto repeated = m_troubleGuard.admit(peer.host(), m_io.now()))
        m_shared.log.warning(
            "visitor cut off",
            {{"visitor", peer.host()}, {"reason", message}, {"kept_back", *repeated}});
}

void WorkerCore::adopt(TcpHandover visitor)
{
    m_tcp.adopt(std::move(visitor));
}

RouteTable::RoutePtr WorkerCore::findHost(std::string_view host)
{
    return m_routes.get()->findHost(host);
}

RouteTable::RoutePtr WorkerCore::findPort(uint16_t port)
{
    return m_routes.get()->findPort(port);
}

bool WorkerCore::isLocal(const Route& route) const
{
    return route.link.worker == m_worker.index();
}

LinkTunnel* WorkerCore::localTunnel(const Route& route)
{
    AgentLink* link = m_links.find(route.link.id);
    return link ? link->tunnel(route.tunnelId) : nullptr;
}

void WorkerCore::handOver(const Route& route, HttpHandover visitor)
{
    m_all[size_t(route.link.worker)]->post(adopting(std::move(visitor)));
}

void WorkerCore::handOver(const Route& route, H2Handover visitor)
{
    m_all[size_t(route.link.worker)]->post(adopting(std::move(visitor)));
}

void WorkerCore::handOver(const Route& route, TlsHandover visitor)
{
    m_all[size_t(route.link.worker)]->post(adopting(std::move(visitor)));
}

void WorkerCore::handOver(const Route& route, TcpHandover visitor)
{
    m_all[size_t(route.link.worker)]->post(adopting(std::move(visitor)));
}

bool WorkerCore::waitForRoute(RouteWaiter& waiter)
{
    if (m_shared.waiting.value() >= int64_t(m_shared.config.limits.pendingRequests))
        return false;
    m_waiting.emplace(&waiter, Counted(m_shared.waiting));
    return true;
}

void WorkerCore::stopWaiting(RouteWaiter& waiter)
{
    m_waiting.erase(&waiter);
}

void WorkerCore::becomePump(net::LinkStream& stream, PumpStart start)
{
    m_tcp.adoptUpgraded(stream, std::move(start));
}

void WorkerCore::visitorEnded(Visitor& visitor)
{
    const auto found = m_visitors.find(&visitor);
    if (found == m_visitors.end())
        return;
    m_io.retire(std::move(found->second));
    m_visitors.erase(found);
}

std::string_view WorkerCore::freshRequestId()
{
    // Unique, not secret: a counter from a random start, spread by an odd factor.
    m_requestCounter += 0x9e3779b97f4a7c15u;
    static constexpr char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < 16; ++i)
        m_requestId[i] = digits[(m_requestCounter >> (60 - 4 * i)) & 15];
    return {m_requestId.data(), 16};
}

// --- from the control thread ---

void WorkerCore::routesChanged()
{
    std::vector<RouteWaiter*> waiting;
    for (const auto& [waiter, count] : m_waiting)
        waiting.push_back(waiter);
    for (RouteWaiter* waiter : waiting)
        if (m_waiting.contains(waiter))
            waiter->routesChanged();
    m_tcp.routesChanged();
}

void WorkerCore::openPort(uint16_t port, net::Socket listening)
{
    m_tcp.openPort(port, std::move(listening));
}

void WorkerCore::closePort(uint16_t port)
{
    m_tcp.closePort(port);
}

void WorkerCore::stopAccepting()
{
    m_listeners.clear();
    m_tcp.closeAllPorts();
    m_peeks.clear();
}

void WorkerCore::drainLinks(std::chrono::milliseconds deadline)
{
    m_links.drain(deadline);
}

void WorkerCore::finishVisitors()
{
    m_finishing = true;
    std::vector<Visitor*> visitors;
    for (const auto& [visitor, owned] : m_visitors)
        visitors.push_back(visitor);
    for (Visitor* visitor : visitors)
        visitor->finishSoon();
}

void WorkerCore::closeEverything(const std::string& reason)
{
    stopAccepting();
    while (!m_visitors.empty())
        m_visitors.begin()->first->close();
    m_links.closeAll(reason);
    m_https.closeAll(reason);
}

size_t WorkerCore::busyCount() const
{
    return m_visitors.size() + m_tcp.busyCount();
}

} // namespace sallyport::relay
