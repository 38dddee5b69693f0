// The places where tokens may be: the file for secrets, and the system's keychain.
//
// The file is looked at first, because that costs nothing and asks nobody; a token is in one place
// alone, the one where the last `login` put it.
//
// The stores live on a thread of their own, the same for all of a process: some keychains speak
// through GLib's event loop, which Qt's default dispatcher runs and the epoll dispatcher of the
// main thread does not.
//
// A service that was handed its tokens (handed_tokens.h) has these alone beside the file: it runs
// before a keychain is open, and one that it asked might ask its user. What it is told to keep it
// keeps until it ends; whoever told it sees to the rest.
//
// A keychain that can't be used (locked, and whoever was asked did not unlock it) is not tried at
// every question, because it may ask its user each time: lookAgain().
//
// Threads: use it on one with an event loop; answers come there, later, exactly once. Lifetime:
// answers are dropped when it goes.
#pragma once

#include <sallyport/agent/problem.h>
#include <sallyport/base/result.h>
#include <sallyport/base/secret.h>
#include <sallyport/secrets/secret_store.h>

#include <QObject>

#include <functional>
#include <string>

namespace sallyport::control {

// As a keychain's failure is told to a person.
agent::Problem problemOf(const secrets::SecretError& error);

class SecretStores
{
public:
    struct Found
    {
        Secret secret;
        std::string where; // "the system keychain"
        bool inFile = false;
    };
    using FindDone = std::function<void(Result<Found, secrets::SecretError>)>;
    struct Kept
    {
        std::string sentence; // where it is kept, and why there
        bool inFile = false;
    };
    using KeepDone = std::function<void(Result<Kept, secrets::SecretError>)>;
    using RemoveDone = std::function<void(Result<void, secrets::SecretError>)>;

    SecretStores();
    ~SecretStores();

    // Fails with Unavailable where it is not in the file and the keychain can't be looked into.
    void find(const std::string& key, FindDone done);
    // A keychain that could not be used is asked once more by the next question: a person is there.
    void lookAgain();
    void keep(const std::string& key, const Secret& secret, bool preferFile, KeepDone done);
    // What an earlier run had to keep in the file goes into the keychain, which may ask its user;
    // see secrets::moveSecret(). Fine where it is there already.
    void moveToKeychain(const std::string& key, RemoveDone done);
    // See secrets::isKeychainThere().
    void lookForKeychain(std::function<void(bool)> done);
    // Wherever it is.
    void remove(const std::string& key, RemoveDone done);

private:
    class Worker;
    // Wraps an answer so that it is given on this object's thread.
    template <typename Answer>
    std::function<void(Answer)> here(std::function<void(Answer)> done);
    void onThread(std::function<void()> work);

    QObject m_home;
    Worker* m_worker; // lives on the keychain's thread from the first question on
};

} // namespace sallyport::control
