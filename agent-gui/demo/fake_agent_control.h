// An agent that only says what it does: the demonstration's and the tests'. Commands work on the
// values that it shows; nothing is written and nothing connects.
//
// Threads: that of the object. Every answer comes from the event loop, never within the call.
#pragma once

#include "fake_traffic_source.h"
#include "scene.h"

#include <sallyport/control/agent_control.h>

#include <QTimer>

namespace sallyport::gui::demo {

class FakeAgentControl : public control::AgentControl
{
    Q_OBJECT

public:
    explicit FakeAgentControl(const Scene& scene, QObject* parent = nullptr);

    Place place() const override { return m_place; }
    const control::Snapshot& snapshot() const override { return m_snapshot; }
    const std::vector<control::LogLine>& log() const override { return m_log; }
    FakeTrafficSource& traffic() override { return m_traffic; }

    void setSwitchedOn(bool on, Done done) override;
    void retryNow() override;
    void putTunnel(const std::string& ref, const config::TunnelConfig& tunnel, Done done) override;
    void removeTunnel(const std::string& ref, Done done) override;
    void setPaused(const std::string& ref, bool paused, Done done) override;
    const std::vector<control::Account>& accounts() const override { return m_accounts; }
    void addAccount(const control::NewAccount& account, Done done) override;
    void testAccount(const std::string& id, Done done) override;
    void useAccount(const std::string& id, Done done) override;
    void renameAccount(const std::string& id, const std::string& label, Done done) override;
    void moveToKeychain(const std::string& id, Done done) override;
    void removeAccount(const std::string& id, Done done) override;
    void
    checkAddress(const config::TunnelConfig& tunnel,
                 std::function<void(Result<control::AddressCheck, agent::Problem>)> done) override;

    // What a test wants to happen.
    void setPlace(Place place);
    void setLink(Scene::Link link);
    // The next command that answers does so with this; empty: fine.
    void failNext(const std::string& reason) { m_nextFailure = reason; }
    // As without a keychain once, which there is now.
    void putInFile(const std::string& account);
    // How long trying an account takes.
    void setTrialTime(std::chrono::milliseconds time) { m_trialTime = time; }
    void setUpstreamProblem(const std::string& ref, const std::string& problem);
    // Counters as they are after so many requests more in each open tunnel's share.
    void grow(double requestsPerSecond);
    const config::TunnelConfig* tunnel(const std::string& ref) const;

private:
    void answer(const Done& done, Result<void, agent::Problem> result = {});
    void trial(const Done& done, std::function<Result<void, agent::Problem>()> end);
    void say(const std::string& text, bool warning = false);
    void logTunnels();
    void touch();
    // As the link and the switch are: open with an address, or waiting without one.
    void settle(control::TunnelView& view) const;
    control::TunnelView* find(const std::string& ref);
    // Whose token is replaced or is this one already; else a new one of that relay.
    control::Account& accountFor(const std::string& relay, const std::string& hint,
                                 const std::string& replaces);
    control::Account* findAccount(const std::string& id);

    Place m_place = Place::InProcess;
    control::Snapshot m_snapshot;
    std::vector<control::LogLine> m_log;
    std::vector<control::Account> m_accounts;
    FakeTrafficSource m_traffic;
    std::string m_nextFailure;
    std::chrono::milliseconds m_trialTime{0};
    QTimer m_growth;
    double m_rate;
    std::function<std::chrono::system_clock::time_point()> m_now;
};

} // namespace sallyport::gui::demo
