#include "openssl.h"

#include <sallyport/acme/account_key.h>
#include <sallyport/base/bytes.h>
#include <sallyport/wire/base64.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/hmac.h>

#include <array>
#include <nlohmann/json.hpp>

namespace sallyport::acme {

using wire::toBase64Url;

namespace {

constexpr size_t CoordinateSize = 32; // P-256
constexpr size_t MacKeyLimit = 1024;

ByteView bytesOf(const unsigned char* data, size_t size)
{
    return {reinterpret_cast<const std::byte*>(data), size};
}

std::string coordinate(const EVP_PKEY* key, const char* which)
{
    BIGNUM* raw = nullptr;
    if (EVP_PKEY_get_bn_param(key, which, &raw) != 1)
        return {};
    const NumberPtr number(raw);
    std::array<unsigned char, CoordinateSize> bytes{};
    if (BN_bn2binpad(number.get(), bytes.data(), int(bytes.size())) < 0)
        return {};
    return toBase64Url(bytesOf(bytes.data(), bytes.size()));
}

// The signature as r and s behind one another, which JWS wants in place of DER.
std::string rawSignature(const std::vector<unsigned char>& der)
{
    const unsigned char* at = der.data();
    const std::unique_ptr<ECDSA_SIG, Freer<ECDSA_SIG_free>> signature(
        d2i_ECDSA_SIG(nullptr, &at, long(der.size())));
    std::array<unsigned char, 2 * CoordinateSize> raw{};
    if (!signature ||
        BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), raw.data(), CoordinateSize) < 0 ||
        BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), raw.data() + CoordinateSize,
                     CoordinateSize) < 0)
        return {};
    return toBase64Url(bytesOf(raw.data(), raw.size()));
}

std::string flattened(const std::string& header, const std::string& payload,
                      const std::string& signature)
{
    // All three are base64url: nothing to escape.
    return R"({"protected":")" + header + R"(","payload":")" + payload + R"(","signature":")" +
           signature + "\"}";
}

} // namespace

Result<AccountKey, std::string> AccountKey::make()
{
    AccountKey key(std::shared_ptr<EVP_PKEY>(EVP_EC_gen("P-256"), EVP_PKEY_free));
    if (!key.m_key || !key.describe())
        return Failure(std::string("OpenSSL could not make an account key"));
    return key;
}

Result<AccountKey, std::string> AccountKey::fromPem(std::string_view pem)
{
    KeyPtr read = readKey(pem);
    if (!read)
        return Failure(std::string("is no private key in PEM form"));
    std::array<char, 64> group{};
    if (EVP_PKEY_is_a(read.get(), "EC") != 1 ||
        EVP_PKEY_get_group_name(read.get(), group.data(), group.size(), nullptr) != 1 ||
        std::string_view(group.data()) != "prime256v1")
        return Failure(std::string("is no ECDSA P-256 key"));
    AccountKey key(std::shared_ptr<EVP_PKEY>(read.release(), EVP_PKEY_free));
    if (!key.describe())
        return Failure(std::string("is a damaged key"));
    return key;
}

bool AccountKey::describe()
{
    const std::string x = coordinate(m_key.get(), OSSL_PKEY_PARAM_EC_PUB_X);
    const std::string y = coordinate(m_key.get(), OSSL_PKEY_PARAM_EC_PUB_Y);
    ERR_clear_error();
    if (x.empty() || y.empty())
        return false;
    m_jwk = R"({"crv":"P-256","kty":"EC","x":")" + x + R"(","y":")" + y + "\"}";
    std::array<unsigned char, 32> digest{};
    if (EVP_Digest(m_jwk.data(), m_jwk.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
        return false;
    m_thumbprint = toBase64Url(bytesOf(digest.data(), digest.size()));
    return true;
}

Secret AccountKey::toPem() const
{
    return Secret(writeKey(m_key.get()));
}

std::string AccountKey::keyAuthorization(std::string_view token) const
{
    return std::string(token) + "." + m_thumbprint;
}

std::string AccountKey::sign(std::string_view protectedHeader, std::string_view payload) const
{
    const std::string header = toBase64Url(asBytes(protectedHeader));
    // An empty payload stays empty: that is POST-as-GET (RFC 8555 section 6.3).
    const std::string body = toBase64Url(asBytes(payload));
    const std::string input = header + "." + body;
    const std::unique_ptr<EVP_MD_CTX, Freer<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
    const auto* text = reinterpret_cast<const unsigned char*>(input.data());
    size_t size = 0;
    if (!context ||
        EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, m_key.get()) != 1 ||
        EVP_DigestSign(context.get(), nullptr, &size, text, input.size()) != 1)
        return {};
    std::vector<unsigned char> der(size);
    if (EVP_DigestSign(context.get(), der.data(), &size, text, input.size()) != 1)
        return {};
    der.resize(size);
    const std::string signature = rawSignature(der);
    return signature.empty() ? std::string() : flattened(header, body, signature);
}

Result<std::string, std::string> bindExternalAccount(const ExternalAccount& external,
                                                     std::string_view newAccountUrl,
                                                     const AccountKey& key)
{
    std::string_view text = external.macKey.reveal();
    while (text.ends_with('=')) // some CAs pad it
        text.remove_suffix(1);
    auto mac = wire::fromBase64Url(text);
    if (!mac || mac->empty() || mac->size() > MacKeyLimit)
        return Failure(std::string("the external account's MAC key is not base64url text"));
    const nlohmann::json header = {
        {"alg", "HS256"}, {"kid", external.keyId}, {"url", newAccountUrl}};
    const std::string protectedText =
        toBase64Url(asBytes(header.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)));
    const std::string payload = toBase64Url(asBytes(key.jwk()));
    const std::string input = protectedText + "." + payload;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    const bool done = HMAC(EVP_sha256(), mac->data(), int(mac->size()),
                           reinterpret_cast<const unsigned char*>(input.data()), input.size(),
                           digest.data(), &size) != nullptr;
    OPENSSL_cleanse(mac->data(), mac->size());
    if (!done)
        return Failure(std::string("OpenSSL could not sign for the external account"));
    return flattened(protectedText, payload, toBase64Url(bytesOf(digest.data(), size)));
}

} // namespace sallyport::acme
