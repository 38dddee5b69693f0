// Who holds which public address: claims, refusals, take-overs and the grace after a link dropped.
// The only place where routes are decided. No socket and no thread in it: time comes in, decisions
// come out.
//
// Rules:
//   - an address has one holder, whatever its kind: a host is published by http or by tls; another
//   tenant's claim on it is refused, while it is held and during
//     the grace after its link dropped;
//   - the same tenant takes over at once (its own stale link, or another of its agents), and the
//   one
//     that lost hears so;
//   - after the grace an address is "away": remembered, so that visitors hear 503 and not 404, and
//     free for everybody.
//
// Threads: one (the control thread).
#pragma once

#include "routes/route_table.h"

#include <sallyport/auth/grant.h>
#include <sallyport/base/clock.h>
#include <sallyport/config/ports.h>

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

namespace sallyport::relay {

struct RegistryConfig
{
    std::string domain;
    config::PortRanges tcpPorts;
    uint16_t httpsPort = 0; // the relay's own, where tls tunnels are found by name; 0: none
    Duration grace = std::chrono::seconds(3);
    size_t linksLimit = 10'000;
    size_t linksPerTenant = 100;
    size_t tunnelsPerLink = 1000;
    size_t awayLimit = 10'000; // addresses remembered after their grace
};

// What the registry needs from outside: listening on a public port.
class PortHolder
{
public:
    virtual ~PortHolder() = default;
    // False when the system refuses the port.
    virtual bool openPort(uint16_t port) = 0;
    virtual void closePort(uint16_t port) = 0;
};

struct LinkIdentity
{
    LinkRef ref;
    std::string agentId;
    std::string agentName;
    std::string agentVersion;
    std::string peer;
    bool draining = false; // it was told to go: it ends by itself
};

class Registry
{
public:
    Registry(RegistryConfig config, PortHolder& ports);

    struct Granted
    {
        wire::TunnelGrant grant;        // urls are filled in by the caller
        std::vector<std::string> hosts; // public hosts (names with the domain, host names)
        std::optional<uint16_t> port;
        Route route;
    };
    using Answer = std::variant<Granted, wire::TunnelRefused>;
    // Another link lost a tunnel, or its place, to a newer claim of the same tenant.
    struct Displaced
    {
        LinkRef link;
        std::optional<wire::TunnelRefused> tunnel; // absent: the whole link
        uint32_t tunnelId = 0;
    };
    // A claim that no longer holds; for the audit log.
    struct Ended
    {
        enum class Why { Closed, GraceOver, TakenOver } why;
        std::string ref;
        std::string tenant;
        std::string agentName;
        std::vector<std::string> hosts;
        std::optional<uint16_t> port;
    };

    // A new link; a refusal when the limits say no. Afterwards it may open tunnels.
    std::optional<wire::Refusal> addLink(const LinkIdentity& identity, const auth::Grant& grant,
                                         TimePoint now);
    Answer openTunnel(const LinkRef& link, const wire::TunnelRequest& request);
    // What openTunnel() would answer for the addresses that are asked for, as far as can be known
    // without opening a port. Nothing changes.
    Answer checkTunnel(const LinkRef& link, const wire::TunnelRequest& request) const;
    // A fresh credential of a standing link. It holds from now on, within what the link's first one
    // allowed; tunnels that it does not allow are closed.
    struct Renewal
    {
        std::optional<wire::Refusal> refused; // another tenant's: the link must go
        std::vector<std::pair<uint32_t, wire::TunnelRefused>> lost;
        bool goesBeyond = false; // it says more than the first one did
    };
    Renewal renewGrant(const LinkRef& link, auth::Grant grant);
    // Null when the link is not here.
    const auth::Grant* grantOf(const LinkRef& link) const;
    // A newer credential of the same tenant for a standing link, with the same permissions.
    void replaceGrant(const LinkRef& link, auth::Grant grant);
    // Another policy on who may visit a tunnel that is open. When it cannot be used the tunnel is
    // closed: what it was meant to keep out must not come in meanwhile.
    Answer updateAccess(const LinkRef& link, uint32_t tunnelId, const wire::AccessPolicy& access);
    // Unknown ids are ignored.
    void closeTunnel(const LinkRef& link, uint32_t tunnelId);
    // The link is gone: its routes stay for the grace.
    void dropLink(const LinkRef& link, TimePoint now);
    void markDraining();

    // Links whose credential no longer stands, with the reason; the caller closes them.
    using Check = std::function<std::optional<wire::Refusal>(const auth::Grant&)>;
    std::vector<std::pair<LinkRef, wire::Refusal>> recheck(const Check& check) const;

