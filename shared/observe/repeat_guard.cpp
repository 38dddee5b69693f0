#include <sallyport/observe/repeat_guard.h>

#include <utility>

namespace sallyport::observe {

std::optional<uint64_t> RepeatGuard::admit(std::string_view key, TimePoint now)
{
    Slot& slot = slotFor(key, now);
    if (now < slot.next) {
        ++slot.keptBack;
        return {};
    }
    slot.next = now + m_interval;
    return std::exchange(slot.keptBack, 0);
}

RepeatGuard::Slot& RepeatGuard::slotFor(std::string_view key, TimePoint now)
{
    if (const auto found = m_slots.find(key); found != m_slots.end())
        return found->second;
    // Once in an interval at most, so that a flood of new keys does not walk the table each time.
    if (m_slots.size() >= m_limit && now >= m_nextSweep) {
        m_nextSweep = now + m_interval;
        std::erase_if(m_slots, [&](const auto& entry) { return entry.second.next <= now; });
    }
    if (m_slots.size() >= m_limit)
        return m_others;
    return m_slots[std::string(key)];
}

} // namespace sallyport::observe
