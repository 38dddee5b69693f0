#include "identity/jwt_judge.h"

#include <sallyport/jose/jws.h>

#include <openssl/crypto.h>

#include <algorithm>

namespace sallyport::relay {

using std::chrono::seconds;
using wire::Refusal;
using wire::RefusalCode;

namespace {

constexpr int64_t MaxAge = 366 * 24 * 3600;

seconds whole(std::chrono::milliseconds time)
{
    return std::chrono::ceil<seconds>(time);
}

Refusal refusalFor(jose::TokenError error)
{
    switch (error) {
    case jose::TokenError::Expired:
        return Refusal(RefusalCode::Expired);
    case jose::TokenError::NotYetValid:
        return Refusal(RefusalCode::NotYetValid);
    default:
        return Refusal(RefusalCode::BadCredentials, jose::toText(error));
    }
}

bool sameNonce(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace

JwtJudge::JwtJudge(const config::JwtConfig& config) : m_config(config)
{
    m_rules.issuers = config.issuers;
    m_rules.audiences = config.audiences;
    m_rules.expiryRequired = config.expiryRequired;
    m_rules.skew = whole(config.skew);
    m_rules.maxLifetime = whole(config.maxLifetime);
    m_timeRules = m_rules;
    m_timeRules.issuers.clear();
    m_timeRules.audiences.clear();
    m_grantRules.tenantClaim = config.tenantClaim;
    m_grantRules.tenantPrefix = config.tenantPrefix;
    const auto& names = config.defaultNames;
    const bool any = std::find(names.begin(), names.end(), "any") != names.end();
    m_grantRules.defaultNames = any ? auth::Patterns::all() : auth::Patterns{false, names};
    m_grantRules.defaultPorts = config.defaultPorts;
}

JwtJudge::Judgement JwtJudge::judge(const Proof& proof, const jose::KeySet& keys,
                                    auth::Timestamp now) const
{
    const auto verified = jose::verifyJws(proof.auth.token.reveal(), keys);
    if (!verified) {
        const bool unknown = verified.error() == jose::TokenError::UnknownKey ||
                             verified.error() == jose::TokenError::BadAlgorithm;
        return {refusalFor(verified.error()), unknown};
    }
    return {judge(proof, verified->payload, m_rules, verified->signedBy, now), false};
}

Verdict JwtJudge::judgeClaims(const Proof& proof, const jose::Json& claims,
                              const std::string& signedBy, auth::Timestamp now) const
{
    return judge(proof, claims, m_timeRules, signedBy, now);
}

Verdict JwtJudge::judge(const Proof& proof, const jose::Json& claims, const jose::ClaimRules& rules,
                        const std::string& signedBy, auth::Timestamp now) const
{
    const auto times = jose::checkClaims(claims, rules, now);
    if (!times)
        return refusalFor(times.error());
    auto grant = auth::grantFromClaims(claims, *times, m_grantRules);
    if (!grant)
        return Refusal(RefusalCode::BadCredentials, grant.error());
    if (auto verdict = judgeNonce(proof, claims, *times, now))
        return std::move(*verdict);
    auth::Terms terms = grant->terms();
    terms.signedBy = signedBy;
    if (!terms.reauthInterval && m_config.reauthInterval.count() > 0)
        terms.reauthInterval = whole(m_config.reauthInterval);
    if (!claims.find("reauth_grace_seconds"))
        terms.reauthGrace = whole(m_config.reauthGrace);
    grant->setTerms(std::move(terms));
    return std::move(*grant);
}

std::optional<Verdict> JwtJudge::judgeNonce(const Proof& proof, const jose::Json& claims,
                                            const jose::Times& times, auth::Timestamp now) const
{
    const jose::Json* nonce = claims.find("session_nonce");
    if (nonce && !nonce->text())
        return Refusal(RefusalCode::BadCredentials, "claim session_nonce must be text");
    const jose::Json* maxAge = claims.find("handshake_max_age_seconds");
    const bool required = m_config.nonce == config::JwtConfig::Nonce::Required;

    if (proof.nonce.empty()) {
        if (nonce && !nonce->text()->empty())
            return Refusal(RefusalCode::NonceRequired, "it was made for another link");
        if (maxAge) {
            const int64_t* age = maxAge->integer();
            if (!age || *age < 0 || *age > MaxAge || !times.issued)
                return Refusal(RefusalCode::BadCredentials,
                               "claim handshake_max_age_seconds needs a number, and iat");
            if (now - *times.issued > seconds(*age) + m_rules.skew)
                return Refusal(RefusalCode::Expired, "handshake_max_age_seconds");
        }
        if (nonce || maxAge || required)
            return NonceWanted{};
        return std::nullopt;
    }
    if (nonce && sameNonce(*nonce->text(), proof.nonce))
        return std::nullopt;
    if (nonce && !nonce->text()->empty())
        return Refusal(RefusalCode::NonceRequired, "it carries another link's nonce");
    if (nonce || maxAge || required)
        return Refusal(RefusalCode::NonceRequired,
                       "the agent needs a source that makes tokens (token_command, or jwt: "
                       "{secret_file}), for this one carries no session_nonce");
    return std::nullopt;
}

bool JwtJudge::isOver(const auth::Grant& grant, auth::Timestamp now) const
{
    return grant.expires() && *grant.expires() + m_rules.skew <= now;
}

} // namespace sallyport::relay
