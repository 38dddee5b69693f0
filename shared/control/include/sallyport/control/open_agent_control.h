// Finds the agent that a person's program should show: one that runs already with the same
// configuration (as a service, or by `sallyport up`), else one of this process. Either may take the
// other's place later: AgentControl::takeOver(), standAside().
#pragma once

#include <sallyport/control/agent_control.h>
#include <sallyport/control/local_agent_control.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sallyport::control {

// When another process's agent ends while it is shown.
struct HandOver
{
    // How long it may be away before this process runs the agent itself.
    std::chrono::milliseconds grace{5000};
    // Asked at its end: false leaves it to AgentControl::takeOver(). None: by itself.
    std::function<bool()> byItself;
    // As RemoteAgentControl's.
    std::function<std::vector<std::string>()> places;
    std::chrono::milliseconds lookAgain{1000};
};

// Returns at once. What is of this process has read its configuration by then, so that a window can
// show the right page from its first frame, and serves the control socket; what runs elsewhere is
// Place::Detached until it was found.
std::unique_ptr<AgentControl> openAgentControl(AgentControlOptions options = {},
                                               HandOver handOver = {});

} // namespace sallyport::control
