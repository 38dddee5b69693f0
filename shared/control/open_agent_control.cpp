#include "following_agent_control.h"

#include <sallyport/control/open_agent_control.h>

#include <utility>

namespace sallyport::control {

std::unique_ptr<AgentControl> openAgentControl(AgentControlOptions options, HandOver handOver)
{
    return std::make_unique<FollowingAgentControl>(std::move(options), std::move(handOver));
}

} // namespace sallyport::control
