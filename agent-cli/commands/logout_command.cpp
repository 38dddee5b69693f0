// Forgets the token of an account, here; at the relay it stays valid until it is revoked.
#include "commands.h"
#include "exit_code.h"
#include "say.h"

#include <sallyport/control/accounts.h>
#include <sallyport/control/secret_stores.h>
#include <sallyport/control/settings.h>

#include <QCoreApplication>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

namespace sallyport::cli {

namespace {

bool isThere(const std::string& key, control::SecretStores& stores)
{
    bool found = false;
    stores.find(key, [&](const Result<control::SecretStores::Found, secrets::SecretError>& secret) {
        found = secret.ok();
        QCoreApplication::quit();
    });
    QCoreApplication::exec();
    return found;
}

// The id of what was named. A token may be there without an account: accounts.yaml can be deleted.
Result<std::string, std::string> accountNamed(const std::string& name,
                                              control::SecretStores& stores)
{
    const auto accounts = control::Accounts::read();
    if (!accounts)
        return Failure(accounts.error());
    const auto known = accounts->named(name);
    if (known)
        return known->id();
    const auto relay = config::RelayAddress::parse(name);
    if (relay && !accounts->of(*relay) && isThere(control::relayKey(*relay), stores))
        return control::relayKey(*relay);
    return Failure(known.error());
}

Result<std::string, std::string> accountInUse(const Globals& globals)
{
    const auto settings = loadSettings(globals);
    if (!settings)
        return Failure(settings.error());
    if (!settings->config.relay)
        return Failure(std::string("of which account? sallyport logout ACCOUNT"));
    return settings->account;
}

int logout(const std::string& name, const Globals& globals)
{
    control::SecretStores stores;
    const auto found = name.empty() ? accountInUse(globals) : accountNamed(name, stores);
    if (!found)
        return complain(Usage, found.error());
    const std::string& key = *found;
    int code = Failed;
    stores.remove(key, [&](Result<void, secrets::SecretError> removed) {
        if (removed)
            code = Fine;
        else
            say(removed.error().message);
        QCoreApplication::quit();
    });
    QCoreApplication::exec();
    if (code != Fine)
        return code;
    auto accounts = control::Accounts::read();
    if (!accounts)
        return complain(Failed, accounts.error());
    if (accounts->find(key)) {
        accounts->remove(key);
        if (const auto written = accounts->write(); !written)
            return complain(Failed, written.error());
    }
    say("the token for " + key +
        " is forgotten here; at the relay it stays valid until it is "
        "revoked there");
    return Fine;
}

} // namespace

void addLogout(CLI::App& app, const Globals& globals, Chosen& chosen)
{
    CLI::App* command = app.add_subcommand("logout", "Forget an account's token on this machine");
    const auto name = std::make_shared<std::string>();
    command
        ->add_option("account", *name,
                     "The account, as `sallyport accounts` names it, or its relay; the one in use")
        ->type_name("ACCOUNT");
    command->callback([&chosen, &globals, name] {
        chosen = [&globals, name] { return logout(*name, globals); };
    });
}

} // namespace sallyport::cli
