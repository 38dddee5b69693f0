// What an Agent is told.
#pragma once

#include <sallyport/agent/connect_handler.h>
#include <sallyport/agent/identity.h>
#include <sallyport/agent/problem.h>
#include <sallyport/base/result.h>
#include <sallyport/base/secret.h>
#include <sallyport/config/agent_config.h>
#include <sallyport/config/tunnel_config.h>
#include <sallyport/net/connection_watch.h>
#include <sallyport/observe/log.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::agent {

// One tunnel. Without an upstream (its port 0 and its path empty) the handler must take every
// connection.
struct TunnelSpec
{
    config::TunnelConfig config;
    ConnectHandler handler; // may be empty
};
// By the tunnel's ref: its name in the configuration, unique for this agent, at most 64 bytes.
using TunnelSpecs = std::map<std::string, TunnelSpec>;

// What a token is wanted for.
struct TokenQuestion
{
    enum class Stage : uint8_t { Handshake, Reauth };
    Stage stage = Stage::Handshake;
    // The relay's challenge: a token that can carry it should, as `session_nonce`. Empty: none yet.
    std::string nonce;
    // What the agent publishes.
    std::vector<std::string> names;
    std::vector<std::string> hostnames;
    std::vector<uint16_t> tcpPorts;
};
// Asked at each new link and whenever the relay challenges a standing one, so that a token that
// changes is found. Answer once, at once or later, on the agent's thread; an error is a sentence,
// and the agent tries again later.
using TokenReady = std::function<void(Result<Secret, Problem>)>;
using TokenProvider = std::function<void(const TokenQuestion&, TokenReady)>;
TokenProvider fixedToken(Secret token);

// One way to the relay. An agent whose transport is Auto has several and remembers which worked.
struct RelayWay
{
    config::Transport transport = config::Transport::Tls; // not Auto
    uint16_t port = 0;

    std::string text() const; // "wss:443"
    static std::optional<RelayWay> fromText(std::string_view text);
    bool operator==(const RelayWay&) const = default;
};

struct AgentOptions
{
    config::RelayAddress relay;
    config::Transport transport = config::Transport::Auto;
    // With Auto: where else the relay may be reached, should its own port not answer; 0: nowhere.
    uint16_t fallbackPort = 443;
    // With Auto: the way to try first, when it is one of those there are.
    std::optional<RelayWay> firstWay;
    // Whom to believe: the pinned key; else the authorities of the file; else the system's.
    std::optional<SpkiPin> pin;
    std::string caFile;
    TokenProvider token;
    // The provider's next token may be good where the last one had expired: the agent goes on
    // trying.
    bool tokenRenews = false;
    // Instead of a token: the relay knows the agent by this certificate. Read anew at each link.
    IdentityFiles identity;

    // Stable for this agent: the names that a relay chooses depend on it, and a newer link with the
    // same id replaces an older one. At most 128 bytes, never empty.
    std::string id;
    std::string name; // for people; empty: the host's name

    TunnelSpecs tunnels;

    // For tunnels whose certificate the agent obtains: the authority, and where keys are kept.
    config::AcmeConfig acme;
    std::string acmeEmail;
    std::string stateFolder;
    observe::Log log; // says what becomes of certificates; by default nothing

    std::chrono::milliseconds reconnectMin{500};
    std::chrono::milliseconds reconnectMax{30'000};
    // A link that was up for so long ends the row of failures: the next wait is the shortest again.
    std::chrono::milliseconds stableAfter{10'000};
    std::chrono::milliseconds dialTimeout{15'000};
    std::chrono::milliseconds ping{10'000};
    // For a connection to an upstream.
    std::chrono::milliseconds connectTimeout{10'000};
    // Whether the upstream of a web service is there is looked at when its tunnel opens and, while
    // it is down, each time this has passed. Zero: visitors alone find it out.
    std::chrono::milliseconds probeUpstreams{0};
    // Visitors' connections at once; beyond it they are refused as overloaded.
    uint32_t maxConnections = 10'000;
    // HTTP requests to remember for a screen; 0: none, and then passing bytes are not looked at.
    uint32_t rememberRequests = 0;
    // Reads along on all connections to upstreams; empty: none, and nothing is spent on it. Called
    // on the agent's thread; outlives the agent.
    net::ConnectionWatcher watch;
};

// As a configuration file says it, less the tunnels that are paused; `token`, `id` and handlers are
// the caller's.
AgentOptions optionsFrom(const config::AgentConfig& config);

} // namespace sallyport::agent
