// Keeps a line that would come a thousand times a second to once in a while.
//
//     if (auto quiet = m_guard.admit(peerAddress, now))
//         log.warning("handshake failed", {{"peer", peerAddress}, {"repeated", *quiet}});
//
// Bounded: when the table is full, keys that are not in it share one place. Threads: one.
#pragma once

#include <sallyport/base/clock.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sallyport::observe {

class RepeatGuard
{
public:
    explicit RepeatGuard(Duration interval, size_t limit = 1024)
        : m_interval(interval), m_limit(limit)
    {}

    // How many of this key were kept back since the last that was let through; nothing when this
    // one should be kept back too.
    std::optional<uint64_t> admit(std::string_view key, TimePoint now);

    size_t size() const { return m_slots.size(); }

private:
    struct Slot
    {
        TimePoint next{};
        uint64_t keptBack = 0;
    };
    struct Hash
    {
        using is_transparent = void;
        size_t operator()(std::string_view key) const { return std::hash<std::string_view>()(key); }
    };
    Slot& slotFor(std::string_view key, TimePoint now);

    Duration m_interval;
    size_t m_limit;
    std::unordered_map<std::string, Slot, Hash, std::equal_to<>> m_slots;
    Slot m_others;
    TimePoint m_nextSweep{};
};

} // namespace sallyport::observe
