#include "audit/refusal_budget.h"

#include <algorithm>
#include <utility>

namespace sallyport::relay {

std::optional<uint64_t> RefusalBudget::admit(std::string_view host, TimePoint now)
{
    Slot& slot = slotFor(host, now);
    slot.fullAt = std::max(slot.fullAt, now);
    if (slot.fullAt + m_interval > now + m_burst * m_interval) {
        ++slot.keptBack;
        return std::nullopt;
    }
    slot.fullAt += m_interval;
    return std::exchange(slot.keptBack, 0);
}

RefusalBudget::Slot& RefusalBudget::slotFor(std::string_view host, TimePoint now)
{
    std::string key(host);
    if (const auto found = m_slots.find(key); found != m_slots.end())
        return found->second;
    // A full bucket is as good as none; what it still owes is told with the next of the others.
    if (m_slots.size() >= m_limit && m_nextSweep <= now) {
        m_nextSweep = now + m_interval;
        std::erase_if(m_slots, [&](const auto& entry) {
            if (entry.second.fullAt > now)
                return false;
            m_others.keptBack += entry.second.keptBack;
            return true;
        });
    }
    if (m_slots.size() >= m_limit)
        return m_others;
    return m_slots[std::move(key)];
}

} // namespace sallyport::relay
