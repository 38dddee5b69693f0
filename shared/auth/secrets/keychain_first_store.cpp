#include "keychain_first_store.h"

#include <utility>

namespace sallyport::secrets {

KeychainFirstStore::KeychainFirstStore(std::unique_ptr<SecretStore> keychain,
                                       std::unique_ptr<SecretStore> file)
    : m_keychain(std::move(keychain)), m_file(std::move(file))
{}

void KeychainFirstStore::read(const std::string& key, ReadDone done)
{
    m_keychain->read(key, [this, key, done = std::move(done)](Result<Secret, SecretError> first) {
        if (first) {
            done(std::move(first));
            return;
        }
        m_file->read(key, [first, done](Result<Secret, SecretError> second) {
            // When neither has it, the keychain's word is the better one, unless the file was
            // refused.
            const bool fileSaysMore = second || second.error().code != SecretError::Code::NotFound;
            done(fileSaysMore ? second : first);
        });
    });
}

void KeychainFirstStore::write(const std::string& key, const Secret& secret, Done done)
{
    m_keychain->write(key, secret,
                      [this, key, done = std::move(done)](Result<void, SecretError> written) {
                          if (!written) {
                              done(std::move(written));
                              return;
                          }
                          // A file that cannot be changed may hold an old secret; the keychain's is
                          // found first.
                          m_file->remove(key, [done](Result<void, SecretError>) { done({}); });
                      });
}

void KeychainFirstStore::remove(const std::string& key, Done done)
{
    m_keychain->remove(key, [this, key, done = std::move(done)](Result<void, SecretError> removed) {
        m_file->remove(key, [removed, done](Result<void, SecretError> fromFile) {
            done(removed ? fromFile : removed);
        });
    });
}

} // namespace sallyport::secrets
