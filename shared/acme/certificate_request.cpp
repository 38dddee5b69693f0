#include "openssl.h"

#include <sallyport/acme/certificate_request.h>
#include <sallyport/base/bytes.h>
#include <sallyport/wire/base64.h>

#include <openssl/ec.h>
#include <openssl/rsa.h>

namespace sallyport::acme {

Result<Secret, std::string> makeKey(KeyType type)
{
    KeyPtr key;
    switch (type) {
    case KeyType::EcP256:
        key.reset(EVP_EC_gen("P-256"));
        break;
    case KeyType::EcP384:
        key.reset(EVP_EC_gen("P-384"));
        break;
    case KeyType::Rsa2048:
        key.reset(EVP_RSA_gen(2048));
        break;
    }
    Secret pem(key ? writeKey(key.get()) : std::string());
    ERR_clear_error();
    if (pem.empty())
        return Failure(std::string("OpenSSL could not make a key"));
    return pem;
}

Result<std::string, std::string> makeRequest(const Secret& keyPem,
                                             const std::vector<std::string>& names)
{
    const KeyPtr key = readKey(keyPem.reveal());
    const RequestPtr request(X509_REQ_new());
    const NamesPtr list = dnsNames(names);
    if (!key || !request || !list)
        return Failure(std::string("the certificate's key can't be read"));
    // The subject stays empty: names stand in subjectAltName, and a common name has only 64 bytes.
    STACK_OF(X509_EXTENSION)* extensions = nullptr;
    const bool made = X509V3_add1_i2d(&extensions, NID_subject_alt_name, list.get(), 0,
                                      X509V3_ADD_DEFAULT) == 1 &&
                      X509_REQ_add_extensions(request.get(), extensions) == 1 &&
                      X509_REQ_set_pubkey(request.get(), key.get()) == 1 &&
                      X509_REQ_sign(request.get(), key.get(), EVP_sha256()) > 0;
    sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
    unsigned char* der = nullptr;
    const int size = made ? i2d_X509_REQ(request.get(), &der) : -1;
    ERR_clear_error();
    if (size <= 0)
        return Failure(std::string("OpenSSL could not make a certificate request"));
    std::string text =
        wire::toBase64Url({reinterpret_cast<const std::byte*>(der), static_cast<size_t>(size)});
    OPENSSL_free(der);
    return text;
}

bool belongsTogether(std::string_view chainPem, const Secret& keyPem)
{
    const KeyPtr key = readKey(keyPem.reveal());
    const BioPtr in(BIO_new_mem_buf(chainPem.data(), static_cast<int>(chainPem.size())));
    const X509Ptr leaf(in ? PEM_read_bio_X509(in.get(), nullptr, noPassphrase, nullptr) : nullptr);
    const bool same = key && leaf && X509_check_private_key(leaf.get(), key.get()) == 1;
    ERR_clear_error();
    return same;
}

} // namespace sallyport::acme
