// import: what another tunnel program publishes, taken over into agent.yaml.
#include "commands.h"
#include "exit_code.h"
#include "say.h"

#include <sallyport/config/files.h>
#include <sallyport/control/agent_file.h>
#include <sallyport/desktop/import.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace sallyport::cli {

namespace {

struct ImportFlags
{
    std::string file;
    bool dryRun = false;
    bool unprotected = false; // add them, too
    bool json = false;
};

// What will be done, and where.
struct Plan
{
    std::string source; // the file's name
    std::string target; // agent.yaml
    desktop::ImportResult read;
    config::Tunnels added; // under names that are free there
    config::Tunnels skipped;
    std::map<std::string, std::string> lost; // of both, by name: what can't be taken over
};

QString text(std::string_view value)
{
    return QString::fromUtf8(value.data(), qsizetype(value.size()));
}

std::string addressOf(const config::TunnelConfig& tunnel)
{
    if (tunnel.hostname)
        return *tunnel.hostname;
    if (tunnel.name)
        return "the name " + *tunnel.name;
    if (tunnel.remotePort)
        return "port " + std::to_string(*tunnel.remotePort);
    return "an address that the relay chooses";
}

std::string lineOf(const Plan& plan, const std::string& ref, const config::TunnelConfig& tunnel,
                   size_t width)
{
    std::string name = ref;
    name.resize(width, ' ');
    std::string line = name + "  " + tunnel.text() + " as " + addressOf(tunnel);
    if (!tunnel.access.users.empty())
        line += ", with its password";
    if (const auto lost = plan.lost.find(ref); lost != plan.lost.end())
        line += "; " + lost->second + " can't be taken over: everybody could visit it";
    return line + "\n";
}

std::string planAsText(const Plan& plan)
{
    std::string text;
    size_t width = 0;
    for (const auto* tunnels : {&plan.skipped, &plan.added})
        for (const auto& [ref, tunnel] : *tunnels)
            width = std::max(width, ref.size());
    for (const auto& [ref, tunnel] : plan.skipped)
        text += "skip  " + lineOf(plan, ref, tunnel, width);
    for (const auto& [ref, tunnel] : plan.added)
        text += "add   " + lineOf(plan, ref, tunnel, width);
    for (const desktop::ImportNote& note : plan.read.notes)
        text += "note  " + (note.place.empty() ? "" : note.place + ": ") + note.sentence + "\n";
    if (plan.read.notesLeftOut > 0)
        text += "note  and " + std::to_string(plan.read.notesLeftOut) + " more\n";
    return text;
}

std::string planAsJson(const Plan& plan, bool dryRun)
{
    const auto listed = [&plan](const config::Tunnels& tunnels) {
        QJsonArray list;
        for (const auto& [ref, tunnel] : tunnels) {
            const auto lost = plan.lost.find(ref);
            list.append(QJsonObject{{"name", text(ref)},
                                    {"tunnel", text(tunnel.text())},
                                    {"address", text(addressOf(tunnel))},
                                    {"password", !tunnel.access.users.empty()},
                                    {"unprotected", lost != plan.lost.end()}});
        }
        return list;
    };
    QJsonArray notes;
    for (const desktop::ImportNote& note : plan.read.notes)
        notes.append(QJsonObject{{"place", text(note.place)}, {"text", text(note.sentence)}});
    const QJsonObject object{{"format", text(desktop::toText(plan.read.format))},
                             {"config", text(plan.target)},
                             {"written", !dryRun && !plan.added.empty()},
                             {"added", listed(plan.added)},
                             {"skipped", listed(plan.skipped)},
                             {"notes", notes},
                             {"notes_left_out", qint64(plan.read.notesLeftOut)}};
    return QJsonDocument(object).toJson().toStdString();
}

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

// On failure: the exit code; it has been said why.
Result<Plan, int> makePlan(const ImportFlags& flags, const Globals& globals)
{
    const auto content = config::readFile(flags.file, desktop::ImportLimits::Text + 1);
    if (!content)
        return Failure(complain(Usage, flags.file + " " + config::toText(content.error())));
    auto read = desktop::importConfig(content->text, flags.file);
    if (!read)
        return Failure(complain(Usage, read.error()));
    Plan plan{flags.file, configFile(globals), std::move(*read), {}, {}, {}};
    const auto there = config::readFile(plan.target);
    config::Tunnels taken;
    if (there || there.error() != config::FileError::Missing) {
        // What is there must be in order before something is added to it.
        const auto settings = loadSettings(globals);
        if (!settings)
            return Failure(complain(Usage, settings.error()));
        taken = settings->config.tunnels;
    }
    const desktop::ImportProtection unguarded;
    for (const auto& [ref, tunnel] : plan.read.tunnels) {
        const std::string free =
            desktop::freeRef(ref, [&](const std::string& name) { return taken.contains(name); });
        taken.emplace(free, tunnel);
        const auto found = plan.read.protection.find(ref);
        const auto& protection = found == plan.read.protection.end() ? unguarded : found->second;
        config::TunnelConfig guarded = tunnel;
        if (!desktop::addLogins(guarded, protection.logins))
            return Failure(complain(Failed, "there is no memory to hash the passwords"));
        if (!protection.lost.empty())
            plan.lost.emplace(free, joined(protection.lost));
        const bool add = protection.lost.empty() || flags.unprotected;
        (add ? plan.added : plan.skipped).emplace(free, std::move(guarded));
    }
    return plan;
}

// What was left out, and the way out.
void saySkipped(const Plan& plan)
{
    if (plan.skipped.empty())
        return;
    const bool one = plan.skipped.size() == 1;
    say((one ? "1 tunnel is" : std::to_string(plan.skipped.size()) + " tunnels are") +
        " not added: what guarded " + (one ? "it" : "them") +
        " can't be taken over, and everybody could visit. With --unprotected " +
        (one ? "it is" : "they are") + " added; set who may visit in agent.yaml then");
}

int importFile(const ImportFlags& flags, const Globals& globals)
{
    const auto plan = makePlan(flags, globals);
    if (!plan)
        return plan.error();
    if (!flags.dryRun && !plan->added.empty()) {
        const auto written = control::AgentFile(plan->target).putAll(plan->added);
        if (!written)
            return complain(Failed, written.error());
    }
    const std::string shown = flags.json ? planAsJson(*plan, flags.dryRun) : planAsText(*plan);
    std::fwrite(shown.data(), 1, shown.size(), stdout);
    const std::string count = std::to_string(plan->added.size()) + " tunnels of " + plan->source +
                              " (" + std::string(desktop::toText(plan->read.format)) + ")";
    saySkipped(*plan);
    if (plan->added.empty())
        return complain(Failed, "nothing in " + plan->source + " could be taken over");
    say(flags.dryRun ? count + " would be added to " + plan->target + "; nothing was changed"
                     : count + " were added to " + plan->target);
    if (!plan->read.relayHint.empty())
        say("the other system's server was " + plan->read.relayHint +
            "; its credentials are not taken over: use `sallyport login` for your relay");
    return Fine;
}

} // namespace

void addImport(CLI::App& app, const Globals& globals, Chosen& chosen)
{
    CLI::App* command = app.add_subcommand(
        "import", "Take over the tunnels of another program's configuration into agent.yaml");
    const auto flags = std::make_shared<ImportFlags>();
    command
        ->add_option("file", flags->file,
                     "Of ngrok, frpc, cloudflared, rathole, ax-router, go-tunnel, nexus or atlax")
        ->required()
        ->type_name("FILE");
    command->add_flag("--dry-run", flags->dryRun, "Show what would be added, and change nothing");
    command->add_flag("--unprotected", flags->unprotected,
                      "Add also what would be open to everybody, since what guarded it there "
                      "(single sign-on, policies) can't be taken over");
    command->add_flag("--json", flags->json, "As JSON");
    command->callback([&chosen, &globals, flags] {
        chosen = [&globals, flags] { return importFile(*flags, globals); };
    });
}

} // namespace sallyport::cli
