// Who may visit a tunnel, as the agent asks the relay to enforce it (docs/protocol.md, "access").
//
// Only text and its form: the relay compiles it into filters. Passwords and tokens travel as hashes
// alone. Each check returns what is wrong as the second half of a sentence, or nothing.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::wire {

struct AccessLimits
{
    static constexpr size_t Users = 50;
    static constexpr size_t UserName = 128; // bytes
    static constexpr size_t PasswordHash = 127;
    static constexpr size_t Tokens = 50;
    static constexpr size_t TokenHash = 71; // "sha256:" and 64 digits
    static constexpr size_t TokenPlace = 64;
    static constexpr size_t Networks = 100; // of each list
    static constexpr size_t Network = 49;
    static constexpr size_t Exceptions = 50;
    static constexpr size_t Pattern = 256;
    static constexpr size_t Realm = 64;
    // What checking one password may cost, so that no tunnel's visitors make a relay spend more.
    static constexpr unsigned HashMemoryKiB = 64 * 1024;
    static constexpr unsigned HashPasses = 4;
};

struct AccessUser
{
    std::string name;
    std::string hash; // "$argon2id$v=19$m=19456,t=2,p=1$..."
    bool operator==(const AccessUser&) const = default;
};

struct AccessPolicy
{
    std::string realm; // what browsers show; empty: the tunnel's host
    std::vector<AccessUser> users;
    std::vector<std::string> tokenHashes;
    std::string tokenHeader;        // the header that carries a token; empty: none does
    std::string tokenQuery;         // the same of a query parameter
    std::vector<std::string> allow; // networks; empty: all
    std::vector<std::string> deny;
    std::vector<std::string> except; // paths that need neither password nor token
    bool passCredentials = false;    // let the upstream see them

    bool empty() const
    {
        return users.empty() && tokenHashes.empty() && allow.empty() && deny.empty();
    }
    bool operator==(const AccessPolicy&) const = default;
};

using Complaint = std::optional<std::string>;

// 1 to 128 bytes, no colon (RFC 7617 section 2) and no control character.
Complaint checkUserName(std::string_view name);
// argon2id in the usual form, within the costs above.
Complaint checkPasswordHash(std::string_view hash);
Complaint checkTokenHash(std::string_view hash);
// The name of a header that means nothing else to a proxy.
Complaint checkTokenHeader(std::string_view name);
// The name of a query parameter, in letters, digits, "-", "_" and ".".
Complaint checkTokenQuery(std::string_view name);
Complaint checkRealm(std::string_view realm);
// "/hook", "/.well-known/*", "/api/*/hook": plain text, in which * stands for any run within a
// segment, and at the end, as "/*", for all that lies below.
Complaint checkPathPattern(std::string_view pattern);

} // namespace sallyport::wire
