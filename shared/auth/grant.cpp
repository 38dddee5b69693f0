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

} // namespace

Grant::Grant(std::string credentialId, std::string tenant, std::optional<Timestamp> expires,
             Permissions permissions, Source source)
    : m_source(source),
      m_credentialId(std::move(credentialId)),
      m_tenant(std::move(tenant)),
      m_expires(expires),
      m_permissions(std::move(permissions))
{}

bool Grant::mayUseKind(config::TunnelKind kind) const
{
    const auto& kinds = m_permissions.kinds;
    return kinds.empty() || std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

bool Grant::mayUseName(std::string_view name) const
{
    const Patterns& names = m_permissions.names;
    return names.any || std::any_of(names.items.begin(), names.items.end(),
                                    [&](const auto& item) { return globMatches(item, name); });
}

bool Grant::mayUseHostname(std::string_view hostname) const
{
    const Patterns& hosts = m_permissions.hostnames;
    return hosts.any || std::any_of(hosts.items.begin(), hosts.items.end(), [&](const auto& item) {
               return hostAllowedBy(item, hostname);
           });
}

bool Grant::mayUsePort(uint16_t port) const
{
    return m_permissions.ports.contains(port);
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
