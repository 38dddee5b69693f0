#include <sallyport/agent/token_sources.h>
#include <sallyport/config/files.h>
#include <sallyport/jose/mint.h>
#include <sallyport/wire/base64.h>

#include <QRandomGenerator>
#include <QSysInfo>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <span>
#include <utility>

namespace sallyport::agent {

namespace {

using jose::Json;

constexpr size_t MaxSecretFile = 64 * 1024;

// The text of a file, without the line end that editors put there.
Result<Secret, std::string> readSecret(const std::string& path)
{
    auto file = config::readFile(path, MaxSecretFile);
    if (!file)
        return Failure(path + " " + config::toText(file.error()));
    std::string& text = file->text;
    while (text.ends_with('\n') || text.ends_with('\r'))
        text.pop_back();
    if (text.empty())
        return Failure(path + " is empty");
    return Secret(std::move(text));
}

Json listOf(const std::vector<std::string>& items)
{
    if (items.size() == 1 && items.front() == "any")
        return Json(std::string("any"));
    Json::List list;
    for (const std::string& item : items)
        list.push_back(Json(item));
    return Json(std::move(list));
}

std::string randomId()
{
    std::array<quint32, 4> random;
    QRandomGenerator::system()->generate(random.begin(), random.end());
    return wire::toBase64Url(std::as_bytes(std::span(random)));
}

Json::Object claimsFor(const config::AgentCredentials::Jwt& config, const std::string& agentName,
                       const TokenQuestion& question)
{
    using std::chrono::duration_cast;
    using std::chrono::seconds;
    const auto now =
        duration_cast<seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    const auto text = [](const std::string& value) { return Json(value); };
    Json::Object claims{
        {"iss", text(config.issuer)},
        {"aud", text(config.audience)},
        {"sub", text(config.subject.empty() ? agentName : config.subject)},
        {"iat", Json(int64_t(now))},
        {"exp", Json(int64_t(now + duration_cast<seconds>(config.ttl).count()))},
        {"jti", text(randomId())},
        {"names", listOf(config.names)},
        {"hostnames", listOf(config.hostnames)},
        {"tcp_ports", listOf(config.tcpPorts)},
        {"session_nonce", text(question.nonce)},
    };
    if (config.reauthInterval.count() > 0)
        claims.emplace_back("reauth_interval_seconds",
                            Json(int64_t(duration_cast<seconds>(config.reauthInterval).count())));
    return claims;
}

} // namespace

TokenProvider tokenFromFile(std::string path)
{
    return [path = std::move(path)](const TokenQuestion&, const TokenReady& ready) {
        ready(readSecret(path));
    };
}

TokenProvider mintedToken(const config::AgentCredentials::Jwt& config, std::string agentName)
{
    if (agentName.empty())
        agentName = QSysInfo::machineHostName().toStdString();
    return [config, agentName](const TokenQuestion& question, const TokenReady& ready) {
        const auto secret = readSecret(config.secretFile);
        if (!secret)
            return ready(Failure("jwt.secret_file: " + secret.error()));
        const auto key = jose::Key::fromSecret(secret->reveal());
        if (!key)
            return ready(Failure("jwt.secret_file: " + key.error()));
        auto token = jose::mint(*key, claimsFor(config, agentName, question));
        if (!token)
            return ready(Failure(std::string("no token could be signed")));
        ready(std::move(*token));
    };
}

} // namespace sallyport::agent
