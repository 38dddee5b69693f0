// LocalAgentControl: the accounts, and what the relay would give.
#include <sallyport/control/account_search.h>
#include <sallyport/control/handed_tokens.h>
#include <sallyport/control/local_agent_control.h>

#include <utility>

namespace sallyport::control {

using agent::Agent;
using secrets::SecretError;

namespace {

std::string noSuch(const std::string& id)
{
    return "there is no account for " + id + " any more";
}

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
    bool anyInFile = false;
    for (Account& view : views) {
        anyInFile = anyInFile || view.inFile;
        view.canMove = view.inFile && m_keychainIsThere;
    }
    if (anyInFile && !m_keychainIsThere)
        lookForKeychain();
    if (views == m_accounts)
        return;
    m_accounts = std::move(views);
    emit accountsChanged();
}

void LocalAgentControl::lookForKeychain()
{
    if (m_options.preferFile)
        return;
    m_stores.lookForKeychain([this](bool isThere) {
        if (std::exchange(m_keychainIsThere, isThere) != isThere)
            readAccounts();
    });
}

std::string LocalAgentControl::fixedRelay() const
{
    if (!m_settings || !m_settings->config.relay || m_settings->relayFromAccount)
        return {};
    return relayKey(*m_settings->config.relay);
}

std::optional<Account> LocalAgentControl::credentialInUse() const
{
    for (const Account& account : m_accounts)
        if (m_settings && account.id == m_settings->account) {
            Account credential = account;
            credential.label.clear();
            credential.inUse = credential.canMove = false;
            return credential;
        }
    return std::nullopt;
}

Result<void, std::string>
LocalAgentControl::changeAccounts(Link link,
                                  const std::function<Result<void, std::string>(Accounts&)>& change)
{
    auto accounts = Accounts::read();
    if (!accounts)
        return Failure(accounts.error());
    if (auto changed = change(*accounts); !changed)
        return changed;
    if (auto written = accounts->write(); !written)
        return written;
    std::optional<Account> before = credentialInUse();
    readAccounts();
    const std::optional<Account> after = credentialInUse();
    if (before && after)
        before->inFile = after->inFile; // the token is the same
    auto settings = load();
    if (settings)
        apply(std::move(*settings), link == Link::Renew || before != after);
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
    const std::string relay = relayKey(credential->relay);
    const std::string fixed = fixedRelay();
    if (!fixed.empty() && fixed != relay)
        return done(Failure(stillNamed(configFile(m_options.config), fixed)));
    KnownAccount known;
    const bool replaces = !account.replaces.empty();
    if (replaces) {
        const auto accounts = Accounts::read();
        const KnownAccount* old = accounts ? accounts->find(account.replaces) : nullptr;
        if (!old)
            return done(Failure(accounts ? noSuch(account.replaces) : accounts.error()));
        if (relayKey(old->relay) != relay)
            return done(Failure("a token for " + relay + " can't take the place of one for " +
                                relayKey(old->relay) + ": add it as another account"));
        known.number = old->number;
    }
    known.relay = credential->relay;
    known.label = account.label;
    known.pin = credential->pin;
    known.tokenHint = tokenHint(credential->token);
    known.tokenMark = tokenMark(credential->token);
    tryAccount(*credential, {},
               [this, credential = *credential, known, replaces,
                done](Result<void, agent::Problem> tried) {
                   if (!tried)
                       return done(std::move(tried));
                   chooseAccount(credential, known, replaces, done);
               });
}

// One at a time: two that wait for the keychain would come to the same number.
void LocalAgentControl::chooseAccount(const Credential& credential, KnownAccount known,
                                      bool replaces, const Done& done)
{
    if (m_keepsAccount)
        return done(Failure(std::string("another account waits for the keychain: answer what it "
                                        "asks, and add this one again")));
    auto accounts = Accounts::read();
    if (!accounts)
        return done(Failure(accounts.error()));
    m_keepsAccount = true;
    m_stores.lookAgain();
    if (replaces)
        return keepAccount(credential, known, done);
    findAccountOf(
        credential.token, credential.relay, *accounts, m_stores,
        [this, accounts = *accounts, credential, known, done](const AccountSearch& found) mutable {
            const std::string& id = found.same.empty() ? found.vacant : found.same;
            const KnownAccount* old = accounts.find(id);
            const auto number = old ? Result<uint32_t, std::string>(old->number)
                                    : accounts.freeNumber(credential.relay);
            if (!number) {
                m_keepsAccount = false;
                return done(Failure(number.error()));
            }
            known.number = *number;
            keepAccount(credential, known, done);
        });
}

void LocalAgentControl::keepAccount(const Credential& credential, KnownAccount known,
                                    const Done& done)
{
    m_stores.keep(known.id(), credential.token, m_options.preferFile,
                  [this, known, done](Result<SecretStores::Kept, SecretError> kept) mutable {
                      m_keepsAccount = false;
                      if (!kept)
                          return done(Failure(problemOf(kept.error())));
                      known.inFile = kept->inFile;
                      note(observe::Level::Info, kept->sentence);
                      m_tokens.lookAgain();
                      done(changeAccounts(Link::Renew,
                                          [&](Accounts& accounts) { return accounts.put(known); }));
                  });
}

void LocalAgentControl::moveToKeychain(const std::string& id, Done done)
{
    m_stores.moveToKeychain(id, [this, id, done](Result<void, SecretError> moved) {
        if (!moved)
            return done(Failure(problemOf(moved.error())));
        note(observe::Level::Info, "the token of " + id + " is in the system keychain now");
        m_tokens.lookAgain();
        done(changeAccounts(Link::Keep,
                            [&](Accounts& accounts) { return accounts.setInFile(id, false); }));
    });
}

void LocalAgentControl::testAccount(const std::string& id, Done done)
{
    const auto accounts = Accounts::read();
    if (!accounts)
        return done(Failure(accounts.error()));
    const KnownAccount* found = accounts->find(id);
    if (!found)
        return done(Failure(noSuch(id)));
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
    if (!fixed.empty() && fixed != id.substr(0, id.find('#')))
        return done(Failure(stillNamed(configFile(m_options.config), fixed)));
    done(changeAccounts(Link::Keep, [&](Accounts& accounts) { return accounts.use(id); }));
}

void LocalAgentControl::renameAccount(const std::string& id, const std::string& label, Done done)
{
    done(
        changeAccounts(Link::Keep, [&](Accounts& accounts) { return accounts.rename(id, label); }));
}

void LocalAgentControl::removeAccount(const std::string& id, Done done)
{
    m_stores.remove(id, [this, id, done](Result<void, SecretError> removed) {
        if (!removed)
            return done(Failure(problemOf(removed.error())));
        done(changeAccounts(Link::Keep, [&](Accounts& accounts) -> Result<void, std::string> {
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
