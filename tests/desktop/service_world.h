// A computer of its own for the tests of services: folders for its units and settings, and commands
// that answer at once.
#pragma once

#include <sallyport/config/files.h>
#include <sallyport/desktop/service_installer.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <unistd.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sallyport::desktop::test {

// Answers at once, as the test says.
class ScriptedRunner : public CommandRunner
{
public:
    void run(const Command& command, Done done) override
    {
        std::string line = command.program;
        for (const std::string& argument : command.arguments)
            line += " " + argument;
        lines.push_back(line);
        inputs.push_back(command.input);
        if (holdBack)
            waiting.push_back(std::move(done));
        else
            done(answer ? answer(line) : end);
    }
    void letGo()
    {
        for (const Done& done : std::exchange(waiting, {}))
            done(end);
    }
    std::vector<std::string> lines;
    std::vector<std::string> inputs;
    End end{true, 0, {}};
    std::function<End(const std::string& line)> answer; // in place of `end`
    bool holdBack = false;
    std::vector<Done> waiting;
};

struct World
{
    QTemporaryDir folder;
    ServiceInstaller::Places places;
    ScriptedRunner* runner = nullptr;

    World()
    {
        const std::string root = folder.path().toStdString();
        places.program = "/usr/bin/sallyport";
        places.userUnits = root + "/user";
        places.systemUnits = root + "/system";
        places.systemConfig = root + "/etc";
        places.systemd = root + "/run";
        places.root = false;
        places.person = {"ann", ::geteuid(), ::getegid(), root};
        places.anyProgram = true;
        QDir().mkpath(QString::fromStdString(places.systemd));
        (void)config::writeFileAtomically(configFile(), "relay: r.example.com\n");
    }
    std::string configFile() const { return folder.filePath("agent.yaml").toStdString(); }
    std::unique_ptr<ServiceInstaller> installer()
    {
        auto scripted = std::make_unique<ScriptedRunner>();
        runner = scripted.get();
        return std::make_unique<ServiceInstaller>(places, std::move(scripted));
    }
    std::string error; // of the last command; empty: it worked
    ServiceProblem::Code code = ServiceProblem::Code::Failed;
    bool answered = false;
    ServiceInstaller::Done done()
    {
        return [this](const Result<void, ServiceProblem>& result) {
            answered = true;
            error = result ? std::string() : result.error().text;
            if (!result)
                code = result.error().code;
        };
    }
};

inline bool exists(const std::string& path)
{
    return QFile::exists(QString::fromStdString(path));
}

inline std::string textOf(const std::string& path)
{
    const auto file = config::readFile(path);
    return file ? file->text : std::string();
}

} // namespace sallyport::desktop::test
