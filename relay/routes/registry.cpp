#include "routes/registry.h"

#include "visitors/filters/visit_policy.h"

#include <algorithm>

namespace sallyport::relay {

using wire::Refusal;
using wire::RefusalCode;

Registry::Registry(RegistryConfig config, PortHolder& ports)
    : m_config(std::move(config)), m_ports(ports)
{}

std::optional<Refusal> Registry::addLink(const LinkIdentity& identity, const auth::Grant& grant,
                                         TimePoint now)
{
    // A newer link of the same agent takes the older one's place: the older is stale, or about to
    // go.
    const std::pair agent(grant.tenant(), identity.agentId);
    if (const auto older = m_linkOfAgent.find(agent); older != m_linkOfAgent.end()) {
        const LinkIdentity old = m_links.at(older->second).identity;
        if (!old.draining) {
            m_displaced.push_back({old.ref, std::nullopt, 0});
            dropLink(old.ref, now);
        }
    }

    if (m_links.size() >= m_config.linksLimit)
        return Refusal(RefusalCode::TooManyLinks, "this relay holds as many links as it may");
    size_t& ofTenant = m_linksOfTenant[grant.tenant()];
    if (ofTenant >= grant.terms().maxLinks.value_or(m_config.linksPerTenant) ||
        ofTenant >= m_config.linksPerTenant)
        return Refusal(RefusalCode::TooManyLinks, "this credential holds as many as it may");
    ++ofTenant;
    m_linkOfAgent[agent] = identity.ref.id;
    m_links.emplace(identity.ref.id, LinkEntry{identity, grant, {}});
    return std::nullopt;
}

Registry::Answer Registry::checkTunnel(const LinkRef& link,
                                       const wire::TunnelRequest& request) const
{
    const auto refuse = [&](Refusal refusal) {
        return wire::TunnelRefused{request.ref, std::move(refusal)};
    };
    const auto found = m_links.find(link.id);
    if (found == m_links.end())
        return refuse(Refusal(RefusalCode::Internal));
    const LinkEntry& entry = found->second;
    if (auto refusal = checkAllowed(entry, request))
        return refuse(std::move(*refusal));
    Tunnel tunnel;
    tunnel.request = request;
    if (auto refusal = hostKeys(entry, request, tunnel.keys))
        return refuse(std::move(*refusal));
    // What the relay would choose depends on the tunnel's ref, which this is not.
    if (!request.name && !request.hostname)
        tunnel.keys.clear();
    if (wantsPort(request) && request.remotePort) {
        const Key key{Key::Space::Port, std::to_string(*request.remotePort)};
        if (auto refusal = portRefusal(entry, key, request.kind))
            return refuse(std::move(*refusal));
        tunnel.keys.push_back(key);
    }
    return grantOf(tunnel);
}

Registry::Answer Registry::openTunnel(const LinkRef& link, const wire::TunnelRequest& request)
{
    const auto refuse = [&](Refusal refusal) {
        return wire::TunnelRefused{request.ref, std::move(refusal)};
    };
    const auto found = m_links.find(link.id);
    if (found == m_links.end())
        return refuse(Refusal(RefusalCode::Internal));
    LinkEntry& entry = found->second;
    if (auto refusal = checkAllowed(entry, request))
        return refuse(std::move(*refusal));

    auto policy = policyFor(entry, request, request.options.access);
    if (!policy)
        return refuse(policy.error());

    std::vector<Key> keys;
    std::optional<Refusal> refusal = hostKeys(entry, request, keys);
    // Last, for it opens the port.
    if (wantsPort(request) && !refusal)
        refusal = portKey(entry, request, keys);
    if (refusal)
        return refuse(std::move(*refusal));

    for (const Key& key : keys)
        take(key, entry);
    const uint32_t id = m_nextTunnel++;
    Tunnel& tunnel = m_tunnels[id];
    tunnel.id = id;
    tunnel.request = request;
    tunnel.keys = keys;
    tunnel.link = link;
    tunnel.tenant = entry.grant.tenant();
    tunnel.agentId = entry.identity.agentId;
    tunnel.agentName = entry.identity.agentName;
    tunnel.peer = entry.identity.peer;
    tunnel.stats = std::make_shared<TunnelStats>();
    tunnel.policy = std::move(*policy);
    for (const Key& key : keys)
        m_keys[key] = id;
    entry.tunnels.push_back(id);
    return grantOf(tunnel);
}

Result<std::shared_ptr<const VisitPolicy>, Refusal>
Registry::policyFor(const LinkEntry& link, const wire::TunnelRequest& request,
                    const wire::AccessPolicy& access)
{
    auto policy = VisitPolicy::compile(access, request.kind == wire::TunnelKind::Http,
                                       link.grant.tenant(), request.ref);
    if (!policy)
        return Failure(Refusal(RefusalCode::AccessInvalid, policy.error()));
    return std::move(*policy);
}

Registry::Answer Registry::updateAccess(const LinkRef& link, uint32_t tunnelId,
                                        const wire::AccessPolicy& access)
{
    const auto entry = m_links.find(link.id);
    const auto found = m_tunnels.find(tunnelId);
    if (entry == m_links.end() || found == m_tunnels.end() || !found->second.link ||
        *found->second.link != link)
        return wire::TunnelRefused{{}, Refusal(RefusalCode::Internal)};
    Tunnel& tunnel = found->second;
    auto policy = policyFor(entry->second, tunnel.request, access);
    if (!policy) {
        wire::TunnelRefused refused{tunnel.request.ref, policy.error()};
        closeTunnel(link, tunnelId);
        return refused;
    }
    tunnel.request.options.access = access;
    tunnel.policy = std::move(*policy);
    return grantOf(tunnel);
}

Registry::Granted Registry::grantOf(const Tunnel& tunnel) const
{
    Granted granted;
    granted.grant.ref = tunnel.request.ref;
    granted.grant.id = tunnel.id;
    granted.grant.access = tunnel.policy != nullptr;
    for (const Key& key : tunnel.keys) {
        if (key.space == Key::Space::Name)
            granted.grant.name = key.text;
        if (key.space == Key::Space::Port)
            granted.port = key.port();
    }
    granted.hosts = hostsOf(tunnel);
    granted.route = routeOf(tunnel);
    return granted;
}

Registry::Renewal Registry::renewGrant(const LinkRef& link, auth::Grant grant)
{
    Renewal renewal;
    const auto found = m_links.find(link.id);
    if (found == m_links.end())
        return renewal;
    LinkEntry& entry = found->second;
    if (grant.tenant() != entry.grant.tenant()) {
        renewal.refused = Refusal(RefusalCode::BadCredentials,
                                  "the fresh credential is of another tenant than the link");
        return renewal;
    }
    renewal.goesBeyond = grant.goesBeyond(entry.grant);
    grant.limitTo(entry.grant);
    entry.grant = std::move(grant);
    for (const uint32_t id : std::vector(entry.tunnels)) {
        const Tunnel& tunnel = m_tunnels.at(id);
        std::optional<Refusal> refusal;
        if (!entry.grant.mayUseKind(tunnel.request.kind))
            refusal = Refusal(RefusalCode::KindNotAllowed, wire::kindText(tunnel.request.kind));
        for (const Key& key : tunnel.keys)
            if (!refusal)
                refusal = keyRefusal(entry, key);
        if (!refusal)
            continue;
        renewal.lost.emplace_back(id, wire::TunnelRefused{tunnel.request.ref, *refusal});
        closeTunnel(link, id);
    }
    return renewal;
}

// --- the end of tunnels and links ---

void Registry::closeTunnel(const LinkRef& link, uint32_t tunnelId)
{
    const auto found = m_links.find(link.id);
    if (found == m_links.end() || std::erase(found->second.tunnels, tunnelId) == 0)
        return;
    Tunnel& tunnel = m_tunnels.at(tunnelId);
    tunnel.link.reset();
    noteEnd(tunnel, Ended::Why::Closed);
    makeAway(tunnel);
}

void Registry::dropLink(const LinkRef& link, TimePoint now)
{
    const auto found = m_links.find(link.id);
    if (found == m_links.end())
        return;
    for (uint32_t id : found->second.tunnels) {
        Tunnel& tunnel = m_tunnels.at(id);
        tunnel.link.reset();
        tunnel.state = Route::State::Grace;
        tunnel.graceEnds = now + m_config.grace;
        m_graces.insert({tunnel.graceEnds, id});
    }
    const auto ofTenant = m_linksOfTenant.find(found->second.grant.tenant());
    if (ofTenant != m_linksOfTenant.end() && --ofTenant->second == 0)
        m_linksOfTenant.erase(ofTenant);
    const auto ofAgent =
        m_linkOfAgent.find({found->second.grant.tenant(), found->second.identity.agentId});
    if (ofAgent != m_linkOfAgent.end() && ofAgent->second == link.id)
        m_linkOfAgent.erase(ofAgent);
    m_links.erase(found);
}

void Registry::markDraining()
{
    for (auto& [id, link] : m_links)
        link.identity.draining = true;
}

std::vector<std::pair<LinkRef, Refusal>> Registry::recheck(const Check& check) const
{
    std::vector<std::pair<LinkRef, Refusal>> fallen;
    for (const auto& [id, link] : m_links)
        if (auto refusal = check(link.grant))
            fallen.emplace_back(link.identity.ref, std::move(*refusal));
    return fallen;
}

bool Registry::expire(TimePoint now)
{
    bool changed = false;
    while (!m_graces.empty() && m_graces.begin()->first <= now) {
        const uint32_t id = m_graces.begin()->second;
        m_graces.erase(m_graces.begin());
        Tunnel& tunnel = m_tunnels.at(id);
        noteEnd(tunnel, Ended::Why::GraceOver);
        makeAway(tunnel);
        changed = true;
    }
    return changed;
}

std::optional<TimePoint> Registry::nextDeadline() const
{
    if (m_graces.empty())
        return std::nullopt;
    return m_graces.begin()->first;
}

void Registry::makeAway(Tunnel& tunnel)
{
    m_graces.erase({tunnel.graceEnds, tunnel.id});
    tunnel.state = Route::State::Away;
    // A port is given back; names are remembered, so that visitors hear who is missing.
    std::erase_if(tunnel.keys, [&](const Key& key) {
        if (key.space != Key::Space::Port)
            return false;
        m_ports.closePort(key.port());
        m_keys.erase(key);
        return true;
    });
    if (tunnel.keys.empty()) {
        m_tunnels.erase(tunnel.id);
        return;
    }
    m_away.push_back(tunnel.id);
    while (m_away.size() > m_config.awayLimit) {
        const uint32_t oldest = m_away.front();
        m_away.pop_front();
        removeTunnel(oldest);
    }
}

void Registry::removeTunnel(uint32_t id, bool keepPorts)
{
    const auto found = m_tunnels.find(id);
    if (found == m_tunnels.end())
        return;
    Tunnel& tunnel = found->second;
    for (const Key& key : tunnel.keys) {
        if (key.space == Key::Space::Port && !keepPorts)
            m_ports.closePort(key.port());
        m_keys.erase(key);
    }
    m_graces.erase({tunnel.graceEnds, id});
    if (tunnel.state == Route::State::Away)
        std::erase(m_away, id);
    m_tunnels.erase(found);
}

} // namespace sallyport::relay
