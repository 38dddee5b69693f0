// Takes a join line or a token, tries it against the relay, and keeps what worked.
#include "commands.h"
#include "exit_code.h"
#include "say.h"

#include <sallyport/agent/identity.h>
#include <sallyport/config/files.h>
#include <sallyport/config/read_secret.h>
#include <sallyport/control/account_search.h>
#include <sallyport/control/accounts.h>
#include <sallyport/control/credential.h>
#include <sallyport/control/handed_tokens.h>
#include <sallyport/control/relay_trial.h>
#include <sallyport/control/secret_stores.h>
#include <sallyport/control/settings.h>
#include <sallyport/control/token_source.h>
#include <sallyport/jose/jws.h>

#include <QCoreApplication>
#include <QFileInfo>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>

namespace sallyport::cli {

namespace {

struct LoginFlags
{
    std::string relay;
    std::string label;
    bool add = false;
    bool file = false;
};

// What is to be tried and kept.
struct Login
{
    Secret token;
    config::AgentConfig config; // relay, pin, trust
};

bool holdsSecret(const std::string& text)
{
    return text.starts_with("sallyport://") || text.find("spt_") != std::string::npos ||
           jose::looksLikeJwt(text);
}

// The fields of a join line go before what is configured: they were just pasted.
Result<void, std::string> useJoinLine(const Secret& text, const LoginFlags& flags, Login& login)
{
    auto line = control::credentialFromJoinLine(text);
    if (!line)
        return Failure(line.error());
    config::RelayAddress relay = line->relay;
    if (!flags.relay.empty()) {
        const auto named = config::RelayAddress::parse(flags.relay);
        if (!named || control::relayKey(*named) != control::relayKey(relay))
            return Failure("the join line is for " + relay.text() + ", not for " + flags.relay);
        relay = *named;
    }
    login.token = line->token;
    login.config.relay = relay;
    login.config.pin = line->pin;
    if (line->pin)
        login.config.caFile.clear();
    return {};
}

Result<void, std::string> useToken(const Secret& text, Login& login)
{
    if (!login.config.relay)
        return Failure(std::string("which relay? Name it, `sallyport login RELAY`, or paste the "
                                   "whole join line that the relay prints"));
    auto token = control::tokenFromText(text);
    if (!token)
        return Failure(token.error());
    login.token = *token;
    return {};
}

// A certificate's bundle: it stays where it is, and its path is noted.
bool isBundle(const std::string& path)
{
    if (path.find_first_of("\"\\\n") != std::string::npos)
        return false;
    const auto file = config::readFile(path);
    return file && file->text.find("-----BEGIN ") != std::string::npos;
}

Result<void, std::string> useBundle(const std::string& path, Login& login)
{
    if (!login.config.relay)
        return Failure(std::string("which relay? Name it: sallyport login RELAY"));
    const std::string absolute =
        QFileInfo(QString::fromStdString(path)).absoluteFilePath().toStdString();
    const auto identity = agent::readIdentity({absolute, {}}, std::chrono::system_clock::now());
    if (!identity)
        return Failure(identity.error());
    login.config.identity = {absolute, {}};
    return {};
}

control::AccountSearch search(const Login& login, const control::Accounts& accounts,
                              control::SecretStores& stores)
{
    control::AccountSearch result;
    bool found = false;
    control::findAccountOf(login.token, *login.config.relay, accounts, stores,
                           [&](control::AccountSearch answer) {
                               result = std::move(answer);
                               found = true;
                               QCoreApplication::quit();
                           });
    if (!found)
        QCoreApplication::exec();
    return result;
}

const control::KnownAccount* labelled(const control::Accounts& accounts, const Login& login,
                                      const std::string& label)
{
    for (const control::KnownAccount& account : accounts.list())
        if (account.label == label &&
            control::relayKey(account.relay) == control::relayKey(*login.config.relay))
            return &account;
    return nullptr;
}

// Which of the relay's accounts it is to be; on failure a sentence.
Result<control::KnownAccount, std::string>
chooseAccount(const Login& login, const LoginFlags& flags, control::SecretStores& stores)
{
    const auto accounts = control::Accounts::read();
    if (!accounts)
        return Failure(accounts.error());
    control::KnownAccount account;
    account.relay = *login.config.relay;
    account.label = flags.label;
    account.pin = login.config.pin;
    control::AccountSearch there;
    const auto ofRelay = std::count_if(
        accounts->list().begin(), accounts->list().end(), [&](const control::KnownAccount& one) {
            return control::relayKey(one.relay) == control::relayKey(account.relay);
        });
    // The keychain may ask its user; one account is replaced whatever it has.
    const bool hasChoice = ofRelay > 1 || flags.add || !flags.label.empty();
    if (ofRelay > 0 && hasChoice && !login.token.empty())
        there = search(login, *accounts, stores);
    const control::KnownAccount* old = accounts->find(there.same);
    if (!old && !flags.add)
        old = flags.label.empty() ? accounts->of(account.relay)
                                  : labelled(*accounts, login, flags.label);
    if (!old && flags.label.empty())
        old = accounts->find(there.vacant);
    const auto number =
        old ? Result<uint32_t, std::string>(old->number) : accounts->freeNumber(account.relay);
    if (!number)
        return Failure(number.error());
    account.number = *number;
    return account;
}

// Where the token went; nothing when that failed.
std::optional<control::SecretStores::Kept> store(const std::string& key, const Login& login,
                                                 bool preferFile, control::SecretStores& stores)
{
    std::optional<control::SecretStores::Kept> where;
    stores.keep(key, login.token, preferFile,
                [&where](Result<control::SecretStores::Kept, secrets::SecretError> kept) {
                    say(kept ? kept->sentence : kept.error().message);
                    if (kept)
                        where = std::move(*kept);
                    QCoreApplication::quit();
                });
    QCoreApplication::exec();
    return where;
}

int exitCodeOf(control::TrialOutcome outcome)
{
    switch (outcome) {
    case control::TrialOutcome::Fine:
        return Fine;
    case control::TrialOutcome::Unusable:
        return Usage;
    case control::TrialOutcome::Refused:
        return Credentials;
    case control::TrialOutcome::Unreachable:
        break;
    }
    return Unreachable;
}

Result<void, std::string> note(const control::KnownAccount& account)
{
    auto accounts = control::Accounts::read();
    if (!accounts)
        return Failure(accounts.error());
    if (auto put = accounts->put(account); !put)
        return put;
    return accounts->write();
}

// What is configured comes first, so a person should know when it says something else.
void sayWhatComesBefore(const Login& wanted, const Globals& globals)
{
    const auto now = loadSettings(globals);
    if (const std::string source = now ? control::TokenSource::describe(now->config) : "";
        !source.empty())
        say("note: " + now->configFile +
            " or the environment names another source, which comes "
            "before what was kept: " +
            source);
    if (now && now->config.relay &&
        control::relayKey(*now->config.relay) != control::relayKey(*wanted.config.relay))
        say("note: " + now->configFile + " or the environment names another relay, " +
            now->config.relay->text() + ", which comes before this one");
}

int login(const LoginFlags& flags, const Globals& globals)
{
    if (holdsSecret(flags.relay))
        return complain(Usage,
                        "a token does not belong on the command line: it stands in the shell's "
                        "history and in the list of processes now.\nRevoke it at the relay "
                        "(sallyport-relay token revoke), make another, run `sallyport login` "
                        "without it and paste it when asked.");
    Globals chosen = globals;
    if (!flags.relay.empty())
        chosen.relay = flags.relay;
    auto settings = loadSettings(chosen);
    if (!settings)
        return complain(Usage, settings.error());
    const auto text = config::readSecret(
        "Join line or token (not shown), or the path of a certificate's bundle: ");
    if (!text)
        return complain(Usage, "no join line or token was given");

    Login wanted;
    wanted.config = settings->config;
    wanted.config.identity = {}; // what is tried is what was given now
    std::string trimmed(text->reveal().substr(
        std::min(text->reveal().find_first_not_of(" \t\r"), text->reveal().size())));
    trimmed.erase(trimmed.find_last_not_of(" \t\r") + 1);
    const bool bundle = isBundle(trimmed);
    const Result<void, std::string> understood = trimmed.starts_with("sallyport:")
                                                     ? useJoinLine(*text, flags, wanted)
                                                 : bundle ? useBundle(trimmed, wanted)
                                                          : useToken(*text, wanted);
    if (!understood)
        return complain(Usage, understood.error());

    say("trying " + wanted.config.relay->text() + " ...");
    const control::TrialResult trial =
        control::tryRelay(wanted.config, agent::fixedToken(wanted.token));
    if (trial.outcome != control::TrialOutcome::Fine)
        return complain(exitCodeOf(trial.outcome), trial.problem.text + "\nNothing was stored.");
    say(bundle ? "the relay takes the certificate" : "the relay takes the token");
    control::SecretStores stores;
    auto account = chooseAccount(wanted, flags, stores);
    if (!account)
        return complain(Failed, account.error());
    if (bundle) {
        account->identity = wanted.config.identity.certificate;
    } else {
        const auto kept = store(account->id(), wanted, flags.file, stores);
        if (!kept)
            return Failed;
        account->inFile = kept->inFile;
        account->tokenHint = control::tokenHint(wanted.token);
        account->tokenMark = control::tokenMark(wanted.token);
    }
    if (const auto noted = note(*account); !noted)
        return complain(Failed, noted.error());
    say("the relay" + std::string(wanted.config.pin ? " and its key" : "") + " are noted in " +
        control::Accounts::usualFile() + " as the account " + account->id() +
        "; try: sallyport http 3000");
    sayWhatComesBefore(wanted, globals);
    return Fine;
}

} // namespace

void addLogin(CLI::App& app, const Globals& globals, Chosen& chosen)
{
    CLI::App* command = app.add_subcommand(
        "login", "Take a join line or token (asked for, or from standard input), try it, keep it");
    const auto flags = std::make_shared<LoginFlags>();
    command->add_option("relay", flags->relay, "The relay, when only a token is given")
        ->type_name("RELAY");
    command
        ->add_option("--label", flags->label,
                     "Keep it as the account of this name, beside the relay's others")
        ->type_name("NAME");
    command->add_flag("--add", flags->add,
                      "Keep it beside what is known of the relay, instead of replacing it");
    command->add_flag("--file", flags->file, "Keep it in a file (mode 0600), not in the keychain");
    command->callback([&chosen, &globals, flags] {
        chosen = [&globals, flags] { return login(*flags, globals); };
    });
}

} // namespace sallyport::cli
