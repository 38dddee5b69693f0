#include <sallyport/config/agent_config.h>
#include <sallyport/config/host_name.h>
#include <sallyport/config/paths.h>

#include <utility>

namespace sallyport::config {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

constexpr unsigned readableByGroup = 0040;
constexpr unsigned readableByOthers = 0004;

void declareRelay(AgentConfig& config, Fields& fields)
{
    fields.section("The relay", "");
    fields.optional(
        "relay", config.relay, parsed<RelayAddress>("relay"),
        "The relay: `HOST`, `HOST:PORT` (7000 when not given), or a `tls://`, `wss://` or "
        "`tcp://` URL.");
    fields.optional(
        "pin", config.pin, fingerprint(),
        "The relay's certificate must have this fingerprint (`sha256:...`, from the join line); "
        "without it the system's authorities decide.");
    fields.value("ca_file", config.caFile, filePath(),
                 "Certificates (PEM) of the authorities to trust instead of the system's.");
    fields.secret(
        "token", config.token,
        "The credential. Better kept in the keychain by `sallyport login`; in a file only when "
        "nobody else can read that file.");
    fields.value("identity.certificate", config.identity.certificate, filePath(),
                 "A certificate (PEM) that proves who this agent is, instead of a token: the "
                 "bundle that `sallyport-relay ca issue` makes, with the key in it.");
    fields.value("identity.key", config.identity.key, filePath(),
                 "The key to it (PEM) when it stands in a file of its own; such a pair the agent "
                 "does not renew.");
    fields.value("name", config.name, plainText(100),
                 "This agent's name in the relay's lists; the host's name when it is not given.");
    fields.value(
        "transport", config.transport,
        oneOf<Transport>({{"auto", Transport::Auto},
                          {"tls", Transport::Tls},
                          {"wss", Transport::Wss},
                          {"tcp", Transport::Tcp}}),
        "How to reach the relay when its address does not say: auto is tls, then wss where a "
        "firewall stands in the way.");
    fields.value(
        "fallback_port", config.fallbackPort, countBetween(0, 65535),
        "With transport auto: where else to try, by tls and then wss, when the relay's own "
        "port does not answer; 0 is nowhere.");
    fields.value("connect_timeout", config.connectTimeout,
                 durationBetween(milliseconds(100), minutes(5)),
                 "Time for one try to reach the relay.");
    fields.value(
        "ping", config.ping, durationBetween(seconds(1), minutes(5)),
        "The relay is asked for a sign of life this often; the link is dead after two that were "
        "missed.");
    fields.value(
        "max_connections", config.maxConnections, countBetween(1, 1'000'000),
        "Visitors' connections at once; beyond it they hear that the agent is overloaded.");
    fields.value("reconnect.min", config.reconnect.min,
                 durationBetween(milliseconds(10), minutes(10)),
                 "The first wait before a new try; it doubles from try to try.");
    fields.value("reconnect.max", config.reconnect.max,
                 durationBetween(milliseconds(10), minutes(60)),
                 "The longest wait between two tries.");
}

FieldMap tunnelMap(AgentConfig& config)
{
    FieldMap map;
    map.path = "tunnels";
    map.help =
        "What to publish. Each tunnel has a name of your choice, which `sallyport up NAME` and the "
        "logs use.";
    map.keyName = "NAME";
    map.example = "web: {http: 3000}";
    map.limit = AgentConfig::MaxTunnels;
    map.checkKey = parseName;
    map.shape = [](Fields& fields) {
        // The declarations are read, the target is not: it may be gone by then.
        TunnelConfig{}.declare(fields);
    };
    map.entry = [&config](Fields& fields, const std::string& label) {
        config.tunnels[label].declare(fields);
    };
    return map;
}

void validateToken(const AgentConfig& config, Loader& loader)
{
    const unsigned mode = loader.fileModeOf("token");
    if (!config.token || mode == 0)
        return;
    const std::string mend =
        ": chmod 600 " + loader.placeOf("token").name + ", or use `sallyport login`";
    if (mode & readableByOthers)
        loader.complain("token", "can be read by every user of this machine" + mend);
    else if (mode & readableByGroup)
        loader.warn("token", "can be read by the file's group" + mend);
}

} // namespace

void AgentConfig::declare(Fields& fields)
{
    declareRelay(*this, fields);
    credentials.declare(fields);
    fields.section("Certificates of the agent's own",
                   "For tls tunnels with `certificate: auto`. Using it means that you agree to the "
                   "terms of the certificate authority.");
    fields.value("state_dir", stateDir, filePath(),
                 "Where certificates, their keys and the account are kept.");
    fields.value("acme.email", email, plainText(254),
                 "Where the certificate authority may write to.");
    acme.declareForAgent(fields, "acme");
    fields.section("The inspector", "");
    fields.value(
        "inspect.capture", capture, yesOrNo(),
        "Let `sallyport up` record requests and answers from its start. Without it they are "
        "recorded while the desktop app looks on. `sallyport inspect` shows them.");
    fields.map(tunnelMap(*this));
    log.declare(fields);
}

void AgentConfig::validate(Loader& loader) const
{
    validateToken(*this, loader);
    credentials.validate(loader, token.has_value());
    acme.validate(loader, "acme");
    if (identity.certificate.empty() && !identity.key.empty())
        loader.complain("identity.key", "needs identity.certificate");
    if (reconnect.min > reconnect.max)
        loader.complain("reconnect.min", "is longer than reconnect.max");
    if (relay && relay->transport != Transport::Auto && transport != Transport::Auto &&
        relay->transport != transport)
        loader.complain("transport", "says " + std::string(toText(transport)) +
                                         " but the relay's address says " +
                                         std::string(toText(relay->transport)) + ": remove one");
    for (const auto& [label, tunnel] : tunnels)
        tunnel.validate(loader, "tunnels." + label);
}

Result<Loaded<AgentConfig>, Problems> AgentConfig::load(const Sources& sources)
{
    Loaded<AgentConfig> loaded;
    loaded.config.stateDir = relayStateFolder(processPathContext()) + "/agent";
    Loader loader(sources);
    Fields fields;
    loaded.config.declare(fields);
    loader.apply(fields);
    loaded.config.credentials.yieldToToken(loader);
    loaded.config.validate(loader);
    if (loader.problems().hasErrors())
        return Failure(loader.problems());
    loaded.warnings = loader.problems();
    loaded.files = loader.files();
    return loaded;
}

Transport AgentConfig::effectiveTransport() const
{
    return relay && relay->transport != Transport::Auto ? relay->transport : transport;
}

bool linkChanged(const AgentConfig& before, const AgentConfig& after)
{
    return before.relay != after.relay || before.pin != after.pin ||
           before.caFile != after.caFile || before.token != after.token ||
           !(before.credentials == after.credentials) || before.identity != after.identity ||
           before.name != after.name || before.transport != after.transport ||
           before.fallbackPort != after.fallbackPort || !(before.reconnect == after.reconnect) ||
           before.ping != after.ping || before.connectTimeout != after.connectTimeout ||
           before.maxConnections != after.maxConnections;
}

} // namespace sallyport::config
