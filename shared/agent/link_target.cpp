#include "link_target.h"

#include <sallyport/agent/dial_target.h>
#include <sallyport/net/address.h>

#include <algorithm>
#include <utility>

namespace sallyport::agent {

namespace {

std::vector<net::LinkTransport> transportsOf(const AgentOptions& options)
{
    const config::Transport wanted = options.relay.transport != config::Transport::Auto
                                         ? options.relay.transport
                                         : options.transport;
    switch (wanted) {
    case config::Transport::Tls:
        return {net::LinkTransport::Tls};
    case config::Transport::Wss:
        return {net::LinkTransport::WebSocket};
    case config::Transport::Tcp:
        return {net::LinkTransport::Tcp};
    case config::Transport::Auto:
        break;
    }
    return {net::LinkTransport::Tls, net::LinkTransport::WebSocket};
}

tls::Trust trustOf(const AgentOptions& options)
{
    if (options.pin) {
        tls::SpkiPin pin;
        std::transform(options.pin->sha256.begin(), options.pin->sha256.end(), pin.sha256.begin(),
                       [](uint8_t byte) { return static_cast<std::byte>(byte); });
        return tls::PinnedKeys{{pin}};
    }
    if (!options.caFile.empty())
        return tls::CaFile{options.caFile};
    return tls::SystemTrust{};
}

// Without TLS the token travels in clear: only within this machine.
bool isThisMachine(const std::string& host)
{
    if (host == "localhost")
        return true;
    const auto address = net::Address::fromText(host, 0);
    return address && address->isLoopback();
}

} // namespace

Result<LinkTarget, LinkTargetError> makeLinkTarget(const AgentOptions& options)
{
    LinkTarget target;
    target.host = options.relay.host;
    target.port = options.relay.port;
    target.text = options.relay.text();
    target.transports = transportsOf(options);
    target.dialTimeout = options.dialTimeout;
    target.ping = options.ping;
    if (target.transports.front() == net::LinkTransport::Tcp && !isThisMachine(target.host))
        return Failure(LinkTargetError{
            false, target.text +
                       ": without TLS the token would travel in clear, so tcp:// is for a relay on "
                       "this machine only; use tls://"});
    if (target.transports.front() != net::LinkTransport::Tcp) {
        tls::ClientConfig config;
        config.serverName = target.host;
        config.trust = trustOf(options);
        config.minimum = tls::Version::Tls13;
        config.alpn = {"sallyport/1"};
        config.requireAlpn = true;
        auto plain = tls::Context::client(config);
        if (!plain)
            return Failure(LinkTargetError{false, plain.error().message});
        target.tls = std::move(*plain);
        // A relay behind somebody else's TLS may speak 1.2.
        config.minimum = tls::Version::Tls12;
        config.alpn = {"http/1.1"};
        config.requireAlpn = false;
        auto web = tls::Context::client(config);
        if (!web)
            return Failure(LinkTargetError{false, web.error().message});
        target.webTls = std::move(*web);
        auto proxy = net::proxyFromEnvironment(target.host);
        if (!proxy)
            return Failure(LinkTargetError{false, proxy.error()});
        target.proxy = std::move(*proxy);
    }
    return target;
}

net::DialTarget dialTargetOf(const LinkTarget& link, net::LinkTransport transport)
{
    net::DialTarget target;
    target.transport = transport;
    target.host = link.host;
    target.port = link.port;
    target.tls = transport == net::LinkTransport::WebSocket ? link.webTls : link.tls;
    target.proxy = link.proxy;
    target.timeout = link.dialTimeout;
    return target;
}

Result<net::DialTarget, std::string> dialTarget(const AgentOptions& options)
{
    const auto link = makeLinkTarget(options);
    if (!link)
        return Failure(link.error().text);
    return dialTargetOf(*link, link->transports.front());
}

} // namespace sallyport::agent
