// LocalAgentControl: the accounts, and what the relay would give.
#include <sallyport/control/local_agent_control.h>

#include <utility>

namespace sallyport::control {

using agent::Agent;
using secrets::SecretError;

namespace {

std::string stillNamed(const std::string& file, const std::string& relay)
{
    return file + " or the environment names the relay " + relay +
           ", which comes before every account: remove `relay` there to choose here";
}

} // namespace

void LocalAgentControl::readAccounts()
{
    auto accounts = Accounts::read();
    m_accountsProblem = accounts ? std::string() : accounts.error();
    if (!accounts)
        return; // what was known stays
    std::vector<Account> views = accounts->views();
    if (views == m_accounts)
        return;
    m_accounts = std::move(views);
    emit accountsChanged();
}

std::string LocalAgentControl::fixedRelay() const
{
    if (!m_settings || !m_settings->config.relay)
        return {};
    const std::string relay = secretKey(*m_settings->config.relay);
    const auto accounts = Accounts::read();
    const bool chosenHere = accounts && accounts->inUse() && accounts->inUse()->id() == relay;
    return chosenHere ? std::string() : relay;
}

Result<void, std::string>
LocalAgentControl::changeAccounts(const std::function<Result<void, std::string>(Accounts&)>& change)
{
    auto accounts = Accounts::read();
    if (!accounts)
        return Failure(accounts.error());
    if (auto changed = change(*accounts); !changed)
        return changed;
    if (auto written = accounts->write(); !written)
        return written;
    const std::vector<Account> before = m_accounts;
    readAccounts();
    auto settings = load();
    if (settings)
        apply(std::move(*settings), before != m_accounts);
    return {};
}

// One try at a time: a second one replaces the first, whose answer says so.
void LocalAgentControl::tryAccount(const Credential& credential, const std::string& identity,
                                   Done done)
{
    config::AgentConfig config;
    if (m_settings)
        config = m_settings->config;
    config.relay = credential.relay;
    config.pin = credential.pin;
    config.identity = {identity, {}};
    if (m_trialDone)
        std::exchange(m_trialDone, {})(Failure(std::string("another try took its place")));
    m_trialDone = std::move(done);
    m_trial = std::make_unique<RelayTrial>(config, agent::fixedToken(credential.token), false,
                                           [this](const TrialResult& result) {
                                               m_trial.release()->deleteLater(); // we are inside it
                                               const Done answer = std::exchange(m_trialDone, {});
                                               if (result.outcome == TrialOutcome::Fine)
                                                   answer({});
                                               else
                                                   answer(Failure(result.problem));
                                           });
}

void LocalAgentControl::addAccount(const NewAccount& account, Done done)
{
    auto credential = credentialFrom(account);
    if (!credential)
        return done(Failure(credential.error()));
    const std::string fixed = fixedRelay();
    if (!fixed.empty() && fixed != secretKey(credential->relay))
        return done(Failure(stillNamed(configFile(m_options.config), fixed)));
    tryAccount(*credential, {},
               [this, credential = *credential, label = account.label,
                done](Result<void, agent::Problem> tried) {
                   if (!tried)
                       return done(std::move(tried));
                   keepAccount(credential, label, done);
               });
}

void LocalAgentControl::keepAccount(const Credential& credential, const std::string& label,
                                    const Done& done)
{
    m_stores.lookAgain();
    m_stores.keep(secretKey(credential.relay), credential.token, m_options.preferFile,
                  [this, credential, label, done](Result<SecretStores::Kept, SecretError> kept) {
                      if (!kept)
                          return done(Failure(problemOf(kept.error())));
                      KnownAccount known;
                      known.relay = credential.relay;
                      known.label = label;
                      known.pin = credential.pin;
                      known.tokenHint = tokenHint(credential.token);
                      known.inFile = kept->inFile;
                      note(observe::Level::Info, kept->sentence);
                      done(changeAccounts([&](Accounts& accounts) { return accounts.put(known); }));
                  });
}

void LocalAgentControl::testAccount(const std::string& id, Done done)
{
    const auto accounts = Accounts::read();
    if (!accounts)
        return done(Failure(accounts.error()));
    const KnownAccount* found = accounts->find(id);
    if (!found)
        return done(Failure("there is no account for " + id + " any more"));
    const KnownAccount known = *found;
    if (!known.identity.empty())
        return tryAccount({known.relay, known.pin, Secret()}, known.identity, std::move(done));
    m_stores.lookAgain();
    m_stores.find(id, [this, known, done](Result<SecretStores::Found, SecretError> token) {
        if (!token)
            return done(Failure(problemOf(token.error())));
        tryAccount({known.relay, known.pin, token->secret}, {}, done);
    });
}

void LocalAgentControl::useAccount(const std::string& id, Done done)
{
    const std::string fixed = fixedRelay();
    if (!fixed.empty() && fixed != id)
        return done(Failure(stillNamed(configFile(m_options.config), fixed)));
    done(changeAccounts([&](Accounts& accounts) { return accounts.use(id); }));
}

void LocalAgentControl::renameAccount(const std::string& id, const std::string& label, Done done)
{
    done(changeAccounts([&](Accounts& accounts) { return accounts.rename(id, label); }));
}

void LocalAgentControl::removeAccount(const std::string& id, Done done)
{
    m_stores.remove(id, [this, id, done](Result<void, SecretError> removed) {
        if (!removed)
            return done(Failure(problemOf(removed.error())));
        done(changeAccounts([&](Accounts& accounts) -> Result<void, std::string> {
            accounts.remove(id);
            return {};
        }));
    });
}

void LocalAgentControl::checkAddress(const config::TunnelConfig& tunnel,
                                     std::function<void(Result<AddressCheck, agent::Problem>)> done)
{
    m_agent->checkTunnel(tunnel, [done](Result<Agent::CheckedTunnel, agent::Problem> checked) {
        if (!checked)
            return done(Failure(checked.error()));
        done(AddressCheck{checked->free, checked->urls.empty() ? "" : checked->urls.front(),
                          checked->reason});
    });
}

} // namespace sallyport::control
