// tokens.yaml: the relay's tokens, hashed, in a file that a person may edit.
//
//     tokens:
//       - id: t_4kq8zm2x
//         name: alice                       # the tenant
//         hash: sha256:...
//         kinds: [http, tcp]                # or any (default)
//         names: [api, "pr-*"]              # or any (default), none
//         hostnames: ["*.acme.org"]         # or any, none (default)
//         ports: 20000-20099                # or any (default), none
//         created: 2026-01-31T12:00:00Z
//         expires: 2027-01-31T12:00:00Z     # without it: never
//
// add() and revoke() keep comments and the order of the file; the rest of it is not touched. They
// hold a lock file (tokens.yaml.lock) from reading to renaming, so the command and the relay never
// lose each other's change. The file is replaced whole, readable by its owner alone.
//
// Threads: each call is complete in itself; make one TokenStore per thread.
#pragma once

#include <sallyport/auth/token_set.h>
#include <sallyport/base/result.h>
#include <sallyport/config/files.h>
#include <sallyport/config/problem.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::auth {

// Why a change was not made. The sentence names the file.
struct StoreError
{
    enum class Code {
        Unreadable, // the file cannot be read or is not valid: problems say where
        Unwritable, // the folder or file cannot be written
        Locked,     // another process held the lock for too long
        NotFound,   // revoke(): no token of that id or name
        Ambiguous,  // revoke(): several tokens have that name
        Full,       // TokenSet::MaxTokens reached
        Invalid,    // add(): the request itself
        NoRandomness,
    };
    Code code;
    std::string message;
};

struct TokenRequest
{
    std::string name; // 1 to 64 of letters, digits, ".", "_", "-", "@"
    Permissions permissions;
    std::optional<Timestamp> expires;
};

struct NewToken
{
    Token token; // shown once; only its hash is kept
    TokenRecord record;
};

class TokenStore
{
public:
    explicit TokenStore(std::string file,
                        std::chrono::milliseconds lockTimeout = std::chrono::seconds(5));

    const std::string& file() const { return m_file; }

    // A file that does not exist is an empty set. Problems name line and key.
    Result<std::shared_ptr<const TokenSet>, config::Problems> load() const;

    Result<NewToken, StoreError> add(const TokenRequest& request, Timestamp now);
    // By id, or by name when only one token has it. Returns what was removed.
    Result<TokenRecord, StoreError> revoke(std::string_view idOrName);

private:
    std::string m_file;
    std::chrono::milliseconds m_lockTimeout;
};

// The pure half: text to records (strict, with lines), and edits of the text.
Result<std::vector<TokenRecord>, config::Problems> parseTokens(std::string_view text,
                                                               const std::string& fileName);
std::string tokenText(const TokenRecord& record); // one item of the list, indented by two

} // namespace sallyport::auth
