// What the control command `status` answers: the relay's numbers, its tunnels and its certificates,
// as one line of JSON. `sallyport-relay status --json` prints it, so its fields are stable.
//
// Threads: the control thread.
#pragma once

#include "certificates/acme_service.h"
#include "control_plane.h"
#include "shared_state.h"

#include <string>
#include <string_view>

namespace sallyport::relay {

struct StatusSources
{
    const SharedState& shared;
    const ControlPlane& control;
    const AcmeService* acme; // null: not in use
    std::string_view pin;
    TimePoint started;
};
std::string statusReport(const StatusSources& from);

} // namespace sallyport::relay
