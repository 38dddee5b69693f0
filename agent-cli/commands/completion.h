// The text of completion scripts. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace sallyport::cli {

struct CompletionModel
{
    struct Option
    {
        std::string name; // "--relay"
        std::string help;
        bool takesValue = false;
    };
    struct Command
    {
        std::string name;
        std::string help;
        std::vector<Option> options;
    };
    std::vector<Command> commands;
    std::vector<Option> options; // of all commands
};

CompletionModel describeCommandLine(const CLI::App& app);

// Empty for a shell that is not known.
std::string completionScript(const CompletionModel& model, std::string_view shell);

} // namespace sallyport::cli
