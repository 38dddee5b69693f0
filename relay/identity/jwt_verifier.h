// Scheme `jwt`: signed tokens. Judged on the link's worker by the keys at hand; the control thread
// is asked when a key has to be fetched, or when a remote verifier decides.
#pragma once

#include "identity/jwt_judge.h"
#include "identity/jwt_keys.h"
#include "identity/remote_verifier.h"
#include "identity/verifier.h"
#include "published.h"

#include <QNetworkAccessManager>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace sallyport::relay {

class JwtVerifier final : public Verifier
{
public:
    // `keysChanged`: links may have lost their ground.
    JwtVerifier(const config::JwtConfig& config, observe::Log log,
                std::function<void()> keysChanged);
    ~JwtVerifier() override;

    // Control thread; a sentence when the keys cannot be used.
    std::optional<std::string> start() { return m_keys.start(); }
    bool reload() { return m_keys.reload(); }
    size_t keyCount() const { return m_published.load()->keys().size(); }

    Verdict verify(const Proof& proof, auth::Timestamp now) const override;
    void verifyLater(Proof proof, Done done) override;
    std::optional<wire::Refusal> recheck(const auth::Grant& grant,
                                         auth::Timestamp now) const override;

private:
    void judgeByKeys(const Proof& proof, const Done& done);

    const config::JwtConfig& m_config;
    JwtJudge m_judge;
    Published<jose::KeySet> m_published;
    QNetworkAccessManager m_web;
    JwtKeys m_keys;
    std::unique_ptr<RemoteVerifier> m_remote;
};

} // namespace sallyport::relay
