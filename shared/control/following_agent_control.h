// The agent of one configuration, wherever it runs: that of this process where the identity is free
// at first, else that of another process; when that has ended, this process can take over and run
// it itself. Internal to openAgentControl().
//
// It takes over when takeOver() says so, and by itself (see HandOver) when the other one was on and
// did not come back within the grace. The lock of the identity decides: while another process holds
// it, nobody takes over. Once this process has it, it stays so until it ends or stands aside.
//
// Threads: that of the object, with an event loop.
#pragma once

#include "forwarding_traffic.h"

#include <sallyport/control/open_agent_control.h>

#include <QTimer>

#include <memory>
#include <string>
#include <vector>

namespace sallyport::control {

class FollowingAgentControl final : public AgentControl
{
    Q_OBJECT

public:
    FollowingAgentControl(AgentControlOptions options, HandOver handOver);
    ~FollowingAgentControl() override;

    bool takesOver() const override { return m_grace.isActive() && !m_held; }
    void takeOver(Done done) override;
    void standAside() override;

    Place place() const override { return m_inner->place(); }
    const Snapshot& snapshot() const override { return m_inner->snapshot(); }
    const std::vector<LogLine>& log() const override { return m_inner->log(); }
    inspect::TrafficSource& traffic() override { return m_traffic; }
    void setSwitchedOn(bool on, Done done) override;
    void retryNow() override;
    void putTunnel(const std::string& ref, const config::TunnelConfig& tunnel, Done done) override;
    void removeTunnel(const std::string& ref, Done done) override;
    void setPaused(const std::string& ref, bool paused, Done done) override;
    const std::vector<Account>& accounts() const override { return m_inner->accounts(); }
    void addAccount(const NewAccount& account, Done done) override;
    void testAccount(const std::string& id, Done done) override;
    void useAccount(const std::string& id, Done done) override;
    void renameAccount(const std::string& id, const std::string& label, Done done) override;
    void moveToKeychain(const std::string& id, Done done) override;
    void removeAccount(const std::string& id, Done done) override;
    void checkAddress(const config::TunnelConfig& tunnel,
                      std::function<void(Result<AddressCheck, agent::Problem>)> done) override;

private:
    void follow(std::unique_ptr<AgentControl> agent);
    void followOther();
    void followOwn(std::unique_ptr<AgentLock> lock);
    void lookAtPlace();
    void tryHere();
    Result<void, agent::Problem> runHere();

    AgentControlOptions m_options;
    HandOver m_handOver;
    std::unique_ptr<AgentControl> m_inner;
    ForwardingTraffic m_traffic;
    QTimer m_grace;
    bool m_held = false; // by a process that does not answer
};

} // namespace sallyport::control
