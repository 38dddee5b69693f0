// A registry of the relay example.com, and claims on it.
#pragma once

#include "routes/registry.h"

#include <QTest>

#include <memory>
#include <set>

namespace sallyport::relay::test {

using namespace std::chrono_literals;
using wire::RefusalCode;

class FakePorts : public PortHolder
{
public:
    bool openPort(uint16_t port) override
    {
        if (taken.contains(port))
            return false;
        open.insert(port);
        return true;
    }
    void closePort(uint16_t port) override { open.erase(port); }
    std::set<uint16_t> open;
    std::set<uint16_t> taken; // by other programs
};

inline auth::Grant grantFor(const std::string& tenant, auth::Permissions permissions = {})
{
    return auth::Grant("t_" + tenant, tenant, std::nullopt, permissions);
}

inline wire::TunnelRequest http(const std::string& ref, std::optional<std::string> name = {})
{
    wire::TunnelRequest request;
    request.ref = ref;
    request.name = std::move(name);
    return request;
}

inline wire::TunnelRequest hostname(const std::string& ref, const std::string& host)
{
    wire::TunnelRequest request;
    request.ref = ref;
    request.hostname = host;
    return request;
}

inline wire::TunnelRequest tcp(const std::string& ref, std::optional<uint16_t> port = {})
{
    wire::TunnelRequest request;
    request.ref = ref;
    request.kind = wire::TunnelKind::Tcp;
    request.remotePort = port;
    return request;
}

inline wire::TunnelRequest tls(const std::string& ref, std::optional<std::string> host = {},
                               std::optional<uint16_t> port = {})
{
    wire::TunnelRequest request;
    request.ref = ref;
    request.kind = wire::TunnelKind::Tls;
    request.hostname = std::move(host);
    request.remotePort = port;
    return request;
}

inline auth::Permissions anyHostname()
{
    auth::Permissions permissions;
    permissions.hostnames = auth::Patterns::all();
    return permissions;
}

inline std::string codeOf(const Registry::Answer& answer)
{
    const auto* refused = std::get_if<wire::TunnelRefused>(&answer);
    return refused ? refused->refusal.code : "";
}

inline const Registry::Granted& granted(const Registry::Answer& answer)
{
    return std::get<Registry::Granted>(answer);
}

inline RegistryConfig standardConfig()
{
    RegistryConfig config;
    config.domain = "example.com";
    config.tcpPorts = *config::PortRanges::parse("20000-20002");
    config.httpsPort = 443;
    config.linksLimit = 5;
    config.linksPerTenant = 3;
    config.tunnelsPerLink = 4;
    config.awayLimit = 2;
    return config;
}

class RegistryFixture : public QObject
{
protected:
    void reset()
    {
        m_now = TimePoint(1000s);
        make(standardConfig());
    }
    LinkRef addLink(const std::string& tenant, const std::string& agent,
                    auth::Permissions permissions = {})
    {
        LinkIdentity identity;
        identity.ref = {0, ++m_lastLink};
        identity.agentId = agent;
        const auto refused = m_registry->addLink(identity, grantFor(tenant, permissions), m_now);
        return refused ? LinkRef{-1, 0} : identity.ref;
    }
    RouteTable::RoutePtr find(const std::string& host)
    {
        return m_registry->table()->findHost(host);
    }
    void make(RegistryConfig config)
    {
        m_ports = FakePorts();
        m_registry.emplace(config, m_ports);
    }

    FakePorts m_ports;
    std::optional<Registry> m_registry;
    TimePoint m_now{};
    uint64_t m_lastLink = 0;
};

} // namespace sallyport::relay::test
