// What the claims of a signed token allow.
//
//     sub (or another claim)   the tenant
//     hostnames, hostname      host names, "*.acme.org" for one label below acme.org
//     names                    names under the relay's domain, "*" for any run of characters
//     tcp_ports                ports: 2222, or ranges as text: "20000-20099"
//     udp_routes               [{"port": 53, "flow_idle_timeout_seconds": 30}]
//     kinds                    ["http", "tcp", ...]; all when it is missing
//     limits                   {"tunnels": 5, "links": 2}
//     weight                   in a pool; 1 when it is missing or less
//     reauth_interval_seconds, reauth_grace_seconds
//
// A list may be a single value; names, hostnames and tcp_ports may be "any". What is not named is
// not allowed, but for the defaults of the rules. A claim of a wrong form spoils the token: half of
// a permission is no permission.
#pragma once

#include <sallyport/auth/grant.h>
#include <sallyport/base/result.h>
#include <sallyport/jose/claims.h>
#include <sallyport/jose/json.h>

#include <string>
#include <utility>

namespace sallyport::auth {

struct JwtGrantRules
{
    std::string tenantClaim = "sub";
    std::string tenantPrefix; // put before it, so that issuers cannot name others' tenants
    // For tokens without the claim.
    Patterns defaultNames = Patterns::none();
    config::PortRanges defaultPorts;
};

// A sentence that names the claim, when one can't be used.
Result<Grant, std::string> grantFromClaims(const jose::Json& claims, const jose::Times& times,
                                           const JwtGrantRules& rules);

} // namespace sallyport::auth
