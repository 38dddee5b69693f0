// Runs an agent until it is told to stop or can't go on: configuration, credential, signals,
// reload, and what people see of it.
#pragma once

#include "commands/globals.h"

#include <sallyport/base/result.h>
#include <sallyport/control/local_agent_control.h>
#include <sallyport/control/settings.h>

#include <functional>
#include <optional>
#include <string>

namespace sallyport::cli {

struct RunPlan
{
    Globals globals;
    std::string purpose; // see control::agentId()
    // With the tunnels of a configuration, which is read again when it changes and can be edited
    // by clients of the control socket. `purpose` is its own.
    std::optional<control::AgentControlOptions> control;
    // Waits while another process runs this agent, rather than to end: a service.
    bool wait = false;
    // Reads the configuration; without `control`, again at each reload.
    std::function<Result<control::Settings, std::string>()> load;
};

// Returns the program's exit code.
int runAgent(const RunPlan& plan);

} // namespace sallyport::cli
