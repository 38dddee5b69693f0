#include "permission_fields.h"

#include <sallyport/auth/jwt_grant.h>
#include <sallyport/config/host_name.h>

#include <algorithm>
#include <limits>

namespace sallyport::auth {

namespace {

using jose::Json;

constexpr size_t MaxTenant = 255;
constexpr size_t MaxId = 64;
constexpr int64_t MaxSeconds = 366 * 24 * 3600;

bool isVisible(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

// Reads claims and remembers the first one that can't be used.
class Reader
{
public:
    Reader(const Json& claims, const JwtGrantRules& rules) : m_claims(claims), m_rules(rules) {}

    std::string tenant()
    {
        const std::string name(m_claims.textOf(m_rules.tenantClaim));
        if (name.empty() || name.size() > MaxTenant || !isVisible(name))
            complain(m_rules.tenantClaim,
                     "must be there and be 1 to 255 visible characters: it names the tenant");
        return m_rules.tenantPrefix + name;
    }

    Permissions permissions()
    {
        Permissions permissions;
        permissions.kinds = kinds();
        permissions.names = patterns("names", parseNamePattern).value_or(m_rules.defaultNames);
        permissions.hostnames =
            patterns("hostnames", config::parseHostPattern).value_or(Patterns::none());
        // The older form, of one name.
        if (const auto one = patterns("hostname", config::parseHostPattern)) {
            permissions.hostnames.any |= one->any;
            for (const std::string& host : one->items)
                permissions.hostnames.items.push_back(host);
        }
        permissions.ports = ports().value_or(m_rules.defaultPorts);
        return permissions;
    }

    Terms terms()
    {
        Terms terms;
        const auto interval = integer(m_claims, "reauth_interval_seconds", 1, MaxSeconds);
        if (interval)
            terms.reauthInterval = std::chrono::seconds(*interval);
        const auto grace = integer(m_claims, "reauth_grace_seconds", 1, MaxSeconds);
        terms.reauthGrace = std::chrono::seconds(grace.value_or(terms.reauthGrace.count()));
        const auto weight = integer(m_claims, "weight", std::numeric_limits<int64_t>::min(), 1000);
        terms.weight = uint32_t(std::max<int64_t>(1, weight.value_or(1)));
        if (const Json* limits = m_claims.find("limits")) {
            if (!limits->object())
                complain("limits", "must be an object");
            terms.maxTunnels = integer(*limits, "tunnels", 0, 1'000'000);
            terms.maxLinks = integer(*limits, "links", 0, 1'000'000);
        }
        terms.udpRoutes = udpRoutes();
        return terms;
    }

    std::string id() const
    {
        const std::string_view id = m_claims.textOf("jti");
        return id.size() <= MaxId && isVisible(id) ? std::string(id) : std::string();
    }

    const std::string& problem() const { return m_problem; }

private:
    void complain(std::string_view claim, std::string_view message)
    {
        if (m_problem.empty())
            m_problem = "claim " + std::string(claim) + " " + std::string(message);
    }

    // The items of a list, or the single value; nothing when the claim is missing.
    std::optional<Json::List> items(std::string_view name, size_t most = Patterns::MaxItems)
    {
        const Json* claim = m_claims.find(name);
        if (!claim)
            return std::nullopt;
        if (!claim->list())
            return Json::List{*claim};
        if (claim->list()->size() > most)
            complain(name, "has more than " + std::to_string(most) + " items");
        return *claim->list();
    }

    bool isAny(const Json::List& list)
    {
        return list.size() == 1 && list[0].text() && *list[0].text() == "any";
    }

    std::optional<Patterns> patterns(std::string_view name,
                                     Result<std::string, std::string> (*parse)(std::string_view))
    {
        const auto list = items(name);
        if (!list)
            return std::nullopt;
        if (isAny(*list))
            return Patterns::all();
        Patterns patterns;
        for (const Json& item : *list) {
            const std::string* text = item.text();
            auto word = text ? parse(*text) : Failure(std::string("must be text"));
            if (!word) {
                complain(name, word.error());
                break;
            }
            patterns.items.push_back(std::move(*word));
        }
        return patterns;
    }

    std::optional<config::PortRanges> ports()
    {
        const auto list = items("tcp_ports", config::PortRanges::MaxRanges);
        if (!list)
            return std::nullopt;
        std::string text;
        for (const Json& item : *list) {
            const int64_t* number = item.integer();
            if (!number && !item.text()) {
                complain("tcp_ports", "must hold ports");
                break;
            }
            text += (text.empty() ? "" : ",") + (number ? std::to_string(*number) : *item.text());
        }
        auto ranges = config::PortRanges::parse(text);
        if (!ranges) {
            complain("tcp_ports", ranges.error());
            return config::PortRanges();
        }
        return *ranges;
    }

    std::vector<config::TunnelKind> kinds()
    {
        std::vector<config::TunnelKind> kinds;
        const auto list = items("kinds", 10);
        if (!list || isAny(*list))
            return kinds;
        for (const Json& item : *list) {
            const auto kind = item.text() ? wire::kindFromText(*item.text()) : std::nullopt;
            if (!kind)
                complain("kinds", "holds what is no kind of tunnel: http, tls, tcp, udp");
            else
                kinds.push_back(*kind);
        }
        // An empty list would mean all of them.
        if (kinds.empty())
            complain("kinds", "is empty");
        return kinds;
    }

    std::vector<UdpRoute> udpRoutes()
    {
        std::vector<UdpRoute> routes;
        for (const Json& item : items("udp_routes", 256).value_or(Json::List())) {
            const auto port = integer(item, "port", 1, 65535);
            if (!port) {
                complain("udp_routes", "must hold objects with a port");
                break;
            }
            UdpRoute route{uint16_t(*port), std::nullopt};
            if (const auto idle = integer(item, "flow_idle_timeout_seconds", 1, MaxSeconds))
                route.flowIdleTimeout = std::chrono::seconds(*idle);
            routes.push_back(route);
        }
        return routes;
    }

    std::optional<int64_t> integer(const Json& object, std::string_view name, int64_t least,
                                   int64_t most)
    {
        const Json* claim = object.find(name);
        if (!claim)
            return std::nullopt;
        const int64_t* number = claim->integer();
        if (number && *number >= least && *number <= most)
            return *number;
        complain(name, "is no number in its range");
        return std::nullopt;
    }

    const Json& m_claims;
    const JwtGrantRules& m_rules;
    std::string m_problem;
};

} // namespace

Result<Grant, std::string> grantFromClaims(const jose::Json& claims, const jose::Times& times,
                                           const JwtGrantRules& rules)
{
    Reader reader(claims, rules);
    std::string tenant = reader.tenant();
    Permissions permissions = reader.permissions();
    Terms terms = reader.terms();
    if (!reader.problem().empty())
        return Failure(reader.problem());
    Grant grant(reader.id(), std::move(tenant), times.expires, std::move(permissions), Source::Jwt);
    grant.setTerms(std::move(terms));
    return grant;
}

} // namespace sallyport::auth
