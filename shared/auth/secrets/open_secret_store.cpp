#include <sallyport/secrets/secret_store.h>

#include <QTimer>

#include <memory>
#include <utility>

namespace sallyport::secrets {

namespace {

// A key that nobody stores: a keychain in order answers that it does not have it.
constexpr const char* probeKey = "availability";

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

OpenedSecretStore theKeychain(std::unique_ptr<SecretStore> store)
{
    OpenedSecretStore opened;
    opened.store = std::move(store);
    opened.keychain = true;
    opened.sentence = "Secrets are kept in " + opened.store->description() + ".";
    return opened;
}

} // namespace

void openSecretStore(const std::string& file, std::function<void(OpenedSecretStore)> done,
                     bool preferFile)
{
    if (preferFile) {
        QTimer::singleShot(
            0, [file, done = std::move(done)] { done(theFile(file, "a file was asked for")); });
        return;
    }
    // The callback owns the store until it hands it on.
    auto keychain = std::make_shared<std::unique_ptr<SecretStore>>(makeKeychainSecretStore());
    SecretStore* store = keychain->get();
    store->read(probeKey,
                [keychain, file, done = std::move(done)](Result<Secret, SecretError> answer) {
                    const bool works = answer || answer.error().code == SecretError::Code::NotFound;
                    OpenedSecretStore opened = works ? theKeychain(std::move(*keychain))
                                                     : theFile(file, answer.error().message);
                    // Later: done() may destroy the store, whose callback this still is.
                    auto shared = std::make_shared<OpenedSecretStore>(std::move(opened));
                    QTimer::singleShot(0, [shared, keychain, done] { done(std::move(*shared)); });
                });
}

} // namespace sallyport::secrets
