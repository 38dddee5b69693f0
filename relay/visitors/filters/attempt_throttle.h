// Slows guessing: from the sixth attempt on that failed, an address waits between two, first a
// second, then twice as long each time, at most a minute. After ten minutes without a failure all
// is forgotten.
//
// An attempt counts as failed from its beginning until succeeded() takes it back, so that a
// thousand guesses at once are no way around it. Bounded: the address that failed the longest ago
// makes room.
//
// Threads: one. Time comes in.
#pragma once

#include <sallyport/base/clock.h>

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sallyport::relay {

class AttemptThrottle
{
public:
    static constexpr uint32_t Free = 5;
    static constexpr Duration FirstWait = std::chrono::seconds(1);
    static constexpr Duration LongestWait = std::chrono::seconds(60);
    static constexpr Duration Memory = std::chrono::minutes(10);

    explicit AttemptThrottle(size_t limit = 10'000) : m_limit(limit) {}

    // How long the next attempt has to wait yet; nothing when it may be made.
    std::optional<Duration> blockedFor(const std::string& key, TimePoint now) const;
    void begun(const std::string& key, TimePoint now);
    void succeeded(const std::string& key);

    size_t size() const { return m_entries.size(); }

private:
    struct Entry
    {
        std::string key;
        uint32_t failures = 0;
        TimePoint last{};
    };
    using Entries = std::list<Entry>; // the last that failed first

    Entries m_entries;
    std::unordered_map<std::string_view, Entries::iterator> m_index;
    size_t m_limit;
};

} // namespace sallyport::relay
