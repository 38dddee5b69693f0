#include "identity/jwt_verifier.h"

#include <utility>

namespace sallyport::relay {

using wire::Refusal;
using wire::RefusalCode;

JwtVerifier::JwtVerifier(const config::JwtConfig& config, observe::Log log,
                         std::function<void()> keysChanged)
    : m_config(config),
      m_judge(config),
      m_published(std::make_shared<const jose::KeySet>()),
      m_keys(config, log, m_web, m_published, std::move(keysChanged))
{
    if (!config.verifierUrl.empty())
        m_remote = std::make_unique<RemoteVerifier>(config, log, m_web);
}

JwtVerifier::~JwtVerifier() = default;

Verdict JwtVerifier::verify(const Proof& proof, auth::Timestamp now) const
{
    if (m_remote)
        return LaterKnown{};
    auto judgement = m_judge.judge(proof, *m_published.load(), now);
    if (judgement.keyUnknown && m_keys.canFetch())
        return LaterKnown{};
    return std::move(judgement.verdict);
}

void JwtVerifier::verifyLater(Proof proof, Done done)
{
    if (!m_remote)
        return judgeByKeys(proof, done);
    Secret token = proof.auth.token;
    m_remote->ask(std::move(token), [this, proof = std::move(proof),
                                     done = std::move(done)](const RemoteAnswer& answer) {
        switch (answer.kind) {
        case RemoteAnswer::Kind::Valid:
            return done(m_judge.judgeClaims(proof, answer.claims, {}, auth::timestampNow()));
        case RemoteAnswer::Kind::Invalid:
            return done(Refusal(RefusalCode::BadCredentials, answer.error));
        case RemoteAnswer::Kind::Unavailable:
            if (m_config.hasKeys())
                return judgeByKeys(proof, done);
            return done(Refusal(RefusalCode::AuthUnavailable));
        }
    });
}

void JwtVerifier::judgeByKeys(const Proof& proof, const Done& done)
{
    const auto first = m_judge.judge(proof, *m_published.load(), auth::timestampNow());
    if (!first.keyUnknown || !m_keys.canFetch())
        return done(first.verdict);
    m_keys.fetchFor([this, proof, done] {
        const auto keys = m_published.load();
        // Without any key nobody can say that the token is bad.
        if (keys->empty())
            return done(Refusal(RefusalCode::AuthUnavailable));
        done(m_judge.judge(proof, *keys, auth::timestampNow()).verdict);
    });
}

std::optional<Refusal> JwtVerifier::recheck(const auth::Grant& grant, auth::Timestamp now) const
{
    if (m_judge.isOver(grant, now))
        return Refusal(RefusalCode::Expired);
    const std::string& key = grant.terms().signedBy;
    if (!key.empty() && !m_published.load()->holds(key))
        return Refusal(RefusalCode::Revoked, "the key that signed it is no longer believed");
    return std::nullopt;
}

} // namespace sallyport::relay
