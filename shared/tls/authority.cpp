#include "pem.h"
#include "x509_builder.h"
#include "x509_reading.h"

#include <sallyport/tls/authority.h>

#include <openssl/ec.h>
#include <openssl/err.h>

#include <utility>

namespace sallyport::tls {

// Ed25519 and Ed448 bring their own digest.
static const EVP_MD* digestFor(const EVP_PKEY* key)
{
    const int kind = EVP_PKEY_get_base_id(key);
    return kind == EVP_PKEY_ED25519 || kind == EVP_PKEY_ED448 ? nullptr : EVP_sha256();
}

static bool addAuthorityExtensions(X509* x509, X509* issuer, const char* constraints)
{
    return addExtension(x509, issuer, NID_basic_constraints, constraints) &&
           addExtension(x509, issuer, NID_key_usage, "critical,keyCertSign,cRLSign") &&
           addExtension(x509, issuer, NID_subject_key_identifier, "hash") &&
           addExtension(x509, issuer, NID_authority_key_identifier, "keyid");
}

static bool addLeafExtensions(X509* x509, X509* issuer, const char* extendedUsage)
{
    return addExtension(x509, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
           addExtension(x509, issuer, NID_key_usage, "critical,digitalSignature") &&
           addExtension(x509, issuer, NID_ext_key_usage, extendedUsage) &&
           addExtension(x509, issuer, NID_subject_key_identifier, "hash") &&
           addExtension(x509, issuer, NID_authority_key_identifier, "keyid:always");
}

static bool addExtensionsFor(CertificateUse use, X509* x509, X509* issuer)
{
    switch (use) {
    case CertificateUse::Intermediate:
        return addAuthorityExtensions(x509, issuer, "critical,CA:TRUE,pathlen:0");
    case CertificateUse::Server:
        return addLeafExtensions(x509, issuer, "serverAuth");
    case CertificateUse::Client:
        return addLeafExtensions(x509, issuer, "clientAuth");
    }
    return false;
}

Result<KeyPair, Error> makeRootAuthority(const std::string& commonName, const Validity& validity)
{
    if (const auto checked = checkNames(commonName, {}); !checked)
        return Failure(checked.error());
    ERR_clear_error();
    const KeyPtr key(EVP_EC_gen("P-256"));
    const X509Ptr x509(X509_new());
    if (!key || !x509)
        return libraryFailure("making an authority");
    X509_NAME* name = X509_get_subject_name(x509.get());
    const bool made = X509_set_version(x509.get(), X509_VERSION_3) == 1 &&
                      setRandomSerial(x509.get()) && addCommonName(name, commonName) &&
                      X509_set_issuer_name(x509.get(), name) == 1 &&
                      setTimes(x509.get(), validity.notBefore, validity.notAfter) &&
                      X509_set_pubkey(x509.get(), key.get()) == 1 &&
                      addAuthorityExtensions(x509.get(), x509.get(), "critical,CA:TRUE") &&
                      X509_sign(x509.get(), key.get(), EVP_sha256()) > 0;
    if (!made)
        return libraryFailure("making an authority");
    KeyPair pair{pemOf(x509.get()), pemOf(key.get())};
    if (pair.chainPem.empty() || pair.keyPem.empty())
        return libraryFailure("writing an authority");
    return pair;
}

Result<Authority, Error> Authority::fromKeyPair(const KeyPair& pair, SystemTime now)
{
    auto certificate = checkKeyPair(pair, now);
    if (!certificate)
        return Failure(certificate.error());
    if (!certificate->isAuthority)
        return Failure(
            Error{ErrorCode::BadConfiguration,
                  "the certificate of " + certificate->subject + " is not that of an authority"});
    auto chain = readCertificates(pair.chainPem);
    auto key = readPrivateKey(pair.keyPem);
    if (!chain || !key)
        return Failure(chain ? key.error() : chain.error());
    return Authority(chain.value().front().release(), key.value().release(),
                     std::move(*certificate));
}

Authority::Authority(x509_st* x509, evp_pkey_st* key, Certificate certificate)
    : m_x509(x509), m_key(key), m_certificate(std::move(certificate))
{}

Authority::Authority(Authority&& other) noexcept
    : m_x509(std::exchange(other.m_x509, nullptr)),
      m_key(std::exchange(other.m_key, nullptr)),
      m_certificate(std::move(other.m_certificate))
{}

Authority::~Authority()
{
    X509_free(m_x509);
    EVP_PKEY_free(m_key);
}

Result<std::string, Error> Authority::certifyKey(std::string_view keyPem,
                                                 const CertificatePlan& plan)
{
    const auto key = readPrivateKey(keyPem);
    if (!key)
        return Failure(key.error());
    return certify(key.value().get(), plan);
}

Result<std::string, Error> Authority::certifyRequest(std::string_view requestPem,
                                                     const CertificatePlan& plan)
{
    const auto request = readRequest(requestPem);
    if (!request)
        return Failure(request.error());
    return certify(X509_REQ_get0_pubkey(request.value().get()), plan);
}

Result<std::string, Error> Authority::certify(evp_pkey_st* publicKey, const CertificatePlan& plan)
{
    if (const auto checked = checkNames(plan.commonName, plan.names); !checked)
        return Failure(checked.error());
    const SystemTime notAfter = std::min(plan.validity.notAfter, m_certificate.notAfter);
    const SystemTime notBefore = std::max(plan.validity.notBefore, m_certificate.notBefore);
    if (notAfter <= notBefore)
        return Failure(Error{ErrorCode::BadConfiguration,
                             "the certificate would be valid for no time at all"});
    ERR_clear_error();
    const X509Ptr x509(X509_new());
    const bool made =
        x509 && X509_set_version(x509.get(), X509_VERSION_3) == 1 && setRandomSerial(x509.get()) &&
        addCommonName(X509_get_subject_name(x509.get()), plan.commonName) &&
        X509_set_issuer_name(x509.get(), X509_get_subject_name(m_x509)) == 1 &&
        setTimes(x509.get(), notBefore, notAfter) && X509_set_pubkey(x509.get(), publicKey) == 1 &&
        addExtensionsFor(plan.use, x509.get(), m_x509) && addNames(x509.get(), plan.names) &&
        X509_sign(x509.get(), m_key, digestFor(m_key)) > 0;
    std::string pem = made ? pemOf(x509.get()) : std::string();
    if (pem.empty())
        return libraryFailure("making a certificate");
    return pem;
}

// --- revocation lists ---

static TimePtr timeOf(SystemTime time)
{
    return TimePtr(ASN1_TIME_set(nullptr, std::chrono::system_clock::to_time_t(time)));
}

static bool addRevoked(X509_CRL* crl, const RevokedSerial& revoked)
{
    BIGNUM* number = nullptr;
    const int digits = BN_hex2bn(&number, revoked.serial.c_str());
    const NumberPtr owned(number);
    if (digits == 0 || static_cast<size_t>(digits) != revoked.serial.size())
        return false;
    const IntegerPtr serial(BN_to_ASN1_INTEGER(number, nullptr));
    const TimePtr when = timeOf(revoked.when);
    RevokedPtr entry(X509_REVOKED_new());
    if (!serial || !when || !entry || X509_REVOKED_set_serialNumber(entry.get(), serial.get()) != 1)
        return false;
    if (X509_REVOKED_set_revocationDate(entry.get(), when.get()) != 1 ||
        X509_CRL_add0_revoked(crl, entry.get()) != 1)
        return false;
    entry.release();
    return true;
}

static bool addCrlExtensions(X509_CRL* crl, X509* issuer, uint64_t number)
{
    const IntegerPtr value(ASN1_INTEGER_new());
    if (!value || ASN1_INTEGER_set_uint64(value.get(), number) != 1 ||
        X509_CRL_add1_ext_i2d(crl, NID_crl_number, value.get(), 0, X509V3_ADD_DEFAULT) != 1)
        return false;
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, nullptr, nullptr, crl, 0);
    const ExtensionPtr identifier(
        X509V3_EXT_conf_nid(nullptr, &context, NID_authority_key_identifier, "keyid"));
    return identifier && X509_CRL_add_ext(crl, identifier.get(), -1) == 1;
}

Result<std::string, Error> Authority::makeCrl(const std::vector<RevokedSerial>& revoked,
                                              uint64_t number, const Validity& validity)
{
    ERR_clear_error();
    const CrlPtr crl(X509_CRL_new());
    const TimePtr from = timeOf(validity.notBefore), until = timeOf(validity.notAfter);
    if (!crl || !from || !until)
        return libraryFailure("making a revocation list");
    for (const RevokedSerial& entry : revoked)
        if (!addRevoked(crl.get(), entry)) {
            ERR_clear_error();
            return Failure(
                Error{ErrorCode::BadConfiguration, "\"" + entry.serial + "\" is no serial number"});
        }
    const bool made = X509_CRL_set_version(crl.get(), X509_CRL_VERSION_2) == 1 &&
                      X509_CRL_set_issuer_name(crl.get(), X509_get_subject_name(m_x509)) == 1 &&
                      X509_CRL_set1_lastUpdate(crl.get(), from.get()) == 1 &&
                      X509_CRL_set1_nextUpdate(crl.get(), until.get()) == 1 &&
                      addCrlExtensions(crl.get(), m_x509, number) &&
                      X509_CRL_sort(crl.get()) == 1 &&
                      X509_CRL_sign(crl.get(), m_key, digestFor(m_key)) > 0;
    std::string pem = made ? pemOf(crl.get()) : std::string();
    if (pem.empty())
        return libraryFailure("making a revocation list");
    return pem;
}

} // namespace sallyport::tls
