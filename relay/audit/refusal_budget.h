// How many lines one host may cause: a burst, then one in each interval (a token bucket for each
// host). Bounded: when the table is full of hosts that were here lately, the others share one
// place.
//
// Threads: one at a time.
#pragma once

#include <sallyport/base/clock.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sallyport::relay {

class RefusalBudget
{
public:
    RefusalBudget(int burst, Duration interval, size_t hosts = 1024)
        : m_burst(burst), m_interval(interval), m_limit(hosts)
    {}

    // How many of this host were kept back since the last that was let through; nothing when this
    // one is kept back too.
    std::optional<uint64_t> admit(std::string_view host, TimePoint now);
    size_t size() const { return m_slots.size(); }

private:
    // The bucket as one instant: it is full again then. A line costs one interval.
    struct Slot
    {
        TimePoint fullAt{};
        uint64_t keptBack = 0;
    };
    Slot& slotFor(std::string_view host, TimePoint now);

    int m_burst;
    Duration m_interval;
    size_t m_limit;
    std::unordered_map<std::string, Slot> m_slots;
    Slot m_others;
    TimePoint m_nextSweep{};
};

} // namespace sallyport::relay
