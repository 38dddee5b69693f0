// Where the agent's token comes from: the configuration (environment or file), else the secret
// stores.
#pragma once

#include "commands/secret_stores.h"

#include <sallyport/agent/options.h>
#include <sallyport/config/agent_config.h>

namespace sallyport::cli {

// Must stay while the provider is used. Threads: one with an event loop.
class TokenSource
{
public:
    // Asks anew at each link, so that a later `sallyport login` is found without a restart.
    agent::TokenProvider providerFor(const config::AgentConfig& config);

private:
    SecretStores m_stores;
};

} // namespace sallyport::cli
