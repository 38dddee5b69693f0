// One agent on its worker: the link, its control stream, its tunnels.
//
// Phases: waiting for the hello; its credential is being verified (perhaps with a challenge to the
// agent, or a look-up on the control thread); waiting for the control thread's answer to the claim;
// up; ended.
#pragma once

#include "control_port.h"
#include "links/control_stream.h"
#include "links/link_authentication.h"
#include "links/link_tunnel.h"
#include "shared_state.h"

#include <sallyport/net/link.h>

#include <map>
#include <memory>
#include <string>

namespace sallyport::relay {

class AgentLink;

class AgentLinkOwner
{
public:
    // The link is over; retire it.
    virtual void agentLinkEnded(AgentLink& link) = 0;
    // It has shown who it is, or was refused: it is no stranger's handshake any more.
    virtual void agentIntroduced(AgentLink& link) = 0;
    // A refusal or failure worth a line, kept from flooding the log.
    virtual void agentTrouble(const std::string& peer, const std::string& message) = 0;

protected:
    ~AgentLinkOwner() = default;
};

class AgentLink final : public net::Retirable,
                        private net::LinkOwner,
                        private ControlStreamOwner,
                        private LinkAuthenticationOwner
{
public:
    AgentLink(net::IoContext& io, SharedState& shared, ControlPort& control, LinkRef ref,
              std::unique_ptr<net::Channel> channel, Counted handshake, AgentLinkOwner& owner);
    ~AgentLink() override;
    void start(ByteView early);

    const LinkRef& ref() const { return m_ref; }
    bool isUp() const { return m_phase == Phase::Up; }
    // Null when this link does not offer it (any more).
    LinkTunnel* tunnel(uint32_t id);

    // From the control thread, by way of the worker.
    void judged(Verdict verdict) { m_authentication.judged(std::move(verdict)); }
    void renewed(const Registry::Renewal& renewal);
    void claimAnswered(ClaimAnswer answer);
    void tunnelAnswered(Registry::Answer answer);
    void tunnelChecked(const Registry::Answer& answer);
    void certificateAnswered(const CertificateAnswer& answer);
    void accessAnswered(uint32_t tunnelId, const Registry::Answer& answer);
    void tunnelDisplaced(const Registry::Displaced& displaced);
    void refuse(const wire::Refusal& refusal);
    void drain(std::chrono::milliseconds deadline);
    void close(const std::string& reason);
    void sweepIdleStreams(TimePoint now);

    net::Link& link() { return m_link; }

private:
    enum class Phase { AwaitingHello, Authenticating, Claiming, Up, Ended };

    // net::LinkOwner
    void linkStreamOpened(mux::StreamId id) override;
    void linkRoundTrip(Duration) override {}
    void linkGoingAway() override {}
    void linkClosed(const std::string& reason) override;
    // ControlStreamOwner
    void controlEvent(wire::RelayControl::Event& event) override;
    // LinkAuthenticationOwner
    std::optional<tls::Certificate> shownCertificate() override;
    std::string peerAddress() override { return m_peer; }
    void sendChallenge(const wire::Challenge& challenge) override;
    void proved(auth::Grant grant, bool renewed) override;
    void refused(const wire::Refusal& refusal) override;
    void remark(const std::string& text) override;

    void hello(wire::Hello& hello);
    void audit(const auth::Grant& grant, const std::string& agentName, bool renewed);
    void streamFailed(const wire::StreamFailed& message);
    void controlEnded(const wire::ControlEnded& ended);
    wire::TunnelGrant addTunnel(Registry::Granted& granted);

    SharedState& m_shared;
    ControlPort& m_control;
    AgentLinkOwner& m_owner;
    LinkRef m_ref;
    Counted m_handshake;
    observe::Log m_log;
    std::string m_peer;
    net::Link m_link;
    ControlStream m_controlStream;
    std::map<uint32_t, std::shared_ptr<LinkTunnel>> m_tunnels;
    Phase m_phase = Phase::AwaitingHello;
    wire::Hello m_hello; // without its credential; until it is claimed
    LinkAuthentication m_authentication;
    std::string m_tenant; // once it is known
    std::string m_agentName;
};

} // namespace sallyport::relay
