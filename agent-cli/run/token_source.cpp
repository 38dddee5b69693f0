#include "token_source.h"

#include "commands/settings.h"

#include <utility>

namespace sallyport::cli {

agent::TokenProvider TokenSource::providerFor(const config::AgentConfig& config)
{
    if (config.token)
        return agent::fixedToken(*config.token);
    return [this, key = secretKey(*config.relay)](const agent::TokenReady& ready) {
        if (m_store)
            return read(key, ready);
        const std::weak_ptr<int> alive = m_alive;
        secrets::openSecretStore(credentialsFile(),
                                 [this, alive, key, ready](secrets::OpenedSecretStore opened) {
                                     if (alive.expired())
                                         return;
                                     m_store = std::move(opened.store);
                                     read(key, ready);
                                 });
    };
}

void TokenSource::read(const std::string& key, const agent::TokenReady& ready)
{
    m_store->read(key, [ready](Result<Secret, secrets::SecretError> found) {
        if (found)
            return ready(std::move(*found));
        if (found.error().code == secrets::SecretError::Code::NotFound)
            return ready(Failure(std::string("no token for this relay: run `sallyport login`, or "
                                             "set SALLYPORT_TOKEN or SALLYPORT_TOKEN_FILE")));
        ready(Failure(found.error().message));
    });
}

} // namespace sallyport::cli
