#include "token_source.h"

#include "commands/settings.h"

#include <utility>

namespace sallyport::cli {

agent::TokenProvider TokenSource::providerFor(const config::AgentConfig& config)
{
    if (config.token)
        return agent::fixedToken(*config.token);
    return [this, key = secretKey(*config.relay)](const agent::TokenReady& ready) {
        m_stores.find(key, [ready](Result<SecretStores::Found, secrets::SecretError> found) {
            if (found)
                return ready(std::move(found->secret));
            if (found.error().code == secrets::SecretError::Code::NotFound)
                return ready(
                    Failure(std::string("no token for this relay: run `sallyport login`, or set "
                                        "SALLYPORT_TOKEN or SALLYPORT_TOKEN_FILE")));
            ready(Failure(found.error().message));
        });
    };
}

} // namespace sallyport::cli
