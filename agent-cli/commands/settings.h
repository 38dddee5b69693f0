// The agent's configuration as a command sees it: flags, environment, file, and below them what
// `sallyport login` has noted.
#pragma once

#include "globals.h"

#include <sallyport/agent/options.h>
#include <sallyport/base/result.h>
#include <sallyport/config/agent_config.h>

#include <string>
#include <vector>

namespace sallyport::cli {

struct Settings
{
    config::AgentConfig config;
    std::vector<std::string> files;    // to watch
    std::vector<std::string> warnings; // one line each
    std::string configFile;            // also when it does not exist
};

// The file that was named, or the usual one.
std::string configFile(const Globals& globals);

// `extra` are flags of the command itself. On failure: every problem, a line each.
Result<Settings, std::string> loadSettings(const Globals& globals,
                                           const std::vector<config::Flag>& extra = {});

// The key of a relay's token in the secret store.
std::string secretKey(const config::RelayAddress& relay);
std::string credentialsFile();

// What login noted: where the relay is and which key it has.
struct KnownRelay
{
    config::RelayAddress relay;
    std::optional<config::Pin> pin;
    std::string identity; // a certificate's bundle that proved who we are; empty: a token did
};
std::string knownRelayFile();
std::optional<KnownRelay> readKnownRelay();
// Fails with a sentence.
Result<void, std::string> writeKnownRelay(const KnownRelay& known);
void forgetKnownRelay();

// The way by which this relay was reached last, beside what login noted.
std::optional<agent::RelayWay> readRelayWay(const config::RelayAddress& relay);
// A failure costs a few seconds at the next start, no more.
void writeRelayWay(const config::RelayAddress& relay, const agent::RelayWay& way);

// An id for this agent: the same for the same user, machine and purpose ("http 3000"), so that a
// relay gives it the same names again, and another for each purpose, so that two do not replace one
// another.
std::string agentId(const std::string& purpose);

} // namespace sallyport::cli
