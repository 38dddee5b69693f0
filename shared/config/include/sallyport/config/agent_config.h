// agent.yaml: everything that the agent can be told. docs/configuration.md says what each key
// means.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/base/secret.h>
#include <sallyport/base/spki_pin.h>
#include <sallyport/config/acme_config.h>
#include <sallyport/config/agent_credentials.h>
#include <sallyport/config/fields.h>
#include <sallyport/config/loader.h>
#include <sallyport/config/log_config.h>
#include <sallyport/config/tunnel_config.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::config {

enum class Transport { Auto, Tls, Wss, Tcp };
std::string_view toText(Transport transport);

// "host", "host:port", "tls://host[:port]", "tcp://host[:port]", "wss://host[:port][/path]".
struct RelayAddress
{
    static constexpr uint16_t DefaultPort = 7000;
    static constexpr uint16_t DefaultWssPort = 443;
    static constexpr std::string_view DefaultWssPath = "/.sallyport/agent";

    Transport transport = Transport::Auto; // what the address itself says
    std::string host;                      // without brackets
    uint16_t port = DefaultPort;
    std::string path; // wss only

    static Result<RelayAddress, std::string> parse(std::string_view text);
    std::string text() const;
    bool operator==(const RelayAddress&) const = default;
};

// The relay's key as people write it: "sha256:" and 43 characters of base64, url-safe or plain, or
// 64 hexadecimal digits as openssl prints them, with colons or without.
Result<SpkiPin, std::string> readPin(std::string_view text);
Codec<SpkiPin> fingerprint();

struct AgentConfig
{
    using Milliseconds = std::chrono::milliseconds;
    static constexpr size_t MaxTunnels = 1000;

    std::optional<RelayAddress> relay; // commands that need one say so
    std::optional<SpkiPin> pin;
    std::string caFile; // PEM; empty: the system's
    std::optional<Secret> token;
    AgentCredentials credentials;
    // Instead of a token.
    struct Identity
    {
        std::string certificate; // PEM, perhaps with the key and the root; empty: none
        std::string key;
        bool operator==(const Identity&) const = default;
    } identity;
    std::string name; // of this agent; empty: the host's name
    Transport transport = Transport::Auto;
    uint64_t fallbackPort = 443; // with Auto; 0: none
    struct Reconnect
    {
        Milliseconds min{500};
        Milliseconds max{30'000};
        bool operator==(const Reconnect&) const = default;
    } reconnect;
    Milliseconds ping{10'000};
    Milliseconds connectTimeout{10'000};
    uint64_t maxConnections = 10'000; // of visitors, at once
    std::string stateDir;             // certificates that the agent obtained
    std::string email;                // for the certificate authority
    AcmeConfig acme;                  // with certificate: auto
    bool capture = false;             // record traffic without being asked
    LogConfig log;
    Tunnels tunnels;

    static Result<Loaded<AgentConfig>, Problems> load(const Sources& sources);

    // The transport to use: the address's own, else the `transport` key.
    Transport effectiveTransport() const;

    // For load(), the reference page and tests.
    void declare(Fields& fields);
    void validate(Loader& loader) const;
};

// True when a reload must connect anew: relay, credentials, transport or timing differ.
bool linkChanged(const AgentConfig& before, const AgentConfig& after);

} // namespace sallyport::config
