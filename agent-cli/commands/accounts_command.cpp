// The accounts of this machine: which there are, which one is in use, what they are called.
#include "commands.h"
#include "exit_code.h"
#include "say.h"

#include <sallyport/control/accounts.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QString>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>

namespace sallyport::cli {

namespace {

using control::Accounts;
using control::KnownAccount;

struct AccountFlags
{
    bool json = false;
    std::string account;
    std::string label;
};

void printAccount(const KnownAccount& account, bool inUse)
{
    std::string about = account.identity.empty() ? account.tokenHint : account.identity;
    if (account.inFile)
        about += about.empty() ? "(in a file)" : " (in a file)";
    std::printf("%c %-32s %-24s %s\n", inUse ? '*' : ' ', account.id().c_str(),
                account.label.c_str(), about.c_str());
}

QJsonObject asJson(const control::Account& account)
{
    const auto text = [](const std::string& value) { return QString::fromStdString(value); };
    return {{"id", text(account.id)},        {"label", text(account.label)},
            {"relay", text(account.relay)},  {"token_hint", text(account.tokenHint)},
            {"in_use", account.inUse},       {"in_file", account.inFile},
            {"pinned", !account.pin.empty()}};
}

int list(bool json)
{
    const auto accounts = Accounts::read();
    if (!accounts)
        return complain(Usage, accounts.error());
    if (json) {
        QJsonArray array;
        for (const control::Account& account : accounts->views())
            array.append(asJson(account));
        const QByteArray text = QJsonDocument(QJsonObject{{"accounts", array}}).toJson();
        std::fwrite(text.constData(), 1, static_cast<size_t>(text.size()), stdout);
        return Fine;
    }
    for (const KnownAccount& account : accounts->list())
        printAccount(account, &account == accounts->inUse());
    if (accounts->list().empty())
        say("there are none yet: sallyport login");
    return Fine;
}

int change(const std::string& name,
           const std::function<Result<void, std::string>(Accounts&, const std::string& id)>& how)
{
    auto accounts = Accounts::read();
    if (!accounts)
        return complain(Usage, accounts.error());
    const auto account = accounts->named(name);
    if (!account)
        return complain(Usage, account.error());
    if (const auto changed = how(*accounts, account->id()); !changed)
        return complain(Usage, changed.error());
    const auto written = accounts->write();
    return written ? int(Fine) : complain(Failed, written.error());
}

int use(const std::string& name, const Globals& globals)
{
    std::string used;
    const int code = change(name, [&](Accounts& accounts, const std::string& id) {
        used = id;
        return accounts.use(id);
    });
    if (code != Fine)
        return code;
    const auto settings = loadSettings(globals);
    if (settings && settings->account != used)
        say("note: " + settings->configFile +
            " or the environment names the relay "
            "of another account, " +
            settings->account + ", which comes before this one");
    return Fine;
}

} // namespace

void addAccounts(CLI::App& app, const Globals& globals, Chosen& chosen)
{
    CLI::App* command =
        app.add_subcommand("accounts", "The relays and tokens that `sallyport login` kept");
    const auto flags = std::make_shared<AccountFlags>();
    command->add_flag("--json", flags->json, "As JSON");
    const auto named = [&](const char* verb, const char* help) {
        CLI::App* one = command->add_subcommand(verb, help);
        one->add_option("account", flags->account, "Its id, its label, or the relay's address")
            ->required()
            ->type_name("ACCOUNT");
        return one;
    };
    named("use", "Use this one from now on")->callback([&chosen, &globals, flags] {
        chosen = [&globals, flags] { return use(flags->account, globals); };
    });
    CLI::App* rename = named("rename", "Give it another label");
    rename->add_option("label", flags->label, "At most 100 bytes; empty: none")
        ->required()
        ->type_name("LABEL");
    rename->callback([&chosen, flags] {
        chosen = [flags] {
            return change(flags->account, [&](Accounts& accounts, const std::string& id) {
                return accounts.rename(id, flags->label);
            });
        };
    });
    command->callback([&chosen, command, flags] {
        if (command->get_subcommands().empty())
            chosen = [flags] { return list(flags->json); };
    });
}

} // namespace sallyport::cli
