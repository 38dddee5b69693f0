// A certificate authority for tests: a root, an intermediate and a leaf, made in memory.
#pragma once

#include "engine_pair.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <string>

namespace sallyport::tls::test {

class TestCa
{
public:
    explicit TestCa(const char* rootName = "Test Root")
    {
        m_rootKey = newKey();
        m_root = certify(rootName, m_rootKey, nullptr, m_rootKey, "critical,CA:TRUE", "");
        m_middleKey = newKey();
        m_middle =
            certify("Test Intermediate", m_middleKey, m_root, m_rootKey, "critical,CA:TRUE", "");
    }
    ~TestCa()
    {
        X509_free(m_root);
        X509_free(m_middle);
        EVP_PKEY_free(m_rootKey);
        EVP_PKEY_free(m_middleKey);
    }
    TestCa(const TestCa&) = delete;
    TestCa& operator=(const TestCa&) = delete;

    std::string rootPem() const { return pem(m_root); }

    // `names` in OpenSSL's form, such as "DNS:a.example,IP:127.0.0.1". The leaf alone in chainPem
    // when the intermediate is left out.
    KeyPair issue(const std::string& names, bool withIntermediate = true) const
    {
        EVP_PKEY* key = newKey();
        X509* leaf = certify("leaf", key, m_middle, m_middleKey, "critical,CA:FALSE", names);
        KeyPair pair;
        pair.chainPem = pem(leaf) + (withIntermediate ? pem(m_middle) : "");
        BIO* out = BIO_new(BIO_s_mem());
        PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
        pair.keyPem = take(out);
        X509_free(leaf);
        EVP_PKEY_free(key);
        return pair;
    }

private:
    static EVP_PKEY* newKey() { return EVP_EC_gen("P-256"); }

    static X509* certify(const char* name, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuerKey,
                         const char* constraints, const std::string& names)
    {
        X509* x509 = X509_new();
        X509_set_version(x509, X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
        X509_gmtime_adj(X509_getm_notBefore(x509), -86400);
        X509_gmtime_adj(X509_getm_notAfter(x509), 86400);
        X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
        X509_set_issuer_name(x509, X509_get_subject_name(issuer ? issuer : x509));
        X509_set_pubkey(x509, key);
        extend(x509, NID_basic_constraints, constraints);
        if (!names.empty())
            extend(x509, NID_subject_alt_name, names.c_str());
        X509_sign(x509, issuerKey, EVP_sha256());
        return x509;
    }
    static void extend(X509* x509, int nid, const char* value)
    {
        X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
        X509_add_ext(x509, extension, -1);
        X509_EXTENSION_free(extension);
    }
    static std::string take(BIO* bio)
    {
        char* data = nullptr;
        const long size = BIO_get_mem_data(bio, &data);
        std::string text(data, static_cast<size_t>(size));
        BIO_free(bio);
        return text;
    }
    static std::string pem(X509* x509)
    {
        BIO* out = BIO_new(BIO_s_mem());
        PEM_write_bio_X509(out, x509);
        return take(out);
    }

    EVP_PKEY* m_rootKey = nullptr;
    EVP_PKEY* m_middleKey = nullptr;
    X509* m_root = nullptr;
    X509* m_middle = nullptr;
};

} // namespace sallyport::tls::test
