// Runs a program of the system and gives its end; tests put their own in its place.
//
// Threads: that of the object. `done` comes once, later; never after the runner was destroyed.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sallyport::desktop {

class CommandRunner
{
public:
    struct Command
    {
        std::string program; // by name or path
        std::vector<std::string> arguments;
        std::string input; // may hold a secret: it goes to standard input
        std::chrono::seconds patience{30};
    };
    struct End
    {
        bool started = false;
        int exitCode = -1;  // -1: crashed, or ended for lack of patience
        std::string output; // both streams, at most 16 KiB
    };
    using Done = std::function<void(const End&)>;

    virtual ~CommandRunner() = default;
    virtual void run(const Command& command, Done done) = 0;
};

std::unique_ptr<CommandRunner> makeCommandRunner();

} // namespace sallyport::desktop
