#include "startup/service_unit.h"

#include <string_view>

namespace sallyport::desktop {

namespace {

// As systemd.syntax(7) reads a quoted value; `alsoTwice` is what the setting doubles besides %.
std::string quoted(const std::string& value, const char* alsoTwice = "$")
{
    std::string text = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\')
            text += '\\';
        else if (c == '%' || c == *alsoTwice)
            text += c;
        text += c;
    }
    return text + "\"";
}

// Where `accounts.yaml` and the rest lie beside it, when that is not ~/.config.
std::string configHome(const std::string& configFile)
{
    constexpr std::string_view usual = "/sallyport/agent.yaml";
    if (!configFile.ends_with(usual))
        return {};
    return "Environment=" +
           quoted("XDG_CONFIG_HOME=" + configFile.substr(0, configFile.size() - usual.size()), "") +
           "\n";
}

// It retries for ever by itself; what it ends with 2 or 3 (configuration, credential) needs a
// person.
constexpr const char* running = "ExecReload=kill -HUP $MAINPID\n"
                                "Restart=on-failure\n"
                                "RestartSec=5\n"
                                "RestartPreventExitStatus=2 3\n"
                                "NoNewPrivileges=yes\n";

} // namespace

std::string userServiceUnit(const std::string& program, const std::string& configFile)
{
    return "[Unit]\n"
           "Description=Sallyport agent\n"
           "\n"
           "[Service]\n"
           "ExecStart=" +
           quoted(program) + " --config " + quoted(configFile) + " up --wait\n" + running +
           "\n"
           "[Install]\n"
           "WantedBy=default.target\n";
}

std::string systemServiceUnit(const std::string& program, const std::string& configFolder)
{
    return "[Unit]\n"
           "Description=Sallyport agent\n"
           "Wants=network-online.target\n"
           "After=network-online.target\n"
           "\n"
           "[Service]\n"
           "ExecStart=" +
           quoted(program) + " --config " + quoted(configFolder + "/agent.yaml") +
           " up\n"
           "LoadCredential=token:" +
           configFolder +
           "/token\n"
           "Environment=SALLYPORT_TOKEN_FILE=%d/token\n"
           "Environment=XDG_RUNTIME_DIR=/run/sallyport\n" +
           running +
           "DynamicUser=yes\n"
           "RuntimeDirectory=sallyport\n"
           "RuntimeDirectoryMode=0700\n"
           "StateDirectory=sallyport\n"
           "ProtectSystem=strict\n"
           "ProtectHome=yes\n"
           "PrivateTmp=yes\n"
           "PrivateDevices=yes\n"
           "ProtectKernelTunables=yes\n"
           "ProtectControlGroups=yes\n"
           "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK\n"
           "\n"
           "[Install]\n"
           "WantedBy=multi-user.target\n";
}

// `up --wait`: while the desktop app runs the agent itself the service waits for its turn. The home
// may be a file system of its own.
std::string personServiceUnit(const Person& person, const std::string& program,
                              const std::string& configFile, const std::string& tokensFile)
{
    const std::string runtime = "sallyport-" + std::to_string(person.uid);
    return "[Unit]\n"
           "Description=Sallyport agent of " +
           person.name +
           "\n"
           "Wants=network-online.target\n"
           "After=network-online.target\n"
           "RequiresMountsFor=" +
           quoted(configFile, "") +
           "\n"
           "\n"
           "[Service]\n"
           "User=" +
           person.name +
           "\n"
           "ExecStart=" +
           quoted(program) + " --config " + quoted(configFile) + " up --wait\n" +
           configHome(configFile) + "LoadCredential=sallyport-tokens:" + tokensFile +
           "\n"
           "RuntimeDirectory=" +
           runtime +
           "\n"
           "RuntimeDirectoryMode=0700\n"
           "Environment=XDG_RUNTIME_DIR=/run/" +
           runtime + "\n" + "UMask=0077\n" + running +
           "\n"
           "[Install]\n"
           "WantedBy=multi-user.target\n";
}

} // namespace sallyport::desktop
