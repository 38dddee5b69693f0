// Our pings: when to send one, what their answers say of the round trip, and when silence means
// that the peer is gone.
#pragma once

#include <sallyport/mux/types.h>

#include <algorithm>
#include <array>
#include <optional>

namespace sallyport::mux {

class KeepAlive
{
public:
    static constexpr uint32_t MaxUnanswered = 8;
    // Between pings that are sent to measure, beside the regular ones.
    static constexpr Duration MeasureInterval = std::chrono::milliseconds(100);

    KeepAlive(const Config& config, TimePoint now);

    // The id of a ping to send now; absent while too many are unanswered.
    std::optional<uint32_t> start(TimePoint now);
    // A regular ping is due; the next one is scheduled.
    bool takeDue(TimePoint now);
    // A measurement is wanted: may it be sent?
    bool mayMeasure(TimePoint now) const;
    // Absent: not an answer to a ping of ours.
    std::optional<Duration> answered(uint32_t id, TimePoint now);
    void heard(TimePoint now) { m_lastHeard = now; }

    bool isDead(TimePoint now) const;
    std::optional<TimePoint> nextDeadline() const;

    std::optional<Duration> smoothed() const { return m_smoothed; }
    // For windows: under load an answer takes longer, and the last one knows.
    std::optional<Duration> underLoad() const
    {
        return m_smoothed ? std::optional(std::max(*m_smoothed, m_latest)) : std::nullopt;
    }

private:
    struct Ping
    {
        uint32_t id;
        TimePoint sent;
    };
    bool enabled() const { return m_interval > Duration::zero(); }
    std::optional<TimePoint> deadAt() const;

    Duration m_interval;
    int m_misses;
    std::array<Ping, MaxUnanswered> m_unanswered; // oldest first
    uint32_t m_unansweredCount = 0;
    uint32_t m_nextId = 0;
    TimePoint m_nextDue;
    TimePoint m_lastSent;
    TimePoint m_lastHeard;
    std::optional<Duration> m_smoothed;
    Duration m_latest{};
};

} // namespace sallyport::mux
