// The tunnels of the configuration file, all or those named.
#include "commands.h"
#include "exit_code.h"
#include "run/agent_run.h"

#include <sallyport/control/settings.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

namespace sallyport::cli {

namespace {

std::string listed(const config::Tunnels& tunnels)
{
    std::string text;
    for (const auto& [name, tunnel] : tunnels)
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

Result<control::Settings, std::string>
loadNamed(const Globals& globals, const std::vector<std::string>& names, bool mayBeNone)
{
    auto settings = loadSettings(globals);
    if (!settings)
        return settings;
    config::Tunnels& all = settings->config.tunnels;
    if (all.empty() && !mayBeNone)
        return Failure(settings->configFile +
                       ": no tunnels there; add for example\n  tunnels:\n    web: {http: 3000}");
    if (names.empty())
        return settings;
    config::Tunnels chosen;
    for (const std::string& name : names) {
        const auto found = all.find(name);
        if (found == all.end())
            return Failure(settings->configFile + ": no tunnel \"" + name + "\"; there are " +
                           listed(all));
        chosen.insert(*found);
    }
    all = std::move(chosen);
    return settings;
}

} // namespace

void addUp(CLI::App& app, const Globals& globals, Chosen& chosen)
{
    CLI::App* command = app.add_subcommand(
        "up", "Publish the tunnels of the configuration file; it is read again when it changes");
    const auto names = std::make_shared<std::vector<std::string>>();
    command->add_option("names", *names, "Only these")->type_name("NAME");
    const auto noHistory = std::make_shared<bool>(false);
    command->add_flag("--no-history", *noHistory, "Keep recorded traffic for this run alone");
    const auto wait = std::make_shared<bool>(false);
    command->add_flag("--wait", *wait,
                      "Wait for tunnels, and while another process runs them, rather than to end: "
                      "for services");
    command->callback([&chosen, &globals, names, noHistory, wait] {
        chosen = [&globals, names, noHistory, wait] {
            RunPlan plan;
            plan.wait = *wait;
            plan.globals = globals;
            control::AgentControlOptions options;
            options.config = globals.config;
            options.flags = globals.flags();
            options.only = *names;
            options.recordIfConfigured = true;
            options.capture.on = false; // until somebody looks on, or the configuration says so
            options.capture.keepHistory = !*noHistory;
            plan.purpose = options.purpose();
            plan.control = std::move(options);
            plan.load = [&globals, names, wait] { return loadNamed(globals, *names, *wait); };
            return runAgent(plan);
        };
    });
}

} // namespace sallyport::cli
