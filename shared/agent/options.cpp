#include <sallyport/agent/options.h>

#include <utility>

namespace sallyport::agent {

TokenProvider fixedToken(Secret token)
{
    return [token = std::move(token)](const TokenReady& ready) { ready(token); };
}

AgentOptions optionsFrom(const config::AgentConfig& config)
{
    AgentOptions options;
    if (config.relay)
        options.relay = *config.relay;
    options.transport = config.effectiveTransport();
    options.pin = config.pin;
    options.caFile = config.caFile;
    options.name = config.name;
    options.reconnectMin = config.reconnect.min;
    options.reconnectMax = config.reconnect.max;
    options.ping = config.ping;
    options.dialTimeout = config.connectTimeout;
    options.maxConnections = static_cast<uint32_t>(config.maxConnections);
    for (const auto& [ref, tunnel] : config.tunnels)
        options.tunnels[ref].config = tunnel;
    return options;
}

} // namespace sallyport::agent
