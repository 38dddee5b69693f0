#include "control_plane.h"

#include "worker_core.h"

#include <QRandomGenerator>

#include <algorithm>
#include <utility>

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
      m_ports(shared),
      m_registry(registryConfig(shared), m_ports),
      m_audit(shared.audit),
      m_certificates(shared.certificates, visitorProtocols(shared.config)),
      m_credentials(shared, [this] { recheckLinks(); })
{
    m_graceTimer.setSingleShot(true);
    m_graceTimer.setTimerType(Qt::PreciseTimer);
    m_graceTimer.callOnTimeout(this, &ControlPlane::expireGraces);
    m_recheckTimer.callOnTimeout(this, [this] {
        recheckLinks();
        m_credentials.saveUsage();
    });
    m_recheckTimer.start(RecheckInterval);
}

ControlPlane::~ControlPlane() = default;

void ControlPlane::setWorkers(std::vector<Worker*> workers)
{
    m_ports.setWorkers(workers);
    m_workers = std::move(workers);
}

// --- credentials ---

// Links whose credential was revoked or ran out are closed.
void ControlPlane::recheckLinks()
{
    const auth::Timestamp now = auth::timestampNow();
    const auto fallen = m_registry.recheck(
        [&](const auth::Grant& grant) { return m_credentials.recheck(grant, now); });
    for (const auto& [ref, refusal] : fallen) {
        const auto who = m_registry.identityOf(ref);
        m_audit.lostGround(who->first, who->second, refusal);
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
        m_credentials.noteUse(grant);
        ClaimAnswer answer;
        answer.session = randomId();
        answer.refused = m_registry.addLink(identity, grant, Clock::now());
        if (answer.refused) {
            m_audit.linkRefused(identity, grant.tenant(), *answer.refused);
        } else {
            for (const wire::TunnelRequest& request : tunnels) {
                Registry::Answer result = m_registry.openTunnel(identity.ref, request);
                m_audit.answered(identity, grant.tenant(), request, result);
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
            m_credentials.noteUse(grant);
        Registry::Renewal renewal = m_registry.renewGrant(link, std::move(grant));
        postToLink(link, [renewal = std::move(renewal)](AgentLink& l) { l.renewed(renewal); });
        changed();
    });
}

void ControlPlane::claimTunnel(LinkRef link, wire::TunnelRequest request)
{
    onThisThread([this, link, request = std::move(request)] {
        Registry::Answer result = m_registry.openTunnel(link, request);
        auditAnswer(link, request, result);
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
        MutualTls* mutualTls = m_credentials.mutualTls();
        if (!mutualTls)
            return answer(wire::Refusal(wire::RefusalCode::RenewalUnsupported));
        mutualTls->renew(*grant, request, [this, link, answer](auto renewed) {
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
        const auto* refused = std::get_if<wire::TunnelRefused>(&result);
        wire::TunnelRequest request;
        request.ref = refused ? refused->ref : std::get<Registry::Granted>(result).grant.ref;
        auditAnswer(link, request, result);
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

void ControlPlane::auditAnswer(const LinkRef& link, const wire::TunnelRequest& request,
                               const Registry::Answer& answer)
{
    if (const auto who = m_registry.identityOf(link))
        m_audit.answered(who->first, who->second, request, answer);
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
    m_audit.ended(m_registry.takeEnded());
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

} // namespace sallyport::relay
