#include "globals.h"

namespace sallyport::cli {

std::vector<config::Flag> Globals::flags() const
{
    std::vector<config::Flag> flags;
    if (!relay.empty())
        flags.push_back({"relay", relay, "--relay"});
    if (!logFormat.empty())
        flags.push_back({"log.format", logFormat, "--log-format"});
    if (!logLevel.empty())
        flags.push_back({"log.level", logLevel, "--log-level"});
    return flags;
}

std::string configFile(const Globals& globals)
{
    return control::configFile(globals.config);
}

Result<control::Settings, std::string> loadSettings(const Globals& globals,
                                                    const std::vector<config::Flag>& extra)
{
    std::vector<config::Flag> flags = globals.flags();
    flags.insert(flags.end(), extra.begin(), extra.end());
    return control::loadSettings(globals.config, flags);
}

} // namespace sallyport::cli
