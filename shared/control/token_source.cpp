#include <sallyport/agent/token_sources.h>
#include <sallyport/control/accounts.h>
#include <sallyport/control/handed_tokens.h>
#include <sallyport/control/settings.h>
#include <sallyport/control/token_source.h>

#include <utility>

namespace sallyport::control {

namespace {

bool isInKeychain(const std::string& id)
{
    const auto accounts = Accounts::read();
    const KnownAccount* account = accounts ? accounts->find(id) : nullptr;
    return account && !account->inFile && account->identity.empty();
}

} // namespace

agent::TokenProvider TokenSource::providerFor(const Settings& settings)
{
    const config::AgentConfig& config = settings.config;
    const config::AgentCredentials& from = config.credentials;
    if (!from.jwt.secretFile.empty())
        return agent::mintedToken(from.jwt, config.name);
    if (!from.command.empty())
        return agent::tokenFromCommand(from);
    if (!from.tokenFile.empty())
        return agent::tokenFromFile(from.tokenFile);
    if (config.token)
        return agent::fixedToken(*config.token);
    return [this, key = settings.account](const agent::TokenQuestion&,
                                          const agent::TokenReady& ready) {
        m_stores.find(key, [ready, key](Result<SecretStores::Found, secrets::SecretError> found) {
            if (found)
                return ready(std::move(found->secret));
            if (HandedTokens::areHere())
                return ready(Failure(
                    agent::Problem(agent::ProblemCode::TokenNotHanded, found.error().message)));
            // An account says that there is a token; without one nobody ever logged in.
            if (problemOf(found.error()).code != agent::ProblemCode::KeychainLocked ||
                !isInKeychain(key))
                return ready(
                    Failure(agent::Problem(agent::ProblemCode::TokenMissing,
                                           "no token for this relay: run `sallyport login`, or set "
                                           "SALLYPORT_TOKEN or SALLYPORT_TOKEN_FILE")));
            ready(Failure(problemOf(found.error())));
        });
    };
}

std::string TokenSource::describe(const config::AgentConfig& config)
{
    const config::AgentCredentials& from = config.credentials;
    if (!from.jwt.secretFile.empty())
        return "tokens signed with the secret in " + from.jwt.secretFile;
    if (!from.command.empty())
        return "tokens from the program " + from.command.front();
    if (!from.tokenFile.empty())
        return "the file " + from.tokenFile;
    if (config.token)
        return "a token from the configuration or the environment";
    return {};
}

bool TokenSource::renews(const config::AgentConfig& config)
{
    const config::AgentCredentials& from = config.credentials;
    return !from.jwt.secretFile.empty() || !from.command.empty() || !from.tokenFile.empty();
}

} // namespace sallyport::control
