// What a worker remembers of credentials that were checked, without keeping any: a keyed hash (key
// made at start, BLAKE2b-256) stands for a credential together with the policy it was shown to. A
// policy that changes makes all its tags worthless.
//
// Bounded in number and in time. Threads: one. Time comes in.
#pragma once

#include <sallyport/base/clock.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <list>
#include <string_view>
#include <unordered_map>

namespace sallyport::relay {

using CredentialTag = std::array<uint8_t, 32>;

struct CredentialTagHash
{
    size_t operator()(const CredentialTag& tag) const
    {
        size_t value = 0;
        std::memcpy(&value, tag.data(), sizeof(value));
        return value;
    }
};

class CredentialTagger
{
public:
    CredentialTagger(); // draws the key
    // Each part is framed by its length.
    CredentialTag tag(std::initializer_list<std::string_view> parts) const;

private:
    std::array<uint8_t, 32> m_key;
};

class RecentTags
{
public:
    RecentTags(Duration lifetime, size_t limit) : m_lifetime(lifetime), m_limit(limit) {}

    bool contains(const CredentialTag& tag, TimePoint now) const;
    // The oldest makes room.
    void add(const CredentialTag& tag, TimePoint now);
    void remove(const CredentialTag& tag);
    size_t size() const { return m_order.size(); }

private:
    struct Entry
    {
        CredentialTag tag;
        TimePoint expires{};
    };
    using Order = std::list<Entry>; // oldest first

    Duration m_lifetime;
    size_t m_limit;
    Order m_order;
    std::unordered_map<CredentialTag, Order::iterator, CredentialTagHash> m_index;
};

} // namespace sallyport::relay
