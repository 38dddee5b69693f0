// One tunnel of agent.yaml, and the upstream that it publishes.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/config/addresses.h>
#include <sallyport/config/fields.h>
#include <sallyport/config/loader.h>
#include <sallyport/wire/access.h>
#include <sallyport/wire/tunnel_kind.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::config {

using wire::TunnelKind;
using wire::UpstreamProtocol;

// The local service: "3000" (127.0.0.1:3000), "host:port", "[::1]:port", "http://host[:port]",
// "unix:/path".
struct Upstream
{
    std::string unixPath; // a socket's path; when set, the endpoint is not
    Endpoint endpoint;

    static Result<Upstream, std::string> parse(std::string_view text, TunnelKind kind);
    bool empty() const { return unixPath.empty() && endpoint.port == 0; }
    bool isUnix() const { return !unixPath.empty(); }
    std::string text() const;

    bool operator==(const Upstream&) const = default;
};

struct TunnelConfig
{
    TunnelKind kind = TunnelKind::Http;
    Upstream upstream;
    std::optional<std::string> name; // http, tls: the label under the relay's domain, which chooses
    std::optional<std::string> hostname; // http, tls: a host name of one's own
    std::optional<uint16_t> remotePort;  // tcp: the relay's port, which chooses; tls: a whole port
    Upstream httpUpstream;               // tls: for visitors without TLS; empty: none
    // tls: the TLS of visitors ends in the agent, and the upstream is plain.
    enum class Certificate {
        None, // the upstream ends it
        Auto, // obtained by ACME through the tunnel
    };
    Certificate certificate = Certificate::None;
    std::string certificateFile; // or one of one's own (PEM), with its key
    std::string certificateKey;
    bool proxyProtocol = false; // send the PROXY protocol v2 header on to the upstream
    std::optional<std::string>
        hostHeader; // http: what the upstream sees as Host; unset: the visitor's
    UpstreamProtocol protocol = UpstreamProtocol::Http1; // http

    bool paused = false; // kept here, but not published

    bool endsTls() const { return certificate == Certificate::Auto || !certificateFile.empty(); }

    wire::AccessPolicy access; // who may visit; empty: everybody

    // "http 127.0.0.1:3000", for logs.
    std::string text() const;
    // For AgentConfig. `path` is where the tunnel stands: "tunnels.web".
    void declare(Fields& fields);
    void validate(Loader& loader, const std::string& path) const;
    bool operator==(const TunnelConfig&) const = default;
};

// Tunnels by the label that they have in the file.
using Tunnels = std::map<std::string, TunnelConfig>;

struct TunnelChanges
{
    std::vector<std::string> added;
    std::vector<std::string> removed;
    std::vector<std::string> changed;
    bool empty() const { return added.empty() && removed.empty() && changed.empty(); }
};
// What a reload has to touch.
TunnelChanges compare(const Tunnels& before, const Tunnels& after);

} // namespace sallyport::config
