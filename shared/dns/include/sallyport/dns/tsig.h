// Signatures on DNS messages under a shared key (TSIG, RFC 8945), HMAC-SHA256 and HMAC-SHA512.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/base/secret.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::dns {

enum class TsigAlgorithm { HmacSha256, HmacSha512 };

struct TsigKey
{
    std::string name;
    TsigAlgorithm algorithm = TsigAlgorithm::HmacSha256;
    Secret secret; // the bytes
};

struct SignedMessage
{
    std::string message;
    std::string mac; // the answer's signature covers it
};

// `time` in seconds since 1970. The message must hold no TSIG record yet. Fails with a sentence.
Result<SignedMessage, std::string> sign(std::string_view message, const TsigKey& key,
                                        uint64_t time);

// Whether the answer to a signed message is signed with the same key, not more than five minutes
// off. The failure says what is wrong; also the server's own complaint about our signature
// (BADKEY, BADTIME), which comes unsigned.
Result<void, std::string> verify(std::string_view answer, const SignedMessage& request,
                                 const TsigKey& key, uint64_t time);

} // namespace sallyport::dns
