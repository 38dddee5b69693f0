// A credential of this computer's for a relay, of which there may be several: a private one and the
// company's, say. Plain values; the credential itself stays in the system's keychain (or the 0600
// file) under the account's id.
#pragma once

#include <sallyport/agent/problem.h>
#include <sallyport/base/secret.h>

#include <optional>
#include <string>

namespace sallyport::control {

struct Account
{
    // "tunnel.example.com:7000"; the relay's others: "tunnel.example.com:7000#2".
    std::string id;
    std::string label; // for people; empty: the address
    std::string relay;
    std::string pin; // "sha256:..."; empty: the system's authorities
    bool inUse = false;
    bool inFile = false;        // the token is in a file because there was no keychain
    bool canMove = false;       // and now there is one: AgentControl::moveToKeychain()
    std::string tokenHint;      // "spt_Ab12..." so that two can be told apart; never more
    std::string tokenMark = {}; // another one for another token; see handed_tokens.h
    bool operator==(const Account&) const = default;
};

struct NewAccount
{
    std::string label;
    // Either a join line, or host and token.
    Secret joinLine; // sallyport://TOKEN@HOST:7000?pin=sha256:...
    std::string relay;
    std::string pin;
    Secret token;
    // The id of the account whose credential it takes the place of; empty: it is another account,
    // unless one of this relay has that token already.
    std::string replaces;
};

struct AddressCheck
{
    bool free = false;
    std::string url;       // what visitors would type
    agent::Problem reason; // when it is not free
};

} // namespace sallyport::control
