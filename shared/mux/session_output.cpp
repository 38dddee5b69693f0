// Streams in, frames out. Frames are moved whole, so whatever is appended next (a go-away after a
// failure, too) begins at a frame's boundary.
#include "frame_writer.h"
#include "session_impl.h"

#include <algorithm>

namespace sallyport::mux {

size_t Session::Impl::takeOutput(ByteQueue& out, size_t maxBytes)
{
    const size_t before = out.size();
    const auto full = [&] { return out.size() - before >= maxBytes; };
    while (!full() && m_control.writeNext(out)) {
    }
    while (!full()) {
        Stream* stream = m_scheduler.nextControl();
        if (!stream)
            break;
        writeControl(*stream, out);
    }
    while (!full()) {
        Stream* stream = m_scheduler.nextPayload();
        if (!stream)
            break;
        writeTurn(*stream, out);
    }
    return out.size() - before;
}

// All that the stream has to say without payload, in one window update.
void Session::Impl::writeControl(Stream& stream, ByteQueue& out)
{
    const bool payloadFollows = !stream.queue.empty();
    const uint32_t credit = stream.state.canReceive() ? m_windows.grantCredit(stream.window) : 0;
    if (payloadFollows && credit == 0)
        return; // SYN or ACK ride on the payload, FIN comes behind it
    const bool fin = stream.state.needsFin() && !payloadFollows;
    uint16_t flags = takeHandshakeFlags(stream);
    if (fin)
        flags |= flag::Fin;
    if (flags == 0 && credit == 0)
        return;
    appendHeader({FrameType::WindowUpdate, flags, stream.id, credit}, out);
    if (fin)
        finSent(stream);
}

// One turn: a Data frame, and the FIN when that was the last one.
void Session::Impl::writeTurn(Stream& stream, ByteQueue& out)
{
    const size_t n = std::min<size_t>(stream.queue.size(), m_config.maxFrame);
    const uint16_t flags = takeHandshakeFlags(stream);
    appendHeader({FrameType::Data, flags, stream.id, static_cast<uint32_t>(n)}, out);
    out.moveFrom(stream.queue, n);
    m_queued -= n;
    if (!stream.queue.empty()) {
        m_scheduler.addPayload(stream);
    } else if (stream.state.needsFin()) {
        writeControl(stream, out);
        return;
    }
    noteRoom(stream);
}

uint16_t Session::Impl::takeHandshakeFlags(Stream& stream)
{
    if (stream.state.apply(StreamState::Signal::SynSent))
        return flag::Syn;
    if (stream.state.apply(StreamState::Signal::AckSent))
        return flag::Ack;
    return 0;
}

void Session::Impl::finSent(Stream& stream)
{
    stream.state.apply(StreamState::Signal::FinSent);
    if (stream.state.closed())
        announceEnding(stream, Stream::Ending::Closed);
    else
        m_timers.startClose(stream);
}

} // namespace sallyport::mux
