// The agent's side of the capture: a watch for each connection reads what passes and puts events
// into the ring. Costs a copy of heads and of bodies up to their limit, and no system call but the
// waking of a writer that sleeps.
//
// When the ring fills up, pieces of bodies are dropped first, then whole exchanges are missed. What
// ends an exchange that was begun waits here until there is room, so that none stays open.
//
// Threads: the agent's, but for takeMissed(). Lifetime: shared by its watches.
#pragma once

#include "capture_ring.h"

#include <sallyport/net/connection_watch.h>

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>

namespace sallyport::inspect {

class Recorder : public std::enable_shared_from_this<Recorder>
{
public:
    // Begun is refused from here on, pieces of bodies already at the half.
    static constexpr size_t BegunLimit = CaptureRing::Slots * 3 / 4;
    static constexpr size_t BodyMark = CaptureRing::Slots / 2;

    // `wake` is called on the agent's thread when there is something in the ring.
    Recorder(std::shared_ptr<CaptureRing> ring, std::function<void()> wake);

    std::unique_ptr<net::ConnectionWatch> watch(const net::WatchedConnection& about);
    std::unique_ptr<net::ConnectionWatch> watchReplay(const net::WatchedConnection& about,
                                                      RecordId original, bool edited,
                                                      uint64_t& firstKey);

    void setRecording(bool recording) { m_recording = recording; }
    bool isRecording() const { return m_recording; }
    void setBodyLimit(uint64_t limit) { m_bodyLimit = limit; }
    uint64_t bodyLimit() const { return m_bodyLimit; }
    // Sees nothing from now on.
    void close() { m_closed = true; }

    // Tries again to hand over what waits.
    void pushOwed();
    bool owes() const { return m_owes.load(std::memory_order_relaxed); } // any thread
    // The writer has emptied the ring and goes to sleep. Any thread.
    void slept() { m_awake.store(false); }
    // Exchanges missed since the last call. Any thread.
    uint64_t takeMissed() { return m_missed.exchange(0); }

private:
    friend class ExchangeWatch;
    // Whether the exchange is followed further.
    bool push(CaptureEvent& event);
    void owe(CaptureEvent& event);
    void wakeWriter();

    std::shared_ptr<CaptureRing> m_ring;
    std::function<void()> m_wake;
    struct Owed
    {
        CaptureEvent event;
        std::unique_ptr<char[]> texts;
    };
    std::deque<Owed> m_owed;
    std::atomic<bool> m_owes = false;
    std::atomic<bool> m_awake = false;
    std::atomic<uint64_t> m_missed = 0;
    uint64_t m_bodyLimit = 16 * 1024 * 1024;
    uint64_t m_connections = 0;
    bool m_recording = true;
    bool m_closed = false;
};

} // namespace sallyport::inspect
