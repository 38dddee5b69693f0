// What is on its way from the agent's thread to the writer's: a ring of bytes that one thread fills
// with events and one other empties, without a lock. Nobody waits for anybody: a full ring takes no
// more.
//
// An event stands in it together with the texts that it refers to, so that handing one over
// allocates nothing. A ring that was emptied begins again at its start: what is seldom full stays
// in the processor's cache.
//
//     ring.push(event);
//     while (CaptureEvent* event = ring.front()) { ...; ring.pop(); }
#pragma once

#include "exchange_event.h"

#include <sallyport/base/clock.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

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
    static constexpr size_t Slots = 64 * 1024;            // events at most
    static constexpr size_t ByteLimit = 18 * 1024 * 1024; // what can be missed keeps to it
    static constexpr size_t Size = 24 * 1024 * 1024;      // room for what must not be

    CaptureRing();
    ~CaptureRing();
    CaptureRing(const CaptureRing&) = delete;
    CaptureRing& operator=(const CaptureRing&) = delete;

    // The filling thread's. False: full, and the event is untouched.
    bool push(CaptureEvent& event);
    // Whether it is so full that something else should have the place.
    bool isOver(size_t events) const
    {
        return m_filled.count.load(std::memory_order_relaxed) -
                   m_emptied.count.load(std::memory_order_acquire) >=
               events;
    }
    bool hasRoomFor(size_t bytes) const
    {
        return m_filled.bytes.load(std::memory_order_relaxed) -
                   m_emptied.bytes.load(std::memory_order_acquire) + bytes <=
               ByteLimit;
    }

    // The emptying thread's: the oldest, with its texts, until pop(). Null: empty.
    CaptureEvent* front();
    void pop();

private:
    // Counted from the begin, and never back.
    struct alignas(64) End
    {
        std::atomic<uint64_t> bytes = 0;
        std::atomic<uint64_t> count = 0;
    };

    std::byte* at(uint64_t bytes) const;

    std::unique_ptr<std::byte[]> m_bytes;
    // What stands at the start of the memory. The filling thread's, while the ring is empty.
    std::atomic<uint64_t> m_start = 0;
    End m_filled;
    End m_emptied;
};

} // namespace sallyport::inspect
