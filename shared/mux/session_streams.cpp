// A session's life, its time-outs, and how its streams come and go.
#include "session_impl.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace sallyport::mux {

namespace {

StreamId firstId(Role role, const Config& config)
{
    const StreamId first = role == Role::Client ? 1 : 2;
    assert(config.firstStreamId == 0 || config.firstStreamId % 2 == first % 2);
    return config.firstStreamId ? config.firstStreamId : first;
}

Config sane(Config config)
{
    config.maxFrame = std::clamp<uint32_t>(config.maxFrame, 1, 16 * 1024 * 1024);
    config.streamQueueLimit = std::max<size_t>(config.streamQueueLimit, 1);
    config.queueLimit = std::max<size_t>(config.queueLimit, 1);
    return config;
}

} // namespace

// --- life ---

Session::Impl::Impl(Role role, const Config& config, BufferPool& pool, TimePoint now)
    : m_config(sane(config)),
      m_pool(pool),
      m_now(now),
      m_timers(m_config, now),
      m_windows(m_config),
      m_control(m_config.maxPendingResets),
      m_keepAlive(m_config, now),
      m_nextId(firstId(role, config))
{
    // At once, so that the round trip is known before windows should grow.
    if (m_keepAlive.takeDue(now))
        sendPing(now);
}

void Session::Impl::fail(SessionError error, std::string detail)
{
    assert(!m_failed);
    m_failed = true;
    m_failure = SessionFailed{error, std::move(detail)};
    m_reader.stop();
    m_control.clear();
    m_scheduler.abandon();
    m_timers.abandon();
    m_endings.abandon();
    m_writable.abandon();
    m_streams.clear();
    m_windows.releaseAll();
    m_queued = 0;
    // There is nobody to tell in the other two cases.
    if (error != SessionError::PeerGoAway && error != SessionError::PingTimeout)
        m_control.setGoAway(GoAwayCode::ProtocolError);
}

// --- time ---

void Session::Impl::handleTimeout(TimePoint now)
{
    advance(now);
    if (m_failed)
        return;
    if (m_keepAlive.isDead(now))
        return fail(SessionError::PingTimeout);
    if (m_keepAlive.takeDue(now))
        sendPing(now);
    while (Stream* stream = m_timers.popExpired(now)) {
        const bool open = stream->timer == Stream::Timer::Open;
        stream->timer = Stream::Timer::None;
        abort(*stream, open ? ResetReason::OpenTimeout : ResetReason::CloseTimeout);
        if (m_failed)
            return;
    }
}

void Session::Impl::advance(TimePoint now)
{
    m_now = now;
    m_timers.advance(now);
}

std::optional<TimePoint> Session::Impl::nextDeadline() const
{
    if (m_failed)
        return std::nullopt;
    return earliest(m_keepAlive.nextDeadline(), m_timers.nextDeadline());
}

void Session::Impl::ping(TimePoint now)
{
    if (!m_failed && !m_control.pingPending())
        sendPing(now);
}

void Session::Impl::sendPing(TimePoint now)
{
    if (const auto id = m_keepAlive.start(now))
        m_control.addPing(*id);
}

// --- streams come and go ---

Result<StreamId, OpenError> Session::Impl::openStream(TimePoint now)
{
    advance(now);
    if (m_failed)
        return Failure(OpenError::SessionFailed);
    if (m_peerGoingAway)
        return Failure(OpenError::PeerGoingAway);
    if (m_nextId > UINT32_MAX)
        return Failure(OpenError::IdsExhausted);
    if (m_streams.size() >= m_config.maxStreams)
        return Failure(OpenError::TooManyStreams);
    if (m_unacknowledged >= m_config.backlog)
        return Failure(OpenError::BacklogFull);

    Stream& stream = addStream(static_cast<StreamId>(m_nextId), StreamState::openedHere(), now);
    m_nextId += 2;
    ++m_unacknowledged;
    m_timers.startOpen(stream, now);
    m_scheduler.addControl(stream);
    return stream.id;
}

Stream& Session::Impl::addStream(StreamId id, StreamState state, TimePoint now)
{
    return m_streams.insert(std::make_unique<Stream>(id, state, m_pool, now));
}

Stream* Session::Impl::live(StreamId id)
{
    Stream* stream = m_streams.find(id);
    return stream && stream->ending == Stream::Ending::None ? stream : nullptr;
}

// One that the peer may speak of: it was told of it, and did not end it.
Stream* Session::Impl::liveForPeer(StreamId id)
{
    Stream* stream = live(id);
    return stream && !stream->state.unannounced() ? stream : nullptr;
}

void Session::Impl::accept(StreamId id)
{
    Stream* stream = live(id);
    if (stream)
        acceptNow(*stream);
}

void Session::Impl::acceptNow(Stream& stream)
{
    if (!stream.state.apply(StreamState::Signal::Accepted))
        return;
    --m_unaccepted;
    m_scheduler.addControl(stream);
}

void Session::Impl::finish(StreamId id)
{
    Stream* stream = live(id);
    if (!stream || !stream->state.apply(StreamState::Signal::FinishRequested))
        return;
    acceptNow(*stream);
    stream->wantsRoom = false;
    m_writable.remove(*stream);
    if (stream->queue.empty())
        m_scheduler.addControl(*stream);
}

void Session::Impl::reset(StreamId id)
{
    Stream* stream = m_streams.find(id);
    if (!stream)
        return;
    if (stream->ending == Stream::Ending::None)
        sendReset(*stream);
    if (!m_failed)
        remove(*stream);
}

// The peer hears of it, the caller by an event.
void Session::Impl::abort(Stream& stream, ResetReason reason)
{
    stream.resetReason = reason;
    sendReset(stream);
    if (!m_failed)
        announceEnding(stream, Stream::Ending::Reset);
}

void Session::Impl::sendReset(Stream& stream)
{
    if (!stream.state.unannounced())
        queueReset(stream.id);
}

void Session::Impl::queueReset(StreamId id)
{
    if (!m_control.addReset(id))
        fail(SessionError::ResetFlood);
}

void Session::Impl::announceEnding(Stream& stream, Stream::Ending ending)
{
    detach(stream);
    stream.ending = ending;
    m_endings.pushBack(stream);
}

void Session::Impl::remove(Stream& stream)
{
    if (stream.ending == Stream::Ending::None)
        detach(stream);
    else
        m_endings.remove(stream);
    m_streams.erase(stream);
}

// Takes the stream out of everything but the table.
void Session::Impl::detach(Stream& stream)
{
    m_scheduler.remove(stream);
    m_timers.stop(stream);
    m_windows.release(stream.window);
    leaveHandshake(stream);
    m_writable.remove(stream);
    m_queued -= stream.queue.size();
    stream.queue.clear();
}

void Session::Impl::leaveHandshake(const Stream& stream)
{
    if (stream.state.awaitsAck())
        --m_unacknowledged;
    else if (stream.state.awaitsAccept())
        --m_unaccepted;
}

void Session::Impl::goAway(GoAwayCode code)
{
    if (m_failed)
        return;
    m_goingAway = true;
    m_control.setGoAway(code);
}

void Session::Impl::setContext(StreamId id, void* context)
{
    if (Stream* stream = m_streams.find(id))
        stream->context = context;
}

void Session::Impl::setUrgent(StreamId id)
{
    if (Stream* stream = live(id))
        m_scheduler.setUrgent(*stream);
}

} // namespace sallyport::mux
