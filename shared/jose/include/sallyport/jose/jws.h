// Signed tokens in compact form (RFC 7515, RFC 7519; advice of RFC 8725): header.payload.signature.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/jose/json.h>
#include <sallyport/jose/key_set.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace sallyport::jose {

enum class TokenError {
    Malformed,    // not three parts of base64url with JSON objects in them, or too large
    BadAlgorithm, // none, one that we do not speak, or one that no key of ours serves
    UnknownKey,   // signed with a key (kid) that is not in the set: it may have been added since
    BadSignature,
    // What it claims (claims.h).
    BadClaims, // a claim of a wrong type
    BadIssuer,
    BadAudience,
    MissingExpiry,
    Expired,
    NotYetValid,
};
// A sentence for the person whose token it is; nothing of the token is in it.
std::string_view toText(TokenError error);
// "expired" and the like: for logs.
std::string_view code(TokenError error);

inline constexpr size_t MaxToken = 8 * 1024;

// Whether a text has the form of one: three parts of base64url, the first of them beginning as JSON
// does. For telling it from other credentials.
bool looksLikeJwt(std::string_view text);

struct VerifiedToken
{
    Json payload;
    std::string signedBy; // Key::fingerprint()
};

// The payload of a token that one of the keys has signed. Nothing else of the token may be
// believed: the header's `alg` must be one that the key serves, `crit` is refused, `jwk`, `jku`,
// `x5c` and `x5u` are not looked at.
Result<VerifiedToken, TokenError> verifyJws(std::string_view token, const KeySet& keys);

} // namespace sallyport::jose
