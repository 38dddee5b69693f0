#include <sallyport/config/paths.h>
#include <sallyport/config/relay_config.h>

#include <algorithm>
#include <utility>

namespace sallyport::config {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

constexpr size_t mostListeners = 16;
constexpr size_t mostNetworks = 1000;

void declareListeners(RelayConfig& config, Fields& fields)
{
    fields.section(
        "Addresses",
        "Each takes one address or a list, as `ADDRESS:PORT`; `:PORT` is all addresses of IPv4 "
        "and IPv6, port 0 any free one, `none` switches the listener off.");
    fields.list("listen.http", config.listen.http, listenAddress(), mostListeners,
                "Where visitors come in by HTTP.");
    fields.list("listen.https", config.listen.https, listenAddress(), mostListeners,
                "Where visitors come in by TLS, and agents that find no other way (by the protocol "
                "sallyport/1 or a WebSocket); `:443` when `tls.mode` is not off and it is not "
                "given.");
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
                 oneOf<RelayConfig::Scheme>({{"auto", RelayConfig::Scheme::Auto},
                                             {"http", RelayConfig::Scheme::Http},
                                             {"https", RelayConfig::Scheme::Https}}),
                 "The scheme of the URLs that agents show; auto is https when the relay serves it. "
                 "Say https when a proxy in front ends TLS.");
    fields.value("public_url.port", config.publicUrl.port, countBetween(0, 65535),
                 "The port of these URLs; 0 is that of the first listener for the scheme.");
    fields.value("state_dir", config.stateDir, filePath(),
                 "Where the relay keeps what it makes itself: key, certificate, tokens.");
    fields.value("workers", config.workers, countBetween(0, 256),
                 "Threads that carry traffic; 0 is one for each processor.");
}

FieldMap certificateMap(RelayConfig& config)
{
    const auto declare = [](RelayConfig::CertificateFiles& files, Fields& fields) {
        fields.value("certificate", files.certificate, filePath(),
                     "Certificate chain (PEM), the server's own first. Its names decide who is "
                     "shown it; a wildcard stands for one label.");
        fields.value("key", files.key, filePath(), "The key to it (PEM).");
    };
    FieldMap map;
    map.path = "tls.certificates";
    map.help =
        "Certificates for visitors, each under a label of your choice. The files are watched: "
        "a new pair is used at once, a bad one is refused and the old one stays.";
    map.keyName = "LABEL";
    map.example = "main: {certificate: main.pem, key: main.key}";
    map.limit = RelayConfig::MaxCertificates;
    map.checkKey = [](std::string_view text) -> Result<std::string, std::string> {
        const auto allowed = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        };
        if (text.empty() || text.size() > 63 || !std::all_of(text.begin(), text.end(), allowed))
            return Failure(std::string("has 1 to 63 lower-case letters, digits and hyphens"));
        if (text == RelayConfig::OwnCertificate)
            return Failure(std::string("is the label of tls.certificate itself"));
        return std::string(text);
    };
    map.shape = [declare](Fields& fields) {
        // The declarations are read, the target is not: it may be gone by then.
        RelayConfig::CertificateFiles nobody;
        declare(nobody, fields);
    };
    map.entry = [&config, declare](Fields& fields, const std::string& key) {
        declare(config.tls.certificates[key], fields);
    };
    return map;
}

