#include <sallyport/control/narrator.h>

#include <utility>

namespace sallyport::control {

using agent::Agent;

Narrator::Narrator(Agent& agent, observe::Log log) : m_agent(agent), m_log(std::move(log))
{
    connect(&agent, &Agent::stateChanged, this, &Narrator::stateChanged);
    connect(&agent, &Agent::tunnelOpened, this, &Narrator::tunnelOpened);
    connect(&agent, &Agent::tunnelRefused, this,
            [this](const std::string& ref, const std::string& code, const std::string& message) {
                m_log.error("tunnel refused: " + message, {{"tunnel", ref}, {"code", code}});
            });
    connect(&agent, &Agent::tunnelClosed, this, [this](const std::string& ref) {
        m_log.info("tunnel closed", {{"tunnel", ref}});
    });
    connect(&agent, &Agent::upstreamChanged, this, &Narrator::upstreamChanged);
    connect(&agent, &Agent::noticed, this, [this](const std::string& message, bool warning) {
        m_log.write(warning ? observe::Level::Warning : observe::Level::Info,
                    "the relay says: " + message);
    });
    connect(&agent, &Agent::remarked, this, [this](const std::string& text, bool warning) {
        m_log.write(warning ? observe::Level::Warning : observe::Level::Info, text);
    });
    connect(&agent, &Agent::failed, this, [this](const agent::AgentFailure& failure) {
        m_log.error("gave up: " + failure.text, {{"code", failure.code}});
    });
}

void Narrator::stateChanged(agent::LinkState state)
{
    const agent::Status status = m_agent.status();
    switch (state) {
    case agent::LinkState::Connecting:
        m_log.debug("connecting", {{"relay", status.relay}});
        break;
    case agent::LinkState::Connected:
        m_log.info("connected", {{"relay", status.relay},
                                 {"transport", status.transport},
                                 {"port", status.port},
                                 {"session", status.session}});
        break;
    case agent::LinkState::Waiting:
        m_log.warning("not connected: " + status.problem,
                      {{"relay", status.relay},
                       {"tries", status.failedTries},
                       {"next_try", status.nextTry ? *status.nextTry - Clock::now() : Duration()}});
        break;
    case agent::LinkState::Stopped:
        m_log.info("stopped");
        break;
    case agent::LinkState::Offline:
    case agent::LinkState::Refused:
        break;
    }
}

void Narrator::tunnelOpened(const std::string& ref, const std::vector<std::string>& urls)
{
    const auto wanted = m_agent.tunnel(ref);
    const std::string upstream = wanted ? wanted->upstream.text() : std::string();
    for (const std::string& url : urls)
        m_log.info("tunnel open", {{"tunnel", ref}, {"url", url}, {"upstream", upstream}});
}

void Narrator::upstreamChanged(const std::string& ref, const std::string& problem)
{
    const auto repeated = m_upstreamGuard.admit(ref + (problem.empty() ? "+" : "-"), Clock::now());
    if (!repeated)
        return;
    if (problem.empty())
        m_log.info("the upstream is back", {{"tunnel", ref}});
    else
        m_log.warning("the upstream can't be reached: " + problem,
                      {{"tunnel", ref}, {"repeated", *repeated}});
}

} // namespace sallyport::control
