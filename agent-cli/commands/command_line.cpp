#include "command_line.h"

#include "commands.h"
#include "exit_code.h"
#include "say.h"

#include <sallyport/config/suggest.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <string>
#include <vector>

namespace sallyport::cli {

std::unique_ptr<CLI::App> makeCommandLine(Globals& globals, Chosen& chosen)
{
    auto app = std::make_unique<CLI::App>(
        "Publishes local services through a Sallyport relay.\n"
        "A bare port means 127.0.0.1:PORT.  Examples:  sallyport http 3000    sallyport tcp 22",
        "sallyport");
    // None is said to be missing below: CLI11 would say so of a misspelt one too.
    app->require_subcommand(0, 1);
    app->fallthrough();
    app->add_option("--config", globals.config, "The configuration file")->type_name("FILE");
    app->add_option("--relay", globals.relay,
                    "The relay: HOST[:PORT] or a tls://, wss:// or tcp:// URL")
        ->type_name("RELAY");
    app->add_option("--log-format", globals.logFormat, "text or json")->type_name("FORMAT");
    app->add_option("--log-level", globals.logLevel, "debug, info, warning or error")
        ->type_name("LEVEL");
    app->add_flag("--no-ui", globals.noUi, "Log lines instead of the screen, on a terminal too");
    app->add_flag("--no-retry", globals.noRetry,
                  "Leave with code 4 when the relay can't be reached, instead of trying again");
    addHttp(*app, globals, chosen);
    addTls(*app, globals, chosen);
    addTcp(*app, globals, chosen);
    addReserved(*app, chosen);
    addUp(*app, globals, chosen);
    addLogin(*app, globals, chosen);
    addLogout(*app, globals, chosen);
    addAccounts(*app, globals, chosen);
    addStatus(*app, globals, chosen);
    addService(*app, globals, chosen);
    addLogs(*app, globals, chosen);
    addInspect(*app, globals, chosen);
    addImport(*app, globals, chosen);
    addDoctor(*app, globals, chosen);
    addHashPassword(*app, chosen);
    addAccessToken(*app, chosen);
    addCompletion(*app, chosen);
    addVersion(*app, chosen);
    return app;
}

namespace {

// What was taken for a command, when there is none of that name.
std::string unknownCommand(const CLI::App& app, int argc, char** argv)
{
    if (argc < 2 || argv[1][0] == '-' || !app.get_subcommands().empty())
        return {};
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(command->get_name());
    return "there is no command \"" + std::string(argv[1]) + "\"" +
           config::suggestion(argv[1], names);
}

} // namespace

std::variant<Chosen, int> parseCommandLine(int argc, char** argv, Globals& globals)
{
    Chosen chosen;
    const auto app = makeCommandLine(globals, chosen);
    try {
        app->parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const std::string unknown = unknownCommand(*app, argc, argv);
        if (!unknown.empty() && error.get_exit_code() != 0)
            return complain(Usage, unknown);
        const int code = app->exit(error, std::cout, std::cerr);
        return code == 0 ? int(Fine) : int(Usage);
    }
    if (!chosen) {
        std::cerr << app->help();
        return int(Usage);
    }
    return chosen;
}

} // namespace sallyport::cli
