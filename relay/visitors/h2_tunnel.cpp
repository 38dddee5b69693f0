#include "visitors/h2_tunnel.h"

#include <algorithm>
#include <utility>

namespace sallyport::relay {

H2Tunnel::H2Tunnel(H2StreamHost& connection, H2TunnelOwner& owner, http2::StreamId id,
                   H2RequestBody& fromVisitor, std::shared_ptr<TunnelStats> stats,
                   std::unique_ptr<Upstream> upstream)
    : m_connection(connection),
      m_owner(owner),
      m_id(id),
      m_fromVisitor(fromVisitor),
      m_stats(std::move(stats)),
      m_upstream(std::move(upstream))
{
    m_upstream->setUser(this);
}

void H2Tunnel::start(ByteView early)
{
    m_stats->bytesOut.add(early.size());
    m_connection.session().write(m_id, early);
    m_connection.outputReady();
    pump();
}

void H2Tunnel::pump()
{
    while (m_upstream && !m_fromVisitor.empty()) {
        const size_t taken = m_upstream->write(m_fromVisitor.front());
        if (taken == 0)
            return; // upstreamWritable() goes on
        m_fromVisitor.consume(taken);
        m_connection.session().consumed(m_id, taken);
        m_connection.outputReady();
    }
    if (m_upstream && m_fromVisitor.hasEnded() && !std::exchange(m_visitorEnded, true))
        m_upstream->finish();
}

void H2Tunnel::payloadTaken(size_t queued)
{
    if (m_upstream && m_unacked > queued)
        m_upstream->consumed(m_unacked - queued);
    m_unacked = std::min(m_unacked, queued);
}

void H2Tunnel::upstreamData(ByteView bytes)
{
    m_unacked += bytes.size();
    m_stats->bytesOut.add(bytes.size());
    m_connection.session().write(m_id, bytes);
    m_connection.outputReady();
    m_owner.tunnelMoved();
}

void H2Tunnel::upstreamFinished()
{
    m_upstreamEnded = true;
    m_connection.session().finish(m_id);
    m_connection.outputReady();
}

void H2Tunnel::upstreamGone(std::optional<wire::StreamFailure>)
{
    if (!m_upstreamEnded || !m_visitorEnded)
        return m_owner.tunnelBroken();
    m_connection.worker().io().retire(std::move(m_upstream));
    m_owner.tunnelEnded();
}

void H2Tunnel::cancel()
{
    if (!m_upstream)
        return;
    m_upstream->setUser(nullptr);
    m_upstream->reset();
    m_connection.worker().io().retire(std::move(m_upstream));
}

} // namespace sallyport::relay
