// Two sessions joined by two simulated pipes, driven by a random scheduler, and a model of what
// each stream must deliver: every byte once, in order, and its end.
//
// The pipes lose nothing, cut bytes into any pieces and delay them. The clock is simulated. Readers
// are slow, streams are reset and half-closed at random. After a while the randomness stops,
// everybody reads and finishes, and then every stream must come to its end: nothing may stall or be
// left over.
#pragma once

#include <sallyport/mux/frame.h>
#include <sallyport/mux/session.h>

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>

namespace sallyport::mux {

// Says what went wrong in a run.
struct ModelError : std::runtime_error
{
    using std::runtime_error::runtime_error;
};

// What of a run was reached; summed up, to see that the runs are not idle.
struct ModelStats
{
    size_t streams = 0;
    size_t bytes = 0;
    size_t closed = 0;
    size_t resets = 0;
    size_t refused = 0;
    size_t timeouts = 0;
    size_t unreadLimits = 0;
    size_t grownWindows = 0;
    size_t waits = 0;
};

class Model
{
public:
    explicit Model(uint32_t seed);
    ~Model();
    // Throws ModelError.
    void run();
    const ModelStats& stats() const { return m_stats; }

private:
    struct Stream;
    struct End;
    struct Side;
    class WireCheck;

    void randomStep();
    void settle();
    bool settled() const;
    void settleStreams(Side& side);

    void open(Side& side);
    void acceptEnd(End& end);
    void write(End& end, size_t n);
    void continueWriting(End& end);
    void finish(End& end);
    void reset(End& end);
    void read(End& end, size_t n);
    void take(Side& side, size_t maxBytes);
    void deliver(Side& to, size_t maxBytes);
    void advance(Duration by);
    void fireTimers();
    std::optional<TimePoint> nextArrival() const;

    void drainEvents(Side& side);
    void handle(Side& side, const StreamOpened& e);
    void handle(Side& side, const StreamAccepted& e);
    void handle(Side& side, const Data& e);
    void handle(Side& side, const StreamFinished& e);
    void handle(Side& side, const StreamReset& e);
    void handle(Side& side, const StreamClosed& e);
    void handle(Side& side, const StreamWritable& e);
    void handle(Side& side, const PingAnswered& e);
    void handle(Side& side, const GoAwayReceived& e);
    void handle(Side& side, const SessionFailed& e);
    End& endOf(Side& side, StreamId id, void* context);
    void endStream(End& end);
    void checkReason(const End& end, ResetReason reason);
    End* anyEnd(Side& side);

    uint32_t below(uint32_t n) { return n == 0 ? 0 : m_random() % n; }
    bool chance(uint32_t percent) { return below(100) < percent; }
    size_t someSize();
    static void require(bool condition, const std::string& what);

    std::mt19937 m_random;
    TimePoint m_now{std::chrono::hours(1)};
    Duration m_delay{};
    size_t m_largestWrite = 0;
    bool m_calm = false; // no more randomness: everything shall come to its end
    bool m_longJumps = false;
    Config m_config;
    std::array<std::unique_ptr<Side>, 2> m_sides;
    std::map<StreamId, std::unique_ptr<Stream>> m_streams;
    ModelStats m_stats;
};

} // namespace sallyport::mux
