#include "session_impl.h"

#include <algorithm>
#include <cassert>

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

// --- Impl: life ---

Session::Impl::Impl(Role role, const Config& config, BufferPool& pool, TimePoint now)
    : m_config(sane(config)),
      m_pool(pool),
      m_now(now),
      m_timers(m_config),
      m_windows(m_config),
      m_control(size_t{m_config.maxStreams} + m_config.backlog),
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
    m_queued = 0;
    // There is nobody to tell in the other two cases.
    if (error != SessionError::PeerGoAway && error != SessionError::PingTimeout)
        m_control.setGoAway(GoAwayCode::ProtocolError);
}

// --- Impl: time ---

void Session::Impl::handleTimeout(TimePoint now)
{
    m_now = now;
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

// --- Impl: streams come and go ---

Result<StreamId, OpenError> Session::Impl::openStream(TimePoint now)
{
    m_now = now;
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
    if (stream->eventHook.isLinked())
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
    else if (stream.eventHook.isLinked())
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
    if (stream.eventHook.isLinked())
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

// --- Impl: payload ---

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
    return std::min(ownRoom(stream), m_config.queueLimit - std::min(m_config.queueLimit, m_queued));
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

template <typename Append>
size_t Session::Impl::write(StreamId id, size_t wanted, Append&& append)
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
    m_now = now;
    Stream* stream = live(id);
    if (!stream || bytes == 0)
        return;
    assert(bytes <= stream->window.unread);
    const auto n = static_cast<uint32_t>(std::min<size_t>(bytes, stream->window.unread));
    const auto advice = m_windows.consumed(stream->window, n, now, m_keepAlive.underLoad());
    m_timers.touch(*stream, now);
    if (!stream->state.canReceive())
        return;
    if (advice.sendCredit)
        m_scheduler.addControl(*stream);
    if (advice.measureRoundTrip && m_keepAlive.mayMeasure(now))
        sendPing(now);
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

uint32_t Session::Impl::receiveWindow(StreamId id)
{
    const Stream* stream = live(id);
    return stream ? stream->window.size : 0;
}

// --- the public face ---

namespace {

// Checks the invariants when a call begins and when it ends; nothing in release builds.
template <typename Impl>
class Checked
{
public:
#ifndef NDEBUG
    explicit Checked(Impl& impl) : m_impl(impl)
    {
        m_impl.checkInvariants();
    }
    ~Checked()
    {
        m_impl.checkInvariants();
    }
#else
    explicit Checked(Impl& impl) : m_impl(impl) {}
#endif
    Checked(const Checked&) = delete;
    Checked& operator=(const Checked&) = delete;
    Impl* operator->()
    {
        return &m_impl;
    }

private:
    Impl& m_impl;
};

} // namespace

Session::Session(Role role, const Config& config, BufferPool& pool, TimePoint now)
    : m(std::make_unique<Impl>(role, config, pool, now))
{}
Session::~Session() = default;

void Session::receive(ByteView bytes, TimePoint now)
{
    Checked(*m)->receive(bytes, now);
}
void Session::handleTimeout(TimePoint now)
{
    Checked(*m)->handleTimeout(now);
}

Result<StreamId, OpenError> Session::openStream(TimePoint now)
{
    return Checked(*m)->openStream(now);
}
void Session::accept(StreamId id)
{
    Checked(*m)->accept(id);
}
void Session::setContext(StreamId id, void* context)
{
    m->setContext(id, context);
}
void Session::setUrgent(StreamId id)
{
    Checked(*m)->setUrgent(id);
}
size_t Session::writable(StreamId id) const
{
    return m->writable(id);
}

size_t Session::write(StreamId id, ByteView bytes)
{
    return Checked(*m)->write(id, bytes.size(),
                              [&](ByteQueue& queue, size_t n) { queue.append(bytes.first(n)); });
}

size_t Session::write(StreamId id, Slice& slice)
{
    return Checked(*m)->write(id, slice.size(), [&](ByteQueue& queue, size_t n) {
        if (n == slice.size())
            queue.append(std::exchange(slice, Slice()));
        else
            queue.append(slice.takePrefix(n));
    });
}

void Session::finish(StreamId id)
{
    Checked(*m)->finish(id);
}
void Session::reset(StreamId id)
{
    Checked(*m)->reset(id);
}
void Session::consumed(StreamId id, size_t bytes, TimePoint now)
{
    Checked(*m)->consumed(id, bytes, now);
}
void Session::ping(TimePoint now)
{
    Checked(*m)->ping(now);
}
void Session::goAway(GoAwayCode code)
{
    Checked(*m)->goAway(code);
}

std::optional<Event> Session::nextEvent()
{
    return Checked(*m)->nextEvent();
}
size_t Session::takeOutput(ByteQueue& out, size_t maxBytes)
{
    return Checked(*m)->takeOutput(out, maxBytes);
}
bool Session::hasOutput() const
{
    return m->hasOutput();
}
std::optional<TimePoint> Session::nextDeadline() const
{
    return m->nextDeadline();
}

bool Session::failed() const
{
    return m->failed();
}
size_t Session::streamCount() const
{
    return m->streamCount();
}
size_t Session::unreadBytes() const
{
    return m->unreadBytes();
}
size_t Session::queuedBytes() const
{
    return m->queuedBytes();
}
std::optional<Duration> Session::roundTrip() const
{
    return m->roundTrip();
}
uint32_t Session::receiveWindow(StreamId id) const
{
    return m->receiveWindow(id);
}

} // namespace sallyport::mux
