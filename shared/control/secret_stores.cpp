#include <sallyport/control/handed_tokens.h>
#include <sallyport/control/secret_stores.h>
#include <sallyport/control/settings.h>

#include <QCoreApplication>
#include <QPointer>
#include <QThread>
#include <QTimer>

#include <memory>
#include <optional>
#include <utility>

namespace sallyport::control {

using secrets::SecretError;

agent::Problem problemOf(const SecretError& error)
{
    using enum agent::ProblemCode;
    switch (error.code) {
    case SecretError::Code::NotFound:
        return {TokenMissing, error.message};
    case SecretError::Code::Denied:
    case SecretError::Code::Unavailable:
        return {KeychainLocked, error.message};
    case SecretError::Code::Failed:
        break;
    }
    return {Other, error.message};
}

namespace {

QThread* keychainThread = nullptr;

// QtKeychain has one queue for the process, which belongs to the thread that asked first: with two
// threads it touches jobs that are gone. So all stores share one, which ends with the application.
void startKeychainThread()
{
    if (keychainThread)
        return;
    keychainThread = new QThread;
    keychainThread->setObjectName("keychain");
    keychainThread->start();
    qAddPostRoutine([] {
        keychainThread->quit();
        keychainThread->wait();
        delete std::exchange(keychainThread, nullptr);
    });
}

} // namespace

// On the keychain's thread alone.
class SecretStores::Worker final : public QObject
{
public:
    Worker()
    {
        if (HandedTokens::areHere())
            m_handed = HandedTokens::ofThisProcess();
    }

    void find(const std::string& key, FindDone done)
    {
        if (auto handed = m_handed ? m_handed->find(key) : std::nullopt)
            return done(Found{std::move(*handed), "what the system hands to this service"});
        file().read(key, [this, key, done = std::move(done)](Result<Secret, SecretError> found) {
            if (found)
                return done(Found{std::move(*found), file().description(), true});
            if (found.error().code != SecretError::Code::NotFound)
                return done(Failure(found.error()));
            if (m_handed)
                return done(Failure(SecretError{
                    // it may well be in the keychain
                    SecretError::Code::Unavailable,
                    "this service starts before anybody logs in and was not handed the token for " +
                        key + ": hand it over in the settings of the desktop app"}));
            const bool knownGood = m_opened.keychain;
            open(false, [this, key, done, knownGood] { findInKeychain(key, done, knownGood); });
        });
    }

    void keep(const std::string& key, const Secret& secret, bool preferFile, KeepDone done)
    {
        if (m_handed)
            return keepForNow(key, secret, done);
        const bool knownGood = m_opened.keychain && !preferFile;
        open(preferFile, [this, key, secret, done = std::move(done), knownGood] {
            if (!m_opened.keychain)
                return write(key, secret, done, false);
            // The file is looked at first: what an earlier login left there must go.
            file().remove(key, [this, key, secret, done, knownGood](const auto&) {
                write(key, secret, done, knownGood);
            });
        });
    }

    void lookAgain()
    {
        if (!m_opened.keychain)
            m_opened = {};
    }

    void moveToKeychain(const std::string& key, RemoveDone done)
    {
        const bool knownGood = m_opened.keychain;
        lookAgain(); // a person asks
        open(false, [this, key, done = std::move(done), knownGood] { move(key, done, knownGood); });
    }

    void remove(const std::string& key, RemoveDone done)
    {
        if (m_handed) {
            m_handed->remove(key);
            return file().remove(key, std::move(done));
        }
        file().remove(key, [this, key, done = std::move(done)](Result<void, SecretError> removed) {
            if (!removed)
                return done(std::move(removed));
            open(false, [this, key, done] { m_opened.store->remove(key, done); });
        });
    }

private:
    secrets::SecretStore& file()
    {
        if (!m_file)
            m_file = secrets::makeFileSecretStore(credentialsFile());
        return *m_file;
    }

    void keepForNow(const std::string& key, const Secret& secret, const KeepDone& done)
    {
        if (!m_handed->put(key, secret))
            return done(
                Failure(SecretError{SecretError::Code::Failed,
                                    "this service can't keep the token: it is too long or has "
                                    "blanks in it, or there are 50 already; remove an "
                                    "account that is not needed"}));
        done(Kept{"this service keeps the token until it ends; hand it over in the settings of the "
                  "desktop app, so that it is there the next time",
                  false});
    }

    void open(bool preferFile, std::function<void()> then)
    {
        if (m_opened.store && !preferFile)
            return then();
        secrets::openSecretStore(
            credentialsFile(),
            [self = QPointer<Worker>(this),
             then = std::move(then)](secrets::OpenedSecretStore opened) {
                if (!self)
                    return;
                self->m_opened = std::move(opened);
                then();
            },
            preferFile);
    }

