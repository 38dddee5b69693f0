#include <sallyport/secrets/secret_store.h>

#include <utility>

namespace sallyport::secrets {

namespace {

SecretError notMoved(const SecretStore& from, const SecretStore& to, const std::string& why)
{
    return {SecretError::Code::Failed, why + ", so the secret stays in " + from.description() +
                                           " and is not moved to " + to.description()};
}

} // namespace

void moveSecret(const std::string& key, SecretStore& from, SecretStore& to, SecretStore::Done done)
{
    const auto readBack = [key, &from, &to, done](const Secret& secret) {
        to.read(key, [key, secret, &from, &to, done](Result<Secret, SecretError> kept) {
            if (!kept || !(*kept == secret))
                return done(Failure(
                    notMoved(from, to,
                             kept ? "what was written reads otherwise"
                                  : "what was written can't be read: " + kept.error().message)));
            from.remove(key, done);
        });
    };
    from.read(key, [key, &to, done, readBack](Result<Secret, SecretError> secret) {
        if (!secret)
            return done(Failure(secret.error()));
        to.write(key, *secret,
                 [done, readBack, secret = *secret](Result<void, SecretError> written) {
                     if (!written)
                         return done(Failure(written.error()));
                     readBack(secret);
                 });
    });
}

} // namespace sallyport::secrets
