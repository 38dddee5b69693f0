#include "certificates/certificate_plan.h"

#include <algorithm>

namespace sallyport::relay {

namespace {

// No CA gives certificates for single labels; addresses have no letters in their last one.
bool canHaveCertificate(const std::string& name)
{
    const size_t dot = name.rfind('.');
    return dot != std::string::npos && name.find(':') == std::string::npos &&
           std::any_of(name.begin() + long(dot), name.end(),
                       [](char c) { return c >= 'a' && c <= 'z'; });
}

bool isOneLabelBelow(const std::string& host, const std::string& domain)
{
    const std::string end = "." + domain;
    return host.size() > end.size() && host.ends_with(end) &&
           host.find('.') == host.size() - end.size();
}

} // namespace

std::map<std::string, std::vector<std::string>>
CertificatePlan::wanted(const std::set<std::string>& hosts) const
{
    std::map<std::string, std::vector<std::string>> plan;
    const bool below = wildcard && canHaveCertificate(domain);
    const auto add = [&](const std::string& host) {
        const bool covered = below && (host == domain || isOneLabelBelow(host, domain));
        if (!covered && canHaveCertificate(host))
            plan[host] = {host};
    };
    if (below)
        plan["*." + domain] = {domain, "*." + domain};
    add(domain);
    add(publicHost);
    for (const std::string& host : hosts)
        add(host);
    return plan;
}

} // namespace sallyport::relay
