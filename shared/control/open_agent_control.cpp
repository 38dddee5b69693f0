#include "following_agent_control.h"

#include <sallyport/control/open_agent_control.h>
#include <sallyport/control/settings.h>

#include <utility>

namespace sallyport::control {

std::unique_ptr<AgentControl> openAgentControl(AgentControlOptions options, HandOver handOver)
{
    const std::string id = agentId(options.purpose());
    auto lock = AgentLock::take(id);
    if (!lock)
        return std::make_unique<FollowingAgentControl>(std::move(options), std::move(handOver));
    auto local = std::make_unique<LocalAgentControl>(std::move(options), std::move(*lock));
    (void)local->serve(); // without it nobody else can look on, no more
    local->start();
    return local;
}

} // namespace sallyport::control
