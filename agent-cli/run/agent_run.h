// Runs an agent until it is told to stop or can't go on: configuration, credential, signals,
// reload, and what people see of it.
#pragma once

#include "commands/globals.h"

#include <sallyport/base/result.h>
#include <sallyport/control/settings.h>

#include <functional>
#include <string>

namespace sallyport::cli {

struct RunPlan
{
    Globals globals;
    std::string purpose; // see control::agentId()
    bool watchFiles = false;
    // Reads the configuration; again at each reload.
    std::function<Result<control::Settings, std::string>()> load;
};

// Returns the program's exit code.
int runAgent(const RunPlan& plan);

} // namespace sallyport::cli
