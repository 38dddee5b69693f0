// Who has to go when places are short: the oldest of the address that holds most of them.
//
// So a flood from one address costs that address alone, and a flood from many costs the oldest.
// An IPv6 address counts with its /64, for one machine has all of that.
//
// Threads: one. Sizes: an entry for each place.
#pragma once

#include <sallyport/net/address.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>

namespace sallyport::relay {

class FairPlaces
{
public:
    // Later ids are greater.
    void enter(uint64_t id, const net::Address& address);
    void leave(uint64_t id);

    size_t size() const { return m_ofId.size(); }
    std::optional<uint64_t> firstToGo() const;

private:
    struct Source
    {
        std::set<uint64_t> ids;
    };
    using Sources = std::unordered_map<std::string, Source>;
    // How many, how old the oldest is (greater is older), whose.
    using Rank = std::tuple<size_t, uint64_t, const Source*>;
    static Rank rankOf(const Source& source);

    Sources m_sources; // by address
    std::set<Rank> m_ranks;
    std::unordered_map<uint64_t, Sources::value_type*> m_ofId;
};

} // namespace sallyport::relay
