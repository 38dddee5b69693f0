#include <sallyport/config/paths.h>
#include <sallyport/config/relay_config.h>

#include <utility>

namespace sallyport::config {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

constexpr size_t mostListeners = 16;
constexpr size_t mostNetworks = 1000;
constexpr const char* notYet = "not yet supported in this version";

void declareListeners(RelayConfig& config, Fields& fields)
{
    fields.section(
        "Addresses",
        "Each takes one address or a list, as `ADDRESS:PORT`; `:PORT` is all addresses of IPv4 "
        "and IPv6, port 0 any free one, `none` switches the listener off.");
    fields.list("listen.http", config.listen.http, listenAddress(), mostListeners,
                "Where visitors come in by HTTP.");
    fields.reserved("listen.https", std::string("is ") + notYet +
                                        ": put a proxy that ends TLS in front of listen.http");
    fields.value("http2", config.http2, yesOrNo(), "Visitors may speak HTTP/2.");
    fields.list("listen.agents", config.listen.agents, listenAddress(), mostListeners,
                "Where agents connect.");
    fields.list("listen.admin", config.listen.admin, listenAddress(), mostListeners,
                "Health and administration. Keep it on loopback.");
    fields.value("tcp_ports", config.tcpPorts, portRanges(),
                 "Ports that tcp tunnels may have, as ranges: `20000-29999,31000`, or `none`.");
    fields.value("tcp_bind", config.tcpBind, ipAddressText(),
                 "The address that these ports are opened on; all when it is not given.");
    fields.list("trusted_proxies", config.trustedProxies, network(), mostNetworks,
                "Networks of proxies in front of the relay, as `10.0.0.0/8`: only from these are "
                "X-Forwarded-For and its like believed.");
}

void declareIdentity(RelayConfig& config, Fields& fields)
{
    fields.section("The relay", "");
    fields.value("domain", config.domain, hostName(),
                 "Tunnels are published as NAME.domain. Point a wildcard DNS record (*.domain) at "
                 "the relay; "
                 "`localhost` serves to try it out.");
    fields.value(
        "public_host", config.publicHost, hostNameOrAddress(),
        "The host at which agents reach the relay, for the join line; the domain when it is "
        "not given.");
    fields.value("public_url.scheme", config.publicUrl.scheme,
                 oneOf<RelayConfig::Scheme>(
                     {{"http", RelayConfig::Scheme::Http}, {"https", RelayConfig::Scheme::Https}}),
                 "The scheme of the URLs that agents show: https when a proxy in front ends TLS.");
    fields.value("public_url.port", config.publicUrl.port, countBetween(0, 65535),
                 "The port of these URLs; 0 is that of the first http listener.");
    fields.value("state_dir", config.stateDir, filePath(),
                 "Where the relay keeps what it makes itself: key, certificate, tokens.");
    fields.value("workers", config.workers, countBetween(0, 256),
                 "Threads that carry traffic; 0 is one for each processor.");
}

void declareLinks(RelayConfig& config, Fields& fields)
{
    fields.section("Agents and credentials", "");
    fields.value(
        "tls.certificate", config.tls.certificate, filePath(),
        "Certificate chain (PEM) of the agents' listener; made at first start in state_dir when it "
        "is not given.");
    fields.value("tls.key", config.tls.key, filePath(), "The key to it (PEM).");
    fields.reserved("tls.mode", notYet);
    fields.reserved("tls.email", notYet);
    fields.value("auth.tokens_file", config.auth.tokensFile, filePath(),
                 "The agents' tokens, hashed; tokens.yaml in state_dir when it is not given.");
    fields.reserved("auth.jwt", notYet);
    fields.reserved("auth.mtls", notYet);
    fields.value(
        "allow_plaintext_links", config.allowPlaintextLinks, yesOrNo(),
        "Take links without TLS from other machines too, not only from this one. Tokens and "
        "traffic can then be read on the way.");
}

void declareTimes(RelayConfig& config, Fields& fields)
{
    fields.section("Times", "");
    fields.value(
        "reconnect_grace", config.reconnectGrace, durationBetween(milliseconds(0), minutes(5)),
        "When a link drops, its requests wait this long for it to come back instead of failing.");
    fields.value("upstream_timeout", config.upstreamTimeout,
                 durationBetween(milliseconds(100), hours(1)),
                 "Time for an upstream to begin its answer; then 504.");
    fields.value("shutdown_timeout", config.shutdownTimeout,
                 durationBetween(milliseconds(0), hours(1)),
                 "Time for running requests to end when the relay is told to stop.");
}

} // namespace

RelayConfig::RelayConfig()
{
    tcpPorts = PortRanges::parse("20000-29999").value();
}

void RelayConfig::declare(Fields& fields)
{
    declareIdentity(*this, fields);
    declareListeners(*this, fields);
    declareLinks(*this, fields);
    declareTimes(*this, fields);
    log.declare(fields);
    audit.declare(fields);
    limits.declare(fields);
}

void RelayConfig::validate(Loader& loader) const
{
    if (domain.empty() && !listen.http.empty())
        loader.complain("domain", "is missing: set it (domain: example.com), or SALLYPORT_DOMAIN; "
                                  "localhost serves to try it out");
    if (listen.agents.empty())
        loader.complain("listen.agents", "is empty: without it no agent can connect");
    if (tls.certificate.empty() != tls.key.empty())
        loader.complain(tls.key.empty() ? "tls.certificate" : "tls.key",
                        "certificate and key belong together: give both or neither");
    if (limits.uri > limits.head)
        loader.complain("limits.uri", "is larger than limits.head, which contains it");
    if (limits.linksPerTenant > limits.links && loader.isGiven("limits.links_per_tenant"))
        loader.warn("limits.links_per_tenant", "is more than limits.links and has no effect");
    for (const ListenAddress& address : listen.admin)
        if (!address.isLoopback())
            loader.warn("listen.admin", "is open to other machines");
    if (allowPlaintextLinks)
        loader.warn("allow_plaintext_links",
                    "lets tokens and traffic travel unencrypted between machines");
}

Result<Loaded<RelayConfig>, Problems> RelayConfig::load(const Sources& sources)
{
    Loaded<RelayConfig> loaded;
    loaded.config.stateDir = relayStateFolder(processPathContext());
    Loader loader(sources);
    Fields fields;
    loaded.config.declare(fields);
    loader.apply(fields);
    loaded.config.validate(loader);
    if (loader.problems().hasErrors())
        return Failure(loader.problems());
    loaded.warnings = loader.problems();
    loaded.files = loader.files();
    return loaded;
}

std::string RelayConfig::tokensFile() const
{
    return auth.tokensFile.empty() ? stateDir + "/tokens.yaml" : auth.tokensFile;
}

std::string RelayConfig::auditFile() const
{
    return audit.file.empty() ? stateDir + "/audit.jsonl" : audit.file;
}

std::string RelayConfig::urlOf(const std::string& host, uint16_t httpPort) const
{
    const bool https = publicUrl.scheme == Scheme::Https;
    // Behind a proxy that ends TLS the relay's own port says nothing about the public one.
    const uint64_t port = publicUrl.port != 0 ? publicUrl.port : https ? 443 : httpPort;
    const bool isDefault = port == (https ? 443u : 80u);
    return std::string(https ? "https://" : "http://") + host +
           (isDefault ? "" : ":" + std::to_string(port)) + "/";
}

} // namespace sallyport::config
