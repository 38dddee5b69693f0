#include "identity/credentials.h"

#include <string_view>
#include <unordered_map>
#include <utility>

namespace sallyport::relay {

Credentials::Credentials(SharedState& shared, std::function<void()> changed)
    : m_shared(shared),
      m_changed(std::move(changed)),
      m_store(shared.config.tokensFile()),
      m_usage(auth::TokenUsage::fileFor(shared.config.tokensFile()))
{
    if (shared.config.auth.jwt.isUsed()) {
        m_jwt = std::make_unique<JwtVerifier>(shared.config.auth.jwt, shared.log, m_changed);
        shared.verifiers.add("jwt", auth::Source::Jwt, *m_jwt);
    }
    if (const config::MtlsConfig& mtls = shared.config.auth.mtls; mtls.enabled) {
        m_mutualTls = std::make_unique<MutualTls>(shared, [this] { certificatesChanged(); });
        shared.verifiers.add("mtls", auth::Source::Certificate, m_mutualTls->verifier());
        if (mtls.required)
            shared.verifiers.takeOnly("mtls");
    }
    QObject::connect(&m_watcher, &config::FileWatcher::changed, this, [this] { reloadTokens(); });
}

Credentials::~Credentials() = default;

std::optional<std::string> Credentials::start()
{
    if (m_jwt)
        if (auto trouble = m_jwt->start())
            return trouble;
    if (m_mutualTls)
        if (auto trouble = m_mutualTls->start())
            return trouble;
    auto tokens = m_store.load();
    if (!tokens)
        return tokens.error().text();
    m_shared.tokens.publish(*tokens);
    m_usage.load();
    m_watcher.watch({m_store.file()});
    return std::nullopt;
}

bool Credentials::reload()
{
    const bool keys = !m_jwt || m_jwt->reload();
    m_keysTrouble = keys ? "" : "auth.jwt: the keys could not be read; see the log";
    const bool certificates = !m_mutualTls || m_mutualTls->reload();
    const bool tokens = reloadTokens();
    return keys && certificates && tokens;
}

bool Credentials::reloadTokens()
{
    auto tokens = m_store.load();
    if (!tokens) {
        m_tokensTrouble = "tokens: " + tokens.error().text();
        noteHealth();
        m_shared.log.error("tokens not reloaded, the old ones stay",
                           {{"reason", tokens.error().text()}});
        return false;
    }
    m_tokensTrouble.clear();
    noteHealth();
    auditTokens(*m_shared.tokens.load(), **tokens);
    m_shared.tokens.publish(*tokens);
    m_shared.log.info("tokens loaded", {{"count", (*tokens)->records().size()}});
    m_changed();
    return true;
}

// What changed in the tokens' file, whoever changed it.
void Credentials::auditTokens(const auth::TokenSet& before, const auth::TokenSet& after)
{
    const auto tell = [&](AuditEvent event, const auth::TokenRecord& token) {
        m_shared.audit.record(
            event, {{"source", "relay"}, {"tenant", token.name}, {"credential", token.id}});
    };
    std::unordered_map<std::string_view, const auth::TokenRecord*> old;
    for (const auth::TokenRecord& token : before.records())
        old.emplace(token.id, &token);
    for (const auth::TokenRecord& token : after.records()) {
        const auto known = old.find(token.id);
        if (known == old.end()) {
            tell(AuditEvent::TokenAdded, token);
            continue;
        }
        if (!(*known->second == token))
            tell(AuditEvent::TokenChanged, token);
        old.erase(known);
    }
    for (const auto& [id, token] : old)
        tell(AuditEvent::TokenRevoked, *token);
}

void Credentials::certificatesChanged()
{
    noteHealth();
    m_changed();
}

void Credentials::noteHealth()
{
    const std::string certificates = m_mutualTls ? m_mutualTls->trouble() : std::string();
    m_health.trouble.clear();
    for (const std::string& trouble : {m_tokensTrouble, m_keysTrouble, certificates})
        if (m_health.trouble.empty())
            m_health.trouble = trouble;
    m_health.ok = m_health.trouble.empty();
    m_shared.healthy = m_health.ok;
}

// --- use ---

void Credentials::noteUse(const auth::Grant& grant)
{
    if (grant.source() == auth::Source::Token)
        m_usage.noteUse(grant.credentialId(), auth::timestampNow());
    if (grant.source() == auth::Source::Certificate && m_mutualTls)
        m_mutualTls->noteSeen(grant);
}

void Credentials::saveUsage()
{
    if (m_mutualTls)
        m_mutualTls->saveSeen(Clock::now());
    if (auto saved = m_usage.save(*m_shared.tokens.load(), Clock::now()); !saved)
        m_shared.log.warning("cannot note when tokens were used",
                             {{"reason", config::toText(saved.error())}});
}

std::optional<wire::Refusal> Credentials::recheck(const auth::Grant& grant,
                                                  auth::Timestamp now) const
{
    if (const Verifier* verifier = m_shared.verifiers.forSource(grant.source()))
        return verifier->recheck(grant, now);
    return wire::Refusal(wire::RefusalCode::Revoked);
}

} // namespace sallyport::relay
