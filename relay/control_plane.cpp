#include "control_plane.h"

#include "visitors/filters/visit_policy.h"
#include "worker_core.h"

#include <sallyport/net/listener.h>

#include <QRandomGenerator>

#include <string_view>
#include <unordered_map>

namespace sallyport::relay {

using std::chrono::milliseconds;

namespace {

// Credentials that run out are noticed within this time; a changed tokens file at once.
constexpr auto RecheckInterval = milliseconds(10'000);

RegistryConfig registryConfig(const SharedState& shared)
{
    const config::RelayConfig& config = shared.config;
    RegistryConfig registry;
    registry.domain = config.domain;
    registry.tcpPorts = config.tcpPorts;
    registry.httpsPort = shared.httpsPort;
    registry.grace = config.reconnectGrace;
    registry.linksLimit = config.limits.links;
    registry.linksPerTenant = config.limits.linksPerTenant;
    registry.tunnelsPerLink = config.limits.tunnelsPerLink;
    return registry;
}

// By ALPN, the best first.
tls::AlpnList visitorProtocols(const config::RelayConfig& config)
{
    return config.http2 ? tls::AlpnList{"h2", "http/1.1"} : tls::AlpnList{"http/1.1"};
}

std::string randomId()
{
    const quint64 number = QRandomGenerator::system()->generate64();
    return QString::number(number, 16).rightJustified(16, u'0').toStdString();
}

} // namespace

ControlPlane::ControlPlane(SharedState& shared, uint16_t httpPort)
    : m_shared(shared),
      m_httpPort(httpPort),
      m_registry(registryConfig(shared), *this),
      m_certificates(shared.certificates, visitorProtocols(shared.config)),
      m_store(shared.config.tokensFile()),
      m_usage(auth::TokenUsage::fileFor(shared.config.tokensFile()))
{
    if (shared.config.auth.jwt.isUsed()) {
        m_jwt = std::make_unique<JwtVerifier>(shared.config.auth.jwt, shared.log,
                                              [this] { recheckLinks(); });
        shared.verifiers.add("jwt", auth::Source::Jwt, *m_jwt);
    }
    if (const config::MtlsConfig& mtls = shared.config.auth.mtls; mtls.enabled) {
        m_mutualTls = std::make_unique<MutualTls>(shared, [this] { certificatesChanged(); });
        shared.verifiers.add("mtls", auth::Source::Certificate, m_mutualTls->verifier());
        if (mtls.required)
            shared.verifiers.takeOnly("mtls");
    }
    m_graceTimer.setSingleShot(true);
    m_graceTimer.setTimerType(Qt::PreciseTimer);
    m_graceTimer.callOnTimeout(this, &ControlPlane::expireGraces);
    m_recheckTimer.callOnTimeout(this, [this] {
        recheckLinks();
        saveUsage();
    });
    m_recheckTimer.start(RecheckInterval);
    QObject::connect(&m_watcher, &config::FileWatcher::changed, this, [this] { reloadTokens(); });
}

ControlPlane::~ControlPlane() = default;

// --- credentials ---

std::optional<std::string> ControlPlane::startCredentials()
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

bool ControlPlane::reloadCredentials()
{
    const bool keys = !m_jwt || m_jwt->reload();
    m_keysTrouble = keys ? "" : "auth.jwt: the keys could not be read; see the log";
    const bool certificates = !m_mutualTls || m_mutualTls->reload();
    const bool tokens = reloadTokens();
    return keys && certificates && tokens;
}

void ControlPlane::certificatesChanged()
{
    noteHealth();
    recheckLinks();
}

void ControlPlane::noteHealth()
{
    const std::string certificates = m_mutualTls ? m_mutualTls->trouble() : std::string();
    m_health.trouble.clear();
    for (const std::string& trouble : {m_tokensTrouble, m_keysTrouble, certificates})
        if (m_health.trouble.empty())
            m_health.trouble = trouble;
    m_health.ok = m_health.trouble.empty();
    m_shared.healthy = m_health.ok;
}

bool ControlPlane::reloadTokens()
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
    recheckLinks();
    return true;
}

void ControlPlane::saveUsage()
{
    if (m_mutualTls)
        m_mutualTls->saveSeen(Clock::now());
    if (auto saved = m_usage.save(*m_shared.tokens.load(), Clock::now()); !saved)
        m_shared.log.warning("cannot note when tokens were used",
                             {{"reason", config::toText(saved.error())}});
}

// Links whose credential was revoked or ran out are closed.
void ControlPlane::recheckLinks()
{
    const auth::Timestamp now = auth::timestampNow();
    const auto fallen =
        m_registry.recheck([&](const auth::Grant& grant) -> std::optional<wire::Refusal> {
            if (const Verifier* verifier = m_shared.verifiers.forSource(grant.source()))
                return verifier->recheck(grant, now);
            return wire::Refusal(wire::RefusalCode::Revoked);
        });
    for (const auto& [ref, refusal] : fallen) {
        const auto who = m_registry.identityOf(ref);
        m_shared.audit.record(AuditEvent::AuthEnded, {{"tenant", who->second},
                                                      {"agent", who->first.agentName},
                                                      {"code", refusal.code},
                                                      {"peer", who->first.peer},
                                                      {"link", ref.id}});
        postToLink(ref, [refusal = refusal](AgentLink& link) { link.refuse(refusal); });
    }
}

void ControlPlane::verifyLater(LinkRef link, Proof proof)
{
    onThisThread([this, link, proof = std::move(proof)] {
        Verifier* verifier = m_shared.verifiers.forScheme(proof.auth.scheme);
        if (!verifier)
            return;
        verifier->verifyLater(proof, [this, link](Verdict verdict) {
            postToLink(link, [verdict](AgentLink& l) { l.judged(verdict); });
        });
    });
}

// --- claims ---

void ControlPlane::onThisThread(std::function<void()> task)
{
    QMetaObject::invokeMethod(this, std::move(task), Qt::QueuedConnection);
}

void ControlPlane::claimLink(LinkIdentity identity, auth::Grant grant,
                             std::vector<wire::TunnelRequest> tunnels)
{
    onThisThread([this, identity = std::move(identity), grant = std::move(grant),
                  tunnels = std::move(tunnels)] {
        if (grant.source() == auth::Source::Token)
            m_usage.noteUse(grant.credentialId(), auth::timestampNow());
        if (grant.source() == auth::Source::Certificate && m_mutualTls)
            m_mutualTls->noteSeen(grant);
        ClaimAnswer answer;
        answer.session = randomId();
        answer.refused = m_registry.addLink(identity, grant, Clock::now());
        if (answer.refused)
            m_shared.audit.record(AuditEvent::ClaimRefused, {{"tenant", grant.tenant()},
                                                             {"agent", identity.agentName},
                                                             {"code", answer.refused->code},
                                                             {"reason", answer.refused->message},
                                                             {"peer", identity.peer},
                                                             {"link", identity.ref.id}});
        if (!answer.refused) {
            for (const wire::TunnelRequest& request : tunnels) {
                Registry::Answer result = m_registry.openTunnel(identity.ref, request);
                auditClaim(identity, grant.tenant(), request, result);
                if (auto* granted = std::get_if<Registry::Granted>(&result)) {
                    addUrls(*granted);
                    answer.granted.push_back(std::move(*granted));
                } else {
                    answer.refusedTunnels.push_back(std::get<wire::TunnelRefused>(result));
                }
            }
        }
        m_answers.push_back([this, ref = identity.ref, answer = std::move(answer)]() mutable {
            postToLink(
                ref, [answer = std::move(answer)](AgentLink& link) { link.claimAnswered(answer); });
        });
        changed();
    });
}

void ControlPlane::renewGrant(LinkRef link, auth::Grant grant)
{
    onThisThread([this, link, grant = std::move(grant)]() mutable {
        if (grant.source() == auth::Source::Token)
            m_usage.noteUse(grant.credentialId(), auth::timestampNow());
        Registry::Renewal renewal = m_registry.renewGrant(link, std::move(grant));
        postToLink(link, [renewal = std::move(renewal)](AgentLink& l) { l.renewed(renewal); });
        changed();
    });
}

void ControlPlane::claimTunnel(LinkRef link, wire::TunnelRequest request)
{
    onThisThread([this, link, request = std::move(request)] {
        Registry::Answer result = m_registry.openTunnel(link, request);
        if (const auto who = m_registry.identityOf(link))
            auditClaim(who->first, who->second, request, result);
        if (auto* granted = std::get_if<Registry::Granted>(&result))
            addUrls(*granted);
        m_answers.push_back([this, link, result = std::move(result)]() mutable {
            postToLink(link,
                       [result = std::move(result)](AgentLink& l) { l.tunnelAnswered(result); });
        });
        changed();
    });
}

void ControlPlane::checkTunnel(LinkRef link, wire::TunnelRequest request)
{
    onThisThread([this, link, request = std::move(request)] {
        Registry::Answer result = m_registry.checkTunnel(link, request);
        if (auto* granted = std::get_if<Registry::Granted>(&result))
            addUrls(*granted);
        postToLink(link, [result = std::move(result)](AgentLink& l) { l.tunnelChecked(result); });
    });
}

void ControlPlane::renewCertificate(LinkRef link, std::string requestPem)
{
    onThisThread([this, link, request = std::move(requestPem)] {
        const auth::Grant* grant = m_registry.grantOf(link);
        if (!grant)
            return;
        const auto answer = [this, link](CertificateAnswer what) {
            postToLink(link, [what](AgentLink& l) { l.certificateAnswered(what); });
        };
        if (!m_mutualTls)
            return answer(wire::Refusal(wire::RefusalCode::RenewalUnsupported));
        m_mutualTls->renew(*grant, request, [this, link, answer](auto renewed) {
            if (!renewed)
                return answer(renewed.error());
            m_registry.replaceGrant(link, renewed->grant);
            answer(renewed->chainPem);
        });
    });
}

void ControlPlane::updateAccess(LinkRef link, uint32_t tunnelId, wire::AccessPolicy access)
{
    onThisThread([this, link, tunnelId, access = std::move(access)] {
        Registry::Answer result = m_registry.updateAccess(link, tunnelId, access);
        if (const auto who = m_registry.identityOf(link)) {
            const auto* refused = std::get_if<wire::TunnelRefused>(&result);
            wire::TunnelRequest request;
            request.ref = refused ? refused->ref : std::get<Registry::Granted>(result).grant.ref;
            auditClaim(who->first, who->second, request, result);
        }
        if (auto* granted = std::get_if<Registry::Granted>(&result))
            addUrls(*granted);
        m_answers.push_back([this, link, tunnelId, result = std::move(result)]() mutable {
            postToLink(link, [tunnelId, result = std::move(result)](AgentLink& l) {
                l.accessAnswered(tunnelId, result);
            });
        });
        changed();
    });
}

void ControlPlane::closeTunnel(LinkRef link, uint32_t tunnelId)
{
    onThisThread([this, link, tunnelId] {
        m_registry.closeTunnel(link, tunnelId);
        changed();
    });
}

void ControlPlane::linkEnded(LinkRef link)
{
    onThisThread([this, link] {
        m_registry.dropLink(link, Clock::now());
        changed();
    });
}

void ControlPlane::addUrls(Registry::Granted& granted) const
{
    granted.grant.urls = urlsOf(granted.route.kind, granted.hosts, granted.port);
}

std::vector<std::string> ControlPlane::urlsOf(wire::TunnelKind kind,
                                              const std::vector<std::string>& hosts,
                                              std::optional<uint16_t> port) const
{
    const config::RelayConfig& config = m_shared.config;
    const std::string scheme(wire::kindText(kind));
    const uint64_t tlsPort = config.publicUrl.port ? config.publicUrl.port : m_shared.httpsPort;
    std::vector<std::string> urls;
    for (const std::string& host : hosts)
        urls.push_back(kind == wire::TunnelKind::Tls
                           ? scheme + "://" + host + ":" + std::to_string(tlsPort)
                           : config.urlOf(host, m_httpPort, m_shared.httpsPort));
    if (port) {
        const std::string& host = config.publicHostOrDomain();
        urls.push_back(scheme + "://" + (host.empty() ? "localhost" : host) + ":" +
                       std::to_string(*port));
    }
    return urls;
}

// --- what became of it ---

void ControlPlane::changed()
{
    if (std::exchange(m_publishPosted, true))
        return;
    onThisThread([this] {
        m_publishPosted = false;
        publish();
    });
}

void ControlPlane::publish()
{
    m_shared.routes.publish(m_registry.table());
    auditEnded();
    for (Answering& answer : std::exchange(m_answers, {}))
        answer();
    tellHosts();
    tellDisplaced();
    for (Worker* worker : m_workers)
        worker->post([](WorkerCore& core) { core.routesChanged(); });
    if (const auto next = m_registry.nextDeadline())
        m_graceTimer.start(
            std::max(milliseconds(0), std::chrono::ceil<milliseconds>(*next - Clock::now())));
}

void ControlPlane::tellHosts()
{
    if (!m_hostWatcher)
        return;
    std::set<std::string> hosts;
    for (const Registry::TunnelInfo& tunnel : m_registry.tunnels())
        if (tunnel.kind == wire::TunnelKind::Http && tunnel.state != Route::State::Away)
            hosts.insert(tunnel.hosts.begin(), tunnel.hosts.end());
    m_hostWatcher(hosts);
}

void ControlPlane::tellDisplaced()
{
    for (Registry::Displaced& displaced : m_registry.takeDisplaced())
        postToLink(displaced.link,
                   [displaced](AgentLink& link) { link.tunnelDisplaced(displaced); });
}

// --- the audit log ---

void ControlPlane::auditClaim(const LinkIdentity& identity, const std::string& tenant,
                              const wire::TunnelRequest& request, const Registry::Answer& answer)
{
    static const std::vector<std::string> everybody;
    const std::string_view kind = wire::kindText(request.kind);
    if (const auto* granted = std::get_if<Registry::Granted>(&answer)) {
        m_shared.audit.record(
            AuditEvent::ClaimGranted,
            {{"tenant", tenant},
             {"agent", identity.agentName},
             {"tunnel", request.ref},
             {"kind", wire::kindText(granted->route.kind)},
             {"hosts", granted->hosts},
             {"port", granted->port},
             {"access", granted->route.policy ? granted->route.policy->summary() : everybody},
             {"peer", identity.peer},
             {"link", identity.ref.id}});
        return;
    }
    const wire::Refusal& refusal = std::get<wire::TunnelRefused>(answer).refusal;
    m_shared.audit.recordRefusal(AuditEvent::ClaimRefused, tenant,
                                 {{"tenant", tenant},
                                  {"agent", identity.agentName},
                                  {"tunnel", request.ref},
                                  {"kind", kind},
                                  {"name", request.name},
                                  {"hostname", request.hostname},
                                  {"port", request.remotePort},
                                  {"code", refusal.code},
                                  {"reason", refusal.message},
                                  {"peer", identity.peer},
                                  {"link", identity.ref.id}});
}

void ControlPlane::auditEnded()
{
    for (const Registry::Ended& ended : m_registry.takeEnded()) {
        using Why = Registry::Ended::Why;
        m_shared.audit.record(ended.why == Why::TakenOver ? AuditEvent::ClaimTakenOver
                                                          : AuditEvent::ClaimReleased,
                              {{"tenant", ended.tenant},
                               {"agent", ended.agentName},
                               {"tunnel", ended.ref},
                               {"hosts", ended.hosts},
                               {"port", ended.port},
                               {"reason", ended.why == Why::Closed      ? "closed"
                                          : ended.why == Why::GraceOver ? "link lost"
                                                                        : ""}});
    }
}

// What changed in the tokens' file, whoever changed it.
void ControlPlane::auditTokens(const auth::TokenSet& before, const auth::TokenSet& after)
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

void ControlPlane::expireGraces()
{
    if (m_registry.expire(Clock::now()))
        changed();
    else if (const auto next = m_registry.nextDeadline())
        m_graceTimer.start(std::chrono::ceil<milliseconds>(*next - Clock::now()));
}

void ControlPlane::postToLink(const LinkRef& ref, std::function<void(AgentLink&)> task)
{
    m_workers[size_t(ref.worker)]->post([id = ref.id, task = std::move(task)](WorkerCore& core) {
        if (AgentLink* link = core.findLink(id))
            task(*link);
    });
}

// --- public ports of tcp tunnels ---

bool ControlPlane::openPort(uint16_t port)
{
    if (port == m_shared.httpsPort)
        return true; // listened on already
    const std::string& bind = m_shared.config.tcpBind;
    auto socket = bind.empty() ? net::Listener::open(net::Address::anyIpv6(port), false)
                               : net::Listener::open(*net::Address::fromText(bind, port), false);
    if (!socket && bind.empty())
        socket = net::Listener::open(net::Address::anyIpv4(port), false);
    if (!socket) {
        m_shared.log.warning("cannot listen on a tunnel's port",
                             {{"port", port}, {"reason", socket.error().text()}});
        return false;
    }
    auto carried = std::make_shared<net::Socket>(std::move(*socket));
    workerOfPort(port).post(
        [port, carried](WorkerCore& core) { core.openPort(port, std::move(*carried)); });
    return true;
}

void ControlPlane::closePort(uint16_t port)
{
    workerOfPort(port).post([port](WorkerCore& core) { core.closePort(port); });
}

} // namespace sallyport::relay