    // One that was fine before may have been locked or restarted since: then it finds nothing, and
    // only a new try tells why.
    void findInKeychain(const std::string& key, const FindDone& done, bool tryAnew)
    {
        m_opened.store->read(key, [this, key, done, tryAnew](Result<Secret, SecretError> found) {
            if (!found && tryAnew) {
                openAnew([this, key, done] { findInKeychain(key, done, false); });
                return;
            }
            if (!found && !m_opened.keychain && m_opened.keychainProblem)
                return done(Failure(SecretError{m_opened.keychainProblem->code,
                                                "the token for " + key + " is not in " +
                                                    m_opened.store->description() + ", and " +
                                                    m_opened.keychainProblem->message}));
            if (!found)
                return done(Failure(found.error()));
            done(Found{std::move(*found), m_opened.store->description()});
        });
    }

    void write(const std::string& key, const Secret& secret, const KeepDone& done, bool tryAnew)
    {
        const auto kept = [this, key, secret, done, tryAnew](Result<void, SecretError> written) {
            if (written)
                return done(Kept{m_opened.sentence, !m_opened.keychain});
            if (!tryAnew)
                return done(Failure(written.error()));
            openAnew([this, key, secret, done] { write(key, secret, done, false); });
        };
        m_opened.store->write(key, secret, kept);
    }

    void move(const std::string& key, const RemoveDone& done, bool tryAnew)
    {
        if (!m_opened.keychain)
            return done(Failure(m_opened.keychainProblem.value()));
        if (!m_keychain)
            m_keychain = secrets::makeKeychainSecretStore();
        secrets::moveSecret(key, file(), *m_keychain,
                            [this, key, done, tryAnew](Result<void, SecretError> moved) {
                                if (moved)
                                    return done({});
                                if (moved.error().code == SecretError::Code::NotFound)
                                    return confirmInKeychain(key, done);
                                if (!tryAnew)
                                    return done(std::move(moved));
                                openAnew([this, key, done] { move(key, done, false); });
                            });
    }

    void confirmInKeychain(const std::string& key, const RemoveDone& done)
    {
        m_keychain->read(key, [done](const Result<Secret, SecretError>& there) {
            done(there ? Result<void, SecretError>() : Failure(there.error()));
        });
    }

    void openAnew(std::function<void()> then)
    {
        QTimer::singleShot(0, this, [this, then = std::move(then)] { // not inside its answer
            m_opened = {};
            open(false, then);
        });
    }

    std::optional<HandedTokens> m_handed;
    std::unique_ptr<secrets::SecretStore> m_file;
    std::unique_ptr<secrets::SecretStore> m_keychain; // without the file behind it
    secrets::OpenedSecretStore m_opened;
};

SecretStores::SecretStores() : m_worker(new Worker) {}

SecretStores::~SecretStores()
{
    if (!keychainThread || m_worker->thread() != keychainThread) {
        delete m_worker;
        return;
    }
    // An answer that is on its way must not find us gone.
    QObject there;
    there.moveToThread(keychainThread);
    QMetaObject::invokeMethod(
        &there,
        [this, &there, home = QThread::currentThread()] {
            delete m_worker;
            there.moveToThread(home);
        },
        Qt::BlockingQueuedConnection);
}

template <typename Answer>
std::function<void(Answer)> SecretStores::here(std::function<void(Answer)> done)
{
    return [home = &m_home, done = std::move(done)](Answer answer) {
        QMetaObject::invokeMethod(
            home, [done, answer = std::move(answer)]() mutable { done(std::move(answer)); },
            Qt::QueuedConnection);
    };
}

void SecretStores::onThread(std::function<void()> work)
{
    startKeychainThread();
    if (m_worker->thread() != keychainThread)
        m_worker->moveToThread(keychainThread);
    QMetaObject::invokeMethod(m_worker, std::move(work), Qt::QueuedConnection);
}

void SecretStores::find(const std::string& key, FindDone done)
{
    onThread([worker = m_worker, key, done = here(std::move(done))] { worker->find(key, done); });
}

void SecretStores::lookAgain()
{
    onThread([worker = m_worker] { worker->lookAgain(); });
}

void SecretStores::keep(const std::string& key, const Secret& secret, bool preferFile,
                        KeepDone done)
{
    onThread([worker = m_worker, key, secret, preferFile, done = here(std::move(done))] {
        worker->keep(key, secret, preferFile, done);
    });
}

void SecretStores::moveToKeychain(const std::string& key, RemoveDone done)
{
    onThread([worker = m_worker, key, done = here(std::move(done))] {
        worker->moveToKeychain(key, done);
    });
}

void SecretStores::lookForKeychain(std::function<void(bool)> done)
{
    onThread([done = here(std::move(done))] { done(secrets::isKeychainThere()); });
}

void SecretStores::remove(const std::string& key, RemoveDone done)
{
    onThread([worker = m_worker, key, done = here(std::move(done))] { worker->remove(key, done); });
}

} // namespace sallyport::control
