// Who a visitor is, as far as addresses tell: the peer, or, when the peer is a configured proxy,
// whom it says it speaks for.
#pragma once

#include <sallyport/config/addresses.h>
#include <sallyport/http/message.h>
#include <sallyport/net/address.h>

#include <optional>
#include <vector>

namespace sallyport::relay {

// Nothing for a Unix socket.
std::optional<config::IpAddress> ipOf(const net::Address& address);

// X-Forwarded-For is read from its end: each proxy appended whom it saw. The first entry that is no
// trusted proxy itself is the visitor; what stands before it is the visitor's own claim. Nothing
// when that entry is no address: then no rule can be met. `trusted`: whether the peer is such a
// proxy.
std::optional<config::IpAddress> visitorAddress(const net::Address& peer, bool trusted,
                                                const http::RequestHead& head,
                                                const std::vector<config::Network>& proxies);

bool isIn(const std::vector<config::Network>& networks, const config::IpAddress& address);

} // namespace sallyport::relay
