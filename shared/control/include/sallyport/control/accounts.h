// The credentials that this computer has for relays: accounts.yaml beside agent.yaml, shared by
// `sallyport login` and the desktop app. One is in use.
//
//     auto accounts = Accounts::read();
//     accounts->put({.relay = relay, .pin = pin}); // and puts it in use
//     accounts->write();
//
// A relay's first account has the relay's address as its id, as before there could be several; the
// others have a number behind it. It holds no secret: tokens are in the secret stores, under the
// account's id. What `sallyport login` of an earlier version noted (login.yaml) is taken over by
// the first write().
//
// Threads: any, one at a time. The file is read whole and replaced whole; of two programs that
// change it at the same moment the later one wins.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/config/agent_config.h>
#include <sallyport/control/account.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::control {

struct KnownAccount
{
    config::RelayAddress relay;
    std::string label; // at most Accounts::MaxLabel bytes, without control characters
    std::optional<SpkiPin> pin;
    std::string identity;  // a certificate's bundle that proves who we are; empty: a token does
    std::string tokenHint; // see tokenHint()
    std::string tokenMark = {}; // see tokenMark() of handed_tokens.h
    bool inFile = false;        // there is no keychain
    uint32_t number = 1;        // among those of its relay, from 1 to Accounts::MaxAccounts

    std::string id() const;
    // The label; where it has none, the relay's address, with what tells it from the relay's first.
    std::string name() const;
    bool operator==(const KnownAccount&) const = default;
};

class Accounts
{
public:
    static constexpr size_t MaxAccounts = 50;
    static constexpr size_t MaxLabel = 100;

    // The usual file. One that does not exist is an empty list; a broken one fails with a sentence
    // that says where.
    static Result<Accounts, std::string> read();
    static Result<Accounts, std::string> read(const std::string& file);
    static std::string usualFile();

    const std::vector<KnownAccount>& list() const { return m_list; }
    const KnownAccount* find(std::string_view id) const;
    const KnownAccount* inUse() const { return find(m_inUse); }
    // What a configuration that names this relay uses: the one in use where it is of that relay,
    // else the relay's first.
    const KnownAccount* of(const config::RelayAddress& relay) const;
    // As people name one: its id, its name, or the relay's address where that has no other. Fails
    // with a sentence that says what there is.
    Result<KnownAccount, std::string> named(const std::string& name) const;
    // For another account of this relay. Fails with a sentence when there are too many.
    Result<uint32_t, std::string> freeNumber(const config::RelayAddress& relay) const;
    // For people's screens.
    std::vector<Account> views() const;

    // Adds or replaces, and puts it in use. A label that was there stays where the new one is
    // empty. Fails with a sentence when there are too many.
    Result<void, std::string> put(KnownAccount account);
    // These fail when there is no such account.
    Result<void, std::string> use(std::string_view id);
    Result<void, std::string> setInFile(std::string_view id, bool inFile);
    Result<void, std::string> rename(std::string_view id, const std::string& label);
    // Another one is put in use where it was this one. Fine when there is none.
    void remove(std::string_view id);

    const std::string& file() const { return m_file; }
    // Mode 0600. Fails with a sentence.
    Result<void, std::string> write() const;

private:
    explicit Accounts(std::string file) : m_file(std::move(file)) {}
    std::string text() const;
    KnownAccount* findToChange(std::string_view id);
    Result<void, std::string> fill(const std::string& text);
    void takeOverLogin();
    std::string loginFile() const;
    bool isFull() const { return m_list.size() >= MaxAccounts; }

    std::string m_file;
    std::vector<KnownAccount> m_list;
    std::string m_inUse;
};

// The first characters of a token, so that two can be told apart: "spt_Ab12...". At most 8 and at
// most a quarter of it. All JWTs begin alike, so of one it is the end: "jwt…x3Kd9f".
std::string tokenHint(const Secret& token);

} // namespace sallyport::control
