#include "links/agent_link.h"

#include <utility>

namespace sallyport::relay {

using wire::Refusal;
using wire::RefusalCode;

namespace {

mux::Config muxConfig(const config::RelayLimits& limits)
{
    mux::Config config;
    config.maxStreams = uint32_t(limits.streamsPerLink);
    config.windowBudget = limits.linkMemory;
    config.unreadLimit = limits.unread;
    config.pingInterval = limits.ping;
    return config;
}

wire::RelayControl::Limits controlLimits(const config::RelayLimits& limits)
{
    wire::RelayControl::Limits control;
    control.helloTimeout = limits.handshakeTimeout;
    return control;
}

} // namespace

AgentLink::AgentLink(net::IoContext& io, SharedState& shared, ControlPort& control, LinkRef ref,
                     std::unique_ptr<net::Channel> channel, Counted handshake,
                     AgentLinkOwner& owner)
    : m_shared(shared),
      m_control(control),
      m_owner(owner),
      m_ref(ref),
      m_handshake(std::move(handshake)),
      m_log(shared.log),
      m_peer(channel->peer().toString()),
      m_link(io, std::move(channel), mux::Role::Server, muxConfig(shared.config.limits), *this),
      m_controlStream(io, controlLimits(shared.config.limits), *this),
      m_authentication(io, shared, control, ref, *this)
{}

AgentLink::~AgentLink() = default;

void AgentLink::start(ByteView early)
{
    m_link.start(early);
}

LinkTunnel* AgentLink::tunnel(uint32_t id)
{
    if (m_phase != Phase::Up)
        return nullptr;
    const auto found = m_tunnels.find(id);
    return found == m_tunnels.end() ? nullptr : found->second.get();
}

// --- from the agent ---

void AgentLink::linkStreamOpened(mux::StreamId id)
{
    // The agent's first stream is the control stream; it has no reason to open another.
    if (m_controlStream.isAttached() || m_controlStream.machine().ended())
        return m_link.refuse(id);
    m_link.attach(id, m_controlStream);
    m_controlStream.setUrgent();
}

void AgentLink::controlEvent(wire::RelayControl::Event& event)
{
    if (auto* message = std::get_if<wire::Hello>(&event))
        hello(*message);
    else if (auto* open = std::get_if<wire::TunnelOpen>(&event))
        m_control.claimTunnel(m_ref, std::move(open->tunnel));
    else if (auto* check = std::get_if<wire::TunnelCheck>(&event))
        m_control.checkTunnel(m_ref, std::move(check->tunnel));
    else if (const auto* closing = std::get_if<wire::TunnelClose>(&event)) {
        if (m_tunnels.erase(closing->id) > 0)
            m_control.closeTunnel(m_ref, closing->id);
    } else if (auto* update = std::get_if<wire::TunnelUpdate>(&event)) {
        if (m_tunnels.contains(update->id))
            m_control.updateAccess(m_ref, update->id, std::move(update->access));
    } else if (const auto* failed = std::get_if<wire::StreamFailed>(&event))
        streamFailed(*failed);
    else if (auto* renewal = std::get_if<wire::CertificateRenew>(&event))
        m_control.renewCertificate(m_ref, std::move(renewal->csr));
    else if (const auto* ended = std::get_if<wire::ControlEnded>(&event))
        controlEnded(*ended);
    else if (auto* reauth = std::get_if<wire::Reauth>(&event))
        m_authentication.show(std::move(reauth->auth));
}

void AgentLink::hello(wire::Hello& hello)
{
    m_phase = Phase::Authenticating;
    wire::Auth auth = std::exchange(hello.auth, {});
    m_hello = std::move(hello);
    m_authentication.show(std::move(auth));
}

// --- authentication ---

std::optional<tls::Certificate> AgentLink::shownCertificate()
{
    const tls::Engine* engine = m_link.channel().tls();
    return engine ? engine->peerCertificate() : std::nullopt;
}

void AgentLink::sendChallenge(const wire::Challenge& challenge)
{
    m_controlStream.machine().send(challenge);
    m_controlStream.step();
}

void AgentLink::proved(auth::Grant grant, bool renewed)
{
    if (renewed) {
        m_log.info("credential renewed", {{"id", grant.credentialId()}});
        audit(grant, m_agentName, true);
        return m_control.renewGrant(m_ref, std::move(grant));
    }
    m_owner.agentIntroduced(*this);
    if (m_shared.draining)
        return refuse(Refusal(RefusalCode::Draining));
    audit(grant, m_hello.agent.name, false);
    m_phase = Phase::Claiming;
    m_tenant = grant.tenant();
    m_agentName = m_hello.agent.name;
    m_log =
        m_log.with({{"link", m_ref.id}, {"tenant", grant.tenant()}, {"agent", m_hello.agent.name}});
    const wire::AgentInfo& agent = m_hello.agent;
    LinkIdentity identity{m_ref, agent.id, agent.name, agent.version, m_peer};
    m_control.claimLink(std::move(identity), std::move(grant), std::move(m_hello.tunnels));
    m_hello = {};
}

void AgentLink::refused(const Refusal& refusal)
{
    const std::string_view peer(m_peer);
    if (m_phase == Phase::Authenticating) {
        m_owner.agentIntroduced(*this);
        m_shared.audit.recordRefusal(AuditEvent::AuthRefused, peer.substr(0, peer.rfind(':')),
                                     {{"scheme", m_authentication.scheme()},
                                      {"code", refusal.code},
                                      {"reason", refusal.message},
                                      {"agent", m_hello.agent.name},
                                      {"agent_id", m_hello.agent.id},
                                      {"peer", m_peer},
                                      {"link", m_ref.id},
                                      {"tls", m_link.channel().tls() != nullptr}});
    } else {
        m_shared.audit.record(AuditEvent::AuthEnded, {{"scheme", m_authentication.scheme()},
                                                      {"tenant", m_tenant},
                                                      {"agent", m_agentName},
                                                      {"code", refusal.code},
                                                      {"reason", refusal.message},
                                                      {"peer", m_peer},
                                                      {"link", m_ref.id}});
    }
    refuse(refusal);
}

void AgentLink::audit(const auth::Grant& grant, const std::string& agentName, bool renewed)
{
    m_shared.audit.record(AuditEvent::AuthAccepted,
                          {{"scheme", m_authentication.scheme()},
                           {"tenant", grant.tenant()},
                           {"credential", grant.credentialId()},
                           {"agent", agentName},
                           {"agent_id", m_hello.agent.id},
                           {"peer", m_peer},
                           {"link", m_ref.id},
                           {"tls", m_link.channel().tls() != nullptr},
                           {"renewed", renewed ? std::optional(true) : std::nullopt}});
}

void AgentLink::remark(const std::string& text)
{
    if (m_phase != Phase::Up)
        return;
    m_controlStream.machine().send(wire::Notice{wire::NoticeLevel::Warning, text});
    m_controlStream.step();
}

void AgentLink::renewed(const Registry::Renewal& renewal)
{
    if (m_phase != Phase::Up)
        return;
    if (renewal.refused)
        return refuse(*renewal.refused);
    for (const auto& [id, tunnel] : renewal.lost) {
        m_log.info("tunnel refused", {{"tunnel", tunnel.ref}, {"code", tunnel.refusal.code}});
        m_tunnels.erase(id);
        m_controlStream.machine().send(tunnel);
    }
    if (renewal.goesBeyond)
        m_controlStream.machine().send(
            wire::Notice{wire::NoticeLevel::Info,
                         "what the new credential allows beyond the first one of this link "
                         "holds from the next link on"});
    m_controlStream.step();
}

void AgentLink::streamFailed(const wire::StreamFailed& message)
{
    m_link.reject(message.stream, uint32_t(message.code));
}

void AgentLink::controlEnded(const wire::ControlEnded& ended)
{
    if (m_phase == Phase::AwaitingHello || m_phase == Phase::Authenticating)
        m_owner.agentTrouble(m_peer, std::string(wire::describe(ended.reason)) +
                                         (ended.detail.empty() ? "" : ": ") + ended.detail);
    else if (ended.reason != wire::ControlEnd::Refused && ended.reason != wire::ControlEnd::Closed)
        m_log.warning("control stream ended",
                      {{"reason", wire::describe(ended.reason)}, {"detail", ended.detail}});
    // What is left to say, the refusal above all, goes out first.
    m_controlStream.sendOutput();
    m_controlStream.finish();
    m_link.goAway();
    close(std::string(wire::describe(ended.reason)));
}

// --- from the control thread ---

wire::TunnelGrant AgentLink::addTunnel(Registry::Granted& granted)
{
    LinkTunnel::Limits limits;
    limits.idleStreams = m_shared.config.limits.upstreamIdle;
    limits.idleTime = m_shared.config.limits.upstreamIdleTimeout;
    limits.endingStreams = m_shared.config.limits.streamsPerLink;
    limits.head = m_shared.config.limits.head;
    limits.headers = m_shared.config.limits.headers;
    const uint32_t id = granted.grant.id;
    m_tunnels[id] = std::make_shared<LinkTunnel>(m_link, granted.route, limits);
    m_log.info("tunnel up",
               {{"tunnel", granted.grant.ref},
                {"url", granted.grant.urls.empty() ? std::string() : granted.grant.urls.front()}});
    return granted.grant;
}

void AgentLink::claimAnswered(ClaimAnswer answer)
{
    if (m_phase != Phase::Claiming)
        return;
    m_handshake.release();
    if (answer.refused)
        return refuse(*answer.refused);
    m_phase = Phase::Up;
    m_log.info("link up", {{"peer", m_peer}, {"tls", m_link.channel().tls() != nullptr}});
    wire::Welcome welcome;
    welcome.session = answer.session;
    for (Registry::Granted& granted : answer.granted)
        welcome.tunnels.push_back(addTunnel(granted));
    for (wire::TunnelRefused& refused : answer.refusedTunnels) {
        m_log.info("tunnel refused", {{"tunnel", refused.ref}, {"code", refused.refusal.code}});
        welcome.refused.push_back(std::move(refused));
    }
    m_controlStream.machine().accept(std::move(welcome));
    m_controlStream.step();
}

void AgentLink::tunnelAnswered(Registry::Answer answer)
{
    if (m_phase != Phase::Up)
        return;
    if (auto* granted = std::get_if<Registry::Granted>(&answer)) {
        m_controlStream.machine().send(wire::TunnelOpened{addTunnel(*granted)});
    } else {
        const auto& refused = std::get<wire::TunnelRefused>(answer);
        m_log.info("tunnel refused", {{"tunnel", refused.ref}, {"code", refused.refusal.code}});
        m_controlStream.machine().send(refused);
    }
    m_controlStream.step();
}

void AgentLink::tunnelChecked(const Registry::Answer& answer)
{
    if (m_phase != Phase::Up)
        return;
    wire::TunnelChecked checked;
    if (const auto* granted = std::get_if<Registry::Granted>(&answer)) {
        checked.ref = granted->grant.ref;
        checked.free = true;
        checked.urls = granted->grant.urls;
    } else {
        const auto& refused = std::get<wire::TunnelRefused>(answer);
        checked.ref = refused.ref;
        checked.refusal = refused.refusal;
    }
    m_controlStream.machine().send(checked);
    m_controlStream.step();
}

void AgentLink::certificateAnswered(const CertificateAnswer& answer)
{
    if (m_phase != Phase::Up)
        return;
    if (const auto* chain = std::get_if<std::string>(&answer)) {
        m_log.info("certificate renewed");
        m_controlStream.machine().send(wire::CertificateIssued{*chain});
    } else {
        const auto& refusal = std::get<Refusal>(answer);
        m_log.info("certificate not renewed", {{"code", refusal.code}});
        m_controlStream.machine().send(wire::CertificateRefused{refusal});
    }
    m_controlStream.step();
}

void AgentLink::accessAnswered(uint32_t tunnelId, const Registry::Answer& answer)
{
    if (m_phase != Phase::Up)
        return;
    if (const auto* granted = std::get_if<Registry::Granted>(&answer)) {
        m_log.info("access changed", {{"tunnel", granted->grant.ref}});
        m_controlStream.machine().send(wire::TunnelOpened{granted->grant});
    } else {
        const auto& refused = std::get<wire::TunnelRefused>(answer);
        if (m_tunnels.erase(tunnelId) > 0 && !refused.ref.empty())
            m_controlStream.machine().send(refused);
    }
    m_controlStream.step();
}

void AgentLink::tunnelDisplaced(const Registry::Displaced& displaced)
{
    if (!displaced.tunnel)
        return refuse(Refusal(RefusalCode::TakenOver));
    m_tunnels.erase(displaced.tunnelId);
    m_controlStream.machine().send(*displaced.tunnel);
    m_controlStream.step();
}

void AgentLink::refuse(const Refusal& refusal)
{
    m_handshake.release();
    m_authentication.stop();
    if (m_phase == Phase::Up)
        m_log.info("link refused", {{"code", refusal.code}});
    else
        m_owner.agentTrouble(m_peer, refusal.code + ": " + refusal.message);
    m_controlStream.machine().refuse(refusal);
    m_controlStream.step();
}

void AgentLink::drain(std::chrono::milliseconds deadline)
{
    if (m_phase != Phase::Up)
        return close("the relay is stopping");
    m_controlStream.machine().send(wire::Drain{uint32_t(deadline.count())});
    m_controlStream.step();
    m_link.goAway();
}

void AgentLink::sweepIdleStreams(TimePoint now)
{
    for (const auto& [id, tunnel] : m_tunnels)
        tunnel->dropIdleOlderThan(now);
}

void AgentLink::close(const std::string& reason)
{
    m_link.close(reason);
}

void AgentLink::linkClosed(const std::string& reason)
{
    if (m_phase == Phase::Ended)
        return;
    const Phase before = std::exchange(m_phase, Phase::Ended);
    m_handshake.release();
    m_authentication.stop();
    m_tunnels.clear();
    if (before == Phase::Up)
        m_log.info("link down", {{"reason", reason}});
    else if (before == Phase::AwaitingHello || before == Phase::Authenticating)
        m_owner.agentTrouble(m_peer, reason);
    if (before == Phase::Up || before == Phase::Claiming)
        m_control.linkEnded(m_ref);
    m_owner.agentLinkEnded(*this);
}

} // namespace sallyport::relay
