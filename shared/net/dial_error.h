// The sentences of a dialer's failures: what happened, where, and the way out.
#pragma once

#include "proxy_tunnel.h"

#include <sallyport/net/dialer.h>
#include <sallyport/net/resolver.h>
#include <sallyport/wire/websocket_upgrade.h>

#include <string>

namespace sallyport::net {

// "relay.example.com:7000", "[::1]:7000".
std::string endpointText(const std::string& host, uint16_t port);

DialError badHostError();
DialError lookUpError(const Resolved& resolved, bool ofProxy);
DialError connectError(const DialTarget& target, SystemError error);
DialError proxyError(const DialTarget& target, const ProxyTunnel::Refused& refused);
DialError tlsError(const DialTarget& target, const tls::Error& error);
DialError upgradeError(const DialTarget& target, const wire::UpgradeFailure& failure);
DialError brokenError(const DialTarget& target, const std::string& reason);
DialError timeoutError(const DialTarget& target, const std::string& doing);

} // namespace sallyport::net
