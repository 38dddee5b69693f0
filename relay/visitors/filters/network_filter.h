// Lets in whom the lists of networks let in: nobody of `deny`, and of the others those of `allow`,
// or all when it is empty. A visitor whose address cannot be known meets no rule and is refused.
#pragma once

#include "visitors/filters/filter.h"

#include <vector>

namespace sallyport::relay {

class NetworkFilter final : public Filter
{
public:
    NetworkFilter(std::vector<config::Network> allow, std::vector<config::Network> deny);

    bool admits(const std::optional<config::IpAddress>& visitor) const;
    VisitVerdict apply(Visit& visit, FilterServices& services) const override;

private:
    std::vector<config::Network> m_allow;
    std::vector<config::Network> m_deny;
};

} // namespace sallyport::relay
