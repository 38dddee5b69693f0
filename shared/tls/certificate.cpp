#include "openssl.h"
#include "pem.h"
#include "x509_reading.h"

#include <sallyport/tls/certificate.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace sallyport::tls {

std::string nameText(const X509_NAME* name)
{
    BioPtr out(BIO_new(BIO_s_mem()));
    // RFC 2253 escapes control characters, so that a hostile name can't write its own log lines.
    if (!out || X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253) < 0)
        return {};
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<size_t>(size)};
}

static std::string addressText(const ASN1_OCTET_STRING* address)
{
    const unsigned char* bytes = ASN1_STRING_get0_data(address);
    const int size = ASN1_STRING_length(address);
    std::string text;
    char part[8];
    for (int i = 0; i < size; i += size == 4 ? 1 : 2) {
        if (size == 4)
            std::snprintf(part, sizeof part, "%d", bytes[i]);
        else
            std::snprintf(part, sizeof part, "%x", (bytes[i] << 8) | bytes[i + 1]);
        text += text.empty() ? "" : size == 4 ? "." : ":";
        text += part;
    }
    return text;
}

static bool isPlain(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

static std::string textOf(const ASN1_STRING* string)
{
    const auto* bytes = ASN1_STRING_get0_data(string);
    return {bytes, bytes + ASN1_STRING_length(string)};
}

SubjectNames subjectNames(const GENERAL_NAMES* list)
{
    SubjectNames names;
    for (int i = 0; i < sk_GENERAL_NAME_num(list); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(list, i);
        const bool account = name->type == GEN_EMAIL || name->type == GEN_URI;
        if (name->type == GEN_DNS || account) {
            std::string text = textOf(name->d.ia5);
            if (!text.empty() && isPlain(text))
                (account ? names.accounts : names.hosts).push_back(std::move(text));
        } else if (name->type == GEN_IPADD) {
            const int size = ASN1_STRING_length(name->d.iPAddress);
            if (size == 4 || size == 16)
                names.hosts.push_back(addressText(name->d.iPAddress));
        }
    }
    return names;
}

std::string onlyCommonName(const X509_NAME* name)
{
    const int first = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    if (first < 0 || X509_NAME_get_index_by_NID(name, NID_commonName, first) >= 0)
        return {};
    unsigned char* utf8 = nullptr;
    const int size =
        ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, first)));
    if (size < 0)
        return {};
    std::string text(utf8, utf8 + size);
    OPENSSL_free(utf8);
    const bool printable =
        std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 127; });
    return printable ? text : std::string();
}

std::string serialText(const ASN1_INTEGER* serial)
{
    const NumberPtr number(ASN1_INTEGER_to_BN(serial, nullptr));
    char* hex = number ? BN_bn2hex(number.get()) : nullptr;
    std::string text = hex ? hex : "";
    OPENSSL_free(hex);
    for (char& c : text)
        c = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
}

std::optional<SystemTime> systemTime(const ASN1_TIME* time)
{
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1)
        return std::nullopt;
    using namespace std::chrono;
    const sys_days day = year(parts.tm_year + 1900) /
                         month(static_cast<unsigned>(parts.tm_mon + 1)) /
                         std::chrono::day(static_cast<unsigned>(parts.tm_mday));
    const auto seconds = sys_seconds(day) + hours(parts.tm_hour) + minutes(parts.tm_min) +
                         std::chrono::seconds(parts.tm_sec);
    // RFC 5280 writes "no end" as the year 9999, which a clock of nanoseconds can't hold.
    const auto last = floor<std::chrono::seconds>(SystemTime::max());
    const auto first = ceil<std::chrono::seconds>(SystemTime::min());
    return SystemTime(std::clamp<sys_seconds>(seconds, first, last));
}

std::optional<SpkiPin> pinOf(X509_PUBKEY* key)
{
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(key, &der);
    if (size <= 0)
        return std::nullopt;
    SpkiPin pin;
    const int done = EVP_Digest(der, static_cast<size_t>(size),
                                reinterpret_cast<unsigned char*>(pin.sha256.data()), nullptr,
                                EVP_sha256(), nullptr);
    OPENSSL_free(der);
    return done == 1 ? std::optional(pin) : std::nullopt;
}

std::optional<Certificate> Certificate::fromX509(const x509_st* certificate)
{
    const auto pin = pinOf(X509_get_X509_PUBKEY(certificate));
    const auto from = systemTime(X509_get0_notBefore(certificate));
    const auto until = systemTime(X509_get0_notAfter(certificate));
    unsigned char* der = nullptr;
    const int size = i2d_X509(certificate, &der);
    if (!pin || !from || !until || size <= 0) {
        ERR_clear_error();
        OPENSSL_free(der);
        return std::nullopt;
    }
    Certificate result;
    result.subject = nameText(X509_get_subject_name(certificate));
    result.issuer = nameText(X509_get_issuer_name(certificate));
    result.commonName = onlyCommonName(X509_get_subject_name(certificate));
    result.serial = serialText(X509_get0_serialNumber(certificate));
    const NamesPtr list(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    SubjectNames names = subjectNames(list.get());
    result.names = std::move(names.hosts);
    result.accounts = std::move(names.accounts);
    // The extension flags are computed at the first look, and kept in the object.
    result.isAuthority = X509_check_ca(const_cast<X509*>(certificate)) == 1;
    result.isSelfIssued =
        X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) == 0;
    result.notBefore = *from;
    result.notAfter = *until;
    result.pin = *pin;
    const auto* bytes = reinterpret_cast<const std::byte*>(der);
    result.der.assign(bytes, bytes + size);
    OPENSSL_free(der);
    return result;
}

Result<Certificate, Error> Certificate::fromPem(std::string_view pem)
{
    const BioPtr in = memoryBio(pem);
    const X509Ptr x509(PEM_read_bio_X509(in.get(), nullptr, noPassphrase, nullptr));
    std::optional<Certificate> certificate = x509 ? fromX509(x509.get()) : std::nullopt;
    ERR_clear_error();
    if (!certificate)
        return Failure(Error{ErrorCode::BadPem, "no readable certificate in PEM form"});
    return std::move(*certificate);
}

Result<std::vector<Certificate>, Error> certificatesFromPem(std::string_view pem)
{
    const auto read = readCertificates(pem);
    if (!read)
        return Failure(read.error());
    std::vector<Certificate> list;
    for (const X509Ptr& x509 : read.value()) {
        auto certificate = Certificate::fromX509(x509.get());
        if (!certificate)
            return Failure(
                Error{ErrorCode::BadPem,
                      "certificate number " + std::to_string(list.size() + 1) + " is damaged"});
        list.push_back(std::move(*certificate));
    }
    return list;
}

Result<SpkiPin, Error> spkiPin(std::string_view certificatePem)
{
    auto certificate = Certificate::fromPem(certificatePem);
    if (!certificate)
        return Failure(certificate.error());
    return certificate->pin;
}

} // namespace sallyport::tls
