#include "visitors/filters/network_filter.h"

#include "visitors/filters/refusals.h"
#include "visitors/filters/visitor_address.h"

#include <utility>

namespace sallyport::relay {

NetworkFilter::NetworkFilter(std::vector<config::Network> allow, std::vector<config::Network> deny)
    : m_allow(std::move(allow)), m_deny(std::move(deny))
{}

bool NetworkFilter::admits(const std::optional<config::IpAddress>& visitor) const
{
    if (!visitor || isIn(m_deny, *visitor))
        return false;
    return m_allow.empty() || isIn(m_allow, *visitor);
}

VisitVerdict NetworkFilter::apply(Visit& visit, FilterServices&) const
{
    return admits(visit.visitor) ? VisitVerdict::pass() : VisitVerdict::refuse(networkRefused());
}

} // namespace sallyport::relay
