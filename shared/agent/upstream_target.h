// Where an upstream is: the addresses to try, in order, and which of them worked last.
//
// A bare port means 127.0.0.1, but many development servers listen on ::1 alone, so for 127.0.0.1
// and localhost the other loopback address is tried too. Names are looked up by the system; an
// answer is kept for a few seconds, so that a burst of connections makes one look-up.
//
// Threads: one.
#pragma once

#include <sallyport/base/clock.h>
#include <sallyport/config/tunnel_config.h>
#include <sallyport/net/address.h>

#include <cstddef>
#include <optional>
#include <vector>

namespace sallyport::agent {

class UpstreamTarget
{
public:
    static constexpr Duration NameLifetime = std::chrono::seconds(5);

    explicit UpstreamTarget(const config::Upstream& upstream);

    const config::Upstream& upstream() const { return m_upstream; }
    bool isNone() const { return m_upstream.empty(); }
    // True when the name has to be looked up (again) before addresses() means anything.
    bool needsLookUp(TimePoint now) const { return m_isName && now >= m_validUntil; }
    void lookedUp(std::vector<net::Address> addresses, TimePoint now);

    // In the order to try; empty when the upstream can't be an address (a path that is too long).
    std::vector<net::Address> addresses() const;
    // The one to try first, without making a list.
    std::optional<net::Address> first() const;
    void worked(const net::Address& address);

private:
    config::Upstream m_upstream;
    bool m_isName = false;
    TimePoint m_validUntil{};
    std::vector<net::Address> m_addresses;
    size_t m_preferred = 0;
};

} // namespace sallyport::agent
