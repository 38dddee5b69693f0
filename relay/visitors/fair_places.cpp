#include "visitors/fair_places.h"

#include <limits>

namespace sallyport::relay {

namespace {

std::string keyOf(const net::Address& address)
{
    constexpr size_t Network64 = 8;
    return std::string(address.ipBytes().substr(0, Network64));
}

} // namespace

FairPlaces::Rank FairPlaces::rankOf(const Source& source)
{
    const uint64_t age = std::numeric_limits<uint64_t>::max() - *source.ids.begin();
    return {source.ids.size(), age, &source};
}

void FairPlaces::enter(uint64_t id, const net::Address& address)
{
    Sources::value_type& source = *m_sources.try_emplace(keyOf(address)).first;
    if (!source.second.ids.empty())
        m_ranks.erase(rankOf(source.second));
    source.second.ids.insert(id);
    m_ranks.insert(rankOf(source.second));
    m_ofId.emplace(id, &source);
}

void FairPlaces::leave(uint64_t id)
{
    const auto found = m_ofId.find(id);
    if (found == m_ofId.end())
        return;
    Sources::value_type& source = *found->second;
    m_ofId.erase(found);
    m_ranks.erase(rankOf(source.second));
    source.second.ids.erase(id);
    if (source.second.ids.empty())
        m_sources.erase(source.first);
    else
        m_ranks.insert(rankOf(source.second));
}

std::optional<uint64_t> FairPlaces::firstToGo() const
{
    if (m_ranks.empty())
        return std::nullopt;
    return *std::get<const Source*>(*m_ranks.rbegin())->ids.begin();
}

} // namespace sallyport::relay
