// Fresh keys and self-signed certificates.
#include "x509_builder.h"

#include <sallyport/tls/keys.h>

#include <openssl/ec.h>
#include <openssl/err.h>

namespace sallyport::tls {

static bool addExtensions(X509* x509, const SelfSignedOptions& options)
{
    return addExtension(x509, x509, NID_basic_constraints, "critical,CA:FALSE") &&
           addExtension(x509, x509, NID_key_usage, "critical,digitalSignature") &&
           addExtension(x509, x509, NID_ext_key_usage, "serverAuth,clientAuth") &&
           addExtension(x509, x509, NID_subject_key_identifier, "hash") &&
           addNames(x509, options.names);
}

Result<KeyPair, Error> makeSelfSigned(const SelfSignedOptions& options)
{
    if (const auto checked = checkNames(options.commonName, options.names); !checked)
        return Failure(checked.error());
    ERR_clear_error();
    const KeyPtr key(EVP_EC_gen("P-256"));
    const X509Ptr x509(X509_new());
    if (!key || !x509)
        return libraryFailure("making a key");
    X509_NAME* name = X509_get_subject_name(x509.get());
    const bool made =
        X509_set_version(x509.get(), X509_VERSION_3) == 1 && setRandomSerial(x509.get()) &&
        addCommonName(name, options.commonName) && X509_set_issuer_name(x509.get(), name) == 1 &&
        setTimes(x509.get(), options.notBefore, options.notBefore + options.validFor) &&
        X509_set_pubkey(x509.get(), key.get()) == 1 && addExtensions(x509.get(), options) &&
        X509_sign(x509.get(), key.get(), EVP_sha256()) > 0;
    if (!made)
        return libraryFailure("making a certificate");
    KeyPair pair{pemOf(x509.get()), pemOf(key.get())};
    if (pair.chainPem.empty() || pair.keyPem.empty())
        return libraryFailure("writing a certificate");
    return pair;
}

Result<std::string, Error> makeKey()
{
    ERR_clear_error();
    const KeyPtr key(EVP_EC_gen("P-256"));
    std::string pem = key ? pemOf(key.get()) : std::string();
    if (pem.empty())
        return libraryFailure("making a key");
    return pem;
}

} // namespace sallyport::tls
