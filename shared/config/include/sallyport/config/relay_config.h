// relay.yaml: everything that the relay can be told. docs/configuration.md says what each key
// means; relay_config.cpp and relay_limits.cpp declare keys, bounds and help.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/config/acme_config.h>
#include <sallyport/config/addresses.h>
#include <sallyport/config/audit_config.h>
#include <sallyport/config/fields.h>
#include <sallyport/config/jwt_config.h>
#include <sallyport/config/loader.h>
#include <sallyport/config/log_config.h>
#include <sallyport/config/mtls_config.h>
#include <sallyport/config/ports.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sallyport::config {

// What one relay holds at most, and for how long. Every table of the relay has its limit here.
struct RelayLimits
{
    using Milliseconds = std::chrono::milliseconds;

    // HTTP, from visitors
    uint64_t head = 64 * 1024;        // bytes of a request head, also of an upstream's (431, 502)
    uint64_t uri = 16 * 1024;         // bytes (414)
    uint64_t headers = 200;           // header lines (431)
    Milliseconds headTimeout{10'000}; // until a head is whole (408)
    Milliseconds idleTimeout{60'000}; // between the requests of a connection
    Milliseconds stallTimeout{
        120'000};                     // a connection that neither reads nor writes while it should
    uint64_t visitors = 20'000;       // connections at once
    uint64_t visitorsPerAddress = 0;  // 0: as many as `visitors`
    uint64_t h2Streams = 100;         // of one HTTP/2 connection at once
    uint64_t h2Window = 256 * 1024;   // bytes that a visitor may send ahead on a stream
    uint64_t h2Cancelled = 300;       // streams that a visitor may cancel at once
    uint64_t h2IdleFrames = 1'000;    // frames at once that carry nothing
    uint64_t passwordChecks = 64;     // visitors' passwords that wait to be checked (503 beyond)
    uint64_t pendingRequests = 1'000; // that wait for a link within the grace (503 beyond)

    // TLS, until a visitor's first message (ClientHello) has been read
    uint64_t peeking = 1'000; // connections at once
    uint64_t peekBytes = 32 * 1024;
    Milliseconds peekFirstByte{15'000};
    Milliseconds peekProgress{5'000}; // from each byte to the next
    Milliseconds peekTimeout{30'000}; // in all

    // Links
    uint64_t links = 10'000;
    uint64_t linksPerTenant = 100;
    uint64_t handshakes = 256; // connections on the agents' listener not yet authenticated
    Milliseconds handshakeTimeout{10'000};
    uint64_t tunnelsPerLink = 1000;
    uint64_t streamsPerLink = 16'384;
    uint64_t linkMemory = 64 * 1024 * 1024;
    uint64_t unread = 256 * 1024 * 1024; // bytes queued for slow readers, of one link
    Milliseconds ping{10'000};           // a link is dead after two that were missed

    // Streams to upstreams
    uint64_t upstreamIdle = 64; // kept for reuse per tunnel
    Milliseconds upstreamIdleTimeout{30'000};

    void declare(Fields& fields);
};

struct RelayConfig
{
    using Milliseconds = std::chrono::milliseconds;

    std::string domain;
    std::string publicHost; // for the join line; empty: see publicHostOrDomain()

    struct Listen
    {
        std::vector<ListenAddress> http{{"", 80}};
        std::vector<ListenAddress> https; // load(): ":443" when the relay ends TLS itself
        std::vector<ListenAddress> agents{{"", 7000}};
        std::vector<ListenAddress> admin{{"127.0.0.1", 7500}};
    } listen;

    // The URLs that agents show.
    enum class Scheme { Auto, Http, Https };
    struct PublicUrl
    {
        Scheme scheme = Scheme::Auto; // https when the relay serves it
        uint64_t port = 0;            // 0: that of the first listener of the scheme
    } publicUrl;

    // Where the certificates that visitors are shown come from.
    enum class TlsMode {
        Off,   // the relay ends no visitor's TLS
        Files, // `certificates`, and the relay's own pair where it is given
        Acme,  // obtained for the names of tunnels
    };
    struct CertificateFiles // PEM
    {
        std::string certificate;
        std::string key;
        bool operator==(const CertificateFiles&) const = default;
    };
    struct Tls
    {
        TlsMode mode = TlsMode::Off;
        std::string email; // for the certificate authority
        AcmeConfig acme;
        // The relay's own, for agents; both empty: made at first start in stateDir.
        std::string certificate;
        std::string key;
        std::map<std::string, CertificateFiles> certificates; // for visitors, by label
        std::string defaultCertificate; // a label, or OwnCertificate; empty: none
    } tls;
    static constexpr size_t MaxCertificates = 1000;
    // The label of the relay's own pair; no other may have it.
    static constexpr const char* OwnCertificate = "relay";

    bool httpsRedirect = false;
    struct Hsts
    {
        Milliseconds maxAge{0}; // 0: not sent
        bool includeSubdomains = false;
    } hsts;

    std::string stateDir;
    struct Auth
    {
        std::string tokensFile; // empty: see tokensFile()
        JwtConfig jwt;
        MtlsConfig mtls;
    } auth;

    bool allowPlaintextLinks = false; // beyond loopback
    PortRanges tcpPorts;
    std::string tcpBind; // an IP address; empty: all
    bool http2 = true;
    Milliseconds reconnectGrace{3'000};
    std::vector<Network> trustedProxies;
    uint64_t workers = 0; // 0: one for each core
    Milliseconds shutdownTimeout{30'000};
    Milliseconds upstreamTimeout{60'000}; // until the head of an answer has come (504)
    LogConfig log;
    AuditConfig audit;
    RelayLimits limits;

    RelayConfig();

    static Result<Loaded<RelayConfig>, Problems> load(const Sources& sources);

    std::string tokensFile() const;
    std::string auditFile() const;
    const std::string& publicHostOrDomain() const
    {
        return publicHost.empty() ? domain : publicHost;
    }
    // Whether the relay ends visitors' TLS.
    bool servesHttps() const { return tls.mode != TlsMode::Off && !listen.https.empty(); }
    // The URL of a host that this relay serves: "http://api.example.com:8080/". The ports are those
    // that it listens on.
    std::string urlOf(const std::string& host, uint16_t httpPort, uint16_t httpsPort = 0) const;

    // For load(), the reference page and tests.
    void declare(Fields& fields);
    void validate(Loader& loader) const;
};

} // namespace sallyport::config
