// A WebSocket over HTTP/2 (RFC 8441) once it stands: bytes between the visitor's stream and the one
// to the upstream, both ways, as they come.
//
// Each side is read only as the other takes: the visitor's bytes wait in the request's body, at
// most a stream's window of them, and the upstream gets credit for what left the session.
//
// Threads: the worker's. Lifetime: a part of its H2Stream, which hears tunnelEnded() or
// tunnelBroken() at most once, and keeps it until it goes itself.
#pragma once

#include "links/link_tunnel.h"
#include "visitors/h2_request_body.h"
#include "visitors/h2_stream_host.h"

#include <memory>
#include <optional>

namespace sallyport::relay {

class H2TunnelOwner
{
public:
    // The visitor has something to read.
    virtual void tunnelMoved() = 0;
    // Both halves ended. What is queued still goes out.
    virtual void tunnelEnded() = 0;
    virtual void tunnelBroken() = 0;

protected:
    ~H2TunnelOwner() = default;
};

class H2Tunnel final : private UpstreamUser
{
public:
    H2Tunnel(H2StreamHost& connection, H2TunnelOwner& owner, http2::StreamId id,
             H2RequestBody& fromVisitor, std::shared_ptr<TunnelStats> stats,
             std::unique_ptr<Upstream> upstream);

    // `early` came behind the upstream's answer.
    void start(ByteView early);
    // The visitor sent more, or its end.
    void pump();
    // `queued` bytes are left in the session.
    void payloadTaken(size_t queued);
    // Aborts the upstream's stream.
    void cancel();

private:
    // UpstreamUser
    void upstreamData(ByteView bytes) override;
    void upstreamFinished() override;
    void upstreamGone(std::optional<wire::StreamFailure> why) override;
    void upstreamWritable() override { pump(); }

    H2StreamHost& m_connection;
    H2TunnelOwner& m_owner;
    const http2::StreamId m_id;
    H2RequestBody& m_fromVisitor;
    std::shared_ptr<TunnelStats> m_stats;
    std::unique_ptr<Upstream> m_upstream; // null: over
    size_t m_unacked = 0;                 // of the upstream's bytes, not yet taken by the visitor
    bool m_visitorEnded = false;
    bool m_upstreamEnded = false;
};

} // namespace sallyport::relay
