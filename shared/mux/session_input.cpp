// Frames in, events out. One frame is worked off in steps, in the order of the enum Step, each of
// which makes at most one event; between two of them the caller may give any command, so each looks
// its stream up anew.
#include "session_impl.h"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

namespace sallyport::mux {

void Session::Impl::receive(ByteView bytes, TimePoint now)
{
    advance(now);
    if (m_failed || bytes.empty())
        return;
    assert(m_reader.inputEmpty()); // nextEvent() was not called until it returned nothing
    m_keepAlive.heard(now);
    m_reader.feed(bytes);
}

std::optional<Event> Session::Impl::nextEvent()
{
    for (;;) {
        if (auto event = nextNotice())
            return event;
        if (m_failed || (stepNeedsInput() && m_reader.inputEmpty()))
            return std::nullopt;
        if (auto event = stepFrame())
            return event;
    }
}

// Events that no frame causes. They come first, so that the list of them can't grow.
std::optional<Event> Session::Impl::nextNotice()
{
    if (m_failure)
        return std::exchange(m_failure, std::nullopt);
    if (Stream* stream = m_endings.front()) {
        const StreamReset reset{stream->id, stream->context, stream->resetReason};
        const bool closed = stream->ending == Stream::Ending::Closed;
        remove(*stream);
        if (closed)
            return StreamClosed{reset.id, reset.context};
        return reset;
    }
    Stream* stream = m_writable.front();
    if (stream && m_queued <= m_config.queueLimit / 2) {
        m_writable.remove(*stream);
        stream->wantsRoom = false;
        return StreamWritable{stream->id, stream->context};
    }
    return std::nullopt;
}

bool Session::Impl::stepNeedsInput() const
{
    return m_step == Step::Header || (m_step == Step::Body && m_reader.bodyLeft() > 0);
}

std::optional<Event> Session::Impl::stepFrame()
{
    switch (m_step) {
    case Step::Header:
        return readHeader();
    case Step::Acknowledge:
        m_step = Step::Credit;
        return onAcknowledge();
    case Step::Credit:
        m_step = Step::Body;
        onCredit();
        return std::nullopt;
    case Step::Body:
        return onBody();
    case Step::Finish:
        m_step = Step::Header;
        return onFinish();
    }
    return std::nullopt;
}

std::optional<Event> Session::Impl::readHeader()
{
    const auto header = m_reader.nextHeader();
    if (!header)
        return std::nullopt;
    if (!*header) {
        fail(header->error());
        return std::nullopt;
    }
    m_frame = *std::as_const(*header);
    switch (m_frame.type) {
    case FrameType::Ping:
        return onPing();
    case FrameType::GoAway:
        return onGoAway();
    case FrameType::Data:
    case FrameType::WindowUpdate:
        break;
    }
    return onStreamFrame();
}

std::optional<Event> Session::Impl::onPing()
{
    if (m_frame.has(flag::Syn)) {
        m_control.addPong(m_frame.length);
        return std::nullopt;
    }
    if (const auto roundTrip = m_keepAlive.answered(m_frame.length, m_now))
        return PingAnswered{*roundTrip};
    return std::nullopt;
}

std::optional<Event> Session::Impl::onGoAway()
{
    if (m_frame.length != static_cast<uint32_t>(GoAwayCode::Normal)) {
        fail(SessionError::PeerGoAway, "go-away with code " + std::to_string(m_frame.length));
        return std::nullopt;
    }
    m_peerGoingAway = true;
    return GoAwayReceived{GoAwayCode::Normal};
}

std::optional<Event> Session::Impl::onStreamFrame()
{
    m_step = Step::Acknowledge;
    if (m_frame.has(flag::Syn))
        return onOpen();
    if (m_frame.has(flag::Rst))
        return onReset();
    const Stream* stream = liveForPeer(m_frame.streamId);
    if (m_frame.type == FrameType::Data && !(stream && stream->state.awaitsAck()))
        m_step = Step::Body;
    checkBody(stream);
    return std::nullopt;
}

std::optional<Event> Session::Impl::onOpen()
{
    const StreamId id = m_frame.streamId;
    if (id % 2 == m_nextId % 2) {
        fail(SessionError::BadStreamId, describeFrame("opened by the peer, with an id of ours"));
        return std::nullopt;
    }
    if (m_streams.find(id)) {
        fail(SessionError::DuplicateStream, describeFrame("opened while it is open"));
        return std::nullopt;
    }
    checkBody(nullptr);
    if (m_failed || m_frame.has(flag::Rst))
        return std::nullopt;
    if (m_goingAway || m_streams.size() >= m_config.maxStreams ||
        m_unaccepted >= m_config.backlog) {
        queueReset(id);
        return std::nullopt;
    }
    Stream& stream = addStream(id, StreamState::openedByPeer(), m_now);
    ++m_unaccepted;
    checkBody(&stream);
    if (m_failed)
        return std::nullopt;
    return StreamOpened{id};
}

// The peer ends the stream at once; a body that comes along finds it gone.
std::optional<Event> Session::Impl::onReset()
{
    checkBody(nullptr);
    Stream* stream = liveForPeer(m_frame.streamId);
    if (!stream || m_failed)
        return std::nullopt;
    const StreamReset event{stream->id, stream->context, ResetReason::ByPeer};
    remove(*stream);
    return event;
}

// Any frame acknowledges: who sends on a stream has accepted it. The Go implementation sends no ACK
// when our FIN arrives before its caller accepts.
std::optional<Event> Session::Impl::onAcknowledge()
{
    Stream* stream = liveForPeer(m_frame.streamId);
    if (!stream || !stream->state.apply(StreamState::Signal::AckReceived))
        return std::nullopt;
    --m_unacknowledged;
    if (stream->timer == Stream::Timer::Open)
        m_timers.stop(*stream);
    return StreamAccepted{stream->id, stream->context};
}

void Session::Impl::onCredit()
{
    if (m_frame.type != FrameType::WindowUpdate || m_frame.length == 0)
        return;
    Stream* stream = liveForPeer(m_frame.streamId);
    if (!stream)
        return;
    if (m_frame.length > UINT32_MAX - stream->sendWindow)
        return fail(SessionError::WindowOverflow, describeFrame("window beyond 2^32 - 1"));
    stream->sendWindow += m_frame.length;
    noteRoom(*stream);
}

std::optional<Event> Session::Impl::onBody()
{
    const ByteView piece = m_reader.nextBody();
    if (m_reader.bodyLeft() == 0)
        m_step = m_frame.has(flag::Fin) ? Step::Finish : Step::Header;
    Stream* stream = piece.empty() ? nullptr : liveForPeer(m_frame.streamId);
    if (!stream)
        return std::nullopt;

    const auto n = static_cast<uint32_t>(piece.size());
    if (!stream->state.canReceive()) {
        m_windows.dropped(stream->window, n);
        return std::nullopt;
    }
    m_timers.touch(*stream, m_now);
    m_windows.received(stream->window, n);
    if (m_windows.overUnreadLimit()) {
        resetGreediest();
        if (m_failed || stream->ending != Stream::Ending::None)
            return std::nullopt;
    }
    return Data{stream->id, stream->context, piece};
}

std::optional<Event> Session::Impl::onFinish()
{
    Stream* stream = liveForPeer(m_frame.streamId);
    if (!stream)
        return std::nullopt;
    if (!stream->state.apply(StreamState::Signal::FinReceived)) {
        fail(SessionError::BadFlags, describeFrame("finished twice"));
        return std::nullopt;
    }
    const StreamFinished event{stream->id, stream->context};
    if (stream->state.closed())
        announceEnding(*stream, Stream::Ending::Closed);
    return event;
}

// A body may not exceed the stream's credit. Where the stream is gone, its last window is not known
// any more, but no window is larger than the largest.
void Session::Impl::checkBody(const Stream* stream)
{
    const uint32_t allowed = stream ? stream->window.credit : m_windows.largest();
    if (m_reader.bodyLeft() > allowed)
        fail(SessionError::WindowExceeded,
             describeFrame(std::to_string(m_reader.bodyLeft()) + " bytes, " +
                           std::to_string(allowed) + " allowed"));
}

// Seldom enough for a search: each one ends a stream.
void Session::Impl::resetGreediest()
{
    Stream* greediest = nullptr;
    m_streams.forEach([&](Stream& stream) {
        const uint32_t most = greediest ? greediest->window.unread : 0;
        const uint32_t unread = stream.window.unread;
        if (unread > most || (unread == most && greediest && stream.id < greediest->id))
            greediest = &stream;
    });
    if (greediest)
        abort(*greediest, ResetReason::UnreadLimit);
}

std::string Session::Impl::describeFrame(const std::string& what) const
{
    return "stream " + std::to_string(m_frame.streamId) + ": " + what;
}

} // namespace sallyport::mux
