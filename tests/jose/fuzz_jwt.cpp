// Arbitrary text as a token, as a key file, and as JSON.
#include "vectors.h"

#include <sallyport/jose/claims.h>

#include <cstdint>
#include <cstdlib>

using namespace sallyport;
using namespace sallyport::jose;

namespace {

// All examples together, so that each algorithm is reached.
KeySet everyKey()
{
    KeySet keys;
    for (const std::string_view jwk : {RfcSecretJwk, RfcRsaJwk, RfcEcJwk, RfcEdJwk})
        keys.add(keySet(jwk));
    return keys;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    static const KeySet keys = everyKey();
    static const Key secret = *Key::fromSecret(Secret48);
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    (void)looksLikeJwt(text);
    (void)verifyJws(text, keys);
    (void)KeySet::fromKeyFile(text);
    (void)Key::fromSecret(text);
    if (const auto json = parseJson(text)) {
        // What was read is written so that it is read the same again (numbers may change form).
        if (!parseJson(json->dump()))
            std::abort();
        (void)checkClaims(*json, ClaimRules(), Seconds(std::chrono::seconds(1'700'000'000)));
        // As a payload that was signed properly.
        const std::string token = signedWith(secret, R"({"alg":"HS256"})", text);
        if (json->object() && token.size() <= MaxToken && !verifyJws(token, KeySet({secret})).ok())
            std::abort();
    }
    return 0;
}
