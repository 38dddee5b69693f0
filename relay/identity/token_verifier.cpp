#include "identity/token_verifier.h"

namespace sallyport::relay {

using wire::Refusal;
using wire::RefusalCode;

Verdict TokenVerifier::verify(const Proof& proof, auth::Timestamp now) const
{
    auto grant = m_tokens.load()->authenticate(proof.auth.token.reveal(), now);
    if (grant)
        return std::move(*grant);
    if (grant.error() == auth::Refusal::Expired)
        return Refusal(RefusalCode::Expired);
    return Refusal(RefusalCode::BadCredentials, auth::toText(grant.error()));
}

std::optional<Refusal> TokenVerifier::recheck(const auth::Grant& grant, auth::Timestamp now) const
{
    const auto still = m_tokens.load()->revalidate(grant, now);
    if (still)
        return std::nullopt;
    return Refusal(still.error() == auth::Refusal::Expired ? RefusalCode::Expired
                                                           : RefusalCode::Revoked);
}

} // namespace sallyport::relay
