// Where the programs keep their files on this system.
#pragma once

#include <sallyport/config/sources.h>

#include <map>
#include <string>

namespace sallyport::config {

// What the choice depends on; tests make their own.
struct PathContext
{
    std::map<std::string, std::string>
        environment; // HOME, XDG_CONFIG_HOME, XDG_STATE_HOME, STATE_DIRECTORY, LOCALAPPDATA
    bool root = false;
    std::string systemFolder = "/etc/sallyport";
};
PathContext processPathContext();

// relay.yaml: /etc/sallyport for root and wherever that file exists, else as the agent's.
std::string relayConfigFile(const PathContext& context);
// $STATE_DIRECTORY (systemd), /var/lib/sallyport for root, $XDG_STATE_HOME/sallyport,
// ~/.local/state/sallyport.
std::string relayStateFolder(const PathContext& context);
// $XDG_CONFIG_HOME/sallyport/agent.yaml, ~/Library/Application Support/Sallyport/agent.yaml,
// %LOCALAPPDATA%\Sallyport\agent.yaml; /etc/sallyport/agent.yaml for root where that file exists.
std::string agentConfigFile(const PathContext& context);
// The file for secrets where there is no keychain, beside agent.yaml.
std::string agentCredentialsFile(const PathContext& context);

} // namespace sallyport::config
