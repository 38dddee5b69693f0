// Makes one link to a relay and says how it went: for `login` and `doctor`. Runs the event loop.
#pragma once

#include <sallyport/agent/options.h>
#include <sallyport/base/clock.h>
#include <sallyport/config/agent_config.h>

#include <optional>
#include <string>

namespace sallyport::cli {

struct TrialResult
{
    int code = 0; // ExitCode
    std::string problem;
    std::string transport;
    uint16_t port = 0;
    std::optional<Duration> roundTrip;
};

// At most one try; no tunnel is opened. `wantRoundTrip` waits for the first measurement.
TrialResult tryRelay(const config::AgentConfig& config, agent::TokenProvider token,
                     bool wantRoundTrip = false);

} // namespace sallyport::cli
