#include "link_target.h"

#include <sallyport/agent/dial_target.h>
#include <sallyport/net/address.h>

#include <algorithm>
#include <utility>

namespace sallyport::agent {

namespace {

net::LinkTransport linkTransport(config::Transport transport)
{
    switch (transport) {
    case config::Transport::Wss:
        return net::LinkTransport::WebSocket;
    case config::Transport::Tcp:
        return net::LinkTransport::Tcp;
    case config::Transport::Tls:
    case config::Transport::Auto:
        break;
    }
    return net::LinkTransport::Tls;
}

// Auto: TLS, and a WebSocket where somebody else ends the TLS; on the relay's own port, then on
// the one that firewalls leave open.
std::vector<LinkTarget::Way> waysOf(const AgentOptions& options)
{
    const config::Transport wanted = options.relay.transport != config::Transport::Auto
                                         ? options.relay.transport
                                         : options.transport;
    const uint16_t port = options.relay.port;
    if (wanted != config::Transport::Auto)
        return {{linkTransport(wanted), port}};
    std::vector<LinkTarget::Way> ways;
    for (const uint16_t one : {port, options.fallbackPort}) {
        if (one == 0 || (!ways.empty() && one == port))
            continue;
        ways.push_back({net::LinkTransport::Tls, one});
        // What ends TLS before the relay would keep the agent's certificate from it.
        if (options.identity.empty())
            ways.push_back({net::LinkTransport::WebSocket, one});
    }
    return ways;
}

tls::Trust trustOf(const AgentOptions& options, const std::optional<Identity>& identity)
{
    if (options.pin)
        return tls::PinnedKeys{{*options.pin}};
    if (!options.caFile.empty())
        return tls::CaFile{options.caFile};
    // Whoever certified us certified the relay.
    if (identity && !identity->rootPem.empty())
        return tls::CaPem{identity->rootPem};
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
    target.ways = waysOf(options);
    target.pinned = options.pin.has_value();
    if (options.firstWay)
        preferWay(target, {linkTransport(options.firstWay->transport), options.firstWay->port});
    target.dialTimeout = options.dialTimeout;
    target.ping = options.ping;
    std::optional<Identity> identity;
    if (!options.identity.empty()) {
        if (target.ways.front().transport != net::LinkTransport::Tls)
            return Failure(LinkTargetError{
                false, false,
                "a certificate proves who the agent is only over transport tls, from the agent to "
                "the relay itself"});
        auto read = readIdentity(options.identity, std::chrono::system_clock::now());
        if (!read)
            return Failure(LinkTargetError{false, true, read.error()});
        if (read->expired)
            return Failure(LinkTargetError{
                false, true,
                "the certificate in " + options.identity.certificate +
                    " has expired: ask the relay's operator for a new one (sallyport-relay ca "
                    "issue)"});
        identity = std::move(*read);
    }
    if (target.ways.front().transport == net::LinkTransport::Tcp && !isThisMachine(target.host))
        return Failure(LinkTargetError{
            false, false,
            target.text +
                ": without TLS the token would travel in clear, so tcp:// is for a relay on "
                "this machine only; use tls://"});
    if (target.ways.front().transport != net::LinkTransport::Tcp) {
        tls::ClientConfig config;
        config.serverName = target.host;
        config.trust = trustOf(options, identity);
        if (identity)
            config.keys = identity->keys;
        config.minimum = tls::Version::Tls13;
        config.alpn = {"sallyport/1"};
        config.requireAlpn = true;
        auto plain = tls::Context::client(config);
        if (!plain)
            return Failure(LinkTargetError{false, false, plain.error().message});
        target.tls = std::move(*plain);
        // A relay behind somebody else's TLS may speak 1.2.
        config.minimum = tls::Version::Tls12;
        config.keys.reset();
        config.alpn = {"http/1.1"};
        config.requireAlpn = false;
        auto web = tls::Context::client(config);
        if (!web)
            return Failure(LinkTargetError{false, false, web.error().message});
        target.webTls = std::move(*web);
        auto proxy = net::proxyFromEnvironment(target.host);
        if (!proxy)
            return Failure(LinkTargetError{false, false, proxy.error()});
        target.proxy = std::move(*proxy);
    }
    return target;
}

void preferWay(LinkTarget& target, const LinkTarget::Way& way)
{
    const auto found = std::find(target.ways.begin(), target.ways.end(), way);
    if (found != target.ways.end())
        std::rotate(target.ways.begin(), found, found + 1);
}

net::DialTarget dialTargetOf(const LinkTarget& link, const LinkTarget::Way& way)
{
    net::DialTarget target;
    target.transport = way.transport;
    target.host = link.host;
    target.port = way.port;
    target.tls = way.transport == net::LinkTransport::WebSocket ? link.webTls : link.tls;
    target.proxy = link.proxy;
    target.timeout = link.dialTimeout;
    return target;
}

Result<net::DialTarget, std::string> dialTarget(const AgentOptions& options)
{
    const auto link = makeLinkTarget(options);
    if (!link)
        return Failure(link.error().text);
    return dialTargetOf(*link, link->ways.front());
}

} // namespace sallyport::agent
