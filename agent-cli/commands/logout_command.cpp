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

// The id of what was named; of a relay that there is no account for, its token may be there still.
Result<std::string, std::string> accountNamed(const std::string& name)
{
    const auto accounts = control::Accounts::read();
    if (!accounts)
        return Failure(accounts.error());
    const auto known = accounts->named(name);
    const auto relay = config::RelayAddress::parse(name);
    if (known)
        return known->id();
    if (relay && !accounts->of(*relay))
        return control::relayKey(*relay);
    return Failure(known.error());
}

int logout(const std::string& name, const Globals& globals)
{
    std::string key;
    if (!name.empty()) {
        const auto found = accountNamed(name);
        if (!found)
            return complain(Usage, found.error());
        key = *found;
    } else {
        const auto settings = loadSettings(globals);
        if (!settings)
            return complain(Usage, settings.error());
        if (!settings->config.relay)
            return complain(Usage, "of which account? sallyport logout ACCOUNT");
        key = settings->account;
    }
    int code = Failed;
    control::SecretStores stores;
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
