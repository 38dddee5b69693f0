#include "visitors/filters/attempt_throttle.h"

#include <algorithm>

namespace sallyport::relay {

namespace {

Duration waitAfter(uint32_t failures)
{
    if (failures < AttemptThrottle::Free)
        return Duration::zero();
    const uint32_t doublings = std::min<uint32_t>(failures - AttemptThrottle::Free, 16);
    return std::min<Duration>(AttemptThrottle::FirstWait * (1u << doublings),
                              AttemptThrottle::LongestWait);
}

} // namespace

std::optional<Duration> AttemptThrottle::blockedFor(const std::string& key, TimePoint now) const
{
    const auto found = m_index.find(key);
    if (found == m_index.end())
        return std::nullopt;
    const Entry& entry = *found->second;
    const TimePoint until = entry.last + waitAfter(entry.failures);
    return until > now ? std::optional(until - now) : std::nullopt;
}

void AttemptThrottle::begun(const std::string& key, TimePoint now)
{
    if (const auto found = m_index.find(key); found != m_index.end()) {
        m_entries.splice(m_entries.begin(), m_entries, found->second);
    } else {
        if (m_entries.size() >= m_limit) {
            m_index.erase(m_entries.back().key);
            m_entries.pop_back();
        }
        m_entries.push_front({key, 0, now});
        m_index.emplace(m_entries.front().key, m_entries.begin());
    }
    Entry& entry = m_entries.front();
    if (now - entry.last > Memory)
        entry.failures = 0;
    ++entry.failures;
    entry.last = now;
}

void AttemptThrottle::succeeded(const std::string& key)
{
    const auto found = m_index.find(key);
    if (found == m_index.end())
        return;
    const auto entry = found->second;
    if (--entry->failures > 0)
        return;
    m_index.erase(found);
    m_entries.erase(entry);
}

} // namespace sallyport::relay
