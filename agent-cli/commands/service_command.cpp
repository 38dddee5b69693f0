// Runs the agent as a service of the system: `sallyport service install|uninstall|status`.
#include "commands.h"
#include "exit_code.h"
#include "say.h"

#include <sallyport/config/read_secret.h>
#include <sallyport/desktop/service_installer.h>

#include <QCoreApplication>
#include <QMetaObject>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

namespace sallyport::cli {

namespace {

using desktop::ServiceInstaller;
using Scope = ServiceInstaller::Scope;

struct ServiceFlags
{
    bool system = false;
    bool tokenOnInput = false;
    bool json = false;

    Scope scope() const { return system ? Scope::System : Scope::User; }
};

ServiceInstaller::Places places()
{
    ServiceInstaller::Places known = ServiceInstaller::systemPlaces();
    known.program = QCoreApplication::applicationFilePath().toStdString();
    return known;
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

int install(const ServiceFlags& flags, const Globals& globals)
{
    ServiceInstaller::Installation installation{configFile(globals), {}};
    if (flags.tokenOnInput) {
        auto token = config::readSecret("Token of the service: ");
        if (!token)
            return complain(Usage, "no token was given");
        installation.token = std::move(*token);
    }
    ServiceInstaller installer(places());
    return waitFor([&](const auto& end) {
        installer.install(flags.scope(), installation, [&](const Result<void, std::string>& done) {
            if (!done)
                return end(complain(Failed, done.error()));
            say("the service is installed and runs");
            if (!flags.system)
                say("it starts when you log in; to start it with the computer: " +
                    ServiceInstaller::lingerHint(qgetenv("USER").toStdString()));
            end(Fine);
        });
    });
}

int uninstall(const ServiceFlags& flags)
{
    ServiceInstaller installer(places());
    return waitFor([&](const auto& end) {
        installer.uninstall(flags.scope(), [&](const Result<void, std::string>& done) {
            if (!done)
                return end(complain(Failed, done.error()));
            say("the service is removed");
            end(Fine);
        });
    });
}

int showStatus(const ServiceFlags& flags)
{
    ServiceInstaller installer(places());
    return waitFor([&](const auto& end) {
        installer.status(
            flags.scope(), [&](const Result<ServiceInstaller::Status, std::string>& status) {
                if (!status)
                    return end(complain(Failed, status.error()));
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
                      "For the whole computer, before anybody logs in (administrators)");
        return one;
    };
    CLI::App* installing = command("install", "Install and start it");
    installing->add_flag("--token-stdin", flags->tokenOnInput,
                         "Read the token of a --system service from standard input");
    installing->callback([&chosen, &globals, flags] {
        chosen = [&globals, flags] { return install(*flags, globals); };
    });
    command("uninstall", "Stop and remove it")->callback([&chosen, flags] {
        chosen = [flags] { return uninstall(*flags); };
    });
    CLI::App* status = command("status", "Whether it runs");
    status->add_flag("--json", flags->json, "As JSON");
    status->callback([&chosen, flags] { chosen = [flags] { return showStatus(*flags); }; });
}

} // namespace sallyport::cli
