#include "startup/password_dialog.h"
#include "startup/person_files.h"
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

using Code = ServiceProblem::Code;
using Problem = ServiceProblem;

bool exists(const std::string& path)
{
    return QFileInfo::exists(QString::fromStdString(path));
}

Result<void, Problem> writeFile(const std::string& path, std::string_view text, unsigned mode)
{
    const std::string folder = path.substr(0, path.rfind('/'));
    if (const auto made = config::makeFolder(folder, 0755); !made)
        return Failure("The folder " + folder + " " + config::toText(made.error()) + ".");
    if (const auto written = config::writeFileAtomically(path, text, mode); !written)
        return Failure(path + " " + config::toText(written.error()) + ".");
    return {};
}

Result<void, Problem> removeFile(const std::string& path)
{
    if (exists(path) && !QFile::remove(QString::fromStdString(path)))
        return Failure(path + " could not be removed: check the permissions of its folder.");
    return {};
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

// A person's is an instance's, so that no name of a person is that of another unit.
std::string ServiceInstaller::unitName(const Places& places, Scope scope)
{
    return scope == Scope::Person ? "sallyport@" + places.person.name + ".service" : UnitName;
}

std::string ServiceInstaller::unitFile(const Places& places, Scope scope)
{
    return (scope == Scope::User ? places.userUnits : places.systemUnits) + "/" +
           unitName(places, scope);
}

bool ServiceInstaller::isInstalled(const Places& places)
{
    return exists(unitFile(places, Scope::User)) || exists(unitFile(places, Scope::System)) ||
           exists(unitFile(places, Scope::Person));
}

Result<void, Problem> ServiceInstaller::missingSystemd() const
{
    if (exists(m_places.systemd))
        return {};
#ifdef Q_OS_LINUX
    return Failure(Problem(Code::NoSystemd, "This computer does not run systemd: start `sallyport "
                                            "up` by its own service manager."));
#else
    return Failure(Problem(Code::NoSystemd, "Running as a service is not available on this system "
                                            "yet: start at login instead."));
#endif
}

Result<void, Problem> ServiceInstaller::check(Scope scope, const Installation& installation) const
{
    if (auto there = missingSystemd(); !there)
        return there;
    if (m_places.program.empty())
        return Failure(Problem(Code::ProgramMissing,
                               "The program `sallyport` was not found beside this one nor in PATH: "
                               "install it first."));
    if (scope == Scope::Person && m_places.root)
        return checkConfigFile(m_places.person, installation.configFile);
    if (!exists(installation.configFile))
        return Failure(
            Problem(Code::ConfigMissing, installation.configFile +
                                             " does not exist: publish a service first, and it is "
                                             "written."));
    if (scope == Scope::Person && !m_places.anyProgram && isUnsafe(m_places.program))
        return Failure(Problem(Code::ProgramUnsafe,
                               m_places.program + " can be changed by others than the "
                                                  "administrator, so it is not run with their "
                                                  "rights: install Sallyport for the whole "
                                                  "computer first."));
    return {};
}

void ServiceInstaller::install(Scope scope, Installation installation, Done done)
{
    if (auto fine = check(scope, installation); !fine)
        return done(std::move(fine));
    if (scope == Scope::System && !m_places.root)
        return throughPkexec(scope,
                             {"install", "--token-stdin", "--config", installation.configFile},
                             installation.token.reveal() + "\n", std::move(done));
    if (scope == Scope::Person && !m_places.root)
        return throughPkexec(scope,
                             {"install", "--token-stdin", "--config", installation.configFile},
                             installation.tokens.reveal(), std::move(done));
    Result<void, Problem> prepared;
    if (scope == Scope::System)
        prepared = prepareSystem(installation);
    else if (scope == Scope::Person)
        prepared = preparePerson(installation);
    if (prepared)
        prepared = writeFile(unitFile(m_places, scope), unitText(scope, installation), 0644);
    if (!prepared)
        return done(std::move(prepared));
    startUnit(scope, std::move(done));
}

std::string ServiceInstaller::unitText(Scope scope, const Installation& installation) const
{
    if (scope == Scope::User)
        return userServiceUnit(m_places.program, installation.configFile);
    if (scope == Scope::System)
        return systemServiceUnit(m_places.program, m_places.systemConfig);
    const PersonFiles files(m_places.systemConfig, m_places.person.name);
    return personServiceUnit(m_places.person, m_places.program, installation.configFile,
                             files.tokens());
}

Result<void, Problem> ServiceInstaller::preparePerson(const Installation& installation) const
{
    const PersonFiles files(m_places.systemConfig, m_places.person.name);
    if (installation.keepTokens && exists(files.tokens()))
        return {};
    return files.write(m_places.person, installation.tokens, installation.marks);
}

Result<void, Problem> ServiceInstaller::prepareSystem(const Installation& installation) const
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

// A person's that runs is started anew: what it was handed it reads at its start.
void ServiceInstaller::startUnit(Scope scope, Done done)
{
    const std::string unit = unitName(m_places, scope);
    const auto started = [done](const CommandRunner::End& end) {
        done(outcome(end, "Starting the service"));
    };
    systemctl(scope, {"daemon-reload"},
              [this, scope, unit, done, started](const CommandRunner::End& reloaded) {
                  if (auto result = outcome(reloaded, "systemctl daemon-reload"); !result)
                      return done(std::move(result));
                  if (scope != Scope::Person)
                      return systemctl(scope, {"enable", "--now", unit}, started);
                  systemctl(scope, {"enable", unit},
                            [this, scope, unit, done, started](const CommandRunner::End& enabled) {
                                if (auto result = outcome(enabled, "Enabling the service"); !result)
                                    return done(std::move(result));
                                systemctl(scope, {"restart", unit}, started);
                            });
              });
}

void ServiceInstaller::uninstall(Scope scope, Done done)
{
    if (auto there = missingSystemd(); !there)
        return done(std::move(there));
    if (!exists(unitFile(m_places, scope)))
        return done(m_places.root ? removeFiles(scope) : Result<void, Problem>());
    if (scope != Scope::User && !m_places.root)
        return throughPkexec(scope, {"uninstall"}, {}, std::move(done));
    systemctl(scope, {"disable", "--now", unitName(m_places, scope)},
              [this, scope, done](const CommandRunner::End& stopped) {
                  if (auto result = outcome(stopped, "Stopping the service"); !result)
                      return done(std::move(result));
                  if (auto removed = removeFiles(scope); !removed)
                      return done(std::move(removed));
                  systemctl(scope, {"daemon-reload"}, [done](const CommandRunner::End& reloaded) {
                      done(outcome(reloaded, "systemctl daemon-reload"));
                  });
              });
}

Result<void, Problem> ServiceInstaller::removeFiles(Scope scope) const
{
    if (auto removed = removeFile(unitFile(m_places, scope)); !removed)
        return removed;
    if (scope == Scope::System)
        return removeFile(m_places.systemConfig + "/token");
    if (scope == Scope::Person)
        return PersonFiles(m_places.systemConfig, m_places.person.name).remove();
    return {};
}

void ServiceInstaller::status(Scope scope, StatusDone done)
{
    if (auto there = missingSystemd(); !there)
        return done(Failure(there.error()));
    Status status;
    status.unit = unitFile(m_places, scope);
    status.installed = exists(status.unit);
    if (!status.installed)
        return done(status);
    const PersonFiles files(m_places.systemConfig, m_places.person.name);
    if (const auto marks = config::readFile(files.marks()); marks && scope == Scope::Person)
        status.handed = marks->text;
    systemctl(scope, {"is-active", unitName(m_places, scope)},
              [status, done](const CommandRunner::End& end) {
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

void ServiceInstaller::throughPkexec(Scope scope, std::vector<std::string> arguments,
                                     std::string input, Done done)
{
    std::vector<std::string> whole = {"service", arguments.front(), "--system"};
    if (scope == Scope::Person)
        whole.insert(whole.end(), {"--user", m_places.person.name});
    whole.insert(whole.end(), arguments.begin() + 1, arguments.end());
    // What was looked at, not a link to it that may lead elsewhere by now.
    const std::string real =
        QFileInfo(QString::fromStdString(m_places.program)).canonicalFilePath().toStdString();
    m_runner->run(asAdministrator(real.empty() ? m_places.program : real, std::move(whole),
                                  std::move(input), m_places.terminal),
                  [done](const CommandRunner::End& end) { done(outcomeOfDialog(end)); });
}

} // namespace sallyport::desktop
