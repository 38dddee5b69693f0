#include "links/worker_links.h"

#include <atomic>

namespace sallyport::relay {

namespace {
// How often idle streams are looked through.
constexpr auto SweepInterval = std::chrono::seconds(5);
// The same trouble from the same address is logged once in this time.
constexpr auto TroubleInterval = std::chrono::seconds(10);

std::atomic<uint64_t> nextLinkId{1}; // of all workers
} // namespace

WorkerLinks::WorkerLinks(net::IoContext& io, SharedState& shared, ControlPort& control, int worker)
    : m_io(io),
      m_shared(shared),
      m_control(control),
      m_worker(worker),
      m_troubleGuard(TroubleInterval),
      m_sweep(io.deadlines(), [this] { sweep(); })
{
    m_sweep.set(m_io.now() + SweepInterval);
}

WorkerLinks::~WorkerLinks() = default;

void WorkerLinks::accepted(net::Socket socket, const net::Address& peer)
{
    if (!makeRoom()) {
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
bool WorkerLinks::makeRoom()
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
    if (AgentLink* link = find(oldest))
        link->close("made room for a newer connection");
    return true;
}

void WorkerLinks::greeted(AgentGreeting& greeting, std::unique_ptr<net::Channel> channel,
                          ByteView early, bool earlyFramed)
{
    net::Channel* raw = channel.get();
    AgentLink& link = addLink(greeting.id(), std::move(channel), greeting.takeCount());
    dropGreeting(greeting);
    link.start(earlyFramed ? ByteView() : early);
    if (earlyFramed)
        raw->receiveEarly(early);
}

AgentLink& WorkerLinks::addLink(uint64_t id, std::unique_ptr<net::Channel> channel, Counted count)
{
    auto link = std::make_unique<AgentLink>(m_io, m_shared, m_control, LinkRef{m_worker, id},
                                            std::move(channel), std::move(count),
                                            static_cast<AgentLinkOwner&>(*this));
    AgentLink& reference = *link;
    m_links.emplace(id, std::move(link));
    m_strangers.insert(id);
    return reference;
}

bool WorkerLinks::upgrade(net::StreamSocket& socket, std::string_view answer, ByteView early)
{
    if (!makeRoom())
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

void WorkerLinks::greetingFailed(AgentGreeting& greeting, const std::string& reason)
{
    agentTrouble(greeting.peer().toString(), reason);
    dropGreeting(greeting);
}

// It may be inside one of its own callbacks.
void WorkerLinks::dropGreeting(AgentGreeting& greeting)
{
    const auto found = m_greetings.find(greeting.id());
    if (found == m_greetings.end())
        return;
    found->second->takeCount();
    m_io.retire(std::move(found->second));
    m_greetings.erase(found);
}

void WorkerLinks::agentIntroduced(AgentLink& link)
{
    m_strangers.erase(link.ref().id);
}

void WorkerLinks::agentLinkEnded(AgentLink& link)
{
    const auto found = m_links.find(link.ref().id);
    if (found == m_links.end())
        return;
    m_strangers.erase(link.ref().id);
    m_io.retire(std::move(found->second));
    m_links.erase(found);
}

void WorkerLinks::agentTrouble(const std::string& peer, const std::string& message)
{
    const std::string host = peer.substr(0, peer.rfind(':'));
    if (const auto repeated = m_troubleGuard.admit(host, m_io.now()))
        m_shared.log.warning("agent not admitted",
                             {{"peer", peer}, {"reason", message}, {"kept_back", *repeated}});
}

void WorkerLinks::sweep()
{
    const TimePoint now = m_io.now();
    for (const auto& [id, link] : m_links)
        link->sweepIdleStreams(now);
    m_sweep.set(now + SweepInterval);
}

// --- the end ---

void WorkerLinks::drain(std::chrono::milliseconds deadline)
{
    std::vector<AgentLink*> links;
    for (const auto& [id, link] : m_links)
        links.push_back(link.get());
    for (AgentLink* link : links)
        link->drain(deadline);
}

void WorkerLinks::closeAll(const std::string& reason)
{
    while (!m_links.empty()) {
        AgentLink& link = *m_links.begin()->second;
        link.close(reason);
        agentLinkEnded(link);
    }
    while (!m_greetings.empty())
        dropGreeting(*m_greetings.begin()->second);
}

} // namespace sallyport::relay
