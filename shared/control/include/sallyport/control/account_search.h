// Which account of a relay has a token already, so that adding that token again makes no second
// one.
//
// Threads and lifetime: those of the stores; without them no answer comes.
#pragma once

#include <sallyport/base/secret.h>
#include <sallyport/control/accounts.h>
#include <sallyport/control/secret_stores.h>

#include <functional>
#include <string>

namespace sallyport::control {

struct AccountSearch
{
    std::string same;   // the id of the one that has it; empty: none
    std::string vacant; // of the first whose token is gone, which may be given another
};

// Looks into the secret stores for each account of that relay, one after the other. Of a token that
// can't be read now (the keychain is locked) the hint decides; JWTs, whose hints say less, count as
// another then, because that loses nothing.
void findAccountOf(const Secret& token, const config::RelayAddress& relay, const Accounts& accounts,
                   SecretStores& stores, std::function<void(AccountSearch)> done);

} // namespace sallyport::control
