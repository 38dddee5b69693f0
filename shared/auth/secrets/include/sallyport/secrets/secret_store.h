// Where the agent keeps its secrets: the system's keychain, or a file that only its owner can read.
//
//     openSecretStore(config::agentCredentialsFile(context), [](OpenedSecretStore opened) {
//         say(opened.sentence);                      // "The token is kept in the system keychain."
//         opened.store->read("tunnel.example.com", [](Result<Secret, SecretError> secret) { ... });
//     });
//
// Threads: one with a running event loop. Answers come later, never inside the call, exactly once;
// a store that is destroyed before them drops them. Keychains may ask the user, so an answer can
// take as long as a person does.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/base/secret.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace sallyport::secrets {

struct SecretError
{
    enum class Code {
        NotFound,
        Denied,      // by the user or the system, or a file that others can read
        Unavailable, // no keychain, or it is locked and cannot ask
        Failed,
    };
    Code code;
    std::string message; // a sentence
};

class SecretStore
{
public:
    using ReadDone = std::function<void(Result<Secret, SecretError>)>;
    using Done = std::function<void(Result<void, SecretError>)>;

    virtual ~SecretStore() = default;

    // Keys are relay addresses: at most 255 bytes without control characters.
    virtual void read(const std::string& key, ReadDone done) = 0;
    virtual void write(const std::string& key, const Secret& secret, Done done) = 0;
    // Removing what is not there is fine.
    virtual void remove(const std::string& key, Done done) = 0;

    // "the system keychain", "the file /home/ann/.config/sallyport/credentials.yaml".
    virtual std::string description() const = 0;
};

// credentials.yaml: {secrets: {KEY: SECRET}}, mode 0600 in a folder made with 0700. Refused when
// others can read it. At most 100 secrets.
std::unique_ptr<SecretStore> makeFileSecretStore(std::string file);

// The keychain by QtKeychain: Secret Service or KWallet, macOS Keychain, Windows Credential
// Manager.
std::unique_ptr<SecretStore> makeKeychainSecretStore();

// Whether this session has a keychain, locked or not: asks nobody and changes nothing. A moment's
// wait for the session bus where there is one.
bool isKeychainThere();

// From one store to another: written there, read back, and only then removed here. A failure on the
// way leaves it where it was; where the removal alone fails it is in both. The stores must outlive
// the answer.
void moveSecret(const std::string& key, SecretStore& from, SecretStore& to, SecretStore::Done done);

// A connection to a Secret Service that ran before is given up: another run of it does not know the
// session. Harmless where there is none. On the thread that uses the keychain.
void reconnectKeychain();

struct OpenedSecretStore
{
    std::unique_ptr<SecretStore> store;
    bool keychain = false;
    std::string sentence; // which of the two, and why
    // Why it is not the keychain, where that was tried.
    std::optional<SecretError> keychainProblem;
};

// Tries the keychain (by writing and removing an item of its own: a locked keyring asks its user,
// and one that cannot keep anything is found out) and falls back to the file; also when it does not
// answer, after two minutes, or five seconds where there is no screen to ask on. A store with the
// keychain still finds what an earlier run had to keep in the file. `preferFile` skips the try:
// services and tests. `patience` is the time to answer; nothing: as said.
void openSecretStore(const std::string& file, std::function<void(OpenedSecretStore)> done,
                     bool preferFile = false,
                     std::optional<std::chrono::milliseconds> patience = std::nullopt);

} // namespace sallyport::secrets
