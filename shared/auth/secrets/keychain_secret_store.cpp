#include <sallyport/secrets/secret_store.h>

#include <QLibrary>
#include <QObject>
#include <QString>
#include <qt6keychain/keychain.h>

#include <utility>

namespace sallyport::secrets {

namespace {

const QString service = QStringLiteral("sallyport");

SecretError errorOf(const QKeychain::Job& job)
{
    const std::string reason = job.errorString().toStdString();
    switch (job.error()) {
    case QKeychain::EntryNotFound:
        return {SecretError::Code::NotFound,
                "no secret is stored for " + job.key().toStdString() + " in the system keychain"};
    case QKeychain::AccessDeniedByUser:
    case QKeychain::AccessDenied:
        return {SecretError::Code::Denied, "the system keychain denied access: " + reason};
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
    // What Secret Service gives for no bus, no daemon, and a locked keyring that cannot ask.
    case QKeychain::OtherError:
        return {SecretError::Code::Unavailable, "the system keychain cannot be used: " + reason};
    default:
        return {SecretError::Code::Failed, "the system keychain failed: " + reason};
    }
}

class KeychainSecretStore : public SecretStore
{
public:
    void read(const std::string& key, ReadDone done) override
    {
        auto* job = new QKeychain::ReadPasswordJob(service);
        start(job, key, [job, done = std::move(done)] {
            if (job->error() != QKeychain::NoError)
                done(Failure(errorOf(*job)));
            else
                done(Secret(job->textData().toStdString()));
        });
    }

    void write(const std::string& key, const Secret& secret, Done done) override
    {
        auto* job = new QKeychain::WritePasswordJob(service);
        const std::string_view text = secret.reveal();
        job->setTextData(QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())));
        start(job, key, [job, done = std::move(done)] { finish(*job, done); });
    }

    void remove(const std::string& key, Done done) override
    {
        auto* job = new QKeychain::DeletePasswordJob(service);
        start(job, key, [job, done = std::move(done)] {
            if (job->error() == QKeychain::EntryNotFound)
                done({});
            else
                finish(*job, done);
        });
    }

    std::string description() const override { return "the system keychain"; }

private:
    // The job deletes itself; the context makes sure that it calls nobody who is gone. Queued,
    template <typename F>
    void start(QKeychain::Job* job, const std::string& key, F&& finished)
    {
        job->setKey(QString::fromStdString(key));
        QObject::connect(job, &QKeychain::Job::finished, &m_context, std::forward<F>(finished));
        job->start();
    }

    static void finish(const QKeychain::Job& job, const Done& done)
    {
        if (job.error() != QKeychain::NoError)
            done(Failure(errorOf(job)));
        else
            done({});
    }

    QObject m_context;
};

} // namespace

std::unique_ptr<SecretStore> makeKeychainSecretStore()
{
    return std::make_unique<KeychainSecretStore>();
}

// libsecret keeps one connection for the process, and QtKeychain, which loads it, can't renew it.
void reconnectKeychain()
{
#ifdef Q_OS_LINUX
    static const auto disconnect =
        reinterpret_cast<void (*)()>(QLibrary("secret-1", 0).resolve("secret_service_disconnect"));
    if (disconnect)
        disconnect();
#endif
}

} // namespace sallyport::secrets
