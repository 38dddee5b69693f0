#include "x509_builder.h"
#include "x509_reading.h"

#include <sallyport/tls/revocation.h>

#include <openssl/err.h>
#include <openssl/pem.h>

namespace sallyport::tls {

struct RevocationLists::Parts
{
    std::vector<CrlPtr> lists;
};

static Failure<Error> badList(std::string message)
{
    ERR_clear_error();
    return Failure(Error{ErrorCode::BadPem, std::move(message)});
}

static Result<std::vector<CrlPtr>, Error> readPem(std::string_view text)
{
    const BioPtr in = memoryBio(text);
    std::vector<CrlPtr> lists;
    while (X509_CRL* next = PEM_read_bio_X509_CRL(in.get(), nullptr, noPassphrase, nullptr)) {
        lists.emplace_back(next);
        if (lists.size() > RevocationLists::ListLimit)
            return badList("more than " + std::to_string(RevocationLists::ListLimit) +
                           " revocation lists");
    }
    if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
        return badList("revocation list number " + std::to_string(lists.size() + 1) +
                       " is damaged: " + libraryReason());
    ERR_clear_error();
    return lists;
}

RevocationLists::RevocationLists(std::unique_ptr<Parts> parts) : m_parts(std::move(parts)) {}

RevocationLists::~RevocationLists() = default;

Result<std::shared_ptr<const RevocationLists>, Error>
RevocationLists::fromText(std::string_view text)
{
    if (text.size() > PemLimit)
        return badList("more than 16 MiB where revocation lists were expected");
    ERR_clear_error();
    auto parts = std::make_unique<Parts>();
    // A DER list begins with a sequence.
    if (text.starts_with('\x30')) {
        const BioPtr in = memoryBio(text);
        CrlPtr list(d2i_X509_CRL_bio(in.get(), nullptr));
        if (!list)
            return badList("the revocation list is damaged: " + libraryReason());
        parts->lists.push_back(std::move(list));
    } else {
        auto lists = readPem(text);
        if (!lists)
            return Failure(lists.error());
        parts->lists = std::move(*lists);
    }
    if (parts->lists.empty())
        return badList("expected a revocation list (X509 CRL), found none");
    return std::shared_ptr<const RevocationLists>(new RevocationLists(std::move(parts)));
}

bool RevocationLists::isRevoked(const Certificate& certificate) const
{
    const auto* der = reinterpret_cast<const unsigned char*>(certificate.der.data());
    const X509Ptr x509(d2i_X509(nullptr, &der, static_cast<long>(certificate.der.size())));
    if (!x509) {
        ERR_clear_error();
        return true;
    }
    for (const CrlPtr& list : m_parts->lists) {
        if (X509_NAME_cmp(X509_CRL_get_issuer(list.get()), X509_get_issuer_name(x509.get())) != 0)
            continue;
        X509_REVOKED* entry = nullptr;
        // 2 is "removed from the list again".
        if (X509_CRL_get0_by_cert(list.get(), &entry, x509.get()) == 1)
            return true;
    }
    return false;
}

bool RevocationLists::isRevoked(std::string_view issuer, std::string_view serial) const
{
    BIGNUM* number = nullptr;
    const int digits = BN_hex2bn(&number, std::string(serial).c_str());
    const NumberPtr owned(number);
    const IntegerPtr wanted(digits > 0 ? BN_to_ASN1_INTEGER(number, nullptr) : nullptr);
    if (!wanted) {
        ERR_clear_error();
        return true;
    }
    for (const CrlPtr& list : m_parts->lists) {
        X509_REVOKED* entry = nullptr;
        if (nameText(X509_CRL_get_issuer(list.get())) == issuer &&
            X509_CRL_get0_by_serial(list.get(), &entry, wanted.get()) == 1)
            return true;
    }
    return false;
}

std::vector<RevokedSerial> RevocationLists::revokedBy(std::string_view issuer) const
{
    std::vector<RevokedSerial> result;
    for (const CrlPtr& list : m_parts->lists) {
        if (nameText(X509_CRL_get_issuer(list.get())) != issuer)
            continue;
        STACK_OF(X509_REVOKED)* entries = X509_CRL_get_REVOKED(list.get());
        for (int i = 0; i < sk_X509_REVOKED_num(entries); ++i) {
            const X509_REVOKED* entry = sk_X509_REVOKED_value(entries, i);
            const auto when = systemTime(X509_REVOKED_get0_revocationDate(entry));
            std::string serial = serialText(X509_REVOKED_get0_serialNumber(entry));
            if (when && !serial.empty())
                result.push_back({std::move(serial), *when});
        }
    }
    return result;
}

std::vector<RevocationLists::List> RevocationLists::lists() const
{
    std::vector<List> result;
    for (const CrlPtr& crl : m_parts->lists) {
        List list;
        list.issuer = nameText(X509_CRL_get_issuer(crl.get()));
        if (const ASN1_TIME* next = X509_CRL_get0_nextUpdate(crl.get()))
            list.nextUpdate = systemTime(next);
        const int count = sk_X509_REVOKED_num(X509_CRL_get_REVOKED(crl.get()));
        list.revoked = count > 0 ? static_cast<size_t>(count) : 0;
        result.push_back(std::move(list));
    }
    return result;
}

std::string RevocationLists::pem() const
{
    std::string text;
    for (const CrlPtr& list : m_parts->lists)
        text += pemOf(list.get());
    return text;
}

} // namespace sallyport::tls
