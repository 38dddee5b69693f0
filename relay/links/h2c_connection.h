// One HTTP/2 connection to a tunnel's upstream, over a stream of the link: a bounded number of
// exchanges at once, of any visitors.
//
// Credit on the link's stream goes back at once, because HTTP/2's own windows bound what arrives:
// the connection's holds all of its streams', so that a visitor who reads slowly holds no other.
//
// Threads: the worker's. Lifetime: shared by its tunnel and its exchanges; when the link's stream
// ends, or the upstream breaks the protocol, all exchanges hear of it.
#pragma once

#include "links/h2c_stream.h"
#include "links/upstream_stream.h"

#include <sallyport/http/message.h>
#include <sallyport/http2/session.h>
#include <sallyport/net/poller.h>

#include <memory>
#include <set>
#include <vector>

namespace sallyport::relay {

class H2cConnection final : public std::enable_shared_from_this<H2cConnection>,
                            private UpstreamUser,
                            private net::TurnEndHandler
{
public:
    // Exchanges at once.
    static constexpr uint32_t MaxStreams = 32;

    H2cConnection(net::IoContext& io, std::unique_ptr<UpstreamStream> transport, size_t maxHead,
                  size_t maxFields);
    ~H2cConnection() override;

    bool isOpen() const { return m_transport != nullptr; }
    // Takes one more exchange.
    bool hasRoom() const;
    bool isIdle() const { return m_streams.empty(); }
    TimePoint idleSince() const { return m_idleSince; }
    // Its upstream has answered before.
    bool proven() const { return m_proven; }
    std::unique_ptr<H2cStream> addStream(std::weak_ptr<LinkTunnel> tunnel);
    void close();

    // For its streams.
    http2::Session& session() { return m_session; }
    http::RequestHead& requestHead() { return m_head; }
    void outputReady() { m_io.poller().atTurnEnd(this); }
    void streamLeft(H2cStream& stream);
    void failSoon(H2cStream& stream);

private:
    // UpstreamUser
    void upstreamData(ByteView bytes) override;
    void upstreamFinished() override;
    void upstreamGone(std::optional<wire::StreamFailure> why) override;
    void upstreamWritable() override;
    // net::TurnEndHandler
    void onTurnEnd() override;

    void handleEvents();
    void handle(http2::Event& event);
    bool writeOut();
    void end(std::optional<wire::StreamFailure> why);

    net::IoContext& m_io;
    std::unique_ptr<UpstreamStream> m_transport; // null once it is over
    http2::Session m_session;
    ByteQueue m_out;
    http::RequestHead m_head;
    std::set<H2cStream*> m_streams;
    std::vector<H2cStream*> m_failing; // found no place after all
    TimePoint m_idleSince;
    bool m_proven = false;
    bool m_handling = false;
};

} // namespace sallyport::relay
