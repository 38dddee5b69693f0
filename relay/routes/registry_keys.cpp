// What a request claims, and whether it may: names, host names and ports.
#include "routes/registry.h"

#include <sallyport/wire/names.h>

#include <algorithm>
#include <charconv>

namespace sallyport::relay {

using wire::Refusal;
using wire::RefusalCode;

namespace {
// How many generated names are tried before giving up.
constexpr uint32_t NameAttempts = 50;
} // namespace

uint16_t Registry::Key::port() const
{
    uint16_t port = 0;
    std::from_chars(text.data(), text.data() + text.size(), port);
    return port;
}

bool Registry::wantsPort(const wire::TunnelRequest& request)
{
    return request.kind == wire::TunnelKind::Tcp ||
           (request.kind == wire::TunnelKind::Tls && request.remotePort);
}

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
        if (!link.grant.mayUsePort(key.port()))
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
    if (!link.grant.mayUseKind(request.kind))
        return Refusal(RefusalCode::KindNotAllowed, wire::kindText(request.kind));
    if (link.tunnels.size() >= m_config.tunnelsPerLink ||
        link.tunnels.size() >= link.grant.terms().maxTunnels.value_or(m_config.tunnelsPerLink))
        return Refusal(RefusalCode::TooManyTunnels);
    for (uint32_t id : link.tunnels)
        if (m_tunnels.at(id).request.ref == request.ref)
            return Refusal(RefusalCode::DuplicateRef, request.ref);
    return std::nullopt;
}

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
    const uint16_t port = key.port();
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
    return m_keys.contains(key) || m_ports.openPort(key.port());
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

} // namespace sallyport::relay