void declareHttps(RelayConfig& config, Fields& fields)
{
    fields.section("HTTPS for visitors", "");
    using Mode = RelayConfig::TlsMode;
    fields.value(
        "tls.mode", config.tls.mode,
        oneOf<Mode>({{"off", Mode::Off}, {"files", Mode::Files}, {"acme", Mode::Acme}}),
        "Where the certificates of `listen.https` come from: off (the relay ends no TLS of "
        "visitors), files (tls.certificates, and tls.certificate where it is given) or acme.");
    fields.map(certificateMap(config));
    fields.value("tls.default_certificate", config.tls.defaultCertificate, plainText(63),
                 "The label of the certificate for visitors who name no host, or one that no "
                 "certificate is for; `relay` is tls.certificate. Without it they are refused "
                 "(unrecognized_name).");
    fields.value("https_redirect", config.httpsRedirect, yesOrNo(),
                 "Send visitors from http to https, where the host has a tunnel and a certificate. "
                 "Not for /health, ACME challenges and agents.");
    fields.value(
        "hsts.max_age", config.hsts.maxAge, durationBetween(milliseconds(0), hours(17'532)),
        "Tell browsers for how long to come by https alone (Strict-Transport-Security); 0s "
        "tells them nothing. An upstream's own header stands.");
    fields.value("hsts.include_subdomains", config.hsts.includeSubdomains, yesOrNo(),
                 "The same for everything below the host.");
}

void declareLinks(RelayConfig& config, Fields& fields)
{
    fields.section("Agents and credentials", "");
    fields.value(
        "tls.certificate", config.tls.certificate, filePath(),
        "Certificate chain (PEM) of the agents' listener; made at first start in state_dir when it "
        "is not given.");
    fields.value("tls.key", config.tls.key, filePath(), "The key to it (PEM).");
    fields.value("auth.tokens_file", config.auth.tokensFile, filePath(),
                 "The agents' tokens, hashed; tokens.yaml in state_dir when it is not given.");
    fields.value(
        "allow_plaintext_links", config.allowPlaintextLinks, yesOrNo(),
        "Take links without TLS from other machines too, not only from this one. Tokens and "
        "traffic can then be read on the way.");
}

void declareAcme(RelayConfig& config, Fields& fields)
{
    fields.section(
        "Certificates by ACME",
        "With `tls.mode: acme` the relay obtains certificates for its own name and for the names "
        "that http tunnels hold, and renews them. Setting it means that you agree to the terms of "
        "the certificate authority.");
    fields.value("tls.email", config.tls.email, plainText(254),
                 "Where the certificate authority may write to.");
    config.tls.acme.declare(fields, "tls.acme");
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
    declareHttps(*this, fields);
    declareLinks(*this, fields);
    auth.jwt.declare(fields);
    declareAcme(*this, fields);
    auth.mtls.declare(fields);
    declareTimes(*this, fields);
    log.declare(fields);
    audit.declare(fields);
    limits.declare(fields);
}

namespace {

void validateHttps(const RelayConfig& config, Loader& loader)
{
    const auto& tls = config.tls;
    const bool files = tls.mode == RelayConfig::TlsMode::Files;
    for (const auto& [label, pair] : tls.certificates) {
        const std::string path = "tls.certificates." + label;
        if (loader.hasComplainedAbout(path))
            continue;
        if (pair.certificate.empty() || pair.key.empty())
            loader.complain(path, "needs both certificate and key");
    }
    if (files && tls.certificates.empty() && tls.certificate.empty() &&
        !loader.hasComplainedAbout("tls.certificates"))
        loader.complain("tls.mode", "is files, but there is none: give tls.certificates, or "
                                    "tls.certificate and tls.key");
    if (!files && !tls.certificates.empty())
        loader.complain("tls.certificates", "is used only with tls.mode: files");
    const bool own = tls.defaultCertificate == RelayConfig::OwnCertificate;
    if (own && tls.certificate.empty())
        loader.complain("tls.default_certificate", "is relay, but there is no tls.certificate");
    if (files && !own && !tls.defaultCertificate.empty() &&
        !tls.certificates.contains(tls.defaultCertificate))
        loader.complain("tls.default_certificate",
                        "\"" + tls.defaultCertificate + "\" is no label of tls.certificates");
    if (config.httpsRedirect && !config.servesHttps())
        loader.complain("https_redirect", "needs https: set tls.mode");
    if (config.hsts.maxAge.count() > 0 && !config.servesHttps())
        loader.warn("hsts.max_age", "has no effect without tls.mode");
    if (config.hsts.includeSubdomains && config.hsts.maxAge.count() == 0)
        loader.warn("hsts.include_subdomains", "has no effect without hsts.max_age");
}

} // namespace

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
    validateHttps(*this, loader);
    tls.acme.validate(loader, "tls.acme");
    if (tls.mode == TlsMode::Acme && tls.email.empty())
        loader.warn("tls.email", "is missing: the certificate authority can't tell you of trouble");
    auth.mtls.validate(loader);
    if (limits.uri > limits.head)
        loader.complain("limits.uri", "is larger than limits.head, which contains it");
    if (limits.linksPerTenant > limits.links && loader.isGiven("limits.links_per_tenant"))
        loader.warn("limits.links_per_tenant", "is more than limits.links and has no effect");
    for (const ListenAddress& address : listen.admin)
        if (!address.isLoopback())
            loader.warn("listen.admin", "is open to other machines");
    auth.jwt.validate(loader);
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
    if (loaded.config.tls.mode != TlsMode::Off && !loader.isGiven("listen.https"))
        loaded.config.listen.https = {{"", 443}};
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

std::string RelayConfig::urlOf(const std::string& host, uint16_t httpPort, uint16_t httpsPort) const
{
    const bool own = servesHttps() && httpsPort != 0;
    const bool https =
        publicUrl.scheme == Scheme::Https || (publicUrl.scheme == Scheme::Auto && own);
    // Behind a proxy that ends TLS the relay's own port says nothing about the public one.
    const uint64_t own443 = own ? httpsPort : 443;
    const uint64_t port = publicUrl.port != 0 ? publicUrl.port : https ? own443 : httpPort;
    const bool isDefault = port == (https ? 443u : 80u);
    return std::string(https ? "https://" : "http://") + host +
           (isDefault ? "" : ":" + std::to_string(port)) + "/";
}

} // namespace sallyport::config
