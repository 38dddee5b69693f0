#include "routes/registry.h"

#include "visitors/filters/visit_policy.h"

#include <sallyport/wire/names.h>

#include <algorithm>
#include <charconv>

namespace sallyport::relay {

using wire::Refusal;
using wire::RefusalCode;

namespace {

uint16_t portOf(const std::string& text)
{
    uint16_t port = 0;
    std::from_chars(text.data(), text.data() + text.size(), port);
    return port;
}

config::TunnelKind configKind(wire::TunnelKind kind)
{
    switch (kind) {
    case wire::TunnelKind::Http:
        break;
    case wire::TunnelKind::Tcp:
        return config::TunnelKind::Tcp;
    case wire::TunnelKind::Tls:
        return config::TunnelKind::Tls;
    case wire::TunnelKind::Udp:
        return config::TunnelKind::Udp;
    }
    return config::TunnelKind::Http;
}

// How many generated names are tried before giving up.
constexpr uint32_t NameAttempts = 50;

} // namespace

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

namespace {
bool wantsPort(const wire::TunnelRequest& request)
{
    return request.kind == wire::TunnelKind::Tcp ||
           (request.kind == wire::TunnelKind::Tls && request.remotePort);
}
} // namespace

// The keys of the name and the hostname.
std::optional<Refusal> Registry::hostKeys(const LinkEntry& link, const wire::TunnelRequest& request,
                                          std::vector<Key>& keys) const
{
    if (request.kind == wire::TunnelKind::Tcp)
        return std::nullopt;
    if (request.kind == wire::TunnelKind::Tls && !request.remotePort && m_config.httpsPort == 0)
        return Refusal(RefusalCode::UnsupportedKind,
                       "tls by name: this relay has no listen.https; ask for a port");
    std::optional<Refusal> refusal;
    if (request.hostname)
        refusal = hostnameKey(link, *request.hostname, keys);
    if (!refusal && (request.name || (!request.hostname && !wantsPort(request))))
        refusal = nameKey(link, request, keys);
    return refusal;
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
            granted.port = portOf(key.text);
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
        if (!entry.grant.mayUseKind(configKind(tunnel.request.kind)))
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

std::optional<Refusal> Registry::keyRefusal(const LinkEntry& link, const Key& key) const
{
    switch (key.space) {
    case Key::Space::Name:
        if (!link.grant.mayUseName(key.text))
            return Refusal(RefusalCode::NameNotAllowed, key.text);
        break;
    case Key::Space::Hostname:
        if (!link.grant.mayUseHostname(key.text))
            return Refusal(RefusalCode::HostnameNotAllowed, key.text);
        break;
    case Key::Space::Port:
        if (!link.grant.mayUsePort(portOf(key.text)))
            return Refusal(RefusalCode::PortNotAllowed, key.text);
        break;
    }
    return std::nullopt;
}

std::optional<Refusal> Registry::checkAllowed(const LinkEntry& link,
                                              const wire::TunnelRequest& request) const
{
    if (request.kind == wire::TunnelKind::Udp)
        return Refusal(RefusalCode::UnsupportedKind, wire::kindText(request.kind));
    if (!link.grant.mayUseKind(configKind(request.kind)))
        return Refusal(RefusalCode::KindNotAllowed, wire::kindText(request.kind));
    if (link.tunnels.size() >= m_config.tunnelsPerLink ||
        link.tunnels.size() >= link.grant.terms().maxTunnels.value_or(m_config.tunnelsPerLink))
        return Refusal(RefusalCode::TooManyTunnels);
    for (uint32_t id : link.tunnels)
        if (m_tunnels.at(id).request.ref == request.ref)
            return Refusal(RefusalCode::DuplicateRef, request.ref);
    return std::nullopt;
}

// --- keys: what a request claims, and whether it may ---

std::optional<Refusal> Registry::nameKey(const LinkEntry& link, const wire::TunnelRequest& request,
                                         std::vector<Key>& keys) const
{
    if (m_config.domain.empty())
        return Refusal(RefusalCode::DomainMissing);
    if (request.name) {
        const Key key{Key::Space::Name, *request.name};
        if (!link.grant.mayUseName(key.text))
            return Refusal(RefusalCode::NameNotAllowed, key.text);
        if (!mayTake(key, link))
            return Refusal(RefusalCode::NameTaken, key.text);
        keys.push_back(key);
        return std::nullopt;
    }
    for (uint32_t attempt = 0; attempt < NameAttempts; ++attempt) {
        const Key key{Key::Space::Name,
                      wire::chooseName(link.identity.agentId, request.ref, attempt)};
        if (!link.grant.mayUseName(key.text) || !isFreeOrOwn(key, link, request.ref))
            continue;
        keys.push_back(key);
        return std::nullopt;
    }
    return Refusal(RefusalCode::NameNotAllowed,
                   "no free name could be chosen that this credential allows; ask for one");
}

std::optional<Refusal> Registry::hostnameKey(const LinkEntry& link, const std::string& hostname,
                                             std::vector<Key>& keys) const
{
    const std::string_view label = labelUnder(hostname, m_config.domain);
    if (hostname == m_config.domain)
        return Refusal(RefusalCode::HostnameNotAllowed, "the relay keeps its own domain");
    if (!label.empty()) {
        // Hosts below the relay's domain are names: there is one way to hold them.
        if (label.size() + 1 + m_config.domain.size() != hostname.size())
            return Refusal(RefusalCode::HostnameNotAllowed,
                           "below the relay's domain claim the name " + std::string(label) +
                               ", which covers every depth");
        const Key key{Key::Space::Name, std::string(label)};
        if (!wire::isValidName(label) || !link.grant.mayUseName(label))
            return Refusal(RefusalCode::NameNotAllowed, label);
        if (!mayTake(key, link))
            return Refusal(RefusalCode::NameTaken, label);
        keys.push_back(key);
        return std::nullopt;
    }
    const Key key{Key::Space::Hostname, hostname};
    if (!link.grant.mayUseHostname(hostname))
        return Refusal(RefusalCode::HostnameNotAllowed, hostname);
    if (!mayTake(key, link))
        return Refusal(RefusalCode::HostnameTaken, hostname);
    keys.push_back(key);
    return std::nullopt;
}

// Of a port that is asked for, before it is opened.
std::optional<Refusal> Registry::portRefusal(const LinkEntry& link, const Key& key,
                                             wire::TunnelKind kind) const
{
    const uint16_t port = portOf(key.text);
    if (!m_config.tcpPorts.contains(port))
        return Refusal(RefusalCode::PortNotAllowed,
                       key.text + " is outside the relay's range " +
                           (m_config.tcpPorts.empty() ? "(none)" : m_config.tcpPorts.text()));
    if (!link.grant.mayUsePort(port))
        return Refusal(RefusalCode::PortNotAllowed, key.text);
    if (port == m_config.httpsPort && kind != wire::TunnelKind::Tls)
        return Refusal(RefusalCode::PortNotAllowed, key.text + " is the relay's own, for TLS");
    if (!mayTake(key, link))
        return Refusal(RefusalCode::PortTaken, key.text);
    return std::nullopt;
}

std::optional<Refusal> Registry::portKey(const LinkEntry& link, const wire::TunnelRequest& request,
                                         std::vector<Key>& keys)
{
    if (request.remotePort) {
        const Key key{Key::Space::Port, std::to_string(*request.remotePort)};
        if (auto refusal = portRefusal(link, key, request.kind))
            return refusal;
        if (!holdPort(key))
            return Refusal(RefusalCode::PortTaken, key.text);
        keys.push_back(key);
        return std::nullopt;
    }
    // The one this tunnel had before, else the first free one.
    for (const auto& [key, id] : m_keys) {
        const Tunnel& holder = m_tunnels.at(id);
        if (key.space == Key::Space::Port && holder.request.ref == request.ref &&
            isFreeOrOwn(key, link, request.ref) && holder.agentId == link.identity.agentId &&
            holdPort(key)) {
            keys.push_back(key);
            return std::nullopt;
        }
    }
    for (const config::PortRanges::Range& range : m_config.tcpPorts.ranges()) {
        for (uint32_t port = range.first; port <= range.last; ++port) {
            const Key key{Key::Space::Port, std::to_string(port)};
            if (port == m_config.httpsPort || m_keys.contains(key) ||
                !link.grant.mayUsePort(uint16_t(port)) || !holdPort(key))
                continue;
            keys.push_back(key);
            return std::nullopt;
        }
    }
    return Refusal(RefusalCode::NoFreePort);
}

// The listener of a port lives as long as its key is held.
bool Registry::holdPort(const Key& key)
{
    return m_keys.contains(key) || m_ports.openPort(portOf(key.text));
}

bool Registry::mayTake(const Key& key, const LinkEntry& link) const
{
    const auto found = m_keys.find(key);
    if (found == m_keys.end())
        return true;
    const Tunnel& holder = m_tunnels.at(found->second);
    if (holder.state == Route::State::Away)
        return true;
    if (holder.link && *holder.link == link.identity.ref)
        return false; // two tunnels of one link
    return holder.tenant == link.grant.tenant();
}

// For addresses that are chosen, not asked for: nobody is displaced but this very tunnel's own
// past.
bool Registry::isFreeOrOwn(const Key& key, const LinkEntry& link, const std::string& ref) const
{
    const auto found = m_keys.find(key);
    if (found == m_keys.end())
        return true;
    const Tunnel& holder = m_tunnels.at(found->second);
    const bool own = holder.tenant == link.grant.tenant() &&
                     holder.agentId == link.identity.agentId && holder.request.ref == ref;
    return own ? mayTake(key, link) : holder.state == Route::State::Away;
}

// Frees the key from its present holder, who hears of it.
void Registry::take(const Key& key, const LinkEntry& link)
{
    const auto found = m_keys.find(key);
    if (found == m_keys.end())
        return;
    const uint32_t holderId = found->second;
    const Tunnel& holder = m_tunnels.at(holderId);
    if (holder.link && *holder.link != link.identity.ref) {
        m_displaced.push_back(
            {*holder.link, wire::TunnelRefused{holder.request.ref, Refusal(RefusalCode::TakenOver)},
             holderId});
        if (const auto old = m_links.find(holder.link->id); old != m_links.end())
            std::erase(old->second.tunnels, holderId);
    }
    // An agent that comes back takes over from nobody but its own past.
    const bool own = holder.agentId == link.identity.agentId;
    if (holder.state != Route::State::Away && !own)
        noteEnd(holder, Ended::Why::TakenOver);
    // Its port stays open for the new holder.
    removeTunnel(holderId, true);
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
        m_ports.closePort(portOf(key.text));
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
            m_ports.closePort(portOf(key.text));
        m_keys.erase(key);
    }
    m_graces.erase({tunnel.graceEnds, id});
    if (tunnel.state == Route::State::Away)
        std::erase(m_away, id);
    m_tunnels.erase(found);
}

// --- views ---

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
            return portOf(key.text);
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
                table->addPort(portOf(key.text), route);
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
