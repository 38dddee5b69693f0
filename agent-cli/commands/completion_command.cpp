// Completion scripts for shells, made from the command line's own description.
#include "commands.h"
#include "completion.h"
#include "exit_code.h"
#include "say.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

namespace sallyport::cli {

void addCompletion(CLI::App& app, Chosen& chosen)
{
    CLI::App* command = app.add_subcommand("completion", "Print a completion script for a shell");
    const auto shell = std::make_shared<std::string>();
    command->add_option("shell", *shell, "bash, zsh or fish")->required()->type_name("SHELL");
    command->callback([&app, &chosen, shell] {
        chosen = [model = describeCommandLine(app), shell] {
            const std::string script = completionScript(model, *shell);
            if (script.empty())
                return complain(Usage, "there are scripts for bash, zsh and fish, not for \"" +
                                           *shell + "\"");
            std::fwrite(script.data(), 1, script.size(), stdout);
            return int(Fine);
        };
    });
}

} // namespace sallyport::cli
