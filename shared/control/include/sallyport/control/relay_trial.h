// Makes one link to a relay and says how it went: for `login`, `doctor`, and adding an account.
//
// Threads: one with an event loop. Deleting it drops the answer.
#pragma once

#include <sallyport/agent/options.h>
#include <sallyport/agent/problem.h>
#include <sallyport/base/clock.h>
#include <sallyport/config/agent_config.h>

#include <QObject>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace sallyport::agent {
class Agent;
struct AgentFailure;
enum class LinkState : uint8_t;
} // namespace sallyport::agent

namespace sallyport::control {

enum class TrialOutcome : uint8_t {
    Fine,
    Unusable,    // what was configured can't work
    Refused,     // the relay refuses the credential, or is not the one to be believed
    Unreachable, // no answer, this time
};

struct TrialResult
{
    TrialOutcome outcome = TrialOutcome::Fine;
    agent::Problem problem; // with the way out
    std::string transport;
    uint16_t port = 0;
    std::optional<Duration> roundTrip;
};

class RelayTrial final : public QObject
{
public:
    using Done = std::function<void(TrialResult)>;

    // Begins at the next turn of the loop. At most one try; no tunnel is opened. `wantRoundTrip`
    // waits for the first measurement. `done` may delete the trial by deleteLater() alone.
    RelayTrial(const config::AgentConfig& config, agent::TokenProvider token, bool wantRoundTrip,
               Done done);
    ~RelayTrial() override;

private:
    void stateChanged(agent::LinkState state);
    void failed(const agent::AgentFailure& failure);
    void finish(TrialOutcome outcome, const agent::Problem& problem);

    bool m_wantRoundTrip;
    Done m_done;
    TrialResult m_result;
    std::unique_ptr<agent::Agent> m_agent;
};

// The same, waiting: runs the event loop.
TrialResult tryRelay(const config::AgentConfig& config, agent::TokenProvider token,
                     bool wantRoundTrip = false);

} // namespace sallyport::control
