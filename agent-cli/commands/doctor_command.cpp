#include "commands.h"
#include "doctor.h"
#include "exit_code.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

namespace sallyport::cli {

void addDoctor(CLI::App& app, const Globals& globals, Chosen& chosen)
{
    CLI::App* command = app.add_subcommand(
        "doctor", "Check configuration, credential, the way to the relay, and the upstreams");
    const auto json = std::make_shared<bool>(false);
    command->add_flag("--json", *json, "As JSON");
    command->callback([&chosen, &globals, json] {
        chosen = [&globals, json] {
            const std::vector<Check> checks = Doctor(globals).examine();
            const std::string text = *json ? checksAsJson(checks) : checksAsText(checks);
            std::fwrite(text.data(), 1, text.size(), stdout);
            return anyFailed(checks) ? Failed : Fine;
        };
    });
}

} // namespace sallyport::cli
