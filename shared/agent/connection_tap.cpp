#include "connection_tap.h"

#include <algorithm>
#include <utility>

namespace sallyport::agent {

void ConnectionTap::bytesToSocket(ByteView bytes)
{
    if (m_skip > 0) {
        const size_t skipped = std::min(m_skip, bytes.size());
        m_skip -= skipped;
        bytes = bytes.subspan(skipped);
        if (bytes.empty())
            return;
    }
    if (m_requests)
        m_requests->bytesToSocket(bytes);
    if (m_watch)
        m_watch->bytesToSocket(bytes);
}

void ConnectionTap::bytesFromSocket(ByteView bytes)
{
    if (m_requests)
        m_requests->bytesFromSocket(bytes);
    if (m_watch)
        m_watch->bytesFromSocket(bytes);
}

void ConnectionTap::upstreamFailed(net::UpstreamFault fault, std::string_view sentence)
{
    if (m_watch && !m_ended)
        m_watch->upstreamFailed(fault, sentence);
}

void ConnectionTap::ended(net::WatchEnd end)
{
    if (!std::exchange(m_ended, true) && m_watch)
        m_watch->ended(end);
}

} // namespace sallyport::agent
