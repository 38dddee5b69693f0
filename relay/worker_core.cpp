#include "worker_core.h"

#include <QRandomGenerator>

#include <cinttypes>
#include <cstdio>

namespace sallyport::relay {

namespace {
// How often idle streams are looked through.
constexpr auto SweepInterval = std::chrono::seconds(5);
// The same trouble from the same address is logged once in this time.
constexpr auto TroubleInterval = std::chrono::seconds(10);
// RFC 8737 section 6.2, and our own.
constexpr std::string_view ChallengeProtocol = "acme-tls/1";
constexpr std::string_view LinkProtocol = "sallyport/1";
constexpr std::string_view Http2Protocol = "h2";

std::atomic<uint64_t> nextLinkId{1};

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
      m_control(control),
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
      m_peeks(m_io, peekLimits(shared.config.limits), shared.peeking, *this),
      m_tcp(*this),
      m_troubleGuard(TroubleInterval),
      m_sweep(m_io.deadlines(), [this] { sweep(); })
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
                agentAccepted(std::move(s), peer);
            }));
    m_sweep.set(m_io.now() + SweepInterval);
}

WorkerCore::~WorkerCore()
{
    closeEverything("the relay stopped");
}

// --- agents ---

void WorkerCore::agentAccepted(net::Socket socket, const net::Address& peer)
{
    if (!makeRoomForHandshake()) {
        agentTrouble(peer.toString(), "too many handshakes at once (limits.handshakes)");
        return socket.abort();
    }
    const uint64_t id = nextLinkId.fetch_add(1);
    auto greeting = std::make_unique<AgentGreeting>(id, m_io, m_shared, std::move(socket), peer,
                                                    static_cast<AgentGreetingOwner&>(*this));
    AgentGreeting& reference = *greeting;
    m_greetings.emplace(id, std::move(greeting));
    reference.start();
}

// Strangers hold few connections, and each for a short time. When all places are taken the oldest
// of this worker's gives up its own: whoever floods us keeps nobody out for long.
bool WorkerCore::makeRoomForHandshake()
{
    if (m_shared.handshakes.value() < int64_t(m_shared.config.limits.handshakes))
        return true;
    if (!m_greetings.empty()) {
        m_greetings.begin()->second->fail("made room for a newer connection");
        return true;
    }
    if (m_strangers.empty())
        return false;
    const uint64_t oldest = *m_strangers.begin();
    m_strangers.erase(oldest);
    if (AgentLink* link = findLink(oldest))
        link->close("made room for a newer connection");
    return true;
}

void WorkerCore::greeted(AgentGreeting& greeting, std::unique_ptr<net::Channel> channel,
                         ByteView early, bool earlyFramed)
{
    net::Channel* raw = channel.get();
    AgentLink& link = addLink(greeting.id(), std::move(channel), greeting.takeCount());
    dropGreeting(greeting);
    link.start(earlyFramed ? ByteView() : early);
    if (earlyFramed)
        raw->receiveEarly(early);
}

AgentLink& WorkerCore::addLink(uint64_t id, std::unique_ptr<net::Channel> channel, Counted count)
{
    auto link = std::make_unique<AgentLink>(m_io, m_shared, m_control,
                                            LinkRef{m_worker.index(), id}, std::move(channel),
                                            std::move(count), static_cast<AgentLinkOwner&>(*this));
    AgentLink& reference = *link;
    m_links.emplace(id, std::move(link));
    m_strangers.insert(id);
    return reference;
}

bool WorkerCore::becomeAgent(net::StreamSocket& socket, const net::Address&,
                             std::string_view answer, ByteView early)
{
    if (!makeRoomForHandshake())
        return false;
    net::StreamSocket::Parts parts = socket.release();
    auto channel = std::make_unique<net::Channel>(m_io, std::move(parts.socket), nullptr);
    net::Channel& raw = *channel;
    AgentLink& link =
        addLink(nextLinkId.fetch_add(1), std::move(channel), Counted(m_shared.handshakes));
    raw.startOpened(std::move(parts.engine));
    raw.send(asBytes(answer));
    raw.flush();
    raw.useWebSocket(wire::WebSocketRole::Server);
    link.start({});
    raw.receiveEarly(early);
    return true;
}

void WorkerCore::greetingFailed(AgentGreeting& greeting, const std::string& reason)
{
    agentTrouble(greeting.peer().toString(), reason);
    dropGreeting(greeting);
}

// It may be inside one of its own callbacks.
void WorkerCore::dropGreeting(AgentGreeting& greeting)
{
    const auto found = m_greetings.find(greeting.id());
    if (found == m_greetings.end())
        return;
    found->second->takeCount();
    m_io.retire(std::move(found->second));
    m_greetings.erase(found);
}

void WorkerCore::agentIntroduced(AgentLink& link)
{
    m_strangers.erase(link.ref().id);
}

void WorkerCore::agentLinkEnded(AgentLink& link)
{
    const auto found = m_links.find(link.ref().id);
    if (found == m_links.end())
        return;
    m_strangers.erase(link.ref().id);
    m_io.retire(std::move(found->second));
    m_links.erase(found);
}

void WorkerCore::agentTrouble(const std::string& peer, const std::string& message)
{
    const std::string host = peer.substr(0, peer.rfind(':'));
    if (const auto repeated = m_troubleGuard.admit(host, m_io.now()))
        m_shared.log.warning("agent not admitted",
                             {{"peer", peer}, {"reason", message}, {"kept_back", *repeated}});
}

AgentLink* WorkerCore::findLink(uint64_t id)
{
    const auto found = m_links.find(id);
    return found == m_links.end() ? nullptr : found->second.get();
}

