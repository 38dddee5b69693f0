// Runs the agent as a service of this computer, so that tunnels stay when the window is closed.
// systemd alone as yet; elsewhere each command says so.
//
// User: a unit of the user's own systemd. Needs no password; reads agent.yaml and the keychain as
// `sallyport up` of that user does, and runs from the login on.
//
// Person: a unit of the system that runs as one person with their own agent.yaml, before anybody
// logs in. The keychain is closed then, so the service is handed the tokens: root keeps them in a
// file of its own, from which systemd hands them on (LoadCredential). See also person.h.
//
// System: for servers. A user that exists only while it runs, a copy of the configuration, and one
// token.
//
// The last two ask for the administrator's password in the system's own dialog (pkexec), which runs
// `sallyport service ... --system` as root: the same class, with Places::root. Secrets go to it by
// standard input; none is in a unit or in a command line.
//
// Threads: that of the object, with an event loop. Commands answer by `done`, once; never after the
// object was destroyed. A dialog that nobody answers is given up after five minutes.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/base/secret.h>
#include <sallyport/desktop/command_runner.h>
#include <sallyport/desktop/person.h>
#include <sallyport/desktop/service_problem.h>

#include <QObject>

#include <functional>
#include <memory>
#include <string>

namespace sallyport::desktop {

class ServiceInstaller : public QObject
{
    Q_OBJECT

public:
    enum class Scope : uint8_t { User, System, Person };

    struct Places
    {
        std::string program;   // the absolute path of `sallyport`
        std::string userUnits; // ~/.config/systemd/user
        std::string systemUnits = "/etc/systemd/system";
        std::string systemConfig = "/etc/sallyport";
        std::string systemd = "/run/systemd/system"; // is there where systemd runs
        bool root = false;
        Person person = thisPerson(); // of a service of that scope
        // A terminal may be asked for the password where there is no dialog.
        bool terminal = false;
        // A program that others can change is not run as root: see isUnsafe().
        bool anyProgram = false;
    };
    static Places systemPlaces();

    struct Status
    {
        bool installed = false;
        bool running = false;
        std::string unit;   // its file
        std::string handed; // a person's: the marks of the tokens that it was handed
    };
    using Done = std::function<void(Result<void, ServiceProblem>)>;
    using StatusDone = std::function<void(Result<Status, ServiceProblem>)>;

    explicit ServiceInstaller(Places places = systemPlaces(),
                              std::unique_ptr<CommandRunner> runner = makeCommandRunner(),
                              QObject* parent = nullptr);

    struct Installation
    {
        std::string configFile; // agent.yaml; of a system's service it is copied
        Secret token;           // system's: needed unless one is there
        // A person's: lines "HOST:PORT TOKEN", and what tells them apart.
        Secret tokens = {};
        std::string marks = {};
        bool keepTokens = false; // those that are there stay
    };
    // One that is there is replaced, and started anew.
    void install(Scope scope, Installation installation, Done done);
    void uninstall(Scope scope, Done done);
    void status(Scope scope, StatusDone done);
    // Of any scope; asks nobody but the file system.
    static bool isInstalled(const Places& places = systemPlaces());

    // Whether somebody but root could change this program, or a folder above it. Links are
    // followed.
    static bool isUnsafe(const std::string& program);

    static constexpr const char* UnitName = "sallyport.service";

private:
    Result<void, ServiceProblem> prepareSystem(const Installation& installation) const;
    Result<void, ServiceProblem> preparePerson(const Installation& installation) const;
    Result<void, ServiceProblem> check(Scope scope, const Installation& installation) const;
    std::string unitText(Scope scope, const Installation& installation) const;
    static std::string unitName(const Places& places, Scope scope);
    static std::string unitFile(const Places& places, Scope scope);
    Result<void, ServiceProblem> missingSystemd() const;
    Result<void, ServiceProblem> removeFiles(Scope scope) const;
    void throughPkexec(Scope scope, std::vector<std::string> arguments, std::string input,
                       Done done);
    void systemctl(Scope scope, std::vector<std::string> arguments, CommandRunner::Done done);
    void startUnit(Scope scope, Done done);

    Places m_places;
    std::unique_ptr<CommandRunner> m_runner;
};

} // namespace sallyport::desktop
