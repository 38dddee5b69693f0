#include "routes/route_table.h"

namespace sallyport::relay {

std::string_view labelUnder(std::string_view host, std::string_view domain)
{
    if (domain.empty() || host.size() < domain.size() + 2 || !host.ends_with(domain))
        return {};
    host.remove_suffix(domain.size());
    if (host.back() != '.')
        return {};
    host.remove_suffix(1);
    const size_t dot = host.rfind('.');
    return dot == std::string_view::npos ? host : host.substr(dot + 1);
}

void RouteTable::addHostname(const std::string& hostname, RoutePtr route)
{
    if (hostname.starts_with("*."))
        m_wildcards[hostname.substr(2)] = std::move(route);
    else
        m_hosts[hostname] = std::move(route);
}

namespace {
RouteTable::RoutePtr findIn(const TextMap<RouteTable::RoutePtr>& map, std::string_view key)
{
    const auto found = map.find(key);
    return found == map.end() ? nullptr : found->second;
}
} // namespace

RouteTable::RoutePtr RouteTable::findHost(std::string_view host) const
{
    if (RoutePtr exact = findIn(m_hosts, host))
        return exact;
    if (!m_wildcards.empty()) {
        const size_t dot = host.find('.');
        if (dot != std::string_view::npos && dot > 0)
            if (RoutePtr wildcard = findIn(m_wildcards, host.substr(dot + 1)))
                return wildcard;
    }
    const std::string_view label = labelUnder(host, m_domain);
    return label.empty() ? nullptr : findIn(m_names, label);
}

RouteTable::RoutePtr RouteTable::findPort(uint16_t port) const
{
    const auto found = m_ports.find(port);
    return found == m_ports.end() ? nullptr : found->second;
}

} // namespace sallyport::relay
