#include "startup/service_unit.h"

namespace sallyport::desktop {

namespace {

// As systemd.service(5) reads a quoted argument.
std::string quoted(const std::string& argument)
{
    std::string text = "\"";
    for (const char c : argument) {
        if (c == '"' || c == '\\')
            text += '\\';
        else if (c == '%' || c == '$')
            text += c;
        text += c;
    }
    return text + "\"";
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
           quoted(program) + " --config " + quoted(configFile) + " up\n" + running +
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

} // namespace sallyport::desktop
