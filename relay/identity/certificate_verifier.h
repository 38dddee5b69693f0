// Scheme `mtls`: the certificate that the agent showed in the link's TLS handshake.
//
// The handshake has checked its chain, times, purpose and revocation; here it gets a tenant. What
// is believed is a snapshot that the control thread replaces (mutual_tls.h).
#pragma once

#include "authority/ca_index.h"
#include "identity/verifier.h"
#include "published.h"

#include <sallyport/auth/tenants.h>
#include <sallyport/config/mtls_config.h>
#include <sallyport/tls/revocation.h>

#include <memory>
#include <string>

namespace sallyport::relay {

struct CertificateTrust
{
    enum class Authority { None, Own, External };

    Authority authority = Authority::None;
    CaIndex index;                                     // Own: what was issued and revoked
    std::shared_ptr<const tls::RevocationLists> lists; // External; may be null
    auth::TenantSet tenants;
    config::MtlsConfig::Identity identity = config::MtlsConfig::Identity::Subject;
};

class CertificateVerifier final : public Verifier
{
public:
    explicit CertificateVerifier(const Published<CertificateTrust>& trust) : m_trust(trust) {}

    Verdict verify(const Proof& proof, auth::Timestamp now) const override;
    std::optional<wire::Refusal> recheck(const auth::Grant& grant,
                                         auth::Timestamp now) const override;

    // What a grant remembers of its certificate: "SERIAL ISSUER".
    static std::string credentialOf(const tls::Certificate& certificate);
    static std::string_view serialOf(const auth::Grant& grant);

private:
    const Published<CertificateTrust>& m_trust;
};

} // namespace sallyport::relay
