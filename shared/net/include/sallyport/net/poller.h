// Readiness of descriptors, on one thread. Two implementations keep the same contract: the epoll
// event dispatcher (Linux) and QSocketNotifiers on any Qt event loop.
//
// The contract (reference: edge-triggered epoll and one-shot notifiers both fit it):
//   - hints may be spurious; a handler reads or writes until the system says "would block";
//   - it then calls drained(), and only then is a new hint for that direction certain to come;
//   - a handler that stops before that (paused, or to be fair to others) gets no further hint of
//   its
//     own accord: it goes on by itself when it may, or asks for another turn with again();
//   - several again() before the next turn make one call, with all their hints;
//   - what is to leave in one system call waits for the end of the turn: atTurnEnd().
//
// Threads: a poller belongs to one thread. Lifetime: handlers may be unwatched and destroyed at any
// time, inside a callback too.
#pragma once

#include <cstdint>
#include <memory>

namespace sallyport::net {

// A set of hints.
using Readiness = uint8_t;
inline constexpr Readiness Readable = 1;
inline constexpr Readiness Writable = 2;
// The peer closed, failed or sent urgent data: from now on a read that filled only part of its
// buffer does not mean "would block". Edge-triggered pollers alone report it.
inline constexpr Readiness HangUp = 4;

class ReadyHandler
{
public:
    virtual void onReady(Readiness hints) = 0;

protected:
    ~ReadyHandler() = default;
};

class Poller;

// Something to do once at the end of the current turn, before the loop blocks.
class TurnEndHandler
{
public:
    virtual void onTurnEnd() = 0;

protected:
    virtual ~TurnEndHandler();

private:
    friend class Poller;
    Poller* m_scheduledOn = nullptr;
    TurnEndHandler* m_previous = nullptr;
    TurnEndHandler* m_next = nullptr;
};

class Poller
{
public:
    virtual ~Poller();

    virtual void watch(int descriptor, ReadyHandler* handler) = 0;
    // To be called before the descriptor is closed.
    virtual void unwatch(int descriptor) = 0;
    // The system said "would block" in these directions.
    virtual void drained(int descriptor, Readiness directions) = 0;
    // Calls the descriptor's handler with these hints (0 will do) in the next turn, which does not
    // block.
    virtual void again(int descriptor, Readiness hints) = 0;

    // Schedules once, behind those who came before; a second call before the turn's end changes
    // nothing. Destroying the handler takes it back.
    void atTurnEnd(TurnEndHandler* handler);

protected:
    // Runs what is scheduled, including what that schedules, up to a bound; false when nothing was.
    bool runTurnEnd();
    bool turnEndPending() const { return m_first != nullptr; }
    virtual void turnEndScheduled() {}

private:
    friend class TurnEndHandler;
    void cancel(TurnEndHandler* handler);
    TurnEndHandler* m_first = nullptr;
    TurnEndHandler* m_last = nullptr;
};

// The poller for the calling thread's event loop: its epoll dispatcher when it has one, else a
// poller of QSocketNotifiers. The caller owns the second kind (owned is null for the first).
struct PollerChoice
{
    Poller* poller = nullptr;
    std::unique_ptr<Poller> owned;
};
PollerChoice choosePoller();

} // namespace sallyport::net
