// Where certificates come from (ACME, RFC 8555) and how names are proven: the same keys for the
// relay (below "tls.acme") and for an agent's own certificates (below "acme").
#pragma once

#include <sallyport/base/secret.h>
#include <sallyport/config/addresses.h>
#include <sallyport/config/fields.h>
#include <sallyport/config/loader.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::config {

// How TXT records for dns-01 are made.
struct DnsProviderConfig
{
    using Milliseconds = std::chrono::milliseconds;

    enum class Kind { None, DigitalOcean, Cloudflare, Rfc2136, Exec };
    Kind kind = Kind::None;
    std::string zone; // empty: found out
    uint64_t ttl = 60;
    Milliseconds timeout{60'000}; // of one change

    std::optional<Secret> token; // digitalocean, cloudflare
    std::string api;             // their base URL; empty: the public one

    std::string server; // rfc2136: "host" or "host:port"
    struct Tsig
    {
        std::string name;
        enum class Algorithm { HmacSha256, HmacSha512 } algorithm = Algorithm::HmacSha256;
        std::optional<Secret> secret; // base64
    } tsig;

    std::string command; // exec

    struct Propagation
    {
        Milliseconds wait{5'000};
        std::vector<std::string> servers; // "address" or "address:port", asked until they agree
        Milliseconds timeout{120'000};
    } propagation;

    void declare(Fields& fields, const std::string& prefix);
    void validate(Loader& loader, const std::string& prefix) const;
};

struct AcmeConfig
{
    enum class Challenge { Http01, TlsAlpn01, Dns01 };
    enum class KeyType { P256, P384, Rsa2048 };

    std::string directory; // empty: see directoryUrl()
    bool staging = false;
    std::string caFile; // of the CA's own HTTPS; empty: the system's
    struct ExternalAccount
    {
        std::string keyId;
        std::optional<Secret> macKey;
    } eab;
    std::vector<Challenge> challenges; // empty: see challengesToUse()
    KeyType keyType = KeyType::P256;
    uint64_t concurrent = 4;
    uint64_t certificates = 10'000;
    struct Retry
    {
        std::chrono::milliseconds min{120'000};
        std::chrono::milliseconds max{6 * 3'600'000};
    } retry;
    DnsProviderConfig dns;

    // `prefix` is "tls.acme" or "acme".
    void declare(Fields& fields, const std::string& prefix);
    // What an agent can use: challenges come through its tunnel, so there is no choice of them.
    void declareForAgent(Fields& fields, const std::string& prefix);
    void validate(Loader& loader, const std::string& prefix) const;

    std::string directoryUrl() const;
    // Those that are given, or dns-01 where a provider is set, http-01 and tls-alpn-01.
    std::vector<Challenge> challengesToUse() const;

private:
    void declareAuthority(Fields& fields, const std::string& prefix);
};

} // namespace sallyport::config
