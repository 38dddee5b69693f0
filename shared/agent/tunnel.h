// One tunnel while the agent runs: what is wanted, what the relay granted, what went through it.
//
// Shared by its connections, which may outlive its place in the configuration. Threads: the
// agent's.
#pragma once

#include "upstream_target.h"

#include <sallyport/agent/options.h>
#include <sallyport/agent/status.h>
#include <sallyport/wire/messages.h>

#include <memory>
#include <string>
#include <vector>

namespace sallyport::agent {

struct Tunnel
{
    Tunnel(std::string tunnelRef, TunnelSpec tunnelSpec)
        : ref(std::move(tunnelRef)),
          spec(std::move(tunnelSpec)),
          target(std::make_shared<UpstreamTarget>(spec.config.upstream)),
          httpTarget(std::make_shared<UpstreamTarget>(spec.config.httpUpstream))
    {}

    std::string ref;
    TunnelSpec spec;
    std::shared_ptr<UpstreamTarget> target;
    std::shared_ptr<UpstreamTarget> httpTarget; // tls: for visitors without TLS

    TunnelState state = TunnelState::Pending;
    std::vector<std::string> urls;
    std::string refusalCode;
    std::string refusalText;
    bool refusalIsFinal = false;

    std::string upstreamProblem;
    ProblemCode upstreamCode = ProblemCode::Other;
    TunnelCounters counters; // bytes: of connections that have ended
};

// What to ask the relay for.
wire::TunnelRequest requestOf(const Tunnel& tunnel);

} // namespace sallyport::agent
