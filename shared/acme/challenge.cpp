#include "openssl.h"

#include <sallyport/acme/challenge.h>
#include <sallyport/base/bytes.h>
#include <sallyport/wire/base64.h>

#include <openssl/ec.h>
#include <openssl/rand.h>

#include <array>
#include <chrono>

namespace sallyport::acme {

using std::chrono::hours;
using std::chrono::system_clock;

namespace {

constexpr const char* AcmeIdentifier = "1.3.6.1.5.5.7.1.31"; // RFC 8737 section 6.1

std::array<unsigned char, 32> digestOf(std::string_view text)
{
    std::array<unsigned char, 32> digest{};
    EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
    return digest;
}

// A critical extension whose value is an OCTET STRING with the digest.
bool addIdentifier(X509* x509, std::string_view keyAuthorization)
{
    const auto digest = digestOf(keyAuthorization);
    std::array<unsigned char, 34> der{0x04, 0x20};
    std::copy(digest.begin(), digest.end(), der.begin() + 2);
    const std::unique_ptr<ASN1_OBJECT, Freer<ASN1_OBJECT_free>> id(OBJ_txt2obj(AcmeIdentifier, 1));
    const std::unique_ptr<ASN1_OCTET_STRING, Freer<ASN1_OCTET_STRING_free>> value(
        ASN1_OCTET_STRING_new());
    if (!id || !value || ASN1_OCTET_STRING_set(value.get(), der.data(), int(der.size())) != 1)
        return false;
    const ExtensionPtr extension(X509_EXTENSION_create_by_OBJ(nullptr, id.get(), 1, value.get()));
    return extension && X509_add_ext(x509, extension.get(), -1) == 1;
}

bool setSerialAndName(X509* x509)
{
    const NumberPtr number(BN_new());
    X509_NAME* subject = X509_get_subject_name(x509);
    static constexpr unsigned char Name[] = "ACME challenge";
    return number && BN_rand(number.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
           BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x509)) &&
           X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, Name, -1, -1, 0) == 1 &&
           X509_set_issuer_name(x509, subject) == 1;
}

} // namespace

std::string_view toText(ChallengeType type)
{
    switch (type) {
    case ChallengeType::Http01:
        return "http-01";
    case ChallengeType::TlsAlpn01:
        return "tls-alpn-01";
    case ChallengeType::Dns01:
        break;
    }
    return "dns-01";
}

std::optional<ChallengeType> challengeTypeFromText(std::string_view text)
{
    for (const auto type : {ChallengeType::Http01, ChallengeType::TlsAlpn01, ChallengeType::Dns01})
        if (text == toText(type))
            return type;
    return std::nullopt;
}

std::string Challenge::dnsValue() const
{
    const auto digest = digestOf(keyAuthorization);
    return wire::toBase64Url({reinterpret_cast<const std::byte*>(digest.data()), digest.size()});
}

Result<tls::KeyPair, std::string> Challenge::certificate(tls::SystemTime now) const
{
    const KeyPtr key(EVP_EC_gen("P-256"));
    const X509Ptr x509(X509_new());
    const NamesPtr names = dnsNames(std::array{name});
    const bool made =
        key && x509 && names && X509_set_version(x509.get(), X509_VERSION_3) == 1 &&
        setSerialAndName(x509.get()) &&
        ASN1_TIME_set(X509_getm_notBefore(x509.get()), system_clock::to_time_t(now - hours(24))) &&
        ASN1_TIME_set(X509_getm_notAfter(x509.get()),
                      system_clock::to_time_t(now + hours(24 * 7))) &&
        X509_set_pubkey(x509.get(), key.get()) == 1 &&
        X509_add1_ext_i2d(x509.get(), NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT) ==
            1 &&
        addIdentifier(x509.get(), keyAuthorization) &&
        X509_sign(x509.get(), key.get(), EVP_sha256()) > 0;
    const BioPtr chain(BIO_new(BIO_s_mem()));
    if (!made || !chain || PEM_write_bio_X509(chain.get(), x509.get()) != 1) {
        ERR_clear_error();
        return Failure(std::string("OpenSSL could not make a challenge certificate"));
    }
    char* text = nullptr;
    const long size = BIO_get_mem_data(chain.get(), &text);
    return tls::KeyPair{std::string(text, static_cast<size_t>(size)), writeKey(key.get())};
}

} // namespace sallyport::acme
