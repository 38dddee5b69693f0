// Runs the agent as a service of the system: `sallyport service install|uninstall|status`. With
// --system it is also what the desktop app runs as root, through pkexec: see desktop/person.h.
#include "commands.h"
#include "exit_code.h"
#include "say.h"

#include <sallyport/config/read_secret.h>
#include <sallyport/control/handed_tokens.h>
#include <sallyport/control/token_collector.h>
#include <sallyport/desktop/service_installer.h>

#include <QCoreApplication>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

namespace sallyport::cli {

namespace {

using desktop::ServiceInstaller;
using desktop::ServiceProblem;
using Installation = ServiceInstaller::Installation;
using Places = ServiceInstaller::Places;
using Scope = ServiceInstaller::Scope;

struct ServiceFlags
{
    bool system = false;
    bool tokenOnInput = false;
    bool json = false;
    std::string user;

    Scope scope() const
    {
        return !user.empty() ? Scope::Person : system ? Scope::System : Scope::User;
    }
};

Places knownPlaces()
{
    Places known = ServiceInstaller::systemPlaces();
    known.program = QCoreApplication::applicationFilePath().toStdString();
    known.terminal = true;
    return known;
}

// As root for whom it may be, else for who runs this.
Result<Places, ServiceProblem> placesFor(const ServiceFlags& flags)
{
    Places places = knownPlaces();
    if (flags.scope() != Scope::Person)
        return places;
    if (!flags.system)
        return Failure(std::string("--user goes with --system"));
    if (places.root) {
        auto person = desktop::personToServe(flags.user, desktop::Caller::ofThisProcess());
        if (!person)
            return Failure(person.error());
        places.person = std::move(*person);
    } else if (places.person.name != flags.user) {
        return Failure(ServiceProblem(ServiceProblem::Code::Refused,
                                      "you are " + places.person.name + ", not " + flags.user));
    }
    return places;
}

// An answer that came at once is as good as a later one.
template <typename Start>
int waitFor(Start start)
{
    int code = Failed;
    bool answered = false;
    start([&](int result) {
        code = result;
        answered = true;
        QCoreApplication::quit();
    });
    if (!answered)
        QCoreApplication::exec();
    return code;
}

void sayHowItStarts(Scope scope)
{
    say("the service is installed and runs");
    if (scope == Scope::User)
        say("it starts when you log in; to start it with the computer: sallyport service install "
            "--system --user \"$USER\"");
}

int install(const Places& places, Scope scope, const Installation& installation)
{
    ServiceInstaller installer(places);
    return waitFor([&](const auto& end) {
        installer.install(scope, installation, [&](const Result<void, ServiceProblem>& done) {
            if (!done)
                return end(complain(Failed, done.error().text));
            sayHowItStarts(scope);
            end(Fine);
        });
    });
}

// Root's side of a person's service: the tokens come from whom it serves.
int installAsRoot(const Places& places, const ServiceFlags& flags, const Globals& globals)
{
    Installation installation;
    installation.configFile = !globals.config.empty()
                                  ? globals.config
                                  : places.person.home + "/.config/sallyport/agent.yaml";
    installation.keepTokens = !flags.tokenOnInput;
    if (flags.tokenOnInput) {
        const auto text = config::readSecretText(control::HandedTokens::MaxText);
        if (!text)
            return complain(Usage, "the tokens are longer than 512 KiB");
        const auto tokens = control::HandedTokens::parse(*text);
        if (!tokens)
            return complain(Usage, tokens.error());
        installation.tokens = tokens->text();
        installation.marks = tokens->marks();
    }
    if (!flags.tokenOnInput)
        say("no tokens come with --token-stdin: those that were handed over before stay");
    return install(places, Scope::Person, installation);
}

// The person's side: their tokens are where `sallyport login` put them.
int installForPerson(const Places& places, const Globals& globals)
{
    std::error_code error;
    const std::string file = std::filesystem::absolute(configFile(globals), error).string();
    Installation installation{file, {}};
    control::TokenCollector collector;
    const int collected = waitFor([&](const auto& end) {
        using Got = Result<control::HandedTokens, agent::Problem>;
        collector.collect(file, [&](const Got& tokens) {
            if (!tokens)
                return end(complain(Failed, tokens.error().text));
            installation.tokens = tokens->text();
            end(Fine);
        });
    });
    return collected == Fine ? install(places, Scope::Person, installation) : collected;
}

int runInstall(const ServiceFlags& flags, const Globals& globals)
{
    const auto places = placesFor(flags);
    if (!places)
        return complain(Usage, places.error().text);
    if (flags.scope() == Scope::Person)
        return places->root ? installAsRoot(*places, flags, globals)
                            : installForPerson(*places, globals);
    Installation installation{configFile(globals), {}};
    if (flags.tokenOnInput) {
        auto token = config::readSecret("Token of the service: ");
        if (!token)
            return complain(Usage, "no token was given");
        installation.token = std::move(*token);
    }
    return install(*places, flags.scope(), installation);
}

int runUninstall(const ServiceFlags& flags)
{
    const auto places = placesFor(flags);
    if (!places)
        return complain(Usage, places.error().text);
    ServiceInstaller installer(*places);
    return waitFor([&](const auto& end) {
        installer.uninstall(flags.scope(), [&](const Result<void, ServiceProblem>& done) {
            if (!done)
                return end(complain(Failed, done.error().text));
            say("the service is removed");
            end(Fine);
        });
    });
}

int showStatus(const ServiceFlags& flags)
{
    const auto places = placesFor(flags);
    if (!places)
        return complain(Usage, places.error().text);
    ServiceInstaller installer(*places);
    return waitFor([&](const auto& end) {
        installer.status(
            flags.scope(), [&](const Result<ServiceInstaller::Status, ServiceProblem>& status) {
                if (!status)
                    return end(complain(Failed, status.error().text));
                const char* state = !status->installed ? "not installed"
                                    : status->running  ? "running"
                                                       : "stopped";
                if (flags.json)
                    std::cout << "{\"installed\": " << (status->installed ? "true" : "false")
                              << ", \"running\": " << (status->running ? "true" : "false") << "}\n";
                else
                    std::cout << state << "\n";
                end(Fine);
            });
    });
}

} // namespace

void addService(CLI::App& app, const Globals& globals, Chosen& chosen)
{
    CLI::App* service = app.add_subcommand("service", "Run the agent as a service of this system");
    service->require_subcommand(1);
    const auto flags = std::make_shared<ServiceFlags>();
    const auto command = [&](const char* name, const char* help) {
        CLI::App* one = service->add_subcommand(name, help);
        one->add_flag("--system", flags->system,
                      "From the computer's start on, before anybody logs in (administrators)");
        one->add_option("--user", flags->user,
                        "With --system: as this user, with their configuration")
            ->type_name("NAME");
        return one;
    };
    CLI::App* installing = command("install", "Install and start it");
    installing->add_flag(
        "--token-stdin", flags->tokenOnInput,
        "Read the token of a --system service from standard input; with --user, as "
        "root, a line `HOST:PORT TOKEN` for each account");
    installing->callback([&chosen, &globals, flags] {
        chosen = [&globals, flags] { return runInstall(*flags, globals); };
    });
    command("uninstall", "Stop and remove it")->callback([&chosen, flags] {
        chosen = [flags] { return runUninstall(*flags); };
    });
    CLI::App* status = command("status", "Whether it runs");
    status->add_flag("--json", flags->json, "As JSON");
    status->callback([&chosen, flags] { chosen = [flags] { return showStatus(*flags); }; });
}

} // namespace sallyport::cli
