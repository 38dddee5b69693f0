// Keeps one good link to the relay: dials, waits between failures, replaces a link that the relay
// drains before the old one goes, and gives up only when trying again can't help.
//
// Threads: that of the IoContext.
#pragma once

#include "relay_link.h"

#include <sallyport/agent/options.h>
#include <sallyport/agent/status.h>
#include <sallyport/base/backoff.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::agent {

class LinkKeeperOwner
{
public:
    // Without the credential, which the keeper adds.
    virtual wire::Hello makeHello() = 0;
    virtual void keeperStateChanged() = 0;
    virtual void keeperWelcomed(RelayLink& link, const wire::Welcome& welcome) = 0;
    // For people; nothing has changed.
    virtual void keeperRemark(const std::string& text) = 0;
    // TunnelOpened, TunnelRefused, TunnelChecked, Notice or Unsupported, of the current link.
    virtual void keeperMessage(RelayLink& link, const wire::AgentControl::Event& event) = 0;
    // Also of a link that is being drained.
    virtual void keeperStream(RelayLink& link, mux::StreamId id) = 0;
    virtual void keeperRoundTrip(Duration time) = 0;
    // The current link is no more; another is on its way, unless keeperFailed() follows.
    virtual void keeperLinkLost() = 0;
    virtual void keeperFailed(const AgentFailure& failure) = 0;

protected:
    ~LinkKeeperOwner() = default;
};

class LinkKeeper final : private RelayLinkOwner
{
public:
    // Links that the relay drains and whose streams have not ended; the oldest is cut beyond it.
    static constexpr size_t MaxDraining = 4;
    // A network that comes and goes does not undo the waits: so often at most.
    static constexpr Duration RetryNowInterval = std::chrono::seconds(2);

    LinkKeeper(net::IoContext& io, const AgentOptions& options, LinkKeeperOwner& owner);
    ~LinkKeeper();

    void start();
    // Closes every link. dropLinks() leaves the state as it is: start() follows.
    void stop();
    void dropLinks();
    void retryNow();
    // State Refused, and keeperFailed().
    void giveUp(AgentFailure failure);
    // The network changed: as retryNow(), but not too often.
    void networkCame();

    LinkState state() const { return m_state; }
    // Present while Connected.
    RelayLink* current() const { return m_state == LinkState::Connected ? m_link.get() : nullptr; }
    std::optional<Duration> roundTrip() const;
    std::optional<TimePoint> nextTry() const { return m_nextTry; }
    uint32_t failedTries() const { return m_failedTries; }
    const Problem& problem() const { return m_problem; }
    const std::string& session() const { return m_session; }

private:
    void linkWelcomed(RelayLink& link, const wire::Welcome& welcome) override;
    void linkMessage(RelayLink& link, const wire::AgentControl::Event& event) override;
    void linkStream(RelayLink& link, mux::StreamId id) override;
    void linkRoundTrip(RelayLink& link, Duration time) override;
    void linkEnded(RelayLink& link, const LinkEnd& end) override;

    void setState(LinkState state);
    void connect();
    void dialWith(Secret token);
    void askToken(TokenQuestion question, std::function<void(Result<Secret, Problem>)> then);
    void waitAndRetry(const Problem& problem);
    void drain(RelayLink& link, const wire::Drain& drain);
    void answerChallenge(RelayLink& link, const wire::Challenge& challenge);
    void sweepDraining();
    void retire(std::unique_ptr<RelayLink> link);

    struct Draining
    {
        std::unique_ptr<RelayLink> link;
        TimePoint until;
    };

    net::IoContext& m_io;
    const AgentOptions& m_options;
    LinkKeeperOwner& m_owner;
    LinkState m_state = LinkState::Offline;
    std::unique_ptr<RelayLink> m_link; // dialing or up
    std::vector<Draining> m_draining;
    Backoff m_backoff;
    net::Deadline m_retry;
    net::Deadline m_sweep;
    std::optional<TimePoint> m_nextTry;
    std::optional<TimePoint> m_upSince;
    std::optional<TimePoint> m_lastDrain;
    TimePoint m_lastHurry{};
    uint32_t m_failedTries = 0;
    bool m_everUp = false;
    std::optional<LinkTarget::Way> m_lastWay; // that led to a welcome
    Problem m_problem;
    std::string m_session;
    bool m_answering = false; // a challenge: the provider has been asked
    // Answers of the token provider to an earlier question are ignored.
    std::shared_ptr<int> m_question;
};

} // namespace sallyport::agent
