// Scheme `token`: the tokens of tokens.yaml.
#pragma once

#include "identity/verifier.h"
#include "published.h"

#include <sallyport/auth/token_set.h>

namespace sallyport::relay {

class TokenVerifier final : public Verifier
{
public:
    explicit TokenVerifier(const Published<auth::TokenSet>& tokens) : m_tokens(tokens) {}

    Verdict verify(const Proof& proof, auth::Timestamp now) const override;
    std::optional<wire::Refusal> recheck(const auth::Grant& grant,
                                         auth::Timestamp now) const override;

private:
    const Published<auth::TokenSet>& m_tokens;
};

} // namespace sallyport::relay
