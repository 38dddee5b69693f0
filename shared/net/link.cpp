#include <sallyport/base/overloaded.h>
#include <sallyport/net/link.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace sallyport::net {

namespace {
// Ready for the wire and not yet taken by the system. Small, so that control frames, which overtake
// payload only until it is taken out of the session, are never far behind.
constexpr size_t WireHighWater = 512 * 1024;
constexpr size_t WireLowWater = 128 * 1024;
} // namespace

Link::Link(IoContext& io, std::unique_ptr<Channel> channel, mux::Role role,
           const mux::Config& config, LinkOwner& owner)
    : m_io(io),
      m_channel(std::move(channel)),
      m_session(role, config, io.pool(), io.now()),
      m_owner(owner),
      m_out(io.pool()),
      m_deadline(io.deadlines(),
                 [this] {
                     m_session.handleTimeout(m_io.now());
                     handleEvents();
                     scheduleFlush();
                 }),
      m_maxStreams(config.maxStreams)
{
    m_channel->setOwner(this);
}

Link::~Link()
{
    while (m_streams)
        detach(*m_streams);
}

void Link::start(ByteView early)
{
    scheduleFlush();
    if (!early.empty())
        channelBytes(early);
    armDeadline();
}

Result<mux::StreamId, mux::OpenError> Link::open(LinkStream& stream)
{
    if (m_closed)
        return Failure(mux::OpenError::SessionFailed);
    auto opened = m_session.openStream(m_io.now());
    if (opened)
        attach(*opened, stream);
    return opened;
}

bool Link::openInTurn(LinkStream& stream, ByteView preface)
{
    if (m_closed)
        return false;
    // Who came first opens first.
    if (m_opening.empty()) {
        const auto opened = m_session.openStream(m_io.now());
        if (opened)
            return openNow(stream, *opened, preface);
        if (opened.error() != mux::OpenError::BacklogFull)
            return false;
    }
    if (m_opening.size() + m_session.streamCount() >= m_maxStreams)
        return false;
    enlist(stream);
    stream.m_opening = true;
    m_opening.push_back({&stream, std::string(asText(preface))});
    return true;
}

bool Link::openNow(LinkStream& stream, mux::StreamId id, ByteView preface)
{
    attach(id, stream);
    return m_session.write(id, preface) == preface.size();
}

// As many as the peer's acknowledgements allow now.
void Link::openWaiting()
{
    while (!m_closed && !m_opening.empty()) {
        const auto opened = m_session.openStream(m_io.now());
        if (!opened && opened.error() == mux::OpenError::BacklogFull)
            return;
        const Opening next = std::move(m_opening.front());
        m_opening.pop_front();
        LinkStream& stream = *next.stream;
        const bool finished = stream.m_finished;
        stream.m_opening = false;
        detach(stream);
        if (!opened) {
            stream.streamReset();
            continue;
        }
        openNow(stream, *opened, asBytes(next.preface));
        if (finished)
            stream.finish();
        else
            stream.streamWritable();
    }
}

// Among the link's streams.
void Link::enlist(LinkStream& stream)
{
    stream.m_link = this;
    stream.m_id = 0;
    stream.m_finished = false;
    stream.m_previous = nullptr;
    stream.m_next = m_streams;
    if (m_streams)
        m_streams->m_previous = &stream;
    m_streams = &stream;
}

void Link::attach(mux::StreamId id, LinkStream& stream)
{
    enlist(stream);
    stream.m_id = id;
    m_session.setContext(id, &stream);
    m_session.accept(id);
    scheduleFlush();
    armDeadline();
}

void Link::refuse(mux::StreamId id)
{
    m_session.reset(id);
    scheduleFlush();
}

void Link::reattach(LinkStream& from, LinkStream& to)
{
    const mux::StreamId id = from.m_id;
    const bool finished = from.m_finished;
    detach(from);
    attach(id, to);
    to.m_finished = finished;
}

void Link::reject(mux::StreamId id, uint32_t code)
{
    for (LinkStream* stream = m_streams; stream; stream = stream->m_next) {
        if (stream->m_id != id)
            continue;
        m_session.reset(id);
        detach(*stream);
        scheduleFlush();
        return stream->streamRejected(code);
    }
}

void Link::detach(LinkStream& stream)
{
    stream.stopWaiting();
    if (std::exchange(stream.m_aborting, false))
        --m_aborting;
    if (std::exchange(stream.m_opening, false))
        std::erase_if(m_opening, [&](const Opening& one) { return one.stream == &stream; });
    (stream.m_previous ? stream.m_previous->m_next : m_streams) = stream.m_next;
    if (stream.m_next)
        stream.m_next->m_previous = stream.m_previous;
    stream.m_previous = stream.m_next = nullptr;
    stream.m_link = nullptr;
}

