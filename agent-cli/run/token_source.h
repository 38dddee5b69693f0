// Where the agent's token comes from: the configuration (environment or file), else the secret
// store.
#pragma once

#include <sallyport/agent/options.h>
#include <sallyport/config/agent_config.h>
#include <sallyport/secrets/secret_store.h>

#include <functional>
#include <memory>

namespace sallyport::cli {

// Must stay while the provider is used. Threads: one with an event loop.
class TokenSource
{
public:
    // Asks anew at each link, so that a later `sallyport login` is found without a restart.
    agent::TokenProvider providerFor(const config::AgentConfig& config);

private:
    void read(const std::string& key, const agent::TokenReady& ready);

    std::unique_ptr<secrets::SecretStore> m_store;
    std::shared_ptr<int> m_alive = std::make_shared<int>();
};

} // namespace sallyport::cli
