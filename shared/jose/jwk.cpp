// JSON Web Keys (RFC 7517; parameters: RFC 7518 section 6, RFC 8037 section 2).
#include "openssl_parts.h"

#include <sallyport/jose/json.h>
#include <sallyport/jose/key.h>
#include <sallyport/wire/base64.h>

#include <openssl/core_names.h>

#include <algorithm>

namespace sallyport::jose {

namespace {

constexpr size_t MaxKeyId = 256;

using Public = std::shared_ptr<evp_pkey_st>;

std::string bytesOf(const Json& jwk, std::string_view name)
{
    return wire::fromBase64Url(jwk.textOf(name)).value_or(std::string());
}

const unsigned char* raw(const std::string& text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

Public fromParams(const char* type, OSSL_PARAM_BLD* builder)
{
    const Params params(OSSL_PARAM_BLD_to_param(builder));
    const PkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* key = nullptr;
    if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1)
        key = nullptr;
    return Public(key, EVP_PKEY_free);
}

Public rsaKey(const Json& jwk)
{
    const std::string n = bytesOf(jwk, "n");
    const std::string e = bytesOf(jwk, "e");
    // Beyond it checking one signature would take long.
    if (n.empty() || e.empty() || n.size() > Key::MaxRsaBits / 8 || e.size() > 8)
        return nullptr;
    const BigNumber modulus(BN_bin2bn(raw(n), int(n.size()), nullptr));
    const BigNumber exponent(BN_bin2bn(raw(e), int(e.size()), nullptr));
    if (!modulus || !exponent || !BN_is_odd(exponent.get()) || BN_is_one(exponent.get()))
        return nullptr;
    const ParamBuilder builder(OSSL_PARAM_BLD_new());
    if (!builder ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1)
        return nullptr;
    return fromParams("RSA", builder.get());
}

Public ecKey(const Json& jwk)
{
    const std::string x = bytesOf(jwk, "x");
    const std::string y = bytesOf(jwk, "y");
    if (jwk.textOf("crv") != "P-256" || x.size() != 32 || y.size() != 32)
        return nullptr;
    const std::string point = "\x04" + x + y;
    const ParamBuilder builder(OSSL_PARAM_BLD_new());
    if (!builder ||
        OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1",
                                        0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                         point.size()) != 1)
        return nullptr;
    // Refuses a point that is not on the curve.
    return fromParams("EC", builder.get());
}

Public edKey(const Json& jwk)
{
    const std::string x = bytesOf(jwk, "x");
    if (jwk.textOf("crv") != "Ed25519" || x.size() != 32)
        return nullptr;
    return Public(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw(x), x.size()),
                  EVP_PKEY_free);
}

// Whether a key may check signatures at all (RFC 7517, 4.2 and 4.3).
bool isForVerifying(const Json& jwk)
{
    const std::string_view use = jwk.textOf("use");
    if (!use.empty() && use != "sig")
        return false;
    const Json* operations = jwk.find("key_ops");
    if (!operations || !operations->list())
        return operations == nullptr;
    return std::any_of(operations->list()->begin(), operations->list()->end(), [](const Json& op) {
        return op.text() && (*op.text() == "verify" || *op.text() == "sign");
    });
}

} // namespace

Result<Key, std::string> Key::fromJwk(const Json& jwk)
{
    if (!jwk.object())
        return Failure(std::string("a key that is no JSON object"));
    if (!isForVerifying(jwk))
        return Failure(std::string("a key that is not for signatures (use, key_ops)"));
    const std::string_view type = jwk.textOf("kty");
    Result<Key, std::string> made = Failure(std::string());
    if (type == "oct") {
        made = fromSecret(bytesOf(jwk, "k"));
    } else {
        Public key = type == "RSA"   ? rsaKey(jwk)
                     : type == "EC"  ? ecKey(jwk)
                     : type == "OKP" ? edKey(jwk)
                                     : nullptr;
        ERR_clear_error();
        if (!key)
            return Failure("a key of kty \"" + std::string(type.substr(0, 32)) +
                           "\" that cannot be used: RSA, EC with P-256, OKP with Ed25519 or oct, "
                           "with all their parameters");
        made = fromPublic(std::move(key));
    }
    if (!made)
        return made;
    made->m_id = std::string(jwk.textOf("kid"));
    if (made->m_id.size() > MaxKeyId)
        return Failure(std::string("a key whose kid is too long"));
    if (const std::string_view wanted = jwk.textOf("alg"); !wanted.empty()) {
        std::erase_if(made->m_algorithms,
                      [&](Algorithm algorithm) { return toText(algorithm) != wanted; });
        if (made->m_algorithms.empty())
            return Failure("a key for the algorithm \"" + std::string(wanted.substr(0, 32)) +
                           "\", which it cannot serve or which is not supported");
    }
    return made;
}

} // namespace sallyport::jose
