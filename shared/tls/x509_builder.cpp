#include "x509_builder.h"

#include "host_name.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

namespace sallyport::tls {

Failure<Error> libraryFailure(std::string_view doing)
{
    Error error{ErrorCode::Internal, std::string(doing) + ": " + libraryReason()};
    ERR_clear_error();
    return Failure(std::move(error));
}

Result<void, Error> checkNames(const std::string& commonName, const std::vector<std::string>& names)
{
    if (commonName.empty() || commonName.size() > 64)
        return Failure(Error{ErrorCode::BadConfiguration,
                             "a certificate's common name has 1 to 64 characters"});
    for (const std::string& name : names)
        if (!isDnsName(name, true) && !parseIpAddress(name))
            return Failure(Error{ErrorCode::BadConfiguration,
                                 "\"" + name + "\" is neither a host name nor an IP address"});
    return {};
}

// 128 random bits; RFC 5280 section 4.1.2.2 allows up to 20 octets, and no zero.
bool setRandomSerial(X509* x509)
{
    const NumberPtr number(BN_new());
    return number && BN_rand(number.get(), 128, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
           BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x509));
}

bool addCommonName(X509_NAME* name, const std::string& commonName)
{
    const auto* text = reinterpret_cast<const unsigned char*>(commonName.data());
    return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text,
                                      static_cast<int>(commonName.size()), -1, 0) == 1;
}

bool setTimes(X509* x509, SystemTime notBefore, SystemTime notAfter)
{
    using std::chrono::system_clock;
    return ASN1_TIME_set(X509_getm_notBefore(x509), system_clock::to_time_t(notBefore)) &&
           ASN1_TIME_set(X509_getm_notAfter(x509), system_clock::to_time_t(notAfter));
}

bool addExtension(X509* x509, X509* issuer, int nid, const char* value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, x509, nullptr, nullptr, 0);
    const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
    return extension && X509_add_ext(x509, extension.get(), -1) == 1;
}

// Built from objects, not from OpenSSL's configuration text, which a comma in a name would extend.
NamesPtr namesExtension(const std::vector<std::string>& names)
{
    NamesPtr list(GENERAL_NAMES_new());
    for (const std::string& text : names) {
        GENERAL_NAME* name = GENERAL_NAME_new();
        if (!list || !name || sk_GENERAL_NAME_push(list.get(), name) == 0) {
            GENERAL_NAME_free(name);
            return nullptr;
        }
        if (OctetsPtr address = parseIpAddress(text)) {
            GENERAL_NAME_set0_value(name, GEN_IPADD, address.release());
        } else {
            ASN1_IA5STRING* dns = ASN1_IA5STRING_new();
            if (!dns || ASN1_STRING_set(dns, text.data(), static_cast<int>(text.size())) != 1) {
                ASN1_IA5STRING_free(dns);
                return nullptr;
            }
            GENERAL_NAME_set0_value(name, GEN_DNS, dns);
        }
    }
    return list;
}

bool addNames(X509* x509, const std::vector<std::string>& names)
{
    if (names.empty())
        return true;
    const NamesPtr list = namesExtension(names);
    return list &&
           X509_add1_ext_i2d(x509, NID_subject_alt_name, list.get(), 0, X509V3_ADD_DEFAULT) == 1;
}

std::string textOf(BIO* bio)
{
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio, &text);
    return {text, static_cast<size_t>(size)};
}

std::string pemOf(X509* x509)
{
    const BioPtr out(BIO_new(BIO_s_mem()));
    if (!out || PEM_write_bio_X509(out.get(), x509) != 1)
        return {};
    return textOf(out.get());
}

std::string pemOf(X509_CRL* crl)
{
    const BioPtr out(BIO_new(BIO_s_mem()));
    if (!out || PEM_write_bio_X509_CRL(out.get(), crl) != 1)
        return {};
    return textOf(out.get());
}

std::string pemOf(EVP_PKEY* key)
{
    const BioPtr out(BIO_new(BIO_s_secmem()));
    if (!out ||
        PEM_write_bio_PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1)
        return {};
    return textOf(out.get());
}

} // namespace sallyport::tls