    // Ends graces that are over. Returns whether routes changed.
    bool expire(TimePoint now);
    std::optional<TimePoint> nextDeadline() const;

    // What the last calls displaced; taken once.
    std::vector<Displaced> takeDisplaced();
    // Claims that ended in the last calls; taken once.
    std::vector<Ended> takeEnded();
    std::shared_ptr<const RouteTable> table() const;

    struct TunnelInfo
    {
        std::string ref;
        std::string tenant;
        std::string agentName;
        std::string peer;
        wire::TunnelKind kind;
        std::vector<std::string> hosts;
        std::optional<uint16_t> port;
        Route::State state;
        std::shared_ptr<TunnelStats> stats;
        std::shared_ptr<const VisitPolicy> policy;
    };
    std::vector<TunnelInfo> tunnels() const;
    // Of a link that is here, with its tenant.
    std::optional<std::pair<LinkIdentity, std::string>> identityOf(const LinkRef& link) const;
    size_t linkCount() const { return m_links.size(); }

private:
    // One address: a name, a host name or a port, in one space of keys.
    struct Key
    {
        enum class Space { Name, Hostname, Port } space;
        std::string text;
        uint16_t port() const; // of Space::Port
        bool operator<(const Key& other) const
        {
            return std::tie(space, text) < std::tie(other.space, other.text);
        }
    };
    struct Tunnel
    {
        uint32_t id = 0;
        wire::TunnelRequest request;
        std::vector<Key> keys;
        std::optional<LinkRef> link; // absent: in its grace, or away
        std::string tenant;
        std::string agentId;
        std::string agentName;
        std::string peer;
        Route::State state = Route::State::Up;
        TimePoint graceEnds{};
        std::shared_ptr<TunnelStats> stats;
        std::shared_ptr<const VisitPolicy> policy;
    };
    struct LinkEntry
    {
        LinkIdentity identity;
        auth::Grant grant;
        std::vector<uint32_t> tunnels;
    };
    using LinkKey = uint64_t;

    static bool wantsPort(const wire::TunnelRequest& request);
    std::optional<wire::Refusal> keyRefusal(const LinkEntry& link, const Key& key) const;
    std::optional<wire::Refusal> checkAllowed(const LinkEntry& link,
                                              const wire::TunnelRequest& request) const;
    std::optional<wire::Refusal> nameKey(const LinkEntry& link, const wire::TunnelRequest& request,
                                         std::vector<Key>& keys) const;
    std::optional<wire::Refusal> hostnameKey(const LinkEntry& link, const std::string& hostname,
                                             std::vector<Key>& keys) const;
    std::optional<wire::Refusal> portRefusal(const LinkEntry& link, const Key& key,
                                             wire::TunnelKind kind) const;
    std::optional<wire::Refusal> hostKeys(const LinkEntry& link, const wire::TunnelRequest& request,
                                          std::vector<Key>& keys) const;
    std::optional<wire::Refusal> portKey(const LinkEntry& link, const wire::TunnelRequest& request,
                                         std::vector<Key>& keys);
    static Result<std::shared_ptr<const VisitPolicy>, wire::Refusal>
    policyFor(const LinkEntry& link, const wire::TunnelRequest& request,
              const wire::AccessPolicy& access);
    Granted grantOf(const Tunnel& tunnel) const;
    bool mayTake(const Key& key, const LinkEntry& link) const;
    bool isFreeOrOwn(const Key& key, const LinkEntry& link, const std::string& ref) const;
    bool holdPort(const Key& key);
    void take(const Key& key, const LinkEntry& link);
    void removeTunnel(uint32_t id, bool keepPorts = false);
    void makeAway(Tunnel& tunnel);
    void noteEnd(const Tunnel& tunnel, Ended::Why why);
    Route routeOf(const Tunnel& tunnel) const;
    std::vector<std::string> hostsOf(const Tunnel& tunnel) const;
    static std::optional<uint16_t> publicPortOf(const Tunnel& tunnel);

    RegistryConfig m_config;
    PortHolder& m_ports;
    std::map<LinkKey, LinkEntry> m_links;
    std::map<std::string, size_t> m_linksOfTenant;
    std::map<std::pair<std::string, std::string>, LinkKey> m_linkOfAgent; // by tenant and agent id
    std::map<uint32_t, Tunnel> m_tunnels;
    std::map<Key, uint32_t> m_keys; // to the holder
    std::set<std::pair<TimePoint, uint32_t>> m_graces;
    std::deque<uint32_t> m_away; // oldest first
    std::vector<Displaced> m_displaced;
    std::vector<Ended> m_ended;
    uint32_t m_nextTunnel = 1;
};

} // namespace sallyport::relay
