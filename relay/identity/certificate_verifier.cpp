#include "identity/certificate_verifier.h"

#include <algorithm>

namespace sallyport::relay {

using wire::Refusal;
using wire::RefusalCode;

namespace {

std::string_view issuerOf(const auth::Grant& grant)
{
    const std::string_view id = grant.credentialId();
    return id.substr(std::min(id.find(' '), id.size() - 1) + 1);
}

const auth::Tenant* tenantOf(const CertificateTrust& trust, const tls::Certificate& certificate)
{
    if (trust.identity == config::MtlsConfig::Identity::Subject)
        return trust.tenants.byIdentity(certificate.commonName);
    for (const auto* names : {&certificate.accounts, &certificate.names})
        for (const std::string& name : *names)
            if (const auth::Tenant* tenant = trust.tenants.byIdentity(name))
                return tenant;
    return nullptr;
}

std::optional<Refusal> revocation(const CertificateTrust& trust, std::string_view serial,
                                  std::string_view issuer)
{
    if (trust.authority == CertificateTrust::Authority::Own) {
        const IssuedCertificate* issued = trust.index.find(serial);
        if (!issued)
            return Refusal(RefusalCode::BadCredentials, "this certificate was not issued here");
        if (issued->revoked)
            return Refusal(RefusalCode::Revoked);
    } else if (trust.lists && trust.lists->isRevoked(issuer, serial)) {
        return Refusal(RefusalCode::Revoked);
    }
    return std::nullopt;
}

} // namespace

Verdict CertificateVerifier::verify(const Proof& proof, auth::Timestamp now) const
{
    const auto trust = m_trust.load();
    if (trust->authority == CertificateTrust::Authority::None)
        return Refusal(RefusalCode::UnsupportedAuth, "mtls, for the relay has no authority");
    if (!proof.certificate)
        return Refusal(RefusalCode::BadCredentials,
                       "the connection shows no certificate; it must be TLS from the agent to the "
                       "relay itself (transport tls), with a proxy that passes it on unopened");
    const tls::Certificate& certificate = *proof.certificate;
    if (certificate.notAfter <= now)
        return Refusal(RefusalCode::Expired);
    if (auto refusal = revocation(*trust, certificate.serial, certificate.issuer))
        return *refusal;
    const auth::Tenant* tenant = tenantOf(*trust, certificate);
    if (!tenant)
        return Refusal(RefusalCode::BadCredentials,
                       "no tenant is known by the name in the certificate of " +
                           certificate.subject.substr(0, 200));
    return auth::Grant(credentialOf(certificate), tenant->name,
                       std::chrono::floor<std::chrono::seconds>(certificate.notAfter),
                       tenant->permissions, auth::Source::Certificate);
}

std::optional<Refusal> CertificateVerifier::recheck(const auth::Grant& grant,
                                                    auth::Timestamp now) const
{
    if (grant.expires() && *grant.expires() <= now)
        return Refusal(RefusalCode::Expired);
    const auto trust = m_trust.load();
    if (trust->authority == CertificateTrust::Authority::None)
        return Refusal(RefusalCode::Revoked);
    if (auto refusal = revocation(*trust, serialOf(grant), issuerOf(grant)))
        return refusal;
    if (!trust->tenants.byName(grant.tenant()))
        return Refusal(RefusalCode::Revoked);
    return std::nullopt;
}

std::string CertificateVerifier::credentialOf(const tls::Certificate& certificate)
{
    return certificate.serial + " " + certificate.issuer;
}

std::string_view CertificateVerifier::serialOf(const auth::Grant& grant)
{
    const std::string_view id = grant.credentialId();
    return id.substr(0, id.find(' '));
}

} // namespace sallyport::relay
