// Payload in both directions: what a stream may queue, who waits for room, who gave credit back.
#include "session_impl.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace sallyport::mux {

size_t Session::Impl::ownRoom(const Stream& stream) const
{
    if (!stream.state.canWrite())
        return 0;
    const size_t queued = stream.queue.size();
    const size_t free = m_config.streamQueueLimit - std::min(m_config.streamQueueLimit, queued);
    return std::min<size_t>(stream.sendWindow, free);
}

size_t Session::Impl::room(const Stream& stream) const
{
    const size_t shared = m_config.queueLimit - std::min(m_config.queueLimit, m_queued);
    const size_t reserved =
        m_config.streamReserve - std::min(m_config.streamReserve, stream.queue.size());
    return std::min(ownRoom(stream), std::max(shared, reserved));
}

size_t Session::Impl::writable(StreamId id)
{
    Stream* stream = live(id);
    if (!stream)
        return 0;
    const size_t free = room(*stream);
    if (free == 0)
        waitForRoom(*stream);
    return free;
}

size_t Session::Impl::write(StreamId id, ByteView bytes)
{
    return writeWith(id, bytes.size(),
                     [&](ByteQueue& queue, size_t n) { queue.append(bytes.first(n)); });
}

size_t Session::Impl::write(StreamId id, Slice& slice)
{
    return writeWith(id, slice.size(), [&](ByteQueue& queue, size_t n) {
        if (n == slice.size())
            queue.append(std::exchange(slice, Slice()));
        else
            queue.append(slice.takePrefix(n));
    });
}

template <typename Append>
size_t Session::Impl::writeWith(StreamId id, size_t wanted, Append&& append)
{
    Stream* stream = live(id);
    if (!stream || wanted == 0)
        return 0;
    const size_t n = std::min(wanted, room(*stream));
    if (n > 0) {
        append(stream->queue, n);
        stream->sendWindow -= static_cast<uint32_t>(n);
        m_queued += n;
        acceptNow(*stream);
        m_scheduler.addPayload(*stream);
    }
    if (n < wanted)
        waitForRoom(*stream);
    return n;
}

void Session::Impl::waitForRoom(Stream& stream)
{
    if (!stream.state.canWrite())
        return;
    stream.wantsRoom = true;
    noteRoom(stream);
}

// Waiting streams are told when a good part of the queue is free again, not for each frame that
// left; nextNotice() looks at the session's queue in the same way.
void Session::Impl::noteRoom(Stream& stream)
{
    if (stream.wantsRoom && !stream.eventHook.isLinked() && ownRoom(stream) > 0 &&
        stream.queue.size() <= m_config.streamQueueLimit / 2)
        m_writable.pushBack(stream);
}

void Session::Impl::consumed(StreamId id, size_t bytes, TimePoint now)
{
    advance(now);
    Stream* stream = live(id);
    if (!stream || bytes == 0)
        return;
    assert(bytes <= stream->window.unread);
    const auto n = static_cast<uint32_t>(std::min<size_t>(bytes, stream->window.unread));
    const auto advice = m_windows.consumed(stream->window, n, now, m_keepAlive.underLoad());
    m_timers.touch(*stream, now);
    acceptNow(*stream);
    if (!stream->state.canReceive())
        return;
    if (advice.sendCredit)
        m_scheduler.addControl(*stream);
    if (advice.measureRoundTrip && m_keepAlive.mayMeasure(now))
        sendPing(now);
}

uint32_t Session::Impl::receiveWindow(StreamId id)
{
    const Stream* stream = live(id);
    return stream ? stream->window.size : 0;
}

} // namespace sallyport::mux
