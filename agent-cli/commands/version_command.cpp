#include "commands.h"
#include "exit_code.h"

#include <sallyport/agent/agent.h>

#include <QSysInfo>
#include <QtGlobal>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

namespace sallyport::cli {

namespace {

struct VersionFlags
{
    bool plain = false;
    bool json = false;
};

int printVersion(const VersionFlags& flags)
{
    const std::string version(agent::version());
    const std::string system = QSysInfo::kernelType().toStdString() + "/" +
                               QSysInfo::currentCpuArchitecture().toStdString();
    if (flags.json)
        std::printf("{\"version\":\"%s\",\"system\":\"%s\",\"qt\":\"%s\"}\n", version.c_str(),
                    system.c_str(), qVersion());
    else if (flags.plain)
        std::printf("%s\n", version.c_str());
    else
        std::printf("sallyport %s (%s, Qt %s)\n", version.c_str(), system.c_str(), qVersion());
    return Fine;
}

} // namespace

void addVersion(CLI::App& app, Chosen& chosen)
{
    CLI::App* command = app.add_subcommand("version", "Print the version");
    const auto flags = std::make_shared<VersionFlags>();
    command->add_flag("--short", flags->plain, "The number alone");
    command->add_flag("--json", flags->json, "As JSON");
    command->callback([&chosen, flags] { chosen = [flags] { return printVersion(*flags); }; });
}

} // namespace sallyport::cli
