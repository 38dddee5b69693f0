#include <sallyport/auth/grant.h>

#include <algorithm>
#include <utility>

namespace sallyport::auth {

namespace {

// "api.acme.org" and "*.acme.org" are both hosts of one label below acme.org.
bool hostAllowedBy(const std::string& pattern, std::string_view host)
{
    if (pattern == host)
        return true;
    if (!pattern.starts_with("*."))
        return false;
    const size_t dot = host.find('.');
    return dot != std::string_view::npos && dot > 0 &&
           host.substr(dot) == std::string_view(pattern).substr(1);
}

bool allowsKind(const Permissions& permissions, config::TunnelKind kind)
{
    const auto& kinds = permissions.kinds;
    return kinds.empty() || std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

bool allowsName(const Permissions& permissions, std::string_view name)
{
    const Patterns& names = permissions.names;
    return names.any || std::any_of(names.items.begin(), names.items.end(),
                                    [&](const auto& item) { return globMatches(item, name); });
}

bool allowsHostname(const Permissions& permissions, std::string_view hostname)
{
    const Patterns& hosts = permissions.hostnames;
    return hosts.any || std::any_of(hosts.items.begin(), hosts.items.end(), [&](const auto& item) {
               return hostAllowedBy(item, hostname);
           });
}

} // namespace

Grant::Grant(std::string credentialId, std::string tenant, std::optional<Timestamp> expires,
             Permissions permissions, Source source)
    : m_source(source),
      m_credentialId(std::move(credentialId)),
      m_tenant(std::move(tenant)),
      m_expires(expires),
      m_permissions(std::move(permissions))
{}

void Grant::limitTo(const Grant& first)
{
    m_ceiling = first.m_ceiling ? first.m_ceiling
                                : std::make_shared<const Permissions>(first.m_permissions);
}

bool Grant::goesBeyond(const Grant& first) const
{
    const Permissions& own = m_permissions;
    const Permissions& old = first.m_ceiling ? *first.m_ceiling : first.m_permissions;
    const auto morePatterns = [](const Patterns& now, const Patterns& before) {
        if (before.any)
            return false;
        return now.any || !std::all_of(now.items.begin(), now.items.end(), [&](const auto& item) {
                   return std::find(before.items.begin(), before.items.end(), item) !=
                          before.items.end();
               });
    };
    const bool moreKinds =
        !old.kinds.empty() &&
        (own.kinds.empty() || !std::all_of(own.kinds.begin(), own.kinds.end(), [&](auto kind) {
             return std::find(old.kinds.begin(), old.kinds.end(), kind) != old.kinds.end();
         }));
    const bool morePorts =
        !(own.ports == old.ports) &&
        !std::all_of(own.ports.ranges().begin(), own.ports.ranges().end(), [&](const auto& range) {
            return old.ports.contains(range.first) && old.ports.contains(range.last);
        });
    return moreKinds || morePorts || morePatterns(own.names, old.names) ||
           morePatterns(own.hostnames, old.hostnames);
}

bool Grant::mayUseKind(config::TunnelKind kind) const
{
    return allowsKind(m_permissions, kind) && (!m_ceiling || allowsKind(*m_ceiling, kind));
}

bool Grant::mayUseName(std::string_view name) const
{
    return allowsName(m_permissions, name) && (!m_ceiling || allowsName(*m_ceiling, name));
}

bool Grant::mayUseHostname(std::string_view hostname) const
{
    return allowsHostname(m_permissions, hostname) &&
           (!m_ceiling || allowsHostname(*m_ceiling, hostname));
}

bool Grant::mayUsePort(uint16_t port) const
{
    return m_permissions.ports.contains(port) && (!m_ceiling || m_ceiling->ports.contains(port));
}

bool globMatches(std::string_view pattern, std::string_view text)
{
    // Goes back to the latest star alone, which is enough and keeps it from growing exponential.
    size_t p = 0;
    size_t t = 0;
    size_t star = std::string_view::npos;
    size_t starText = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            starText = t;
        } else if (p < pattern.size() && pattern[p] == text[t]) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++starText;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

} // namespace sallyport::auth
