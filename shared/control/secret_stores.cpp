#include <sallyport/control/secret_stores.h>
#include <sallyport/control/settings.h>

#include <memory>
#include <utility>

namespace sallyport::control {

using secrets::SecretError;

// On the stores' thread alone.
class SecretStores::Worker final : public QObject
{
public:
    void find(const std::string& key, FindDone done)
    {
        file().read(key, [this, key, done = std::move(done)](Result<Secret, SecretError> found) {
            if (found)
                return done(Found{std::move(*found), file().description()});
            if (found.error().code != SecretError::Code::NotFound)
                return done(Failure(found.error()));
            open(false, [this, key, done] { findInKeychain(key, done); });
        });
    }

    void keep(const std::string& key, const Secret& secret, bool preferFile, KeepDone done)
    {
        open(preferFile, [this, key, secret, done = std::move(done)] {
            if (!m_opened.keychain)
                return write(key, secret, done);
            // The file is looked at first: what an earlier login left there must go.
            file().remove(key, [this, key, secret, done](const Result<void, SecretError>&) {
                write(key, secret, done);
            });
        });
    }

    void remove(const std::string& key, RemoveDone done)
    {
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

    void open(bool preferFile, std::function<void()> then)
    {
        if (m_opened.store && !preferFile)
            return then();
        secrets::openSecretStore(
            credentialsFile(),
            [this, then = std::move(then)](secrets::OpenedSecretStore opened) {
                m_opened = std::move(opened);
                then();
            },
            preferFile);
    }

    void findInKeychain(const std::string& key, const FindDone& done)
    {
        m_opened.store->read(key, [this, done](Result<Secret, SecretError> found) {
            if (!found)
                return done(Failure(found.error()));
            done(Found{std::move(*found), m_opened.store->description()});
        });
    }

    void write(const std::string& key, const Secret& secret, const KeepDone& done)
    {
        m_opened.store->write(key, secret, [this, done](Result<void, SecretError> written) {
            if (!written)
                return done(Failure(written.error()));
            done(Kept{m_opened.sentence, !m_opened.keychain});
        });
    }

    std::unique_ptr<secrets::SecretStore> m_file;
    secrets::OpenedSecretStore m_opened;
};

SecretStores::SecretStores() : m_worker(new Worker)
{
    m_worker->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
}

SecretStores::~SecretStores()
{
    if (!m_thread.isRunning())
        delete m_worker;
    m_thread.quit();
    m_thread.wait();
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
    if (!m_thread.isRunning())
        m_thread.start();
    QMetaObject::invokeMethod(m_worker, std::move(work), Qt::QueuedConnection);
}

void SecretStores::find(const std::string& key, FindDone done)
{
    onThread([worker = m_worker, key, done = here(std::move(done))] { worker->find(key, done); });
}

void SecretStores::keep(const std::string& key, const Secret& secret, bool preferFile,
                        KeepDone done)
{
    onThread([worker = m_worker, key, secret, preferFile, done = here(std::move(done))] {
        worker->keep(key, secret, preferFile, done);
    });
}

void SecretStores::remove(const std::string& key, RemoveDone done)
{
    onThread([worker = m_worker, key, done = here(std::move(done))] { worker->remove(key, done); });
}

} // namespace sallyport::control
