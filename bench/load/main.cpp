// sallyport-bulk: the load that wrk can't make. One process is one role; bench/*.py starts them.
#include "modes.h"

#include <csignal>
#include <map>

int main(int argc, char** argv)
{
    using namespace sallyport::bench;
    std::signal(SIGPIPE, SIG_IGN);
    const std::map<std::string, int (*)(const Arguments&)> modes = {
        {"serve", serve},     {"up", bulk},     {"down", bulk},   {"idle", idle},
        {"latency", latency}, {"delay", delay}, {"links", links},
    };
    const Arguments arguments(argc, argv);
    const auto mode = modes.find(arguments.mode);
    if (mode == modes.end())
        fail("unknown mode " + arguments.mode);
    return mode->second(arguments);
}
