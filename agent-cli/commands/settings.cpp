#include "settings.h"

#include "run/token_source.h"

#include <sallyport/config/document.h>
#include <sallyport/config/files.h>
#include <sallyport/config/paths.h>

#include <QCryptographicHash>
#include <QString>
#include <QSysInfo>

#include <cstdio>
#include <utility>

namespace sallyport::cli {

namespace {

std::string linesOf(const config::Problems& problems)
{
    std::string text = problems.text();
    while (!text.empty() && text.back() == '\n')
        text.pop_back();
    return text;
}

// Below everything that was configured: only where nothing else says it.
void fillFromLogin(config::AgentConfig& config)
{
    const auto known = readKnownRelay();
    if (!known)
        return;
    if (!config.relay)
        config.relay = known->relay;
    if (secretKey(*config.relay) == secretKey(known->relay) && !config.pin && config.caFile.empty())
        config.pin = known->pin;
    // What the configuration says goes before what was noted at login.
    if (secretKey(*config.relay) == secretKey(known->relay) &&
        TokenSource::describe(config).empty() && config.identity.certificate.empty())
        config.identity.certificate = known->identity;
}

std::string userName()
{
    for (const char* name : {"USER", "USERNAME", "LOGNAME"})
        if (const QByteArray value = qgetenv(name); !value.isEmpty())
            return value.toStdString();
    return {};
}

} // namespace

std::string configFile(const Globals& globals)
{
    return globals.config.empty() ? config::agentConfigFile(config::processPathContext())
                                  : globals.config;
}

Result<Settings, std::string> loadSettings(const Globals& globals,
                                           const std::vector<config::Flag>& extra)
{
    config::Sources sources;
    sources.fileNamed = !globals.config.empty();
    sources.file = configFile(globals);
    sources.environment = config::processEnvironment();
    sources.flags = globals.flags();
    sources.flags.insert(sources.flags.end(), extra.begin(), extra.end());
    auto loaded = config::AgentConfig::load(sources);
    if (!loaded)
        return Failure(linesOf(loaded.error()));
    Settings settings;
    settings.config = std::move(loaded->config);
    settings.files = std::move(loaded->files);
    settings.configFile = sources.file;
    for (const config::Problem& problem : loaded->warnings.list())
        settings.warnings.push_back(problem.text());
    fillFromLogin(settings.config);
    return settings;
}

std::string secretKey(const config::RelayAddress& relay)
{
    return config::Endpoint{relay.host, relay.port}.text();
}

std::string credentialsFile()
{
    return config::agentCredentialsFile(config::processPathContext());
}

std::string knownRelayFile()
{
    const std::string beside = credentialsFile();
    return beside.substr(0, beside.find_last_of("/\\") + 1) + "login.yaml";
}

std::optional<KnownRelay> readKnownRelay()
{
    const auto file = config::readFile(knownRelayFile());
    if (!file)
        return std::nullopt;
    const auto root = config::document::parse(file->text, "login.yaml");
    const config::Node* relay = root ? root->find("relay") : nullptr;
    if (!relay)
        return std::nullopt;
    auto address = config::RelayAddress::parse(relay->text);
    if (!address)
        return std::nullopt;
    KnownRelay known{*address, std::nullopt, {}};
    if (const config::Node* identity = root->find("identity"))
        known.identity = identity->text;
    if (const config::Node* pin = root->find("pin")) {
        auto parsed = config::Pin::parse(pin->text);
        if (!parsed)
            return std::nullopt; // never less strict than login was
        known.pin = *parsed;
    }
    return known;
}

Result<void, std::string> writeKnownRelay(const KnownRelay& known)
{
    const std::string path = knownRelayFile();
    std::string text = "# Written by `sallyport login`; agent.yaml, the environment and flags come "
                       "before it.\n";
    text += "relay: \"" + known.relay.text() + "\"\n";
    if (known.pin)
        text += "pin: \"" + known.pin->text() + "\"\n";
    if (!known.identity.empty())
        text += "identity: \"" + known.identity + "\"\n";
    auto made = config::makeFolder(path.substr(0, path.find_last_of("/\\")));
    if (made)
        made = config::writeFileAtomically(path, text);
    if (!made)
        return Failure(path + " " + config::toText(made.error()));
    return {};
}

void forgetKnownRelay()
{
    std::remove(knownRelayFile().c_str());
}

static std::string relayWayFile()
{
    const std::string beside = credentialsFile();
    return beside.substr(0, beside.find_last_of("/\\") + 1) + "way.yaml";
}

std::optional<agent::RelayWay> readRelayWay(const config::RelayAddress& relay)
{
    const auto file = config::readFile(relayWayFile());
    if (!file)
        return std::nullopt;
    const auto root = config::document::parse(file->text, "way.yaml");
    const config::Node* known = root ? root->find("relay") : nullptr;
    const config::Node* way = root ? root->find("way") : nullptr;
    if (!known || !way || known->text != relay.text())
        return std::nullopt;
    return agent::RelayWay::fromText(way->text);
}

void writeRelayWay(const config::RelayAddress& relay, const agent::RelayWay& way)
{
    const std::string path = relayWayFile();
    const std::string text =
        "# How the relay was reached last; it is tried first. May be deleted.\n"
        "relay: \"" +
        relay.text() + "\"\nway: \"" + way.text() + "\"\n";
    if (config::makeFolder(path.substr(0, path.find_last_of("/\\"))))
        (void)config::writeFileAtomically(path, text);
}

std::string agentId(const std::string& purpose)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(QSysInfo::machineUniqueId() + '\n');
    // Copies of one machine image share its id.
    hash.addData(QSysInfo::machineHostName().toUtf8() + '\n');
    hash.addData(QByteArray::fromStdString(userName()) + '\n');
    hash.addData(QByteArray::fromStdString(purpose));
    return hash.result().toHex().left(24).toStdString();
}

} // namespace sallyport::cli
