// Tells what an agent does as log lines. A tunnel's address is the field `url`, the tunnel's name
// the field `tunnel`.
//
// Threads: the agent's. Lifetime: the agent outlives it, or the other way round.
#pragma once

#include <sallyport/agent/agent.h>
#include <sallyport/observe/log.h>
#include <sallyport/observe/repeat_guard.h>

#include <QObject>

#include <string>
#include <vector>

namespace sallyport::control {

class Narrator final : public QObject
{
public:
    Narrator(agent::Agent& agent, observe::Log log);

private:
    void stateChanged(agent::LinkState state);
    void tunnelOpened(const std::string& ref, const std::vector<std::string>& urls);
    void upstreamChanged(const std::string& ref, const std::string& problem);

    agent::Agent& m_agent;
    observe::Log m_log;
    observe::RepeatGuard m_upstreamGuard{std::chrono::seconds(10)};
};

} // namespace sallyport::control
