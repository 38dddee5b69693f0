#include <sallyport/agent/options.h>

#include <utility>

namespace sallyport::agent {

TokenProvider fixedToken(Secret token)
{
    return
        [token = std::move(token)](const TokenQuestion&, const TokenReady& ready) { ready(token); };
}

AgentOptions optionsFrom(const config::AgentConfig& config)
{
    AgentOptions options;
    if (config.relay)
        options.relay = *config.relay;
    options.transport = config.effectiveTransport();
    options.fallbackPort = uint16_t(config.fallbackPort);
    options.pin = config.pin;
    options.caFile = config.caFile;
    options.name = config.name;
    options.identity = {config.identity.certificate, config.identity.key};
    options.reconnectMin = config.reconnect.min;
    options.reconnectMax = config.reconnect.max;
    options.ping = config.ping;
    options.dialTimeout = config.connectTimeout;
    options.maxConnections = static_cast<uint32_t>(config.maxConnections);
    options.acme = config.acme;
    options.acmeEmail = config.email;
    options.stateFolder = config.stateDir;
    for (const auto& [ref, tunnel] : config.tunnels)
        if (!tunnel.paused)
            options.tunnels[ref].config = tunnel;
    return options;
}

std::string RelayWay::text() const
{
    return std::string(config::toText(transport)) + ":" + std::to_string(port);
}

std::optional<RelayWay> RelayWay::fromText(std::string_view text)
{
    using enum config::Transport;
    for (const config::Transport transport : {Tls, Wss, Tcp}) {
        const std::string start = std::string(config::toText(transport)) + ":";
        if (!text.starts_with(start))
            continue;
        const auto port = config::parsePort(text.substr(start.size()));
        return port ? std::optional(RelayWay{transport, *port}) : std::nullopt;
    }
    return std::nullopt;
}

} // namespace sallyport::agent
