#include "recorder.h"

#include "exchange_watch.h"

namespace sallyport::inspect {

size_t payloadSize(const ExchangeEvent& event)
{
    if (const auto* piece = std::get_if<BodyPiece>(&event.what))
        return piece->bytes.size();
    if (const auto* seen = std::get_if<MessageSeen>(&event.what))
        return seen->message.data.size();
    if (const auto* begun = std::get_if<Begun>(&event.what))
        return begun->head.size();
    if (const auto* answered = std::get_if<Answered>(&event.what))
        return answered->head.size();
    return 0;
}

namespace {

std::shared_ptr<ConnectionFacts> factsOf(const net::WatchedConnection& about)
{
    auto facts = std::make_shared<ConnectionFacts>();
    facts->tunnel = about.tunnel;
    facts->upstream = about.upstream;
    facts->visitor = about.visitor;
    facts->host = about.host;
    facts->tls = about.tls;
    facts->opened = Clock::now();
    facts->openedAt = std::chrono::system_clock::now();
    return facts;
}

} // namespace

Recorder::Recorder(std::shared_ptr<CaptureRing> ring, std::function<void()> wake)
    : m_ring(std::move(ring)), m_wake(std::move(wake))
{}

std::unique_ptr<net::ConnectionWatch> Recorder::watch(const net::WatchedConnection& about)
{
    if (m_closed)
        return nullptr;
    return std::make_unique<ExchangeWatch>(shared_from_this(), m_connections++, factsOf(about),
                                           about.http);
}

std::unique_ptr<net::ConnectionWatch> Recorder::watchReplay(const net::WatchedConnection& about,
                                                            RecordId original, bool edited,
                                                            uint64_t& firstKey)
{
    auto facts = factsOf(about);
    facts->replayOf = original;
    facts->edited = edited;
    firstKey = m_connections << 32;
    return std::make_unique<ExchangeWatch>(shared_from_this(), m_connections++, std::move(facts),
                                           true);
}

bool Recorder::push(CaptureEvent& event)
{
    if (m_closed)
        return false;
    if (!m_owed.empty())
        pushOwed();
    const auto& what = event.event.what;
    const size_t bytes = payloadSize(event.event);
    const bool begins = std::holds_alternative<Begun>(what);
    const bool must = std::holds_alternative<Answered>(what) || std::holds_alternative<Ended>(what);
    if (begins && (m_ring->isOver(BegunLimit) || !m_ring->hasRoomFor(bytes))) {
        m_missed.fetch_add(1, std::memory_order_relaxed);
        wakeWriter();
        return false;
    }
    if (!begins && !must && (m_ring->isOver(BodyMark) || !m_ring->hasRoomFor(bytes))) {
        // The other end sees the gap: offsets and numbers go on.
        wakeWriter();
        return true;
    }
    if (!m_ring->push(event, payloadSize(event.event)) && must) {
        m_owed.push_back(std::move(event));
        m_owes.store(true, std::memory_order_relaxed);
    }
    wakeWriter();
    return true;
}

void Recorder::pushOwed()
{
    while (!m_closed && !m_owed.empty()) {
        if (!m_ring->push(m_owed.front(), payloadSize(m_owed.front().event)))
            return;
        m_owed.pop_front();
        wakeWriter();
    }
    m_owes.store(!m_owed.empty(), std::memory_order_relaxed);
}

void Recorder::wakeWriter()
{
    if (!m_awake.load(std::memory_order_relaxed) && !m_awake.exchange(true))
        m_wake();
}

} // namespace sallyport::inspect
