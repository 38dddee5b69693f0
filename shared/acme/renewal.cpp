#include "openssl.h"

#include <sallyport/acme/renewal.h>
#include <sallyport/base/bytes.h>
#include <sallyport/wire/base64.h>

namespace sallyport::acme {

std::optional<std::string> certificateId(std::string_view chainPem)
{
    const BioPtr in(BIO_new_mem_buf(chainPem.data(), static_cast<int>(chainPem.size())));
    const X509Ptr leaf(in ? PEM_read_bio_X509(in.get(), nullptr, noPassphrase, nullptr) : nullptr);
    ERR_clear_error();
    const ASN1_OCTET_STRING* issuer = leaf ? X509_get0_authority_key_id(leaf.get()) : nullptr;
    if (!issuer)
        return std::nullopt;
    // The serial number's DER value, with the zero byte that keeps a high first bit positive.
    unsigned char* der = nullptr;
    const int size = i2d_ASN1_INTEGER(X509_get_serialNumber(leaf.get()), &der);
    if (size < 3 || size > 64) {
        OPENSSL_free(der);
        return std::nullopt;
    }
    const auto* serial = reinterpret_cast<const std::byte*>(der) + 2; // behind tag and length
    const auto* key = reinterpret_cast<const std::byte*>(ASN1_STRING_get0_data(issuer));
    std::string id = wire::toBase64Url({key, static_cast<size_t>(ASN1_STRING_length(issuer))}) +
                     "." + wire::toBase64Url({serial, static_cast<size_t>(size - 2)});
    OPENSSL_free(der);
    return id;
}

tls::SystemTime pickWithin(tls::SystemTime start, tls::SystemTime end, uint32_t random)
{
    const auto width = (end - start).count() / UINT32_MAX;
    return start + tls::SystemTime::duration(width * random);
}

tls::SystemTime renewAt(tls::SystemTime notBefore, tls::SystemTime notAfter, uint32_t random)
{
    const auto lifetime = notAfter - notBefore;
    const auto latest = notBefore + lifetime / 3 * 2;
    return pickWithin(latest - lifetime / 20, latest, random);
}

} // namespace sallyport::acme
