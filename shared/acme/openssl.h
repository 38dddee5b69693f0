// Owners for OpenSSL's objects. Private to this library.
#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>

namespace sallyport::acme {

template <auto Free>
struct Freer
{
    template <typename T>
    void operator()(T* object) const
    {
        Free(object);
    }
};

using BioPtr = std::unique_ptr<BIO, Freer<BIO_free_all>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using NumberPtr = std::unique_ptr<BIGNUM, Freer<BN_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Freer<X509_EXTENSION_free>>;
using NamesPtr = std::unique_ptr<GENERAL_NAMES, Freer<GENERAL_NAMES_free>>;
using X509Ptr = std::unique_ptr<X509, Freer<X509_free>>;
using RequestPtr = std::unique_ptr<X509_REQ, Freer<X509_REQ_free>>;

// Without a pass phrase: an encrypted key is refused, nothing asks on the terminal.
inline int noPassphrase(char*, int, int, void*)
{
    return -1;
}

inline KeyPtr readKey(std::string_view pem)
{
    const BioPtr in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    KeyPtr key(in ? PEM_read_bio_PrivateKey(in.get(), nullptr, noPassphrase, nullptr) : nullptr);
    ERR_clear_error();
    return key;
}

// Empty when OpenSSL is out of memory.
inline std::string writeKey(EVP_PKEY* key)
{
    const BioPtr out(BIO_new(BIO_s_secmem()));
    if (!out ||
        PEM_write_bio_PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1)
        return {};
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<size_t>(size)};
}

// DNS names as a subjectAltName. Null when OpenSSL is out of memory.
template <typename Range>
NamesPtr dnsNames(const Range& texts)
{
    NamesPtr list(GENERAL_NAMES_new());
    for (const std::string& text : texts) {
        GENERAL_NAME* name = GENERAL_NAME_new();
        if (!list || !name || sk_GENERAL_NAME_push(list.get(), name) == 0) {
            GENERAL_NAME_free(name);
            return nullptr;
        }
        ASN1_IA5STRING* dns = ASN1_IA5STRING_new();
        if (!dns || ASN1_STRING_set(dns, text.data(), static_cast<int>(text.size())) != 1) {
            ASN1_IA5STRING_free(dns);
            return nullptr;
        }
        GENERAL_NAME_set0_value(name, GEN_DNS, dns);
    }
    return list;
}

} // namespace sallyport::acme
