// A certificate authority's key at work: it signs certificates and revocation lists. RFC 5280.
//
//     root          makeRootAuthority(); signs intermediates alone, its key may be kept elsewhere
//     intermediate  path length 0: signs servers and clients, and no further authority
//
// Pure: storing keys and remembering what was issued is the caller's.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/tls/certificate.h>
#include <sallyport/tls/error.h>
#include <sallyport/tls/keys.h>
#include <sallyport/tls/revocation.h>
#include <sallyport/tls/signing_request.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct evp_pkey_st;
struct x509_st;

namespace sallyport::tls {

struct Validity
{
    SystemTime notBefore;
    SystemTime notAfter;
};

enum class CertificateUse : uint8_t { Intermediate, Server, Client };

struct CertificatePlan
{
    CertificateUse use = CertificateUse::Client;
    std::string commonName;         // 1 to 64 characters
    std::vector<std::string> names; // DNS names and IP addresses
    Validity validity;              // cut to the authority's own end
};

// A fresh key with a self-signed certificate that may sign authorities.
Result<KeyPair, Error> makeRootAuthority(const std::string& commonName, const Validity& validity);

// Threads: any, one at a time.
class Authority
{
public:
    // Refuses a certificate that is no authority's, another's key, and one outside its time.
    static Result<Authority, Error> fromKeyPair(const KeyPair& pair, SystemTime now);
    ~Authority();
    Authority(Authority&& other) noexcept;
    Authority& operator=(Authority&&) = delete;

    const Certificate& certificate() const { return m_certificate; }

    // A certificate (PEM, alone) with a fresh random serial number, for the public half of a
    // private key, or for the key of a request. A request's own names are not looked at: the plan
    // decides.
    Result<std::string, Error> certifyKey(std::string_view keyPem, const CertificatePlan& plan);
    Result<std::string, Error> certifyRequest(std::string_view requestPem,
                                              const CertificatePlan& plan);

    // A revocation list (PEM). `number` grows from list to list (section 5.2.3).
    Result<std::string, Error> makeCrl(const std::vector<RevokedSerial>& revoked, uint64_t number,
                                       const Validity& validity);

private:
    Authority(x509_st* x509, evp_pkey_st* key, Certificate certificate);
    Result<std::string, Error> certify(evp_pkey_st* publicKey, const CertificatePlan& plan);

    x509_st* m_x509;
    evp_pkey_st* m_key;
    Certificate m_certificate;
};

} // namespace sallyport::tls
