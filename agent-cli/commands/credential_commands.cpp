// Makes what `access` in agent.yaml holds: the hash of a password, a token and its hash.
#include "commands.h"
#include "exit_code.h"
#include "say.h"

#include <sallyport/auth/password_hash.h>
#include <sallyport/config/read_secret.h>

#include <QByteArray>
#include <QCryptographicHash>
#include <QRandomGenerator>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <memory>

namespace sallyport::cli {

namespace {

int printPasswordHash()
{
    const auto password = config::readSecret("Password: ");
    if (!password)
        return complain(Usage, "no password was given");
    const auto hash = auth::hashPassword(*password);
    if (!hash)
        return complain(Failed, "the password could not be hashed: no memory");
    std::printf("%s\n", hash->c_str());
    return Fine;
}

QByteArray tokenHash(const QByteArray& token)
{
    return "sha256:" + QCryptographicHash::hash(token, QCryptographicHash::Sha256).toHex();
}

int printAccessToken(bool ofGiven)
{
    if (ofGiven) {
        const auto token = config::readSecret("Token: ");
        if (!token)
            return complain(Usage, "no token was given");
        const std::string_view text = token->reveal();
        std::printf("%s\n", tokenHash(QByteArray(text.data(), qsizetype(text.size()))).constData());
        return Fine;
    }
    std::array<quint32, 8> random;
    QRandomGenerator::system()->fillRange(random.data(), random.size());
    const QByteArray token =
        QByteArray(reinterpret_cast<const char*>(random.data()), sizeof(random))
            .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    say("for access.tokens in agent.yaml: " + tokenHash(token).toStdString());
    say("the token itself is shown this once:");
    std::printf("%s\n", token.constData());
    return Fine;
}

} // namespace

void addHashPassword(CLI::App& app, Chosen& chosen)
{
    CLI::App* command = app.add_subcommand(
        "hash-password", "Hash a visitors' password for access.users in agent.yaml");
    command->callback([&chosen] { chosen = [] { return printPasswordHash(); }; });
}

void addAccessToken(CLI::App& app, Chosen& chosen)
{
    CLI::App* command = app.add_subcommand(
        "access-token", "Make a visitors' token for access.tokens in agent.yaml");
    const auto ofGiven = std::make_shared<bool>(false);
    command->add_flag("--hash", *ofGiven, "Only hash a token that you have (from standard input)");
    command->callback(
        [&chosen, ofGiven] { chosen = [ofGiven] { return printAccessToken(*ofGiven); }; });
}

} // namespace sallyport::cli
