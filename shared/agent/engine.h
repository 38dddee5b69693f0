// The agent's parts joined: the keeper of the link, the table of tunnels, the visitors'
// connections.
#pragma once

#include "certificate_renewal.h"
#include "connection.h"
#include "link_keeper.h"
#include "network_watch.h"
#include "request_log.h"
#include "tunnel_certificates.h"
#include "tunnel_checks.h"
#include "tunnel_table.h"
#include "upstream_probes.h"

#include <sallyport/agent/agent.h>

#include <memory>
#include <unordered_map>

namespace sallyport::agent {

class Agent::Engine final : private LinkKeeperOwner,
                            private TunnelTableOwner,
                            private ConnectionOwner,
                            private UpstreamProbesOwner
{
public:
    Engine(Agent& agent, AgentOptions options);
    ~Engine();

    void start();
    void stop(std::chrono::milliseconds drain);
    void applyTunnels(TunnelSpecs tunnels);
    void applyOptions(AgentOptions options);
    void checkTunnel(const config::TunnelConfig& tunnel, Checked checked)
    {
        m_checks.ask(m_keeper.current(), tunnel, std::move(checked));
    }
    void retryNow() { m_keeper.retryNow(); }
    LinkState state() const { return m_keeper.state(); }
    Status status() const;
    std::optional<config::TunnelConfig> tunnel(const std::string& ref) const;
    std::vector<RequestRecord> requests() const { return m_requests.records(); }

private:
    // LinkKeeperOwner
    wire::Hello makeHello() override;
    void keeperStateChanged() override;
    void keeperWelcomed(RelayLink& link, const wire::Welcome& welcome) override;
    void keeperRemark(const std::string& text) override;
    void keeperMessage(RelayLink& link, const wire::AgentControl::Event& event) override;
    void keeperStream(RelayLink& link, mux::StreamId id) override;
    void keeperRoundTrip(Duration time) override;
    void keeperLinkLost() override;
    void keeperFailed(const AgentFailure& failure) override;
    // TunnelTableOwner
    RelayLink* currentLink() override { return m_keeper.current(); }
    void tunnelOpened(const Tunnel& tunnel) override;
    void tunnelRefused(const Tunnel& tunnel) override;
    void tunnelClosed(const std::string& ref) override;
    // ConnectionOwner; the first two also UpstreamProbesOwner
    void upstreamAnswered(Tunnel& tunnel) override;
    void upstreamFailed(Tunnel& tunnel, const UpstreamError& error) override;
    bool wantsVisitors() const override;
    void visitorCame(const IncomingConnection& visitor) override;
    bool wantsTaps(const Tunnel& tunnel) const override;
    std::unique_ptr<ConnectionTap> makeTap(Tunnel& tunnel,
                                           const net::WatchedConnection& about) override;
    bool remembersRequests(const Tunnel& tunnel) const;
    std::shared_ptr<const tls::Context>
    certificateFor(const Tunnel& tunnel, const tls::ClientHelloReader& hello) override;
    void connectionOver(Connection& connection) override;

    void provideCertificate(const Tunnel& tunnel);
    std::shared_ptr<Tunnel> shared(const Tunnel& tunnel) const;
    void finishStop();
    static std::string problemWith(const AgentOptions& options);

    Agent& m_agent;
    AgentOptions m_options;
    net::IoContext m_io; // before everything that is made with it
    Connection::Times m_times;
    RequestLog m_requests;
    std::unique_ptr<TunnelCertificates> m_certificates; // once a tunnel needs them
    TunnelTable m_tunnels;
    TunnelChecks m_checks;
    UpstreamProbes m_probes;
    CertificateRenewal m_renewal;
    LinkKeeper m_keeper;
    std::unordered_map<Connection*, std::unique_ptr<Connection>> m_connections;
    std::unique_ptr<NetworkWatch> m_network;
    net::Deadline m_stopDeadline;
    std::optional<AgentFailure> m_failure;
    bool m_stopping = false;
};

} // namespace sallyport::agent
