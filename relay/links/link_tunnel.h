// A tunnel on its link: opens streams to its upstream and keeps idle ones for the next request.
#pragma once

#include "links/upstream_stream.h"
#include "routes/route.h"

#include <sallyport/net/link.h>
#include <sallyport/wire/proxy_header.h>

#include <memory>
#include <optional>
#include <vector>

namespace sallyport::relay {

// Who came, for the header that begins a data stream.
struct VisitorInfo
{
    net::Address visitor;
    net::Address relay;
    std::string_view authority;
    std::string_view requestId;
    std::optional<wire::ProxyTls> tls = {}; // when the relay ended the visitor's TLS
    std::string_view alpn = {};             // the one protocol that the ClientHello offers
};

class H2cConnection;

class LinkTunnel : public std::enable_shared_from_this<LinkTunnel>
{
public:
    struct Limits
    {
        size_t idleStreams = 64;
        Duration idleTime = std::chrono::seconds(30);
        // That the upstream has still to end: so many at once, and for so long; then they are cut.
        size_t endingStreams = 16'384;
        Duration endingTime = std::chrono::seconds(30);
        size_t head = 64 * 1024; // of an answer: bytes and fields
        size_t headers = 200;
    };

    LinkTunnel(net::Link& link, Route route, Limits limits);
    ~LinkTunnel();

    const Route& route() const { return m_route; }
    bool linkClosed() const { return m_link.isClosed(); }

    // For one exchange: an idle stream or a new one; with an h2c upstream, a stream of an HTTP/2
    // connection. With `atMost` only one that was used that short ago, or a new one. Null when the
    // link takes no more streams.
    std::unique_ptr<Upstream> connect(const VisitorInfo& visitor, std::optional<Duration> atMost);
    // An idle stream, or null.
    std::unique_ptr<UpstreamStream> takeIdle(std::optional<Duration> atMost);
    // A new stream with its header written; null when the link takes no more streams.
    std::unique_ptr<UpstreamStream> open(const VisitorInfo& visitor);
    // The same for any other handler of the stream.
    bool openFor(net::LinkStream& stream, const VisitorInfo& visitor);
    // Its answer is complete and its upstream keeps the connection.
    void giveBack(std::unique_ptr<Upstream> stream);
    // Its upstream ends the connection, or will not be trusted with another request: lets both
    // halves end by themselves.
    void letEnd(std::unique_ptr<Upstream> stream);

    void dropIdle(UpstreamStream& stream);
    // Lets idle ones end, and cuts those that were to end, once their time is over.
    void dropIdleOlderThan(TimePoint now);
    size_t idleCount() const { return m_idle.size(); }
    size_t endingCount() const { return m_ending.size(); }

private:
    bool openAs(net::LinkStream& stream, const VisitorInfo& visitor, bool plainHttp);
    void giveBackStream(std::unique_ptr<UpstreamStream> stream);
    void letEndStream(std::unique_ptr<UpstreamStream> stream);
    std::unique_ptr<Upstream> connectH2c(const VisitorInfo& visitor);
    void dropH2cOlderThan(TimePoint now);

    net::Link& m_link;
    Route m_route;
    Limits m_limits;
    std::vector<std::unique_ptr<UpstreamStream>> m_idle;   // the last used last
    std::vector<std::unique_ptr<UpstreamStream>> m_ending; // the oldest first
    std::vector<std::shared_ptr<H2cConnection>> m_h2c;
};

} // namespace sallyport::relay
