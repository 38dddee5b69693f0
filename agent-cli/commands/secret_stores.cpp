#include "secret_stores.h"

#include "settings.h"

#include <utility>

namespace sallyport::cli {

using secrets::SecretError;

void SecretStores::open(std::function<void()> then)
{
    if (m_store)
        return then();
    const std::weak_ptr<int> alive = m_alive;
    secrets::openSecretStore(credentialsFile(), [this, alive, then = std::move(then)](
                                                    secrets::OpenedSecretStore opened) {
        if (alive.expired())
            return;
        m_store = std::move(opened.store);
        if (opened.keychain)
            m_file = secrets::makeFileSecretStore(credentialsFile());
        then();
    });
}

void SecretStores::find(const std::string& key, FindDone done)
{
    open([this, key, done = std::move(done)] {
        m_store->read(key, [this, key, done](Result<Secret, SecretError> found) {
            if (found)
                return done(Found{std::move(*found), m_store->description()});
            if (m_file)
                return findInFile(key, done, found.error());
            done(Failure(found.error()));
        });
    });
}

void SecretStores::findInFile(const std::string& key, const FindDone& done,
                              const SecretError& before)
{
    m_file->read(key, [this, done, before](Result<Secret, SecretError> found) {
        if (found)
            return done(Found{std::move(*found), m_file->description()});
        done(Failure(found.error().code == SecretError::Code::NotFound ? before : found.error()));
    });
}

void SecretStores::remove(const std::string& key,
                          std::function<void(Result<void, SecretError>)> done)
{
    open([this, key, done = std::move(done)] {
        m_store->remove(key, [this, key, done](Result<void, SecretError> removed) {
            if (!m_file)
                return done(std::move(removed));
            m_file->remove(key, [done, removed](Result<void, SecretError> fromFile) {
                done(removed ? std::move(fromFile) : removed);
            });
        });
    });
}

} // namespace sallyport::cli
