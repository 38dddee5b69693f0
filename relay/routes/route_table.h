// All routes at one moment. Immutable: every worker reads it without a lock.
//
// Host lookup: the exact host name, then a one-label wildcard (`*.acme.org`), then the label left
// of the relay's domain, at any depth (`a.b.NAME.<domain>` is NAME's).
#pragma once

#include "routes/route.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sallyport::relay {

struct TextHash
{
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};
template <typename Value>
using TextMap = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

class RouteTable
{
public:
    using RoutePtr = std::shared_ptr<const Route>;

    explicit RouteTable(std::string domain) : m_domain(std::move(domain)) {}

    // `host` in canonical form: lower case, no port, no final dot. Null: nobody's.
    RoutePtr findHost(std::string_view host) const;
    RoutePtr findPort(uint16_t port) const;

    // While building.
    void addName(const std::string& name, RoutePtr route) { m_names[name] = std::move(route); }
    void addHostname(const std::string& hostname, RoutePtr route);
    void addPort(uint16_t port, RoutePtr route) { m_ports[port] = std::move(route); }

private:
    std::string m_domain;
    TextMap<RoutePtr> m_names;
    TextMap<RoutePtr> m_hosts;
    TextMap<RoutePtr> m_wildcards; // by what follows "*."
    std::unordered_map<uint16_t, RoutePtr> m_ports;
};

// The label left of `domain` in `host`; empty when host is not below domain.
std::string_view labelUnder(std::string_view host, std::string_view domain);

} // namespace sallyport::relay
