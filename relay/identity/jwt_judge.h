// What a signed token is worth: signature, claims, nonce, permissions. Pure: no clock, no network,
// no thread of its own.
//
// A token may be bound to one link: it then carries the nonce of that link's challenge in
// `session_nonce`. A hello's token that carries the claim empty, or `handshake_max_age_seconds`,
// says that it is the first of two and opens nothing alone. Others open a link by themselves,
// unless the configuration requires the nonce; then whoever steals one can use it until it expires.
#pragma once

#include "identity/verifier.h"

#include <sallyport/auth/jwt_grant.h>
#include <sallyport/config/jwt_config.h>
#include <sallyport/jose/claims.h>
#include <sallyport/jose/key_set.h>

#include <string>

namespace sallyport::relay {

class JwtJudge
{
public:
    explicit JwtJudge(const config::JwtConfig& config);

    struct Judgement
    {
        Verdict verdict;
        bool keyUnknown = false; // newer keys could judge otherwise
    };
    // By our keys.
    Judgement judge(const Proof& proof, const jose::KeySet& keys, auth::Timestamp now) const;
    // By claims that the remote verifier vouches for. It has checked issuer and audience.
    Verdict judgeClaims(const Proof& proof, const jose::Json& claims, const std::string& signedBy,
                        auth::Timestamp now) const;

    // The moment from which a grant is over: its expiry, with the skew.
    bool isOver(const auth::Grant& grant, auth::Timestamp now) const;

private:
    Verdict judge(const Proof& proof, const jose::Json& claims, const jose::ClaimRules& rules,
                  const std::string& signedBy, auth::Timestamp now) const;
    std::optional<Verdict> judgeNonce(const Proof& proof, const jose::Json& claims,
                                      const jose::Times& times, auth::Timestamp now) const;

    const config::JwtConfig& m_config;
    jose::ClaimRules m_rules;
    jose::ClaimRules m_timeRules; // without issuer and audience
    auth::JwtGrantRules m_grantRules;
};

} // namespace sallyport::relay
