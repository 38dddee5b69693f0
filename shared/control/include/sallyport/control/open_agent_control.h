// Finds the agent that a person's program should show: one that runs already with the same
// configuration (as a service, or by `sallyport up`), else one of this process.
#pragma once

#include <sallyport/control/agent_control.h>
#include <sallyport/control/local_agent_control.h>

#include <memory>

namespace sallyport::control {

// Asks for a second at most for each agent that runs. A LocalAgentControl is started by the event
// loop's next turn. Where another process has the identity but does not answer, what comes is
// Place::Detached and looks for it.
std::unique_ptr<AgentControl> openAgentControl(AgentControlOptions options = {});

} // namespace sallyport::control
