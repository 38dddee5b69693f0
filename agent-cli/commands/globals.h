// What every command can be told.
#pragma once

#include <sallyport/config/sources.h>
#include <sallyport/control/settings.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::cli {

struct Globals
{
    std::string config; // empty: the usual place
    std::string relay;
    std::string logFormat;
    std::string logLevel;
    bool noUi = false;
    bool noRetry = false;

    // The flags that stand for configuration keys.
    std::vector<config::Flag> flags() const;
};

// The configuration as a command sees it; `extra` are flags of the command itself. See
// control::loadSettings().
std::string configFile(const Globals& globals);
Result<control::Settings, std::string> loadSettings(const Globals& globals,
                                                    const std::vector<config::Flag>& extra = {});

// What the command line chose, to be run once the application object stands. Returns an exit code.
using Chosen = std::function<int()>;

} // namespace sallyport::cli
