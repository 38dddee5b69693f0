#include <sallyport/config/document.h>
#include <sallyport/config/files.h>
#include <sallyport/config/paths.h>
#include <sallyport/control/accounts.h>
#include <sallyport/control/settings.h>
#include <sallyport/control/token_source.h>

#include <QCryptographicHash>
#include <QString>
#include <QSysInfo>

#include <utility>

namespace sallyport::control {

namespace {

std::string linesOf(const config::Problems& problems)
{
    std::string text = problems.text();
    while (!text.empty() && text.back() == '\n')
        text.pop_back();
    return text;
}

// Below everything that was configured: only where nothing else says it.
void fillFromAccount(Settings& settings)
{
    const auto accounts = Accounts::read();
    config::AgentConfig& config = settings.config;
    if (accounts && accounts->inUse() && !config.relay) {
        config.relay = accounts->inUse()->relay;
        settings.relayFromAccount = true;
    }
    if (config.relay)
        settings.account = relayKey(*config.relay);
    if (!accounts) {
        settings.warnings.push_back(accounts.error());
        return;
    }
    const KnownAccount* known = config.relay ? accounts->of(*config.relay) : nullptr;
    if (!known)
        return;
    settings.account = known->id();
    if (!config.pin && config.caFile.empty())
        config.pin = known->pin;
    if (TokenSource::describe(config).empty() && config.identity.certificate.empty())
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

std::string configFile(const std::string& named)
{
    return named.empty() ? config::agentConfigFile(config::processPathContext()) : named;
}

Result<Settings, std::string> loadSettings(const std::string& named,
                                           const std::vector<config::Flag>& flags)
{
    config::Sources sources;
    sources.fileNamed = !named.empty();
    sources.file = configFile(named);
    sources.environment = config::processEnvironment();
    sources.flags = flags;
    auto loaded = config::AgentConfig::load(sources);
    if (!loaded)
        return Failure(linesOf(loaded.error()));
    Settings settings;
    settings.config = std::move(loaded->config);
    settings.files = std::move(loaded->files);
    settings.configFile = sources.file;
    for (const config::Problem& problem : loaded->warnings.list())
        settings.warnings.push_back(problem.text());
    fillFromAccount(settings);
    return settings;
}

std::string relayKey(const config::RelayAddress& relay)
{
    return config::Endpoint{relay.host, relay.port}.text();
}

std::string credentialsFile()
{
    return config::agentCredentialsFile(config::processPathContext());
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

} // namespace sallyport::control
