#include "openssl_parts.h"

#include <sallyport/jose/key.h>
#include <sallyport/wire/base64.h>

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>

namespace sallyport::jose {

namespace {

constexpr size_t EcPart = 32; // bytes of r and of s

// What guides, examples and generators leave in place. Compared without regard to case, padding
// to the least length included.
constexpr std::string_view KnownDefaults[] = {
    "secret",  "changeme",  "change-me", "change_me",  "defaultjwtsecret", "your-256-bit-secret",
    "default", "jwtsecret", "password",  "supersecret"};

size_t hashSize(Algorithm algorithm)
{
    switch (algorithm) {
    case Algorithm::HS384:
        return 48;
    case Algorithm::HS512:
        return 64;
    default:
        return 32;
    }
}

const EVP_MD* hashOf(Algorithm algorithm)
{
    switch (algorithm) {
    case Algorithm::HS384:
        return EVP_sha384();
    case Algorithm::HS512:
        return EVP_sha512();
    default:
        return EVP_sha256();
    }
}

const unsigned char* bytesOf(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

bool isGuessable(std::string_view secret)
{
    std::string lower(secret);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z')
            c = char(c - 'A' + 'a');
    // A short pattern repeated to the wanted length: "secretsecretsecret...", "aaaa...".
    for (size_t period = 1; period <= std::min<size_t>(16, lower.size() / 2); ++period) {
        bool repeats = true;
        for (size_t i = period; i < lower.size() && repeats; ++i)
            repeats = lower[i] == lower[i - period];
        if (repeats)
            return true;
    }
    return std::any_of(
        std::begin(KnownDefaults), std::end(KnownDefaults), [&](std::string_view known) {
            // The word alone, or with padding of one character behind it.
            if (!lower.starts_with(known))
                return false;
            const std::string_view rest = std::string_view(lower).substr(known.size());
            return rest.empty() || rest.find_first_not_of(rest.front()) == std::string_view::npos;
        });
}

// 128 bits of a hash, for telling keys apart. A secret has at least as many.
std::string fingerprintOf(std::string_view bytes)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash;
    unsigned size = 0;
    const std::string text = "sallyport key " + std::string(bytes);
    if (EVP_Digest(text.data(), text.size(), hash.data(), &size, EVP_sha256(), nullptr) != 1)
        return {};
    return wire::toBase64Url(
        asBytes(std::string_view(reinterpret_cast<const char*>(hash.data()), std::min(size, 16u))));
}

std::string publicBytes(evp_pkey_st* key)
{
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(key, &der);
    std::string bytes;
    if (size > 0)
        bytes.assign(reinterpret_cast<const char*>(der), size_t(size));
    OPENSSL_free(der);
    return bytes;
}

// OpenSSL wants the two numbers as DER.
std::string derFromRaw(std::string_view raw)
{
    const EcdsaSig sig(ECDSA_SIG_new());
    BIGNUM* r = BN_bin2bn(bytesOf(raw), int(EcPart), nullptr);
    BIGNUM* s = BN_bin2bn(bytesOf(raw.substr(EcPart)), int(EcPart), nullptr);
    if (!sig || !r || !s || ECDSA_SIG_set0(sig.get(), r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return {};
    }
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(sig.get(), &der);
    std::string text;
    if (size > 0)
        text.assign(reinterpret_cast<const char*>(der), size_t(size));
    OPENSSL_free(der);
    return text;
}

std::shared_ptr<evp_pkey_st> readPublic(std::string_view pem)
{
    const auto open = [&] { return Bio(BIO_new_mem_buf(pem.data(), int(pem.size()))); };
    // Never asks for a passphrase on a terminal.
    const auto noPassword = [](char*, int, int, void*) { return 0; };
    EVP_PKEY* key = PEM_read_bio_PUBKEY(open().get(), nullptr, noPassword, nullptr);
    if (!key) {
        const X509Ptr certificate(PEM_read_bio_X509(open().get(), nullptr, noPassword, nullptr));
        if (certificate)
            key = X509_get_pubkey(certificate.get());
    }
    if (!key)
        key = PEM_read_bio_PrivateKey(open().get(), nullptr, noPassword, nullptr);
    ERR_clear_error();
    return std::shared_ptr<evp_pkey_st>(key, EVP_PKEY_free);
}

} // namespace

std::string_view toText(Algorithm algorithm)
{
    switch (algorithm) {
    case Algorithm::HS256:
        return "HS256";
    case Algorithm::HS384:
        return "HS384";
    case Algorithm::HS512:
        return "HS512";
    case Algorithm::RS256:
        return "RS256";
    case Algorithm::ES256:
        return "ES256";
    case Algorithm::EdDSA:
        return "EdDSA";
    }
    return {};
}

std::optional<Algorithm> algorithmFromText(std::string_view text)
{
    for (const Algorithm algorithm : AllAlgorithms)
        if (toText(algorithm) == text)
            return algorithm;
    return std::nullopt;
}

Result<Key, std::string> Key::fromSecret(std::string_view secret)
{
    if (secret.size() < MinSecret)
        return Failure("a secret of " + std::to_string(secret.size()) +
                       " bytes is too short: it needs " + std::to_string(MinSecret) +
                       " (openssl rand -base64 48)");
    if (secret.size() > MaxSecret)
        return Failure("a secret of more than " + std::to_string(MaxSecret) + " bytes");
    if (secret.find("-----BEGIN ") != std::string_view::npos)
        return Failure(std::string("this is a PEM key or certificate, not a secret"));
    if (isGuessable(secret))
        return Failure(std::string("this secret can be guessed: make another "
                                   "(openssl rand -base64 48)"));
    Key key;
    key.m_secret =
        std::shared_ptr<const std::string>(new std::string(secret), [](const std::string* text) {
            OPENSSL_cleanse(const_cast<char*>(text->data()), text->size());
            delete text;
        });
    key.m_fingerprint = fingerprintOf(secret);
    for (const Algorithm algorithm : {Algorithm::HS256, Algorithm::HS384, Algorithm::HS512})
        if (secret.size() >= hashSize(algorithm))
            key.m_algorithms.push_back(algorithm);
    return key;
}

Result<Key, std::string> Key::fromPem(std::string_view pem)
{
    auto read = readPublic(pem);
    if (!read)
        return Failure(std::string("holds no public key or certificate in PEM form"));
    return fromPublic(std::move(read));
}

Result<Key, std::string> Key::fromPublic(std::shared_ptr<evp_pkey_st> pkey)
{
    Key key;
    switch (EVP_PKEY_get_base_id(pkey.get())) {
    case EVP_PKEY_RSA: {
        const int bits = EVP_PKEY_get_bits(pkey.get());
        if (bits < MinRsaBits || bits > MaxRsaBits)
            return Failure("an RSA key of " + std::to_string(bits) + " bits: 2048 to 8192 serve");
        key.m_algorithms = {Algorithm::RS256};
        break;
    }
    case EVP_PKEY_EC: {
        std::array<char, 64> group{};
        size_t size = 0;
        if (EVP_PKEY_get_group_name(pkey.get(), group.data(), group.size(), &size) != 1 ||
            std::string_view(group.data(), size) != SN_X9_62_prime256v1)
            return Failure(std::string("an elliptic curve other than P-256"));
        key.m_algorithms = {Algorithm::ES256};
        break;
    }
    case EVP_PKEY_ED25519:
        key.m_algorithms = {Algorithm::EdDSA};
        break;
    default:
        return Failure(std::string("a key that is neither RSA nor P-256 nor Ed25519"));
    }
    key.m_fingerprint = fingerprintOf(publicBytes(pkey.get()));
    key.m_public = std::move(pkey);
    return key;
}

bool Key::serves(Algorithm algorithm) const
{
    return std::find(m_algorithms.begin(), m_algorithms.end(), algorithm) != m_algorithms.end();
}

bool Key::verify(Algorithm algorithm, std::string_view text, std::string_view signature) const
{
    if (!serves(algorithm))
        return false;
    if (m_secret) {
        const std::string ours = sign(algorithm, text);
        return !ours.empty() && ours.size() == signature.size() &&
               CRYPTO_memcmp(ours.data(), signature.data(), ours.size()) == 0;
    }
    std::string der;
    if (algorithm == Algorithm::ES256) {
        if (signature.size() != 2 * EcPart)
            return false;
        der = derFromRaw(signature);
        signature = der;
    }
    const MdContext context(EVP_MD_CTX_new());
    const EVP_MD* hash = algorithm == Algorithm::EdDSA ? nullptr : EVP_sha256();
    const bool good =
        context &&
        EVP_DigestVerifyInit(context.get(), nullptr, hash, nullptr, m_public.get()) == 1 &&
        EVP_DigestVerify(context.get(), bytesOf(signature), signature.size(), bytesOf(text),
                         text.size()) == 1;
    ERR_clear_error();
    return good;
}

std::string Key::sign(Algorithm algorithm, std::string_view text) const
{
    if (!m_secret || !serves(algorithm))
        return {};
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac;
    unsigned size = 0;
    if (!HMAC(hashOf(algorithm), m_secret->data(), int(m_secret->size()), bytesOf(text),
              text.size(), mac.data(), &size))
        return {};
    return std::string(reinterpret_cast<const char*>(mac.data()), size);
}

} // namespace sallyport::jose
