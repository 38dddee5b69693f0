// What others see of the registry: routes, and what changed since they last asked.
#include "routes/registry.h"

#include <algorithm>

namespace sallyport::relay {

std::vector<Registry::Displaced> Registry::takeDisplaced()
{
    return std::exchange(m_displaced, {});
}

const auth::Grant* Registry::grantOf(const LinkRef& link) const
{
    const auto found = m_links.find(link.id);
    return found == m_links.end() ? nullptr : &found->second.grant;
}

void Registry::replaceGrant(const LinkRef& link, auth::Grant grant)
{
    const auto found = m_links.find(link.id);
    if (found != m_links.end() && found->second.grant.tenant() == grant.tenant())
        found->second.grant = std::move(grant);
}

std::optional<std::pair<LinkIdentity, std::string>> Registry::identityOf(const LinkRef& link) const
{
    const auto found = m_links.find(link.id);
    if (found == m_links.end())
        return std::nullopt;
    return std::pair(found->second.identity, found->second.grant.tenant());
}

std::vector<Registry::Ended> Registry::takeEnded()
{
    return std::exchange(m_ended, {});
}

void Registry::noteEnd(const Tunnel& tunnel, Ended::Why why)
{
    m_ended.push_back({why, tunnel.request.ref, tunnel.tenant, tunnel.agentName, hostsOf(tunnel),
                       publicPortOf(tunnel)});
}

std::optional<uint16_t> Registry::publicPortOf(const Tunnel& tunnel)
{
    for (const Key& key : tunnel.keys)
        if (key.space == Key::Space::Port)
            return key.port();
    return std::nullopt;
}

Route Registry::routeOf(const Tunnel& tunnel) const
{
    Route route;
    route.state = tunnel.state;
    route.link = tunnel.link.value_or(LinkRef());
    route.tunnelId = tunnel.id;
    route.kind = tunnel.request.kind;
    route.hostHeader = tunnel.request.options.hostHeader;
    route.plainHttp = tunnel.request.options.plainHttp;
    route.upstreamProtocol = tunnel.request.options.upstreamProtocol;
    route.stats = tunnel.stats;
    route.policy = tunnel.policy;
    return route;
}

std::vector<std::string> Registry::hostsOf(const Tunnel& tunnel) const
{
    std::vector<std::string> hosts;
    for (const Key& key : tunnel.keys) {
        if (key.space == Key::Space::Name)
            hosts.push_back(key.text + "." + m_config.domain);
        else if (key.space == Key::Space::Hostname)
            hosts.push_back(key.text);
    }
    return hosts;
}

std::shared_ptr<const RouteTable> Registry::table() const
{
    auto table = std::make_shared<RouteTable>(m_config.domain);
    for (const auto& [id, tunnel] : m_tunnels) {
        const auto route = std::make_shared<const Route>(routeOf(tunnel));
        for (const Key& key : tunnel.keys) {
            switch (key.space) {
            case Key::Space::Name:
                table->addName(key.text, route);
                break;
            case Key::Space::Hostname:
                table->addHostname(key.text, route);
                break;
            case Key::Space::Port:
                table->addPort(key.port(), route);
                break;
            }
        }
    }
    return table;
}

std::vector<Registry::TunnelInfo> Registry::tunnels() const
{
    std::vector<TunnelInfo> list;
    for (const auto& [id, tunnel] : m_tunnels) {
        TunnelInfo info{tunnel.request.ref,  tunnel.tenant,   tunnel.agentName,     tunnel.peer,
                        tunnel.request.kind, hostsOf(tunnel), publicPortOf(tunnel), tunnel.state,
                        tunnel.stats,        tunnel.policy};
        list.push_back(std::move(info));
    }
    return list;
}

} // namespace sallyport::relay
