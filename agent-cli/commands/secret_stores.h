// The places where tokens may be: the keychain, and the file that stands in for it.
//
// A token may be in the file although there is a keychain (`login --file`, or a keychain that came
// later), so reading looks at both, the keychain first.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/secrets/secret_store.h>

#include <functional>
#include <memory>
#include <string>

namespace sallyport::cli {

// Threads: one with an event loop. Lifetime: answers are dropped when it goes.
class SecretStores
{
public:
    struct Found
    {
        Secret secret;
        std::string where; // "the system keychain"
    };
    using FindDone = std::function<void(Result<Found, secrets::SecretError>)>;

    void find(const std::string& key, FindDone done);
    // From both.
    void remove(const std::string& key,
                std::function<void(Result<void, secrets::SecretError>)> done);

private:
    void open(std::function<void()> then);
    void findInFile(const std::string& key, const FindDone& done,
                    const secrets::SecretError& before);

    std::unique_ptr<secrets::SecretStore> m_store;
    std::unique_ptr<secrets::SecretStore> m_file; // when m_store is a keychain
    std::shared_ptr<int> m_alive = std::make_shared<int>();
};

} // namespace sallyport::cli
