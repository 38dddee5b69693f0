#include "engine.h"

#include "connection_tap.h"

#include <QMetaMethod>
#include <QSysInfo>

#include <utility>

namespace sallyport::agent {

Agent::Engine::Engine(Agent& agent, AgentOptions options)
    : m_agent(agent),
      m_options(std::move(options)),
      m_requests(m_options.rememberRequests, [this] { emit m_agent.requestsChanged(); }),
      m_tunnels(m_io, static_cast<TunnelTableOwner&>(*this)),
      m_probes(m_io, static_cast<UpstreamProbesOwner&>(*this)),
      m_renewal(
          m_io, m_options.identity,
          [this](const std::string& text, bool warning) { emit m_agent.remarked(text, warning); }),
      m_keeper(m_io, m_options, static_cast<LinkKeeperOwner&>(*this)),
      m_stopDeadline(m_io.deadlines(), [this] { finishStop(); })
{
    m_times.connect = m_options.connectTimeout;
    m_probes.configure(m_options.probeUpstreams, m_options.connectTimeout);
    m_tunnels.apply(m_options.tunnels);
}

// Connections first: each takes its stream off the link, and none is left to report.
Agent::Engine::~Engine()
{
    m_connections.clear();
}

void Agent::Engine::start()
{
    m_stopping = false;
    m_failure.reset();
    if (const std::string problem = problemWith(m_options); !problem.empty())
        return m_keeper.giveUp({AgentFailure::Kind::Options, {}, problem});
    if (!m_network)
        m_network = std::make_unique<NetworkWatch>([this] { m_keeper.networkCame(); });
    m_keeper.start();
}

std::string Agent::Engine::problemWith(const AgentOptions& options)
{
    if (options.relay.host.empty())
        return "no relay is given";
    if (options.id.empty() || options.id.size() > wire::MessageLimits::AgentField)
        return "the agent's id must have 1 to 128 bytes";
    for (const auto& [ref, spec] : options.tunnels)
        if (ref.empty() || ref.size() > wire::MessageLimits::Ref)
            return "a tunnel's name must have 1 to 64 bytes";
    return {};
}

void Agent::Engine::stop(std::chrono::milliseconds drain)
{
    m_stopping = true;
    RelayLink* link = m_keeper.current();
    m_tunnels.apply({});
    if (drain.count() == 0 || m_connections.empty())
        return finishStop();
    if (link)
        link->link().goAway();
    m_stopDeadline.set(m_io.now() + drain);
}

void Agent::Engine::finishStop()
{
    if (!m_stopping)
        return;
    m_stopping = false;
    m_stopDeadline.clear();
    m_renewal.linkDown();
    m_checks.linkLost();
    m_keeper.stop();
    emit m_agent.stopped();
}

void Agent::Engine::applyTunnels(TunnelSpecs tunnels)
{
    m_options.tunnels = tunnels;
    m_tunnels.apply(std::move(tunnels));
    // One that stays open may have another certificate or upstream.
    for (const auto& [ref, tunnel] : m_tunnels.all()) {
        if (tunnel->state != TunnelState::Open)
            continue;
        provideCertificate(*tunnel);
        m_probes.look(tunnel);
    }
}

void Agent::Engine::provideCertificate(const Tunnel& tunnel)
{
    if (!m_certificates && !TunnelCertificates::endsTls(tunnel))
        return;
    if (!m_certificates) {
        certificates::CertificateKeeper::Options options;
        options.acme = m_options.acme;
        options.email = m_options.acmeEmail;
        options.folder = m_options.stateFolder + "/acme";
        options.userAgent = "sallyport/" + std::string(version());
        options.log = m_options.log;
        m_certificates = std::make_unique<TunnelCertificates>(std::move(options));
    }
    m_certificates->tunnelOpened(tunnel);
}

void Agent::Engine::applyOptions(AgentOptions options)
{
    const bool running =
        m_keeper.state() != LinkState::Offline && m_keeper.state() != LinkState::Stopped;
    m_renewal.linkDown();
    m_keeper.dropLinks();
    m_options = std::move(options);
    m_checks.linkLost();
    m_certificates.reset();
    m_times.connect = m_options.connectTimeout;
    m_probes.configure(m_options.probeUpstreams, m_options.connectTimeout);
    m_tunnels.linkLost();
    m_tunnels.apply(m_options.tunnels);
    if (running)
        start();
}

wire::Hello Agent::Engine::makeHello()
{
    wire::Hello hello;
    hello.agent.id = m_options.id;
    hello.agent.name =
        m_options.name.empty() ? QSysInfo::machineHostName().toStdString() : m_options.name;
    hello.agent.name.resize(std::min(hello.agent.name.size(), wire::MessageLimits::AgentField));
    hello.agent.version = version();
    hello.agent.os = QSysInfo::productType().toStdString();
    hello.agent.arch = QSysInfo::currentCpuArchitecture().toStdString();
    hello.tunnels = m_tunnels.askForAll();
    return hello;
}

void Agent::Engine::keeperStateChanged()
{
    emit m_agent.stateChanged(m_keeper.state());
}

void Agent::Engine::keeperWelcomed(RelayLink& link, const wire::Welcome& welcome)
{
    m_tunnels.welcomed(link, welcome);
    m_renewal.linkUp(link);
}

void Agent::Engine::keeperMessage(RelayLink& link, const wire::AgentControl::Event& event)
{
    if (m_checks.takes(event))
        return;
    if (const auto* opened = std::get_if<wire::TunnelOpened>(&event))
        m_tunnels.opened(link, opened->tunnel);
    else if (const auto* refused = std::get_if<wire::TunnelRefused>(&event))
        m_tunnels.refused(link, *refused);
    else if (const auto* notice = std::get_if<wire::Notice>(&event))
        emit m_agent.noticed(notice->message, notice->level != wire::NoticeLevel::Info);
    else if (const auto* issued = std::get_if<wire::CertificateIssued>(&event))
        m_renewal.issued(*issued);
    else if (const auto* notRenewed = std::get_if<wire::CertificateRefused>(&event))
        m_renewal.refused(*notRenewed);
}

void Agent::Engine::keeperRemark(const std::string& text)
{
    emit m_agent.noticed(text, true);
}

void Agent::Engine::keeperStream(RelayLink& link, mux::StreamId id)
{
    auto made =
        std::make_unique<Connection>(m_io, link, m_times, static_cast<ConnectionOwner&>(*this));
    Connection& connection = *made;
    const bool full = m_connections.size() >= m_options.maxConnections;
    m_connections.emplace(&connection, std::move(made));
    if (full)
        connection.startOverloaded(id);
    else
        connection.start(id);
}

void Agent::Engine::keeperRoundTrip(Duration time)
{
    emit m_agent.roundTrip(std::chrono::duration_cast<std::chrono::nanoseconds>(time));
}

void Agent::Engine::keeperLinkLost()
{
    m_renewal.linkDown();
    m_tunnels.linkLost();
    m_checks.linkLost();
}

void Agent::Engine::keeperFailed(const AgentFailure& failure)
{
    m_failure = failure;
    emit m_agent.failed(failure);
}

void Agent::Engine::tunnelOpened(const Tunnel& tunnel)
{
    provideCertificate(tunnel);
    emit m_agent.tunnelOpened(tunnel.ref, tunnel.urls);
    if (const auto opened = shared(tunnel))
        m_probes.look(opened);
}

std::shared_ptr<Tunnel> Agent::Engine::shared(const Tunnel& tunnel) const
{
    const auto found = m_tunnels.all().find(tunnel.ref);
    // A connection may be of one that has left the configuration.
    return found != m_tunnels.all().end() && found->second.get() == &tunnel ? found->second
                                                                            : nullptr;
}

void Agent::Engine::tunnelRefused(const Tunnel& tunnel)
{
    emit m_agent.tunnelRefused(tunnel.ref, tunnel.refusalCode, tunnel.refusalText);
}

void Agent::Engine::tunnelClosed(const std::string& ref)
{
    if (m_certificates)
        m_certificates->tunnelClosed(ref);
    emit m_agent.tunnelClosed(ref);
}

void Agent::Engine::upstreamAnswered(Tunnel& tunnel)
{
    if (tunnel.upstreamProblem.empty())
        return;
    tunnel.upstreamProblem.clear();
    emit m_agent.upstreamChanged(tunnel.ref, tunnel.upstreamProblem);
}

void Agent::Engine::upstreamFailed(Tunnel& tunnel, const UpstreamError& error)
{
    if (const auto known = shared(tunnel))
        m_probes.down(known);
    if (tunnel.upstreamProblem == error.text)
        return;
    tunnel.upstreamProblem = error.text;
    tunnel.upstreamCode = problemCodeOfUpstream(error.code);
    emit m_agent.upstreamChanged(tunnel.ref, tunnel.upstreamProblem);
}

bool Agent::Engine::wantsVisitors() const
{
    static const QMetaMethod signal = QMetaMethod::fromSignal(&Agent::connectionStarted);
    return m_agent.isSignalConnected(signal);
}

void Agent::Engine::visitorCame(const IncomingConnection& visitor)
{
    emit m_agent.connectionStarted(visitor);
}

bool Agent::Engine::remembersRequests(const Tunnel& tunnel) const
{
    return m_options.rememberRequests != 0 && tunnel.spec.config.kind == config::TunnelKind::Http;
}

bool Agent::Engine::wantsTaps(const Tunnel& tunnel) const
{
    return m_options.watch || remembersRequests(tunnel);
}

std::unique_ptr<ConnectionTap> Agent::Engine::makeTap(Tunnel& tunnel,
                                                      const net::WatchedConnection& about)
{
    std::unique_ptr<net::ConnectionWatch> watch;
    if (m_options.watch)
        watch = m_options.watch(about);
    if (!watch && !remembersRequests(tunnel))
        return nullptr;
    auto tap = std::make_unique<ConnectionTap>(std::move(watch));
    if (remembersRequests(tunnel))
        tap->setRequests(std::make_unique<RequestTap>(m_requests, tunnel.ref));
    return tap;
}

std::shared_ptr<const tls::Context>
Agent::Engine::certificateFor(const Tunnel& tunnel, const tls::ClientHelloReader& hello)
{
    return m_certificates ? m_certificates->choose(tunnel, hello) : nullptr;
}

void Agent::Engine::connectionOver(Connection& connection)
{
    if (const auto& tunnel = connection.tunnel()) {
        --tunnel->counters.open;
        tunnel->counters.bytesIn += connection.bytesIn();
        tunnel->counters.bytesOut += connection.bytesOut();
        emit m_agent.connectionEnded(tunnel->ref);
    }
    const auto found = m_connections.find(&connection);
    if (found == m_connections.end())
        return;
    m_io.retire(std::move(found->second));
    m_connections.erase(found);
    // Not at once: the end of the last stream has still to leave.
    if (m_stopping && m_connections.empty())
        m_stopDeadline.set(m_io.now());
}

Status Agent::Engine::status() const
{
    Status status;
    status.state = m_keeper.state();
    status.relay = m_options.relay.text();
    if (const RelayLink* link = m_keeper.current()) {
        status.port = link->port();
        switch (link->transport()) {
        case net::LinkTransport::Tls:
            status.transport = "tls";
            break;
        case net::LinkTransport::WebSocket:
            status.transport = "wss";
            break;
        case net::LinkTransport::Tcp:
            status.transport = "tcp";
            break;
        }
    }
    status.session = m_keeper.session();
    status.roundTrip = m_keeper.roundTrip();
    status.nextTry = m_keeper.nextTry();
    status.failedTries = m_keeper.failedTries();
    status.problem = m_keeper.problem().text;
    status.problemCode = m_keeper.problem().code;
    status.failure = m_failure;
    if (const auto& certificate = m_renewal.certificate())
        status.identity = IdentityStatus{identityName(*certificate), certificate->notAfter};
    std::unordered_map<const Tunnel*, TunnelCounters> running;
    for (const auto& [connection, owned] : m_connections) {
        TunnelCounters& counters = running[connection->tunnel().get()];
        counters.bytesIn += connection->bytesIn();
        counters.bytesOut += connection->bytesOut();
    }
    for (const auto& [ref, tunnel] : m_tunnels.all()) {
        TunnelStatus one;
        one.ref = ref;
        one.config = tunnel->spec.config;
        one.state = tunnel->state;
        one.urls = tunnel->urls;
        if (tunnel->state == TunnelState::Refused) {
            one.refusalCode = tunnel->refusalCode;
            one.refusalText = tunnel->refusalText;
            one.refusalIsFinal = tunnel->refusalIsFinal;
        }
        one.upstreamProblem = tunnel->upstreamProblem;
        one.upstreamCode = tunnel->upstreamCode;
        if (m_certificates && tunnel->spec.config.endsTls()) {
            const Problem problem = m_certificates->problemOf(*tunnel);
            one.certificateProblem = problem.text;
            one.certificateCode = problem.code;
        }
        one.counters = tunnel->counters;
        one.counters.bytesIn += running[tunnel.get()].bytesIn;
        one.counters.bytesOut += running[tunnel.get()].bytesOut;
        status.tunnels.push_back(std::move(one));
    }
    return status;
}

std::optional<config::TunnelConfig> Agent::Engine::tunnel(const std::string& ref) const
{
    const auto found = m_tunnels.all().find(ref);
    return found == m_tunnels.all().end() ? std::nullopt
                                          : std::optional(found->second->spec.config);
}

} // namespace sallyport::agent
