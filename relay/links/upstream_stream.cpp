#include "links/upstream_stream.h"

#include "links/link_tunnel.h"

namespace sallyport::relay {

void UpstreamStream::streamData(ByteView bytes)
{
    if (m_user)
        m_user->upstreamData(bytes);
    else
        leaveIdle(); // an upstream that speaks unasked is of no use any more
}

void UpstreamStream::streamFinished()
{
    if (m_user)
        m_user->upstreamFinished();
    else
        leaveIdle();
}

void UpstreamStream::streamReset()
{
    gone(std::nullopt);
}

void UpstreamStream::streamRejected(uint32_t code)
{
    gone(wire::StreamFailure(code));
}

void UpstreamStream::streamClosed()
{
    gone(std::nullopt);
}

void UpstreamStream::streamWritable()
{
    if (m_user)
        m_user->upstreamWritable();
}

void UpstreamStream::gone(std::optional<wire::StreamFailure> why)
{
    if (m_user)
        std::exchange(m_user, nullptr)->upstreamGone(why);
    else
        leaveIdle();
}

void UpstreamStream::leaveIdle()
{
    reset();
    if (const auto owner = tunnel())
        owner->dropIdle(*this);
}

} // namespace sallyport::relay
