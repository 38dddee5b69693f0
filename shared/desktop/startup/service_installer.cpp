#include "startup/service_unit.h"

#include <sallyport/config/agent_config.h>
#include <sallyport/config/files.h>
#include <sallyport/desktop/service_installer.h>

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

#include <utility>

namespace sallyport::desktop {

namespace {

using Done = ServiceInstaller::Done;

// The person reads a password dialog and may have to look the password up.
constexpr std::chrono::minutes passwordPatience{5};
constexpr int pkexecDismissed = 126;
constexpr int pkexecNotAuthorised = 127;

bool exists(const std::string& path)
{
    return QFileInfo::exists(QString::fromStdString(path));
}

Result<void, std::string> writeFile(const std::string& path, std::string_view text, unsigned mode)
{
    const std::string folder = path.substr(0, path.rfind('/'));
    if (const auto made = config::makeFolder(folder, 0755); !made)
        return Failure("The folder " + folder + " " + config::toText(made.error()) + ".");
    if (const auto written = config::writeFileAtomically(path, text, mode); !written)
        return Failure(path + " " + config::toText(written.error()) + ".");
    return {};
}

Result<void, std::string> removeFile(const std::string& path)
{
    if (exists(path) && !QFile::remove(QString::fromStdString(path)))
        return Failure(path + " could not be removed: check the permissions of its folder.");
    return {};
}

Result<void, std::string> outcome(const CommandRunner::End& end, const std::string& what)
{
    if (end.started && end.exitCode == 0)
        return {};
    if (!end.started)
        return Failure(what + " failed: the program was not found.");
    const std::string said = end.output.substr(0, end.output.find('\n'));
    return Failure(what + " failed" + (said.empty() ? "." : ": " + said));
}

} // namespace

ServiceInstaller::Places ServiceInstaller::systemPlaces()
{
    Places places;
    const QString beside = QCoreApplication::applicationDirPath() + "/sallyport";
    places.program =
        (QFileInfo(beside).isExecutable() ? beside : QStandardPaths::findExecutable("sallyport"))
            .toStdString();
    places.userUnits =
        (QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) + "/systemd/user")
            .toStdString();
#ifdef Q_OS_UNIX
    places.root = ::geteuid() == 0;
#endif
    return places;
}

ServiceInstaller::ServiceInstaller(Places places, std::unique_ptr<CommandRunner> runner,
                                   QObject* parent)
    : QObject(parent), m_places(std::move(places)), m_runner(std::move(runner))
{}

std::string ServiceInstaller::lingerHint(const std::string& user)
{
    return "loginctl enable-linger " + user;
}

std::string ServiceInstaller::unitFile(Scope scope) const
{
    return (scope == Scope::User ? m_places.userUnits : m_places.systemUnits) + "/" + UnitName;
}

// Empty when it is there.
std::string ServiceInstaller::missingSystemd() const
{
    if (exists(m_places.systemd))
        return {};
#ifdef Q_OS_LINUX
    return "This computer does not run systemd: start `sallyport up` by its own service manager.";
#else
    return "Running as a service is not available on this system yet: start at login instead.";
#endif
}

void ServiceInstaller::install(Scope scope, Installation installation, Done done)
{
    if (const std::string missing = missingSystemd(); !missing.empty())
        return done(Failure(missing));
    if (m_places.program.empty())
        return done(Failure(std::string("The program `sallyport` was not found beside this one nor "
                                        "in PATH: install it first.")));
    if (!exists(installation.configFile))
        return done(Failure(installation.configFile +
                            " does not exist: publish a service first, and it is written."));
    if (scope == Scope::System && !m_places.root)
        return throughPkexec({"service", "install", "--system", "--token-stdin", "--config",
                              installation.configFile},
                             std::string(installation.token.reveal()) + "\n", std::move(done));
    if (scope == Scope::System)
        if (auto prepared = prepareSystem(installation); !prepared)
            return done(std::move(prepared));

    const std::string unit = scope == Scope::User
                                 ? userServiceUnit(m_places.program, installation.configFile)
                                 : systemServiceUnit(m_places.program, m_places.systemConfig);
    if (auto written = writeFile(unitFile(scope), unit, 0644); !written)
        return done(std::move(written));
    startUnit(scope, std::move(done));
}

