#include "yaml_text.h"

#include <sallyport/config/document.h>
#include <sallyport/config/files.h>
#include <sallyport/control/accounts.h>
#include <sallyport/control/settings.h>
#include <sallyport/jose/jws.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <iterator>
#include <utility>

namespace sallyport::control {

namespace {

constexpr const char* Heading =
    "# Relays that this computer has a credential for: written by `sallyport login` and the "
    "desktop app.\n"
    "# No secrets here: tokens are in the keychain, or in credentials.yaml.\n";

std::string textOf(const config::Node& map, std::string_view key)
{
    const config::Node* node = map.find(key);
    return node ? node->text : std::string();
}

Result<KnownAccount, std::string> accountOf(const config::Node& node)
{
    auto relay = config::RelayAddress::parse(textOf(node, "relay"));
    if (!relay)
        return Failure("relay " + relay.error());
    KnownAccount account;
    account.relay = *relay;
    account.label = textOf(node, "label");
    account.identity = textOf(node, "identity");
    account.tokenHint = textOf(node, "token_hint").substr(0, 16);
    account.tokenMark = textOf(node, "token_mark").substr(0, 16);
    account.inFile = textOf(node, "in_file") == "true";
    if (const std::string text = textOf(node, "number"); !text.empty()) {
        const char* end = text.data() + text.size();
        const auto read = std::from_chars(text.data(), end, account.number);
        if (read.ec != std::errc() || read.ptr != end || account.number < 1 ||
            account.number > Accounts::MaxAccounts)
            return Failure("number " + text + " is not from 1 to " +
                           std::to_string(Accounts::MaxAccounts));
    }
    if (const std::string text = textOf(node, "pin"); !text.empty()) {
        auto pin = config::readPin(text);
        if (!pin)
            return Failure("pin " + pin.error()); // never less strict than login was
        account.pin = *pin;
    }
    return account;
}

bool fitsAsLabel(const std::string& label)
{
    return label.size() <= Accounts::MaxLabel &&
           std::none_of(label.begin(), label.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::string noSuch(std::string_view id)
{
    return "there is no account for " + std::string(id) + " any more";
}

std::string tooMany()
{
    return "there are " + std::to_string(Accounts::MaxAccounts) +
           " accounts already: remove one that is not needed any more";
}

} // namespace

std::string KnownAccount::id() const
{
    return relayKey(relay) + (number > 1 ? "#" + std::to_string(number) : "");
}

std::string KnownAccount::name() const
{
    if (!label.empty() || number == 1)
        return label.empty() ? relay.text() : label;
    return relay.text() + " (" + (tokenHint.empty() ? std::to_string(number) : tokenHint) + ")";
}

std::string Accounts::usualFile()
{
    const std::string beside = credentialsFile();
    return beside.substr(0, beside.find_last_of("/\\") + 1) + "accounts.yaml";
}

Result<Accounts, std::string> Accounts::read()
{
    return read(usualFile());
}

Result<Accounts, std::string> Accounts::read(const std::string& file)
{
    Accounts accounts(file);
    const auto found = config::readFile(file);
    if (!found && found.error() != config::FileError::Missing)
        return Failure(file + " " + config::toText(found.error()));
    if (!found) {
        accounts.takeOverLogin();
        return accounts;
    }
    if (auto filled = accounts.fill(found->text); !filled)
        return Failure(filled.error());
    return accounts;
}

Result<void, std::string> Accounts::fill(const std::string& text)
{
    const auto root = config::document::parse(text, m_file);
    if (!root) {
        std::string problems = root.error().text();
        while (problems.ends_with('\n'))
            problems.pop_back();
        return Failure(std::move(problems));
    }
    const config::Node* list = root->find("accounts");
    const std::vector<config::Node> none;
    for (const config::Node& node : list ? list->items : none) {
        auto account = accountOf(node);
        if (!account)
            return Failure(m_file + ":" + std::to_string(node.line) + ": " + account.error());
        if (m_list.size() == MaxAccounts)
            return Failure(m_file + ":" + std::to_string(node.line) + ": more than " +
                           std::to_string(MaxAccounts) + " accounts");
        if (!find(account->id()))
            m_list.push_back(std::move(*account));
    }
    m_inUse = textOf(*root, "in_use");
    if (!find(m_inUse))
        m_inUse = m_list.empty() ? std::string() : m_list.front().id();
    return {};
}

std::string Accounts::loginFile() const
{
    return m_file.substr(0, m_file.find_last_of("/\\") + 1) + "login.yaml";
}

void Accounts::takeOverLogin()
{
    const auto file = config::readFile(loginFile());
    if (!file)
        return;
    const auto root = config::document::parse(file->text, "login.yaml");
    auto account = root ? accountOf(*root) : Failure(std::string());
    if (account)
        (void)put(std::move(*account));
}

const KnownAccount* Accounts::find(std::string_view id) const
{
    for (const KnownAccount& account : m_list)
        if (account.id() == id)
            return &account;
    return nullptr;
}

KnownAccount* Accounts::findToChange(std::string_view id)
{
    return const_cast<KnownAccount*>(find(id));
}

const KnownAccount* Accounts::of(const config::RelayAddress& relay) const
{
    const std::string key = relayKey(relay);
    if (const KnownAccount* used = inUse(); used && relayKey(used->relay) == key)
        return used;
    for (const KnownAccount& account : m_list)
        if (relayKey(account.relay) == key)
            return &account;
    return nullptr;
}

Result<KnownAccount, std::string> Accounts::named(const std::string& name) const
{
    if (const KnownAccount* account = find(name))
        return *account;
    const auto matching = [this](const auto& fits) {
        std::vector<KnownAccount> found;
        std::copy_if(m_list.begin(), m_list.end(), std::back_inserter(found), fits);
        return found;
    };
    std::vector<KnownAccount> found = matching([&](const auto& one) {
        return (one.number > 1 || !one.label.empty()) && one.name() == name; // else its address
    });
    const auto relay = config::RelayAddress::parse(name);
    if (found.empty() && relay)
        found = matching([&](const auto& one) { return relayKey(one.relay) == relayKey(*relay); });
    if (found.size() == 1)
        return found.front();
    std::string choices;
    for (const KnownAccount& account : found.empty() ? m_list : found)
        choices += "\n  " + account.id() + (account.label.empty() ? "" : "  " + account.label);
    return Failure("\"" + name + "\" is " +
                   (found.empty() ? std::string("no account here")
                                  : std::to_string(found.size()) + " accounts") +
                   (choices.empty() ? "" : "; there are:" + choices));
}

Result<uint32_t, std::string> Accounts::freeNumber(const config::RelayAddress& relay) const
{
    KnownAccount wanted;
    wanted.relay = relay;
    while (find(wanted.id()))
        ++wanted.number;
    if (isFull())
        return Failure(tooMany());
    return wanted.number;
}

std::vector<Account> Accounts::views() const
{
    std::vector<Account> views;
    for (const KnownAccount& known : m_list) {
        Account view;
        view.id = known.id();
        view.label = known.number > 1 ? known.name() : known.label;
        view.relay = known.relay.text();
        view.pin = known.pin ? known.pin->toString() : std::string();
        view.inUse = view.id == m_inUse;
        view.inFile = known.inFile;
        view.tokenHint = known.tokenHint;
        view.tokenMark = known.tokenMark;
        views.push_back(std::move(view));
    }
    return views;
}

Result<void, std::string> Accounts::put(KnownAccount account)
{
    if (!fitsAsLabel(account.label))
        return Failure(std::string("a label has at most 100 bytes, in one line"));
    if (isFull() && !find(account.id()))
        return Failure(tooMany());
    m_inUse = account.id();
    if (KnownAccount* known = findToChange(m_inUse)) {
        if (account.label.empty())
            account.label = known->label;
        *known = std::move(account);
        return {};
    }
    m_list.push_back(std::move(account));
    return {};
}

Result<void, std::string> Accounts::use(std::string_view id)
{
    if (!find(id))
        return Failure(noSuch(id));
    m_inUse = id;
    return {};
}

Result<void, std::string> Accounts::setInFile(std::string_view id, bool inFile)
{
    KnownAccount* known = findToChange(id);
    if (!known)
        return Failure(noSuch(id));
    known->inFile = inFile;
    return {};
}

Result<void, std::string> Accounts::rename(std::string_view id, const std::string& label)
{
    if (!fitsAsLabel(label))
        return Failure(std::string("a label has at most 100 bytes, in one line"));
    KnownAccount* known = findToChange(id);
    if (!known)
        return Failure(noSuch(id));
    known->label = label;
    return {};
}

void Accounts::remove(std::string_view id)
{
    std::erase_if(m_list, [&](const KnownAccount& known) { return known.id() == id; });
    if (!find(m_inUse))
        m_inUse = m_list.empty() ? std::string() : m_list.front().id();
}

std::string Accounts::text() const
{
    std::string text = Heading;
    if (!m_inUse.empty())
        text += "in_use: " + yamlQuoted(m_inUse) + "\n";
    text += m_list.empty() ? "accounts: []\n" : "accounts:\n";
    for (const KnownAccount& account : m_list) {
        text += "  - relay: " + yamlQuoted(account.relay.text()) + "\n";
        const auto line = [&](const char* key, const std::string& value) {
            if (!value.empty())
                text += std::string("    ") + key + ": " + value + "\n";
        };
        line("label", account.label.empty() ? "" : yamlQuoted(account.label));
        line("pin", account.pin ? yamlQuoted(account.pin->toString()) : "");
        line("identity", account.identity.empty() ? "" : yamlQuoted(account.identity));
        line("token_hint", account.tokenHint.empty() ? "" : yamlQuoted(account.tokenHint));
        line("token_mark", account.tokenMark.empty() ? "" : yamlQuoted(account.tokenMark));
        line("in_file", account.inFile ? "true" : "");
        line("number", account.number > 1 ? std::to_string(account.number) : "");
    }
    return text;
}

Result<void, std::string> Accounts::write() const
{
    auto made = config::makeFolder(m_file.substr(0, m_file.find_last_of("/\\")));
    if (made)
        made = config::writeFileAtomically(m_file, text());
    if (!made)
        return Failure(m_file + " " + config::toText(made.error()));
    std::remove(loginFile().c_str()); // all of it is in ours by now
    return {};
}

std::string tokenHint(const Secret& token)
{
    const std::string_view text = token.reveal();
    if (jose::looksLikeJwt(text) && text.size() >= 64)
        return "jwt\xe2\x80\xa6" + std::string(text.substr(text.size() - 6));
    return text.size() < 16 ? std::string()
                            : std::string(text.substr(0, std::min<size_t>(8, text.size() / 4)));
}

} // namespace sallyport::control
