// Gathers the tokens of this person's relays, for a service that is to be handed them: of each
// account, and of the relay that the configuration names. Asks the secret stores one after the
// other; a keychain may ask its user.
//
// Threads: one with an event loop. `done` comes once; never after the collector was destroyed. One
// collection at a time.
#pragma once

#include <sallyport/agent/problem.h>
#include <sallyport/base/result.h>
#include <sallyport/control/handed_tokens.h>
#include <sallyport/control/secret_stores.h>

#include <functional>
#include <string>
#include <vector>

namespace sallyport::control {

class TokenCollector
{
public:
    using Done = std::function<void(Result<HandedTokens, agent::Problem>)>;

    // Fails where the keychain can't be used, and where there would be nothing to log in with: no
    // token of the relay in use, and none in `configFile` either.
    void collect(const std::string& configFile, Done done);

private:
    struct Wanted
    {
        std::string account;
        bool needed = false;
    };
    Result<void, agent::Problem> list(const std::string& configFile);
    void next();
    void end(const agent::Problem& problem);

    SecretStores m_stores;
    std::vector<Wanted> m_wanted; // not asked for yet
    HandedTokens m_tokens;
    Done m_done;
};

} // namespace sallyport::control
