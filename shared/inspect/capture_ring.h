// What is on its way from the agent's thread to the writer's: a ring of events that one thread
// fills and one other empties, without a lock. Nobody waits for anybody: a full ring takes no more.
#pragma once

#include "exchange_event.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sallyport::inspect {

// What is the same for all exchanges of a connection.
struct ConnectionFacts
{
    std::string tunnel;
    std::string upstream;
    std::string visitor;
    std::string host;
    bool tls = false;
    TimePoint opened{};
    std::chrono::system_clock::time_point openedAt; // the same moment
    RecordId replayOf = 0;
    bool edited = false;
};

struct CaptureEvent
{
    uint64_t key = 0;                                  // of the exchange, in this process
    std::shared_ptr<const ConnectionFacts> connection; // with Begun
    ExchangeEvent event;
};

class CaptureRing
{
public:
    static constexpr size_t Slots = 32 * 1024;
    static constexpr size_t ByteLimit = 16 * 1024 * 1024;

    CaptureRing() : m_slots(std::make_unique<CaptureEvent[]>(Slots)) {}

    // The filling thread's. False: full, and the event is untouched.
    bool push(CaptureEvent& event, size_t bytes)
    {
        const size_t head = m_head.load(std::memory_order_relaxed);
        if (head - m_tail.load(std::memory_order_acquire) == Slots)
            return false;
        m_slots[head % Slots] = std::move(event);
        m_bytes.fetch_add(bytes, std::memory_order_relaxed);
        m_head.store(head + 1, std::memory_order_release);
        return true;
    }
    // Whether it is so full that something else should have the place.
    bool isOver(size_t filled) const
    {
        return m_head.load(std::memory_order_relaxed) - m_tail.load(std::memory_order_relaxed) >=
               filled;
    }
    bool hasRoomFor(size_t bytes) const
    {
        return m_bytes.load(std::memory_order_relaxed) + bytes <= ByteLimit;
    }

    // The emptying thread's. False: empty.
    bool pop(CaptureEvent& event)
    {
        const size_t tail = m_tail.load(std::memory_order_relaxed);
        if (tail == m_head.load(std::memory_order_acquire))
            return false;
        event = std::move(m_slots[tail % Slots]);
        m_tail.store(tail + 1, std::memory_order_release);
        return true;
    }
    void released(size_t bytes) { m_bytes.fetch_sub(bytes, std::memory_order_relaxed); }

private:
    std::unique_ptr<CaptureEvent[]> m_slots;
    alignas(64) std::atomic<size_t> m_head = 0;
    alignas(64) std::atomic<size_t> m_tail = 0;
    alignas(64) std::atomic<size_t> m_bytes = 0;
};

// The payload that an event carries.
size_t payloadSize(const ExchangeEvent& event);

} // namespace sallyport::inspect
