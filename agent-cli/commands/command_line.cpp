#include "command_line.h"

#include "commands.h"
#include "exit_code.h"

#include <CLI/CLI.hpp>
#include <iostream>

namespace sallyport::cli {

std::unique_ptr<CLI::App> makeCommandLine(Globals& globals, Chosen& chosen)
{
    auto app = std::make_unique<CLI::App>(
        "Publishes local services through a Sallyport relay.\n"
        "A bare port means 127.0.0.1:PORT.  Examples:  sallyport http 3000    sallyport tcp 22",
        "sallyport");
    app->require_subcommand(1);
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
    addTcp(*app, globals, chosen);
    addReserved(*app, chosen);
    addUp(*app, globals, chosen);
    addLogin(*app, globals, chosen);
    addLogout(*app, globals, chosen);
    addStatus(*app, globals, chosen);
    addDoctor(*app, globals, chosen);
    addCompletion(*app, chosen);
    addVersion(*app, chosen);
    return app;
}

std::variant<Chosen, int> parseCommandLine(int argc, char** argv, Globals& globals)
{
    Chosen chosen;
    const auto app = makeCommandLine(globals, chosen);
    try {
        app->parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int code = app->exit(error, std::cout, std::cerr);
        return code == 0 ? int(Fine) : int(Usage);
    }
    return chosen;
}

} // namespace sallyport::cli