Result<void, std::string> ServiceInstaller::prepareSystem(const Installation& installation) const
{
    const std::string folder = m_places.systemConfig;
    const auto config = config::readFile(installation.configFile);
    if (!config)
        return Failure(installation.configFile + " " + config::toText(config.error()) + ".");
    // The copy is read by the service's user, which has no name to give a file to.
    const auto tree = config::document::parse(config->text, "agent.yaml");
    if (!tree)
        return Failure(tree.error().list().front().text());
    if (tree->find("token"))
        return Failure(installation.configFile +
                       " holds a token: remove that line and give the token itself.");
    if (!tree->find("relay"))
        return Failure(installation.configFile +
                       " names no relay: add a line like `relay: tunnel.example.com`.");
    if (installation.token.empty() && !exists(folder + "/token"))
        return Failure(std::string("The service needs a token: log in to a relay first."));
    if (auto copied = writeFile(folder + "/agent.yaml", config->text, 0644); !copied)
        return copied;
    if (installation.token.empty())
        return {};
    return writeFile(folder + "/token", installation.token.reveal(), 0600);
}

void ServiceInstaller::startUnit(Scope scope, Done done)
{
    systemctl(scope, {"daemon-reload"}, [this, scope, done](const CommandRunner::End& reloaded) {
        if (auto result = outcome(reloaded, "systemctl daemon-reload"); !result)
            return done(std::move(result));
        systemctl(scope, {"enable", "--now", UnitName}, [done](const CommandRunner::End& started) {
            done(outcome(started, "Starting the service"));
        });
    });
}

void ServiceInstaller::uninstall(Scope scope, Done done)
{
    if (const std::string missing = missingSystemd(); !missing.empty())
        return done(Failure(missing));
    if (!exists(unitFile(scope)))
        return done({});
    if (scope == Scope::System && !m_places.root)
        return throughPkexec({"service", "uninstall", "--system"}, {}, std::move(done));
    systemctl(scope, {"disable", "--now", UnitName},
              [this, scope, done](const CommandRunner::End& stopped) {
                  if (auto result = outcome(stopped, "Stopping the service"); !result)
                      return done(std::move(result));
                  if (auto removed = removeFile(unitFile(scope)); !removed)
                      return done(std::move(removed));
                  if (scope == Scope::System)
                      if (auto removed = removeFile(m_places.systemConfig + "/token"); !removed)
                          return done(std::move(removed));
                  systemctl(scope, {"daemon-reload"}, [done](const CommandRunner::End& reloaded) {
                      done(outcome(reloaded, "systemctl daemon-reload"));
                  });
              });
}

bool ServiceInstaller::isInstalled(const Places& places)
{
    return exists(places.userUnits + "/" + UnitName) || exists(places.systemUnits + "/" + UnitName);
}

void ServiceInstaller::status(Scope scope, StatusDone done)
{
    if (const std::string missing = missingSystemd(); !missing.empty())
        return done(Failure(missing));
    Status status;
    status.unit = unitFile(scope);
    status.installed = exists(status.unit);
    if (!status.installed)
        return done(status);
    systemctl(scope, {"is-active", UnitName}, [status, done](const CommandRunner::End& end) {
        Status known = status;
        known.running = end.started && end.exitCode == 0;
        done(known);
    });
}

void ServiceInstaller::systemctl(Scope scope, std::vector<std::string> arguments,
                                 CommandRunner::Done done)
{
    if (scope == Scope::User)
        arguments.insert(arguments.begin(), "--user");
    m_runner->run({"systemctl", std::move(arguments), {}}, std::move(done));
}

void ServiceInstaller::throughPkexec(std::vector<std::string> arguments, std::string input,
                                     Done done)
{
    arguments.insert(arguments.begin(), m_places.program);
    m_runner->run({"pkexec", std::move(arguments), std::move(input), passwordPatience},
                  [done](const CommandRunner::End& end) {
                      if (!end.started)
                          return done(Failure(std::string(
                              "The system's password dialog (pkexec) is not installed: run "
                              "`sudo sallyport service install --system` in a terminal.")));
                      if (end.exitCode == pkexecDismissed || end.exitCode == pkexecNotAuthorised)
                          return done(Failure(std::string(
                              "Nothing was changed: the administrator's password was not given.")));
                      done(outcome(end, "Installing the service"));
                  });
}

} // namespace sallyport::desktop
