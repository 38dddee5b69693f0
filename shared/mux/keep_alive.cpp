#include "keep_alive.h"

namespace sallyport::mux {

KeepAlive::KeepAlive(const Config& config, TimePoint now)
    : m_interval(config.pingInterval),
      m_misses(std::max(1, config.pingMisses)),
      m_nextDue(now),
      m_lastSent(now),
      m_lastHeard(now)
{}

std::optional<uint32_t> KeepAlive::start(TimePoint now)
{
    if (m_unansweredCount == MaxUnanswered)
        return std::nullopt;
    m_unanswered[m_unansweredCount++] = {m_nextId, now};
    m_lastSent = now;
    return m_nextId++;
}

bool KeepAlive::takeDue(TimePoint now)
{
    if (!enabled() || now < m_nextDue)
        return false;
    m_nextDue = now + m_interval;
    return true;
}

bool KeepAlive::mayMeasure(TimePoint now) const
{
    return enabled() && m_unansweredCount == 0 && now - m_lastSent >= MeasureInterval;
}

std::optional<Duration> KeepAlive::answered(uint32_t id, TimePoint now)
{
    const auto begin = m_unanswered.begin();
    const auto end = begin + m_unansweredCount;
    const auto ping = std::find_if(begin, end, [id](const Ping& p) { return p.id == id; });
    if (ping == end)
        return std::nullopt;
    m_latest = now - ping->sent;
    m_smoothed = m_smoothed ? (*m_smoothed * 7 + m_latest) / 8 : m_latest;
    // Answers come in order: earlier ones that are missing were dropped.
    std::copy(ping + 1, end, begin);
    m_unansweredCount = static_cast<uint32_t>(end - (ping + 1));
    return m_latest;
}

bool KeepAlive::isDead(TimePoint now) const
{
    const auto at = deadAt();
    return at && *at <= now;
}

std::optional<TimePoint> KeepAlive::nextDeadline() const
{
    if (!enabled())
        return std::nullopt;
    return earliest(m_nextDue, deadAt());
}

std::optional<TimePoint> KeepAlive::deadAt() const
{
    if (!enabled() || m_unansweredCount == 0)
        return std::nullopt;
    return std::max(m_unanswered[0].sent, m_lastHeard) + m_misses * m_interval;
}

} // namespace sallyport::mux
