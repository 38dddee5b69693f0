#include "state_files.h"

#include "authority/ca_store.h"

#include <sallyport/config/files.h>
#include <sallyport/wire/join_line.h>

#include <QString>
#include <QSysInfo>

namespace sallyport::relay {

namespace {

using std::chrono::system_clock;

struct KeyFiles
{
    std::string certificate;
    std::string key;
};

KeyFiles ownKeyFiles(const config::RelayConfig& config)
{
    return {config.stateDir + "/relay.crt", config.stateDir + "/relay.key"};
}

Result<tls::KeyPair, std::string> makeKeys(const config::RelayConfig& config, const KeyFiles& files)
{
    tls::SelfSignedOptions options;
    options.commonName = "sallyport relay";
    options.names = {relayHost(config)};
    options.notBefore = system_clock::now() - std::chrono::hours(24);
    auto keys = tls::makeSelfSigned(options);
    if (!keys)
        return Failure(keys.error().message);
    // The key first: a certificate without a key would be taken for damage.
    if (auto written = config::writeFileAtomically(files.key, keys->keyPem, 0600); !written)
        return Failure(files.key + " " + config::toText(written.error()));
    if (auto written = config::writeFileAtomically(files.certificate, keys->chainPem, 0644);
        !written)
        return Failure(files.certificate + " " + config::toText(written.error()));
    return keys.value();
}

// The own authority's certificate for the same key, while it is good: agents that believe the
// authority then know the relay without a pin.
void preferOwnAuthority(const config::RelayConfig& config, tls::KeyPair& keys)
{
    const auto chain =
        config::readFile(CaStore(CaStore::folderIn(config.stateDir)).file("server.crt"));
    if (!chain)
        return;
    tls::KeyPair certified{chain->text, keys.keyPem};
    if (tls::checkKeyPair(certified, system_clock::now()))
        keys = std::move(certified);
}

} // namespace

std::string relayHost(const config::RelayConfig& config)
{
    const std::string& host = config.publicHostOrDomain();
    return host.empty() ? QSysInfo::machineHostName().toStdString() : host;
}

std::optional<std::string> prepareStateFolder(const config::RelayConfig& config)
{
    if (auto made = config::makeFolder(config.stateDir); !made)
        return "state_dir " + config.stateDir + " " + config::toText(made.error()) +
               "; choose another with state_dir in relay.yaml or SALLYPORT_STATE_DIR";
    return std::nullopt;
}

Result<tls::KeyPair, std::string> relayKeys(const config::RelayConfig& config)
{
    KeyFiles files{config.tls.certificate, config.tls.key};
    if (files.certificate.empty()) {
        files = ownKeyFiles(config);
        const auto found = config::readFile(files.certificate);
        if (!found && found.error() == config::FileError::Missing)
            return makeKeys(config, files);
    }
    auto keys = tls::loadKeyPair(files.certificate, files.key, system_clock::now());
    if (!keys)
        return Failure(keys.error().message);
    if (config.tls.certificate.empty())
        preferOwnAuthority(config, *keys);
    return keys.value();
}

Result<std::shared_ptr<const tls::Context>, std::string>
agentTlsContext(const config::RelayConfig& config, std::optional<tls::ClientTrust> clients)
{
    auto keys = relayKeys(config);
    if (!keys)
        return Failure(keys.error());
    tls::ServerConfig server;
    server.keys = std::move(*keys);
    server.alpn = {"sallyport/1", "http/1.1"};
    server.minimum = tls::Version::Tls13;
    server.clients = std::move(clients);
    auto context = tls::Context::server(server);
    if (!context)
        return Failure(context.error().message);
    return std::move(*context);
}

std::string joinLine(const config::RelayConfig& config, const auth::Token& token,
                     const tls::KeyPair& keys, uint16_t agentsPort)
{
    wire::JoinLine line;
    line.token = decltype(line.token)(std::string(token.reveal()));
    line.host = relayHost(config);
    line.port = agentsPort;
    if (config.tls.certificate.empty())
        if (auto pin = tls::spkiPin(keys.chainPem))
            line.pin = *pin;
    return wire::formatJoinLine(line);
}

} // namespace sallyport::relay
