// Which certificates the relay wants by ACME: its own, and those of the names that tunnels hold.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace sallyport::relay {

struct CertificatePlan
{
    std::string domain;
    std::string publicHost; // may be an IP address; then it is left out
    bool wildcard = false;  // dns-01 is there: one certificate for everything below the domain

    // By id: the names of each certificate. `hosts` are those of http tunnels, in lower case.
    std::map<std::string, std::vector<std::string>>
    wanted(const std::set<std::string>& hosts) const;
};

} // namespace sallyport::relay