void WorkerCore::sweep()
{
    const TimePoint now = m_io.now();
    for (const auto& [id, link] : m_links)
        link->sweepIdleStreams(now);
    m_sweep.set(now + SweepInterval);
}

// --- visitors ---

void WorkerCore::httpAccepted(net::Socket socket, const net::Address& peer)
{
    auto pass = m_shared.visitors.admit(peer);
    if (!pass)
        return socket.abort();
    adopt(HttpHandover{std::move(socket), peer, std::move(*pass), {}, false, 0});
}

// --- the first moments on listen.https ---

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

void WorkerCore::greetTls(net::Socket socket, const net::Address& peer, bool placed)
{
    makeRoomForTls();
    const uint64_t id = nextLinkId.fetch_add(1);
    auto greeting = std::make_unique<TlsGreeting>(id, m_io, m_shared, std::move(socket), peer,
                                                  static_cast<TlsGreetingOwner&>(*this));
    greeting->placed = placed;
    TlsGreeting& reference = *greeting;
    m_tlsGreetings.emplace(id, std::move(greeting));
    m_tlsPlaces.enter(id, peer);
    reference.start();
}

void WorkerCore::adopt(TlsHandover visitor)
{
    greetTls(std::move(visitor.socket), visitor.peer, true);
}

// As many as may still peek, and as fairly: a handshake that is not finished costs its own address.
void WorkerCore::makeRoomForTls()
{
    if (m_shared.tlsGreetings.value() < int64_t(m_shared.config.limits.peeking))
        return;
    if (const auto first = m_tlsPlaces.firstToGo())
        m_tlsGreetings.at(*first)->fail("made room for a newer connection");
}

// Agents and challenges are told by what they offer; everybody else is a visitor.
void WorkerCore::helloRead(TlsGreeting& greeting, const tls::ClientHelloReader& hello)
{
    if (hello.offers(LinkProtocol)) {
        const net::Address peer = greeting.peer();
        net::Socket socket = greeting.takeSocket();
        m_io.retire(takeTlsGreeting(greeting));
        return agentAccepted(std::move(socket), peer);
    }
    if (hello.offers(ChallengeProtocol)) {
        auto context = m_certificates.get()->findChallenge(hello.serverName());
        if (!context)
            return greeting.refuse(tls::Alert::NoApplicationProtocol, "no challenge for this name");
        return greeting.beginTls(std::move(context));
    }
    endVisitorTls(greeting, hello);
}

// The relay ends the TLS: on the worker where the name's link lives, so that all of the
// connection's state is there from the start.
void WorkerCore::endVisitorTls(TlsGreeting& greeting, const tls::ClientHelloReader& hello)
{
    auto context = m_certificates.get()->find(hello.serverName());
    if (!context)
        return greeting.refuse(tls::Alert::UnrecognizedName, "no certificate for this name");
    const RouteTable::RoutePtr route = findHost(hello.serverName());
    if (!greeting.placed && route && route->state == Route::State::Up && !isLocal(*route)) {
        const size_t worker = size_t(route->link.worker);
        TlsHandover visitor{greeting.takeSocket(), greeting.peer()};
        m_io.retire(takeTlsGreeting(greeting));
        return m_all[worker]->post(adopting(std::move(visitor)));
    }
    auto pass = m_shared.visitors.admit(greeting.peer());
    if (!pass)
        return greeting.fail("too many visitors");
    greeting.pass = std::move(*pass);
    greeting.beginTls(std::move(context));
}

// What the visitor speaks over TLS is decided here, by what the handshake agreed on (ALPN).
void WorkerCore::greetingOpen(TlsGreeting& greeting, net::StreamSocket socket)
{
    const std::string protocol(socket.tls()->alpn());
    m_io.retire(takeTlsGreeting(greeting)); // at the end of the turn
    if (protocol == ChallengeProtocol)
        return socket.close(); // RFC 8737 section 3: the handshake was all
    if (protocol == Http2Protocol) {
        H2Handover visitor;
        visitor.socket = std::move(socket);
        visitor.peer = greeting.peer();
        visitor.pass = std::move(greeting.pass);
        return adopt(std::move(visitor));
    }
    adopt(HttpHandover{std::move(socket), greeting.peer(), std::move(greeting.pass), {}, false, 0});
}

void WorkerCore::greetingOver(TlsGreeting& greeting, const std::string& reason)
{
    if (m_shared.log.enabled(observe::Level::Debug))
        m_shared.log.debug("no TLS with a visitor",
                           {{"peer", greeting.peer().toString()}, {"reason", reason}});
    m_io.retire(takeTlsGreeting(greeting));
}

std::unique_ptr<TlsGreeting> WorkerCore::takeTlsGreeting(TlsGreeting& greeting)
{
    m_tlsPlaces.leave(greeting.id());
    auto node = m_tlsGreetings.extract(greeting.id());
    return node.empty() ? nullptr : std::move(node.mapped());
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
    AgentLink* link = findLink(route.link.id);
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
    std::vector<AgentLink*> links;
    for (const auto& [id, link] : m_links)
        links.push_back(link.get());
    for (AgentLink* link : links)
        link->drain(deadline);
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
    while (!m_links.empty()) {
        AgentLink& link = *m_links.begin()->second;
        link.close(reason);
        agentLinkEnded(link);
    }
    while (!m_greetings.empty())
        dropGreeting(*m_greetings.begin()->second);
    while (!m_tlsGreetings.empty())
        m_tlsGreetings.begin()->second->fail(reason);
}

size_t WorkerCore::busyCount() const
{
    return m_visitors.size() + m_tcp.busyCount();
}

} // namespace sallyport::relay
