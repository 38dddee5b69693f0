// A key that tokens are checked with. The key says which algorithms it serves; what a token's
// header claims is only compared with that (RFC 8725, 3.1). So a public key can never be taken for
// a shared secret, and `none` is no algorithm at all.
#pragma once

#include <sallyport/base/bytes.h>
#include <sallyport/base/result.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct evp_pkey_st;

namespace sallyport::jose {

class Json;

enum class Algorithm { HS256, HS384, HS512, RS256, ES256, EdDSA };
inline constexpr Algorithm AllAlgorithms[] = {Algorithm::HS256, Algorithm::HS384, Algorithm::HS512,
                                              Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA};
std::string_view toText(Algorithm algorithm);
std::optional<Algorithm> algorithmFromText(std::string_view text); // exact, as RFC 7518 writes it

// Immutable; copies share the key. Any number of threads may verify with it at once.
class Key
{
public:
    // Shorter than the hash (RFC 7518, 3.2) a secret serves the algorithms that it is long enough
    // for; below this, none.
    static constexpr size_t MinSecret = 32;
    static constexpr size_t MaxSecret = 4096;
    static constexpr int MinRsaBits = 2048;
    static constexpr int MaxRsaBits = 8192;

    // The errors are sentences about the key, without any of it.
    // The bytes as they are. Secrets that can be guessed (one byte repeated, well-known defaults)
    // are refused.
    static Result<Key, std::string> fromSecret(std::string_view secret);
    // The first public key, private key or certificate of a PEM text: RSA, P-256 or Ed25519.
    static Result<Key, std::string> fromPem(std::string_view pem);
    // A key of RFC 7517, 7518, 8037: kty oct, RSA, EC (P-256) or OKP (Ed25519). `alg`, `use` and
    // `key_ops` narrow what it serves.
    static Result<Key, std::string> fromJwk(const Json& jwk);

    // Empty: none was given.
    const std::string& id() const { return m_id; }
    bool serves(Algorithm algorithm) const;
    // The same for the same key, wherever it came from; tells nothing of a secret.
    const std::string& fingerprint() const { return m_fingerprint; }
    // Whether it is a shared secret: whoever can check can sign, too.
    bool isSecret() const { return m_secret != nullptr; }

    // For an algorithm that the key serves (others are false). The signature as JWS has it: for
    // ES256 64 bytes, r and s (RFC 7518, 3.4).
    bool verify(Algorithm algorithm, std::string_view signedText, std::string_view signature) const;
    // Only with a secret; empty otherwise.
    std::string sign(Algorithm algorithm, std::string_view text) const;

private:
    Key() = default;
    static Result<Key, std::string> fromPublic(std::shared_ptr<evp_pkey_st> key);

    std::string m_id;
    std::string m_fingerprint;
    std::vector<Algorithm> m_algorithms;
    std::shared_ptr<evp_pkey_st> m_public;
    std::shared_ptr<const std::string> m_secret; // wiped by its deleter
};

} // namespace sallyport::jose
