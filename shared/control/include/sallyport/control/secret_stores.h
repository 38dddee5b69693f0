// The places where tokens may be: the file for secrets, and the system's keychain.
//
// The file is looked at first, because that costs nothing and asks nobody; a token is in one place
// alone, the one where the last `login` put it.
//
// The stores live on a thread of their own: some keychains speak through GLib's event loop, which
// Qt's default dispatcher runs and the epoll dispatcher of the main thread does not.
//
// Threads: use it on one with an event loop; answers come there, later, exactly once. Lifetime:
// answers are dropped when it goes.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/base/secret.h>
#include <sallyport/secrets/secret_store.h>

#include <QObject>
#include <QThread>

#include <functional>
#include <string>

namespace sallyport::control {

class SecretStores
{
public:
    struct Found
    {
        Secret secret;
        std::string where; // "the system keychain"
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

    void find(const std::string& key, FindDone done);
    void keep(const std::string& key, const Secret& secret, bool preferFile, KeepDone done);
    // Wherever it is.
    void remove(const std::string& key, RemoveDone done);

private:
    class Worker;
    // Wraps an answer so that it is given on this object's thread.
    template <typename Answer>
    std::function<void(Answer)> here(std::function<void(Answer)> done);
    void onThread(std::function<void()> work);

    QObject m_home;
    QThread m_thread; // started by the first question
    Worker* m_worker; // lives on m_thread, which deletes it
};

} // namespace sallyport::control
