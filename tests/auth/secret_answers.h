// Waits for a secret store's answers.
#pragma once

#include <sallyport/secrets/secret_store.h>

#include <QTest>

#include <optional>

using sallyport::Secret;
using sallyport::secrets::SecretError;
using sallyport::secrets::SecretStore;

struct SecretAnswers
{
    static constexpr int Patience = 20'000;

    // Empty when there is none; then the error says why.
    static std::string read(SecretStore& store, const std::string& key,
                            std::optional<SecretError>* error = nullptr)
    {
        std::optional<sallyport::Result<Secret, SecretError>> answer;
        store.read(key, [&](sallyport::Result<Secret, SecretError> result) {
            answer = std::move(result);
        });
        if (answer)
            qFatal("answered inside the call");
        if (!QTest::qWaitFor([&] { return answer.has_value(); }, Patience))
            qFatal("no answer");
        if (*answer)
            return std::string(answer->value().reveal());
        if (error)
            *error = answer->error();
        return {};
    }
    static std::optional<SecretError> write(SecretStore& store, const std::string& key,
                                            const std::string& secret)
    {
        return wait(
            [&](SecretStore::Done done) { store.write(key, Secret(secret), std::move(done)); });
    }
    static std::optional<SecretError> remove(SecretStore& store, const std::string& key)
    {
        return wait([&](SecretStore::Done done) { store.remove(key, std::move(done)); });
    }
    static sallyport::secrets::OpenedSecretStore open(const std::string& file,
                                                      bool preferFile = false)
    {
        std::optional<sallyport::secrets::OpenedSecretStore> opened;
        sallyport::secrets::openSecretStore(
            file, [&](sallyport::secrets::OpenedSecretStore store) { opened = std::move(store); },
            preferFile);
        if (!QTest::qWaitFor([&] { return opened.has_value(); }, Patience))
            qFatal("no answer");
        return std::move(*opened);
    }

    // Of any command with such an answer.
    template <typename F>
    static std::optional<SecretError> wait(F&& call)
    {
        std::optional<sallyport::Result<void, SecretError>> answer;
        call([&](sallyport::Result<void, SecretError> result) { answer = std::move(result); });
        if (answer)
            qFatal("answered inside the call");
        if (!QTest::qWaitFor([&] { return answer.has_value(); }, Patience))
            qFatal("no answer");
        return *answer ? std::nullopt : std::optional(answer->error());
    }
};
