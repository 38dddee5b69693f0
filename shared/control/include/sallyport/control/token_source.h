// Where the agent's token comes from: the configuration (environment or file), a file, a program
// or a secret of its own, else the secret stores.
#pragma once

#include <sallyport/agent/options.h>
#include <sallyport/config/agent_config.h>
#include <sallyport/control/secret_stores.h>
#include <sallyport/control/settings.h>

namespace sallyport::control {

// Must stay while the provider is used. Threads: one with an event loop.
class TokenSource
{
public:
    // Asks anew at each link, so that a later `sallyport login` is found without a restart.
    agent::TokenProvider providerFor(const Settings& settings);

    // See SecretStores::lookAgain().
    void lookAgain() { m_stores.lookAgain(); }

    // "the file /run/token"; empty for the secret stores, which say it themselves.
    static std::string describe(const config::AgentConfig& config);
    // Whether the next token may be good where the last one had expired.
    static bool renews(const config::AgentConfig& config);

private:
    SecretStores m_stores;
};

} // namespace sallyport::control
