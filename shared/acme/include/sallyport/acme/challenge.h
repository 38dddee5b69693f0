// How control over a name is shown to a CA, and what must be published for it.
#pragma once

#include <sallyport/acme/account_key.h>
#include <sallyport/base/result.h>
#include <sallyport/tls/certificate.h>
#include <sallyport/tls/keys.h>

#include <optional>
#include <string>
#include <string_view>

namespace sallyport::acme {

enum class ChallengeType { Http01, TlsAlpn01, Dns01 };

std::string_view toText(ChallengeType type); // "http-01"
std::optional<ChallengeType> challengeTypeFromText(std::string_view text);

// One thing to publish until the CA has looked.
struct Challenge
{
    ChallengeType type = ChallengeType::Http01;
    std::string name; // without "*."
    std::string token;
    // http-01: the body at http://NAME/.well-known/acme-challenge/TOKEN (RFC 8555 section 8.3).
    std::string keyAuthorization;

    // dns-01 (RFC 8555 section 8.4): a TXT record, beside others that may stand there already.
    std::string dnsName() const { return "_acme-challenge." + name; }
    std::string dnsValue() const; // base64url(SHA-256(keyAuthorization))

    // tls-alpn-01 (RFC 8737): a self-signed certificate to be shown when the SNI is the name and
    // the one protocol offered is "acme-tls/1".
    Result<tls::KeyPair, std::string> certificate(tls::SystemTime now) const;

    bool operator==(const Challenge&) const = default;
};

inline constexpr std::string_view AlpnProtocol = "acme-tls/1";
inline constexpr std::string_view HttpChallengePath = "/.well-known/acme-challenge/";

} // namespace sallyport::acme
