// Fresh keys and self-signed certificates.
#include "host_name.h"

#include <sallyport/tls/keys.h>

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

namespace sallyport::tls {

static Failure<Error> libraryFailure(std::string_view doing)
{
    Error error{ErrorCode::Internal, std::string(doing) + ": " + libraryReason()};
    ERR_clear_error();
    return Failure(std::move(error));
}

// 127 random bits: positive and, as RFC 5280 section 4.1.2.2 asks, at most 20 octets.
static bool setSerial(X509* x509)
{
    const NumberPtr number(BN_new());
    return number && BN_rand(number.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
           BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x509));
}

static bool setName(X509* x509, const std::string& commonName)
{
    X509_NAME* name = X509_get_subject_name(x509);
    const auto* text = reinterpret_cast<const unsigned char*>(commonName.data());
    return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text,
                                      static_cast<int>(commonName.size()), -1, 0) == 1 &&
           X509_set_issuer_name(x509, name) == 1;
}

static bool setTimes(X509* x509, const SelfSignedOptions& options)
{
    using std::chrono::system_clock;
    const auto until = options.notBefore + options.validFor;
    return ASN1_TIME_set(X509_getm_notBefore(x509), system_clock::to_time_t(options.notBefore)) &&
           ASN1_TIME_set(X509_getm_notAfter(x509), system_clock::to_time_t(until));
}

static bool addExtension(X509* x509, int nid, const char* value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, x509, x509, nullptr, nullptr, 0);
    const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
    return extension && X509_add_ext(x509, extension.get(), -1) == 1;
}

// Built from objects, not from OpenSSL's configuration text, which a comma in a name would extend.
static bool addNames(X509* x509, const std::vector<std::string>& names)
{
    if (names.empty())
        return true;
    const NamesPtr list(GENERAL_NAMES_new());
    for (const std::string& text : names) {
        GENERAL_NAME* name = GENERAL_NAME_new();
        if (!list || !name || sk_GENERAL_NAME_push(list.get(), name) == 0) {
            GENERAL_NAME_free(name);
            return false;
        }
        if (OctetsPtr address = parseIpAddress(text)) {
            GENERAL_NAME_set0_value(name, GEN_IPADD, address.release());
        } else {
            ASN1_IA5STRING* dns = ASN1_IA5STRING_new();
            if (!dns || ASN1_STRING_set(dns, text.data(), static_cast<int>(text.size())) != 1)
                return false;
            GENERAL_NAME_set0_value(name, GEN_DNS, dns);
        }
    }
    return X509_add1_ext_i2d(x509, NID_subject_alt_name, list.get(), 0, X509V3_ADD_DEFAULT) == 1;
}

static bool addExtensions(X509* x509, const SelfSignedOptions& options)
{
    return addExtension(x509, NID_basic_constraints, "critical,CA:FALSE") &&
           addExtension(x509, NID_key_usage, "critical,digitalSignature") &&
           addExtension(x509, NID_ext_key_usage, "serverAuth,clientAuth") &&
           addExtension(x509, NID_subject_key_identifier, "hash") && addNames(x509, options.names);
}

static std::string textOf(BIO* bio)
{
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio, &text);
    return {text, static_cast<size_t>(size)};
}

static Result<void, Error> checkOptions(const SelfSignedOptions& options)
{
    if (options.commonName.empty() || options.commonName.size() > 64)
        return Failure(Error{ErrorCode::BadConfiguration,
                             "a certificate's common name has 1 to 64 characters"});
    for (const std::string& name : options.names)
        if (!isDnsName(name, true) && !parseIpAddress(name))
            return Failure(Error{ErrorCode::BadConfiguration,
                                 "\"" + name + "\" is neither a host name nor an IP address"});
    return {};
}

Result<KeyPair, Error> makeSelfSigned(const SelfSignedOptions& options)
{
    if (const auto checked = checkOptions(options); !checked)
        return Failure(checked.error());
    ERR_clear_error();
    const KeyPtr key(EVP_EC_gen("P-256"));
    const X509Ptr x509(X509_new());
    if (!key || !x509)
        return libraryFailure("making a key");
    const bool made = X509_set_version(x509.get(), X509_VERSION_3) == 1 && setSerial(x509.get()) &&
                      setName(x509.get(), options.commonName) && setTimes(x509.get(), options) &&
                      X509_set_pubkey(x509.get(), key.get()) == 1 &&
                      addExtensions(x509.get(), options) &&
                      X509_sign(x509.get(), key.get(), EVP_sha256()) > 0;
    if (!made)
        return libraryFailure("making a certificate");
    const BioPtr chain(BIO_new(BIO_s_mem()));
    // The library's own copy of the key's text is wiped with it.
    const BioPtr secret(BIO_new(BIO_s_secmem()));
    if (!chain || !secret || PEM_write_bio_X509(chain.get(), x509.get()) != 1 ||
        PEM_write_bio_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) !=
            1)
        return libraryFailure("writing a certificate");
    return KeyPair{textOf(chain.get()), textOf(secret.get())};
}

} // namespace sallyport::tls
