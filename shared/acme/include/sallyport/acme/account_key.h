// The key that an ACME account is known by: ECDSA P-256, signatures ES256 (RFC 7518 section 3.4).
//
// Threads: immutable after it was made; copies share the key.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/base/secret.h>

#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace sallyport::acme {

class AccountKey
{
public:
    // The failure is a sentence.
    static Result<AccountKey, std::string> make();
    // Refuses keys of another kind.
    static Result<AccountKey, std::string> fromPem(std::string_view pem);

    Secret toPem() const;
    // The public half as JSON in its canonical form (RFC 7638 section 3).
    const std::string& jwk() const { return m_jwk; }
    const std::string& thumbprint() const { return m_thumbprint; }
    // What proves to the CA that a challenge was answered by this account (RFC 8555 section 8.1).
    std::string keyAuthorization(std::string_view token) const;
    // A JWS in flattened JSON form over both texts (RFC 7515 section 7.2.2). Empty only when
    // OpenSSL fails.
    std::string sign(std::string_view protectedHeader, std::string_view payload) const;

private:
    explicit AccountKey(std::shared_ptr<evp_pkey_st> key) : m_key(std::move(key)) {}
    bool describe();

    std::shared_ptr<evp_pkey_st> m_key;
    std::string m_jwk;
    std::string m_thumbprint;
};

// Credentials that a CA gave out beforehand, to bind the account to a customer (RFC 8555 7.3.4).
struct ExternalAccount
{
    std::string keyId;
    Secret macKey; // base64url, as CAs give it
};

// The binding: a JWS by HMAC-SHA256 over the account's public key. Fails with a sentence when the
// MAC key is not base64url.
Result<std::string, std::string> bindExternalAccount(const ExternalAccount& external,
                                                     std::string_view newAccountUrl,
                                                     const AccountKey& key);

} // namespace sallyport::acme