void Link::goAway()
{
    m_session.goAway(mux::GoAwayCode::Normal);
    scheduleFlush();
}

void Link::close(const std::string& reason)
{
    if (m_closed)
        return;
    m_closed = true;
    m_deadline.clear();
    if (!m_channel->isClosed()) {
        m_session.takeOutput(m_out, WireHighWater);
        m_channel->send(m_out);
        m_channel->flush();
        m_channel->close();
    }
    while (m_streams) {
        LinkStream& stream = *m_streams;
        detach(stream);
        stream.streamReset();
    }
    m_owner.linkClosed(reason);
}

void Link::channelBytes(ByteView bytes)
{
    m_session.receive(bytes, m_io.now());
    handleEvents();
}

void Link::channelEnded()
{
    close("the other side closed the link");
}

void Link::channelFailed(const std::string& reason)
{
    close(reason);
}

void Link::channelTurn()
{
    handleEvents();
    if (!m_closed)
        scheduleFlush();
}

void Link::handleEvents()
{
    deliverEvents();
    if (m_closed || m_deliveringEvents)
        return;
    if (m_session.hasOutput())
        scheduleFlush();
    armDeadline();
}

void Link::deliverEvents()
{
    if (m_deliveringEvents)
        return;
    m_deliveringEvents = true;
    while (!m_closed) {
        std::optional<mux::Event> event = m_session.nextEvent();
        if (!event)
            break;
        handleEvent(*event);
    }
    openWaiting();
    m_deliveringEvents = false;
}

namespace {
LinkStream* streamOf(void* context)
{
    return static_cast<LinkStream*>(context);
}
} // namespace

void Link::handleEvent(mux::Event& event)
{
    std::visit(Overloaded{
                   [&](const mux::Data& e) {
                       LinkStream* const stream = streamOf(e.context);
                       if (stream && stream->m_aborting)
                           stream->consumed(e.bytes.size());
                       else if (stream)
                           stream->streamData(e.bytes);
                   },
                   [&](const mux::StreamOpened& e) { m_owner.linkStreamOpened(e.id); },
                   [&](const mux::StreamAccepted&) {},
                   [&](const mux::StreamFinished& e) {
                       LinkStream* const stream = streamOf(e.context);
                       if (stream && !stream->m_aborting)
                           stream->streamFinished();
                   },
                   [&](const mux::StreamReset& e) {
                       if (LinkStream* stream = streamOf(e.context)) {
                           detach(*stream);
                           stream->streamReset();
                       }
                   },
                   [&](const mux::StreamClosed& e) {
                       if (LinkStream* stream = streamOf(e.context)) {
                           detach(*stream);
                           stream->streamClosed();
                       }
                   },
                   [&](const mux::StreamWritable& e) {
                       LinkStream* const stream = streamOf(e.context);
                       if (stream && !stream->m_aborting) {
                           stream->stopWaiting();
                           stream->streamWritable();
                       }
                   },
                   [&](const mux::PingAnswered& e) { m_owner.linkRoundTrip(e.roundTrip); },
                   [&](const mux::GoAwayReceived&) { m_owner.linkGoingAway(); },
                   [&](const mux::SessionFailed& e) {
                       close(std::string(mux::toString(e.error)) + (e.detail.empty() ? "" : ": ") +
                             e.detail);
                   },
               },
               event);
}

void Link::onTurnEnd()
{
    if (m_closed)
        return;
    size_t moved = 0;
    while (m_channel->backlog() < WireLowWater && m_session.hasOutput()) {
        moved += m_session.takeOutput(m_out, WireHighWater);
        m_channel->send(m_out);
        if (!m_channel->flush())
            break;
    }
    if (m_channel->backlog() > 0)
        m_channel->flush();
    abortStreams();
    if (m_closed)
        return;
    if (moved > 0 && m_waiting > 0) {
        // Whoever waited for room reads on in the next turn, so that a fast producer does not keep
        // the loop from the other descriptors.
        m_channel->requestTurn();
    } else {
        // A stream may have ended with its last frame.
        deliverEvents();
        if (!m_closed)
            armDeadline();
    }
}

// All of the session's payload has left, and with it that of the streams that wait to be aborted.
void Link::abortStreams()
{
    if (!m_abortBy || (m_session.queuedBytes() > 0 && m_io.now() < *m_abortBy))
        return;
    m_abortBy.reset();
    LinkStream* stream = m_streams;
    while (m_aborting > 0) {
        while (!stream->m_aborting)
            stream = stream->m_next;
        m_session.reset(stream->m_id);
        detach(*stream);
        scheduleFlush();
        stream->streamReset();
        stream = m_streams; // the call may have changed the list
    }
}

void Link::armDeadline()
{
    m_deadline.set(earliest(m_session.nextDeadline(), m_abortBy));
}

} // namespace sallyport::net
