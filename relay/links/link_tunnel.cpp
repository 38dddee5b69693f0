#include "links/link_tunnel.h"

#include "links/h2c_connection.h"

#include <algorithm>
#include <cstring>

namespace sallyport::relay {

namespace {

wire::Endpoint endpointOf(const net::Address& address)
{
    wire::Endpoint endpoint;
    const std::string_view ip = address.ipBytes();
    if (ip.empty())
        return endpoint;
    endpoint.family = ip.size() == 4 ? wire::Endpoint::Family::V4 : wire::Endpoint::Family::V6;
    std::memcpy(endpoint.address.data(), ip.data(), ip.size());
    endpoint.port = address.port();
    return endpoint;
}

// HTTP/2 connections to one upstream; each carries H2cConnection::MaxStreams exchanges.
constexpr size_t MaxH2cConnections = 64;

} // namespace

LinkTunnel::LinkTunnel(net::Link& link, Route route, Limits limits)
    : m_link(link), m_route(std::move(route)), m_limits(limits)
{}

LinkTunnel::~LinkTunnel()
{
    for (auto* list : {&m_idle, &m_ending})
        for (auto& stream : *list)
            stream->reset();
}

std::unique_ptr<Upstream> LinkTunnel::connect(const VisitorInfo& visitor,
                                              std::optional<Duration> atMost)
{
    if (m_route.upstreamProtocol == wire::UpstreamProtocol::H2c)
        return connectH2c(visitor);
    std::unique_ptr<Upstream> stream = takeIdle(atMost);
    return stream ? std::move(stream) : open(visitor);
}

// The fullest one that takes another comes first, so that the others can end.
std::unique_ptr<Upstream> LinkTunnel::connectH2c(const VisitorInfo& visitor)
{
    std::erase_if(m_h2c, [](const auto& connection) { return !connection->isOpen(); });
    for (const auto& connection : m_h2c)
        if (connection->hasRoom())
            return connection->addStream(weak_from_this());
    if (m_h2c.size() >= MaxH2cConnections)
        return nullptr;
    std::unique_ptr<UpstreamStream> transport = open(visitor);
    if (!transport)
        return nullptr;
    m_h2c.push_back(std::make_shared<H2cConnection>(m_link.io(), std::move(transport),
                                                    m_limits.head, m_limits.headers));
    return m_h2c.back()->addStream(weak_from_this());
}

void LinkTunnel::dropH2cOlderThan(TimePoint now)
{
    for (const auto& connection : m_h2c)
        if (connection->isIdle() && now - connection->idleSince() >= m_limits.idleTime)
            connection->close();
    std::erase_if(m_h2c, [](const auto& connection) { return !connection->isOpen(); });
}

std::unique_ptr<UpstreamStream> LinkTunnel::takeIdle(std::optional<Duration> atMost)
{
    if (m_idle.empty())
        return nullptr;
    if (atMost && m_link.io().now() - m_idle.back()->idleSince > *atMost)
        return nullptr;
    std::unique_ptr<UpstreamStream> stream = std::move(m_idle.back());
    m_idle.pop_back();
    return stream;
}

std::unique_ptr<UpstreamStream> LinkTunnel::open(const VisitorInfo& visitor)
{
    auto stream = std::make_unique<UpstreamStream>(m_link.io(), weak_from_this());
    // Requests on a tls tunnel are those that came without TLS.
    const bool plainHttp = m_route.kind == wire::TunnelKind::Tls;
    return openAs(*stream, visitor, plainHttp) ? std::move(stream) : nullptr;
}

bool LinkTunnel::openFor(net::LinkStream& stream, const VisitorInfo& visitor)
{
    return openAs(stream, visitor, false);
}

bool LinkTunnel::openAs(net::LinkStream& stream, const VisitorInfo& visitor, bool plainHttp)
{
    wire::ProxyHeader header;
    header.visitor = endpointOf(visitor.visitor);
    header.relay = endpointOf(visitor.relay);
    if (header.visitor.family != header.relay.family)
        header.visitor = header.relay = {};
    header.authority = visitor.authority;
    header.requestId = visitor.requestId;
    header.tls = visitor.tls;
    header.alpn = visitor.alpn.size() <= wire::MaxProxyAlpn ? visitor.alpn : std::string_view();
    header.plainHttp = plainHttp;
    header.tunnelId = m_route.tunnelId;
    std::array<std::byte, wire::MaxProxyHeader> bytes;
    const size_t size = wire::encodeProxyHeader(header, bytes);
    return m_link.openInTurn(stream, ByteView(bytes).first(size));
}

namespace {
std::unique_ptr<UpstreamStream> asLinkStream(std::unique_ptr<Upstream>& stream)
{
    UpstreamStream* const own = stream->linkStream();
    if (own)
        stream.release();
    return std::unique_ptr<UpstreamStream>(own);
}
} // namespace

void LinkTunnel::giveBack(std::unique_ptr<Upstream> stream)
{
    if (std::unique_ptr<UpstreamStream> own = asLinkStream(stream))
        return giveBackStream(std::move(own));
    letEnd(std::move(stream));
}

void LinkTunnel::letEnd(std::unique_ptr<Upstream> stream)
{
    if (std::unique_ptr<UpstreamStream> own = asLinkStream(stream))
        return letEndStream(std::move(own));
    stream->setUser(nullptr);
    stream->finish();
    m_link.io().retire(std::move(stream)); // we may be inside one of its callbacks
}

void LinkTunnel::giveBackStream(std::unique_ptr<UpstreamStream> stream)
{
    stream->setUser(nullptr);
    if (!stream->isAttached())
        return;
    stream->idleSince = m_link.io().now();
    stream->usedBefore = true;
    if (m_idle.size() >= m_limits.idleStreams) {
        std::unique_ptr<UpstreamStream> oldest = std::move(m_idle.front());
        m_idle.erase(m_idle.begin());
        letEndStream(std::move(oldest));
    }
    m_idle.push_back(std::move(stream));
}

void LinkTunnel::letEndStream(std::unique_ptr<UpstreamStream> stream)
{
    stream->setUser(nullptr);
    if (!stream->isAttached())
        return;
    stream->finish();
    stream->idleSince = m_link.io().now();
    if (m_ending.size() >= m_limits.endingStreams)
        m_ending.erase(m_ending.begin());
    m_ending.push_back(std::move(stream));
}

void LinkTunnel::dropIdle(UpstreamStream& stream)
{
    for (auto* list : {&m_idle, &m_ending}) {
        const auto found = std::find_if(list->begin(), list->end(),
                                        [&](const auto& s) { return s.get() == &stream; });
        if (found == list->end())
            continue;
        // We may be inside one of its own callbacks.
        m_link.io().retire(std::move(*found));
        list->erase(found);
        return;
    }
}

void LinkTunnel::dropIdleOlderThan(TimePoint now)
{
    while (!m_idle.empty() && now - m_idle.front()->idleSince >= m_limits.idleTime) {
        std::unique_ptr<UpstreamStream> stream = std::move(m_idle.front());
        m_idle.erase(m_idle.begin());
        letEndStream(std::move(stream));
    }
    const auto inTime = std::find_if(m_ending.begin(), m_ending.end(), [&](const auto& stream) {
        return now - stream->idleSince < m_limits.endingTime;
    });
    m_ending.erase(m_ending.begin(), inTime);
    dropH2cOlderThan(now);
}

} // namespace sallyport::relay
