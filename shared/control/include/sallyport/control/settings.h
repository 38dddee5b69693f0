// The agent's configuration as its programs see it: flags, environment, file, and below them the
// account in use (accounts.h).
#pragma once

#include <sallyport/agent/options.h>
#include <sallyport/base/result.h>
#include <sallyport/config/agent_config.h>
#include <sallyport/config/sources.h>

#include <string>
#include <vector>

namespace sallyport::control {

struct Settings
{
    config::AgentConfig config;
    std::vector<std::string> files;    // to watch
    std::vector<std::string> warnings; // one line each
    std::string configFile;            // also when it does not exist
    // The id of the account that is used, which is the key of its token in the secret stores; of a
    // relay without an account, what its first would have. Empty: no relay.
    std::string account;
    bool relayFromAccount = false; // no configuration names one
};

// The file that was named, or the usual one where `named` is empty.
std::string configFile(const std::string& named);

// On failure: every problem, a line each.
Result<Settings, std::string> loadSettings(const std::string& named,
                                           const std::vector<config::Flag>& flags = {});

// "HOST:PORT", whatever the way to it: what all accounts of a relay have in common.
std::string relayKey(const config::RelayAddress& relay);
std::string credentialsFile();

// The way by which this relay was reached last, beside what login noted.
std::optional<agent::RelayWay> readRelayWay(const config::RelayAddress& relay);
// A failure costs a few seconds at the next start, no more.
void writeRelayWay(const config::RelayAddress& relay, const agent::RelayWay& way);

// An id for this agent: the same for the same user, machine and purpose ("http 3000"), so that a
// relay gives it the same names again, and another for each purpose, so that two do not replace one
// another.
std::string agentId(const std::string& purpose);

} // namespace sallyport::control
