#include <sallyport/control/accounts.h>
#include <sallyport/control/settings.h>
#include <sallyport/control/token_collector.h>
#include <sallyport/control/token_source.h>

#include <algorithm>
#include <utility>

namespace sallyport::control {

using agent::Problem;
using agent::ProblemCode;

Result<void, Problem> TokenCollector::list(const std::string& configFile)
{
    const auto accounts = Accounts::read();
    if (!accounts)
        return Failure(Problem(ProblemCode::ConfigInvalid, accounts.error()));
    const auto settings = loadSettings(configFile);
    if (!settings)
        return Failure(Problem(ProblemCode::ConfigInvalid, settings.error()));
    const config::AgentConfig& config = settings->config;
    if (!config.relay)
        return Failure(Problem(ProblemCode::TokenMissing, "log in to a relay first"));
    const bool provesItself =
        !TokenSource::describe(config).empty() || !config.identity.certificate.empty();
    const std::string& inUse = settings->account;
    m_wanted.push_back({inUse, !provesItself});
    for (const KnownAccount& account : accounts->list())
        if (account.id() != inUse && account.identity.empty())
            m_wanted.push_back({account.id(), false});
    return {};
}

void TokenCollector::collect(const std::string& configFile, Done done)
{
    m_done = std::move(done);
    m_tokens = {};
    m_wanted.clear();
    if (auto listed = list(configFile); !listed)
        return end(listed.error());
    m_stores.lookAgain();
    next();
}

void TokenCollector::next()
{
    if (m_wanted.empty())
        return std::exchange(m_done, {})(std::exchange(m_tokens, {}));
    const Wanted wanted = std::move(m_wanted.back());
    m_wanted.pop_back();
    m_stores.find(wanted.account,
                  [this, wanted](const Result<SecretStores::Found, secrets::SecretError>& found) {
                      if (!found) {
                          const Problem problem = problemOf(found.error());
                          // Another account's token may be lost; a keychain that is closed hides
                          // them all.
                          if (wanted.needed || problem.code == ProblemCode::KeychainLocked)
                              return end(problem);
                          return next();
                      }
                      if (!m_tokens.put(wanted.account, found->secret))
                          return end(std::string(
                              "the token for " + wanted.account +
                              " can't be handed over: it is too long, or has blanks in it"));
                      next();
                  });
}

void TokenCollector::end(const Problem& problem)
{
    m_wanted.clear();
    std::exchange(m_done, {})(Failure(problem));
}

} // namespace sallyport::control
