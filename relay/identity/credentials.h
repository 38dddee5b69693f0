// What agents may show to prove who they are: the tokens of tokens.yaml and, where configured, JWT
// and client certificates. Loads them, watches their files, and says which standing grants have
// lost their ground.
//
// A reload that fails leaves the old ones in force, and health() says so until one succeeds.
//
// Threads: the control thread. Lifetime: made before the workers start (it fills
// SharedState::verifiers), and outlives them.
#pragma once

#include "identity/jwt_verifier.h"
#include "identity/mutual_tls.h"
#include "shared_state.h"

#include <sallyport/auth/token_store.h>
#include <sallyport/auth/token_usage.h>
#include <sallyport/config/file_watcher.h>

#include <QObject>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace sallyport::relay {

class Credentials final : public QObject
{
public:
    struct Health
    {
        bool ok = true;
        std::string trouble;
    };

    // `changed` is called when standing links should be looked at again.
    Credentials(SharedState& shared, std::function<void()> changed);
    ~Credentials() override;

    // Loads tokens and keys and watches their files. The reason when they cannot be read.
    std::optional<std::string> start();
    // Reads them again; false when one of them could not be.
    bool reload();
    const Health& health() const { return m_health; }

    // For `token list` and `ca list`: an agent came with it.
    void noteUse(const auth::Grant& grant);
    // Writes when which was last used, now and then.
    void saveUsage();

    // Why a grant no longer stands.
    std::optional<wire::Refusal> recheck(const auth::Grant& grant, auth::Timestamp now) const;
    // Null where auth.mtls is switched off.
    MutualTls* mutualTls() { return m_mutualTls.get(); }

    size_t tokenCount() const { return m_shared.tokens.load()->records().size(); }
    // Whether agents can show anything but tokens.
    static bool takesMoreThanTokens(const config::RelayConfig& config)
    {
        return config.auth.jwt.isUsed() || config.auth.mtls.required;
    }

private:
    bool reloadTokens();
    void auditTokens(const auth::TokenSet& before, const auth::TokenSet& after);
    void certificatesChanged();
    void noteHealth();

    SharedState& m_shared;
    std::function<void()> m_changed;
    std::unique_ptr<JwtVerifier> m_jwt; // null: not configured
    auth::TokenStore m_store;
    auth::TokenUsage m_usage;
    config::FileWatcher m_watcher;
    std::unique_ptr<MutualTls> m_mutualTls; // null: switched off
    std::string m_tokensTrouble;
    std::string m_keysTrouble;
    Health m_health;
};

} // namespace sallyport::relay
