// The keychain, with the file behind it for what an earlier run had to keep there.
#pragma once

#include <sallyport/secrets/secret_store.h>

#include <memory>
#include <string>

namespace sallyport::secrets {

// Reads the keychain, then the file. Writes to the keychain and takes the old secret out of the
// file. Removes from both.
class KeychainFirstStore : public SecretStore
{
public:
    KeychainFirstStore(std::unique_ptr<SecretStore> keychain, std::unique_ptr<SecretStore> file);

    void read(const std::string& key, ReadDone done) override;
    void write(const std::string& key, const Secret& secret, Done done) override;
    void remove(const std::string& key, Done done) override;
    std::string description() const override { return m_keychain->description(); }

private:
    // Declared in this order, so that the file's answers stop first.
    std::unique_ptr<SecretStore> m_keychain;
    std::unique_ptr<SecretStore> m_file;
};

} // namespace sallyport::secrets
