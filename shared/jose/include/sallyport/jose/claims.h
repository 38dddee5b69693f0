// The registered claims of a JWT (RFC 7519, 4.1), checked.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/jose/jws.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::jose {

using Seconds = std::chrono::sys_seconds;

struct ClaimRules
{
    // Empty: any. Otherwise it must be there and be one of them.
    std::vector<std::string> issuers;
    std::vector<std::string> audiences;
    bool expiryRequired = true;
    // For clocks that differ.
    std::chrono::seconds skew{30};
    // exp - iat (or - now) at most; zero: no limit.
    std::chrono::seconds maxLifetime{0};
};

struct Times
{
    std::optional<Seconds> expires;
    std::optional<Seconds> issued;
};

Result<Times, TokenError> checkClaims(const Json& payload, const ClaimRules& rules, Seconds now);

} // namespace sallyport::jose
