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

} // namespace sallyport::cli
