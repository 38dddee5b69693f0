// A relay that this computer has a credential for. Plain values; the credential itself stays in the
// system's keychain (or the 0600 file) under the relay's address.
#pragma once

#include <sallyport/agent/problem.h>
#include <sallyport/base/secret.h>

#include <optional>
#include <string>

namespace sallyport::control {

struct Account
{
    std::string id;    // the relay's address, "tunnel.example.com:7000"
    std::string label; // for people; empty: the address
    std::string relay;
    std::string pin; // "sha256:..."; empty: the system's authorities
    bool inUse = false;
    bool inFile = false;   // the token is in a file because there is no keychain
    std::string tokenHint; // "spt_Ab12..." so that two can be told apart; never more
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
};

struct AddressCheck
{
    bool free = false;
    std::string url;       // what visitors would type
    agent::Problem reason; // when it is not free
};

} // namespace sallyport::control
