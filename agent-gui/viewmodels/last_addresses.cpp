#include "last_addresses.h"

#include <utility>

namespace sallyport::gui {

namespace {

// What decides on the address.
bool sameAddress(const config::TunnelConfig& one, const config::TunnelConfig& other)
{
    return one.kind == other.kind && one.name == other.name && one.hostname == other.hostname &&
           one.remotePort == other.remotePort;
}

} // namespace

void LastAddresses::note(const std::vector<control::TunnelView>& tunnels)
{
    std::map<std::string, Last> now;
    for (const control::TunnelView& tunnel : tunnels) {
        const std::string url = of(tunnel);
        if (!url.empty())
            now[tunnel.status.ref] = {tunnel.status.config, url};
    }
    m_byRef = std::move(now);
}

std::string LastAddresses::of(const control::TunnelView& tunnel) const
{
    if (!tunnel.status.urls.empty())
        return tunnel.status.urls.front();
    const auto last = m_byRef.find(tunnel.status.ref);
    const bool holds = last != m_byRef.end() &&
                       sameAddress(last->second.config, tunnel.status.config) &&
                       tunnel.status.state != agent::TunnelState::Refused;
    return holds ? last->second.url : std::string();
}

} // namespace sallyport::gui
