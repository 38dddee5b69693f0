#include "upstream_target.h"

#include <algorithm>
#include <utility>

namespace sallyport::agent {

UpstreamTarget::UpstreamTarget(const config::Upstream& upstream) : m_upstream(upstream)
{
    if (isNone())
        return;
    if (upstream.isUnix()) {
        if (const auto address = net::Address::unixPath(upstream.unixPath))
            m_addresses.push_back(*address);
        return;
    }
    const auto& [host, port] = upstream.endpoint;
    if (host == "127.0.0.1" || host == "localhost") {
        m_addresses.push_back(*net::Address::fromText("127.0.0.1", port));
        m_addresses.push_back(*net::Address::fromText("::1", port));
    } else if (const auto address = net::Address::fromText(host, port)) {
        m_addresses.push_back(*address);
    } else {
        m_isName = true;
    }
}

void UpstreamTarget::lookedUp(std::vector<net::Address> addresses, TimePoint now)
{
    const auto last = first();
    m_addresses = std::move(addresses);
    m_validUntil = now + NameLifetime;
    m_preferred = 0;
    if (last)
        worked(*last);
}

std::vector<net::Address> UpstreamTarget::addresses() const
{
    std::vector<net::Address> ordered = m_addresses;
    if (m_preferred < ordered.size())
        std::rotate(ordered.begin(), ordered.begin() + static_cast<std::ptrdiff_t>(m_preferred),
                    ordered.end());
    return ordered;
}

std::optional<net::Address> UpstreamTarget::first() const
{
    if (m_preferred >= m_addresses.size())
        return std::nullopt;
    return m_addresses[m_preferred];
}

void UpstreamTarget::worked(const net::Address& address)
{
    const std::string wanted = address.toString();
    for (size_t i = 0; i < m_addresses.size(); ++i)
        if (m_addresses[i].toString() == wanted)
            m_preferred = i;
}

} // namespace sallyport::agent
