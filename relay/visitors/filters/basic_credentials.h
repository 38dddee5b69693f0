// What an Authorization header says: HTTP Basic (RFC 7617) or a bearer token (RFC 6750).
#pragma once

#include <sallyport/base/secret.h>

#include <optional>
#include <string>
#include <string_view>

namespace sallyport::relay {

struct BasicCredentials
{
    static constexpr size_t MaxUser = 128;
    static constexpr size_t MaxPassword = 1024;

    std::string user;
    Secret password; // may be empty, may hold colons

    // Nothing when the scheme is another, the base64 is not exact, there is no colon, or there are
    // control characters.
    static std::optional<BasicCredentials> parse(std::string_view fieldValue);
};

// The token behind "Bearer "; nothing with another scheme.
std::optional<std::string_view> bearerToken(std::string_view fieldValue);

} // namespace sallyport::relay
