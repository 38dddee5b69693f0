// Finds the agent that a person's program should show: one that runs already with the same
// configuration (as a service, or by `sallyport up`), else one of this process.
#pragma once

#include <sallyport/control/agent_control.h>
#include <sallyport/control/local_agent_control.h>

#include <memory>

namespace sallyport::control {

// Returns at once. What is of this process is started by the event loop's next turn and serves the
// control socket; what runs elsewhere is Place::Detached until it was found.
std::unique_ptr<AgentControl> openAgentControl(AgentControlOptions options = {});

} // namespace sallyport::control
