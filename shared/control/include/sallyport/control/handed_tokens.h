// The tokens that an agent which starts before anybody logs in is handed: the keychain is closed
// then. One for each account, so that a token never goes to another relay than its own.
//
// systemd gives them to the service as the credential FileName (LoadCredential=); what root keeps
// of them is this text. Lines: "ACCOUNT TOKEN", where an account is HOST:PORT or HOST:PORT#2 (see
// accounts.h); empty lines and lines that begin with # are ignored.
//
// Bounded: MaxTokens lines, MaxToken bytes each, MaxText bytes in all. Threads: any; plain values.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/base/secret.h>
#include <sallyport/control/accounts.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::control {

class HandedTokens
{
public:
    static constexpr const char* FileName = "sallyport-tokens";
    static constexpr size_t MaxTokens = Accounts::MaxAccounts;
    static constexpr size_t MaxToken = size_t(16) * 1024;
    static constexpr size_t MaxText = size_t(512) * 1024;

    // Errors are sentences that name the line, never what is in it.
    static Result<HandedTokens, std::string> parse(const Secret& text);
    // Whether this process was handed tokens, and which; one that can't be read or used is none.
    static bool areHere();
    static HandedTokens ofThisProcess();

    // `account`: its id. False when it does not fit (see above).
    bool put(const std::string& account, const Secret& token);
    void remove(const std::string& account) { m_tokens.erase(account); }
    std::optional<Secret> find(const std::string& account) const;
    bool empty() const { return m_tokens.empty(); }

    Secret text() const;
    // What tells them from others without giving them away, for their owner: lines "ACCOUNT MARK".
    std::string marks() const;

private:
    std::map<std::string, Secret> m_tokens;
};

// Of a token that is hard to guess, as all of ours are: the same for the same one alone.
std::string tokenMark(const Secret& token);

// Whether `marks` (see above) lack the token of one of the accounts. An account of an earlier
// version, whose token has no mark, lacks nothing as long as there is one for it.
bool lacksTokens(std::string_view marks, const Accounts& accounts);

} // namespace sallyport::control
