#include <sallyport/control/account_search.h>
#include <sallyport/control/settings.h>
#include <sallyport/jose/jws.h>

#include <memory>
#include <utility>
#include <vector>

namespace sallyport::control {

namespace {

using secrets::SecretError;
using Found = Result<SecretStores::Found, SecretError>;

// Owned by the question that is under way.
struct Search : std::enable_shared_from_this<Search>
{
    Search(const Secret& wanted, SecretStores& where, std::function<void(AccountSearch)> then)
        : token(wanted), stores(where), done(std::move(then))
    {}

    void next()
    {
        if (left.empty())
            return done(std::move(result));
        stores.find(left.back().id(), [self = shared_from_this()](const Found& found) {
            const KnownAccount account = std::move(self->left.back());
            self->left.pop_back();
            self->look(account, found);
        });
    }

    void look(const KnownAccount& account, const Found& found)
    {
        const bool gone = !found && found.error().code == SecretError::Code::NotFound;
        if (gone && result.vacant.empty())
            result.vacant = account.id();
        const bool same = found ? found->secret == token
                                : !gone && !jose::looksLikeJwt(token.reveal()) &&
                                      !account.tokenHint.empty() &&
                                      account.tokenHint == tokenHint(token);
        if (!same)
            return next();
        result.same = account.id();
        done(std::move(result));
    }

    Secret token;
    SecretStores& stores;
    std::function<void(AccountSearch)> done;
    std::vector<KnownAccount> left; // from the back
    AccountSearch result;
};

} // namespace

void findAccountOf(const Secret& token, const config::RelayAddress& relay, const Accounts& accounts,
                   SecretStores& stores, std::function<void(AccountSearch)> done)
{
    const auto search = std::make_shared<Search>(token, stores, std::move(done));
    const std::vector<KnownAccount>& all = accounts.list();
    for (auto one = all.rbegin(); one != all.rend(); ++one)
        if (relayKey(one->relay) == relayKey(relay) && one->identity.empty())
            search->left.push_back(*one);
    search->next();
}

} // namespace sallyport::control
