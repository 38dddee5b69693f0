#include "relay_trial.h"

#include "commands/exit_code.h"
#include "commands/settings.h"

#include <sallyport/agent/agent.h>

#include <QEventLoop>
#include <QTimer>

namespace sallyport::cli {

TrialResult tryRelay(const config::AgentConfig& config, agent::TokenProvider token,
                     bool wantRoundTrip)
{
    agent::AgentOptions options = agent::optionsFrom(config);
    options.tunnels.clear();
    options.token = std::move(token);
    options.id = agentId("trial");
    agent::Agent agent(std::move(options));

    TrialResult result;
    QEventLoop loop;
    const auto finish = [&](int code, const std::string& problem) {
        result.code = code;
        result.problem = problem;
        loop.quit();
    };
    QObject::connect(&agent, &agent::Agent::stateChanged, &loop, [&](agent::LinkState state) {
        const agent::Status status = agent.status();
        if (state == agent::LinkState::Waiting)
            return finish(Unreachable, status.problem);
        if (state != agent::LinkState::Connected)
            return;
        result.transport = status.transport;
        result.port = status.port;
        result.roundTrip = status.roundTrip;
        if (!wantRoundTrip || result.roundTrip)
            return finish(Fine, {});
        QTimer::singleShot(2000, &loop, [&] { finish(Fine, {}); });
    });
    QObject::connect(&agent, &agent::Agent::roundTrip, &loop, [&](std::chrono::nanoseconds time) {
        result.roundTrip = time;
        if (agent.state() == agent::LinkState::Connected)
            finish(Fine, {});
    });
    QObject::connect(&agent, &agent::Agent::failed, &loop, [&](const agent::AgentFailure& failure) {
        finish(failure.kind == agent::AgentFailure::Kind::Options ? Usage : Credentials,
               failure.text);
    });
    QTimer::singleShot(0, &loop, [&] { agent.start(); });
    loop.exec();
    // Says good-bye, so that the relay does not keep the link for a grace.
    if (agent.state() == agent::LinkState::Connected)
        agent.stop(std::chrono::milliseconds(0));
    return result;
}

} // namespace sallyport::cli
