#include <sallyport/config/paths.h>

#include <QtGlobal>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace sallyport::config {

namespace {

std::string variable(const PathContext& context, const char* name)
{
    const auto found = context.environment.find(name);
    return found == context.environment.end() ? "" : found->second;
}

// The XDG specification: a relative path counts as unset.
std::string xdgFolder(const PathContext& context, const char* name, const char* below)
{
    const std::string given = variable(context, name);
    if (given.starts_with('/'))
        return given;
    return variable(context, "HOME") + below;
}

std::string configFolder(const PathContext& context)
{
#if defined(Q_OS_WIN)
    return variable(context, "LOCALAPPDATA") + "\\Sallyport";
#elif defined(Q_OS_MACOS)
    return variable(context, "HOME") + "/Library/Application Support/Sallyport";
#else
    return xdgFolder(context, "XDG_CONFIG_HOME", "/.config") + "/sallyport";
#endif
}

std::string systemOrOwn(const PathContext& context, const std::string& name, bool systemAnyway)
{
    const std::string own = configFolder(context) + "/" + name;
#ifdef Q_OS_UNIX
    std::error_code error;
    const std::string shared = context.systemFolder + "/" + name;
    if (systemAnyway || std::filesystem::exists(shared, error))
        return shared;
#else
    (void)systemAnyway;
#endif
    return own;
}

} // namespace

PathContext processPathContext()
{
    PathContext context;
    for (const char* name :
         {"HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "STATE_DIRECTORY", "LOCALAPPDATA"})
        if (const char* value = std::getenv(name))
            context.environment[name] = value;
#ifdef Q_OS_UNIX
    context.root = ::geteuid() == 0;
#endif
    return context;
}

std::string relayConfigFile(const PathContext& context)
{
    return systemOrOwn(context, "relay.yaml", context.root);
}

std::string relayStateFolder(const PathContext& context)
{
    // systemd may give several, separated by colons.
    const std::string given = variable(context, "STATE_DIRECTORY");
    if (given.starts_with('/'))
        return given.substr(0, given.find(':'));
#if defined(Q_OS_WIN) || defined(Q_OS_MACOS)
    if (!context.root)
        return configFolder(context) + "/relay";
#endif
    if (context.root)
        return "/var/lib/sallyport";
    return xdgFolder(context, "XDG_STATE_HOME", "/.local/state") + "/sallyport";
}

std::string agentConfigFile(const PathContext& context)
{
    // An agent run by hand is its user's; one that root runs as a service finds the system's file.
    if (context.root)
        return systemOrOwn(context, "agent.yaml", false);
    return configFolder(context) + "/agent.yaml";
}

std::string agentCredentialsFile(const PathContext& context)
{
    return configFolder(context) + "/credentials.yaml";
}

} // namespace sallyport::config
