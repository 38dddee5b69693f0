// Runs the agent as a service of the system, so that tunnels are there before anybody logs in and
// stay when the window is closed. systemd alone as yet; elsewhere each command says so.
//
// A user's service needs no password; it reads agent.yaml and the credential of that user, and runs
// without a login once lingering is on. A system's service asks for the administrator's password in
// the system's own dialog (pkexec); the token goes to it by standard input and lies in a file that
// root alone reads, from which systemd hands it to the service (LoadCredential). No secret is in a
// unit or in a command line.
//
// Threads: that of the object, with an event loop. Commands answer by `done`, once; never after the
// object was destroyed.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/base/secret.h>
#include <sallyport/desktop/command_runner.h>

#include <QObject>

#include <functional>
#include <memory>
#include <string>

namespace sallyport::desktop {

class ServiceInstaller : public QObject
{
    Q_OBJECT

public:
    enum class Scope : uint8_t { User, System };

    struct Places
    {
        std::string program;   // the absolute path of `sallyport`
        std::string userUnits; // ~/.config/systemd/user
        std::string systemUnits = "/etc/systemd/system";
        std::string systemConfig = "/etc/sallyport";
        std::string systemd = "/run/systemd/system"; // is there where systemd runs
        bool root = false;
    };
    static Places systemPlaces();

    struct Status
    {
        bool installed = false;
        bool running = false;
        std::string unit; // its file
    };
    using Done = std::function<void(Result<void, std::string>)>;
    using StatusDone = std::function<void(Result<Status, std::string>)>;

    explicit ServiceInstaller(Places places = systemPlaces(),
                              std::unique_ptr<CommandRunner> runner = makeCommandRunner(),
                              QObject* parent = nullptr);

    struct Installation
    {
        std::string configFile; // agent.yaml; of a system's service it is copied
        Secret token;           // system's: needed unless one is there
    };
    void install(Scope scope, Installation installation, Done done);
    void uninstall(Scope scope, Done done);
    void status(Scope scope, StatusDone done);
    // Of either scope; asks nobody but the file system.
    static bool isInstalled(const Places& places = systemPlaces());

    // How a user's service comes up before its user logs in: a command for people.
    static std::string lingerHint(const std::string& user);

    static constexpr const char* UnitName = "sallyport.service";

private:
    Result<void, std::string> prepareSystem(const Installation& installation) const;
    std::string unitFile(Scope scope) const;
    std::string missingSystemd() const;
    void throughPkexec(std::vector<std::string> arguments, std::string input, Done done);
    void systemctl(Scope scope, std::vector<std::string> arguments, CommandRunner::Done done);
    void startUnit(Scope scope, Done done);

    Places m_places;
    std::unique_ptr<CommandRunner> m_runner;
};

} // namespace sallyport::desktop
