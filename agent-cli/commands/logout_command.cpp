// Forgets the token of a relay, here; at the relay it stays valid until it is revoked.
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

int logout(const std::string& relay, const Globals& globals)
{
    Globals chosen = globals;
    if (!relay.empty())
        chosen.relay = relay;
    const auto settings = loadSettings(chosen);
    if (!settings)
        return complain(Usage, settings.error());
    if (!settings->config.relay)
        return complain(Usage, "which relay? sallyport logout RELAY");
    const std::string key = control::secretKey(*settings->config.relay);
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
    CLI::App* command = app.add_subcommand("logout", "Forget the relay's token on this machine");
    const auto relay = std::make_shared<std::string>();
    command->add_option("relay", *relay, "The relay")->type_name("RELAY");
    command->callback([&chosen, &globals, relay] {
        chosen = [&globals, relay] { return logout(*relay, globals); };
    });
}

} // namespace sallyport::cli
