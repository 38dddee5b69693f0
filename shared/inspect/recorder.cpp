#include "recorder.h"

#include "exchange_watch.h"

namespace sallyport::inspect {

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
    const size_t bytes = textSize(event.event);
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
    if (!m_ring->push(event) && must)
        owe(event);
    wakeWriter();
    return true;
}

void Recorder::owe(CaptureEvent& event)
{
    auto texts = std::make_unique<char[]>(textSize(event.event));
    Owed owed{std::move(event), std::move(texts)};
    moveTexts(owed.event.event, owed.texts.get());
    m_owed.push_back(std::move(owed));
    m_owes.store(true, std::memory_order_relaxed);
}

void Recorder::pushOwed()
{
    while (!m_closed && !m_owed.empty()) {
        if (!m_ring->push(m_owed.front().event))
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
