#include "keychain_first_store.h"

#include <sallyport/secrets/secret_store.h>

#include <QTimer>
#include <QtGlobal>

#include <chrono>
#include <memory>
#include <utility>

namespace sallyport::secrets {

namespace {

// Written and removed again: a Secret Service without a keyring finds nothing for every key, and
// only a write tells that it cannot keep anything.
constexpr const char* probeKey = "availability";

// A locked keyring asks its user, who may take a while; where nobody can be asked, some wait for
// ever.
std::chrono::milliseconds usualPatience()
{
#ifdef Q_OS_LINUX
    const bool screen =
        qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY");
    return std::chrono::seconds(screen ? 120 : 5);
#else
    return std::chrono::seconds(120);
#endif
}

std::string withoutTrailingDot(std::string text)
{
    while (!text.empty() && (text.back() == '.' || text.back() == '\n' || text.back() == ' '))
        text.pop_back();
    return text;
}

OpenedSecretStore theFile(const std::string& file, const std::string& why)
{
    OpenedSecretStore opened;
    opened.store = makeFileSecretStore(file);
    opened.sentence = "Secrets are kept in " + opened.store->description() +
                      ", readable by you alone, because " + withoutTrailingDot(why) + ".";
    return opened;
}

OpenedSecretStore theFile(const std::string& file, const SecretError& keychainProblem)
{
    OpenedSecretStore opened = theFile(file, keychainProblem.message);
    opened.keychainProblem = keychainProblem;
    return opened;
}

OpenedSecretStore theKeychain(std::unique_ptr<SecretStore> keychain, const std::string& file)
{
    OpenedSecretStore opened;
    opened.sentence = "Secrets are kept in " + keychain->description() + ".";
    opened.store =
        std::make_unique<KeychainFirstStore>(std::move(keychain), makeFileSecretStore(file));
    opened.keychain = true;
    return opened;
}

// One try of the keychain, with a limit. Owned by the callbacks that refer to it.
class Probe : public std::enable_shared_from_this<Probe>
{
public:
    Probe(std::string file, std::function<void(OpenedSecretStore)> done)
        : m_file(std::move(file)), m_done(std::move(done)), m_keychain(makeKeychainSecretStore())
    {}

    void start(std::chrono::milliseconds patience)
    {
        QTimer::singleShot(patience, [self = shared_from_this()] {
            self->finish(theFile(self->m_file, {SecretError::Code::Unavailable,
                                                "the system keychain does not answer"}));
        });
        reconnectKeychain();
        m_keychain->write(probeKey, Secret("yes"),
                          [self = shared_from_this()](Result<void, SecretError> written) {
                              if (written)
                                  self->cleanUp();
                              else
                                  self->finish(theFile(self->m_file, written.error()));
                          });
    }

private:
    void cleanUp()
    {
        m_keychain->remove(probeKey, [self = shared_from_this()](Result<void, SecretError>) {
            if (self->m_keychain)
                self->finish(theKeychain(std::move(self->m_keychain), self->m_file));
        });
    }

    // The first to come here decides. Said later: done() may destroy the store, inside whose answer
    // this still runs.
    void finish(OpenedSecretStore opened)
    {
        if (!m_done)
            return;
        QTimer::singleShot(0, [self = shared_from_this(), done = std::exchange(m_done, {}),
                               shared = std::make_shared<OpenedSecretStore>(std::move(opened))] {
            self->m_keychain.reset();
            done(std::move(*shared));
        });
    }

    std::string m_file;
    std::function<void(OpenedSecretStore)> m_done;
    std::unique_ptr<SecretStore> m_keychain;
};

} // namespace

void openSecretStore(const std::string& file, std::function<void(OpenedSecretStore)> done,
                     bool preferFile, std::optional<std::chrono::milliseconds> patience)
{
    if (!preferFile) {
        std::make_shared<Probe>(file, std::move(done))->start(patience.value_or(usualPatience()));
        return;
    }
    QTimer::singleShot(0, [file, done = std::move(done)] {
        done(theFile(file, std::string("a file was asked for")));
    });
}

} // namespace sallyport::secrets
