#include "links/h2c_connection.h"

#include "links/link_tunnel.h"

#include <sallyport/base/overloaded.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace sallyport::relay {

namespace {

// Ready for the link and not yet taken by it.
constexpr size_t HighWater = 128 * 1024;

http2::Config configFor(size_t maxHead, size_t maxFields)
{
    http2::Config config;
    config.maxStreams = H2cConnection::MaxStreams;
    config.connectionWindow = config.maxStreams * config.streamWindow;
    config.maxHead = maxHead;
    config.maxFields = maxFields;
    return config;
}

H2cStream* streamOf(void* context)
{
    return static_cast<H2cStream*>(context);
}

} // namespace

H2cConnection::H2cConnection(net::IoContext& io, std::unique_ptr<UpstreamStream> transport,
                             size_t maxHead, size_t maxFields)
    : m_io(io),
      m_transport(std::move(transport)),
      m_session(http2::Role::Client, configFor(maxHead, maxFields), io.pool(), io.now()),
      m_out(io.pool()),
      m_idleSince(io.now())
{
    m_transport->setUser(this);
    outputReady();
}

H2cConnection::~H2cConnection()
{
    if (!m_transport)
        return;
    m_transport->setUser(nullptr);
    m_transport->reset();
    m_io.retire(std::move(m_transport)); // we may be inside one of its callbacks
}

bool H2cConnection::hasRoom() const
{
    // Streams count that have not sent their head yet.
    return m_transport && m_streams.size() < MaxStreams &&
           m_session.room() >
               m_streams.size() - std::min(m_streams.size(), m_session.streamCount());
}

std::unique_ptr<H2cStream> H2cConnection::addStream(std::weak_ptr<LinkTunnel> tunnel)
{
    auto stream = std::make_unique<H2cStream>(shared_from_this(), std::move(tunnel));
    stream->usedBefore = m_proven;
    m_streams.insert(stream.get());
    return stream;
}

void H2cConnection::streamLeft(H2cStream& stream)
{
    m_streams.erase(&stream);
    std::erase(m_failing, &stream);
    if (m_streams.empty())
        m_idleSince = m_io.now();
}

// Not inside its own write().
void H2cConnection::failSoon(H2cStream& stream)
{
    m_failing.push_back(&stream);
    outputReady();
}

void H2cConnection::close()
{
    if (!m_transport)
        return;
    m_session.finishGoAway();
    m_session.takeOutput(m_out, HighWater);
    writeOut();
    end(std::nullopt);
}

// --- the link's stream ---

void H2cConnection::upstreamData(ByteView bytes)
{
    const std::shared_ptr<H2cConnection> alive = shared_from_this();
    m_session.receive(bytes, m_io.now());
    handleEvents();
    if (!m_transport)
        return;
    m_transport->consumed(bytes.size());
    outputReady();
}

void H2cConnection::upstreamFinished()
{
    const std::shared_ptr<H2cConnection> alive = shared_from_this();
    end(std::nullopt);
}

void H2cConnection::upstreamGone(std::optional<wire::StreamFailure> why)
{
    const std::shared_ptr<H2cConnection> alive = shared_from_this();
    end(why);
}

void H2cConnection::upstreamWritable()
{
    outputReady();
}

void H2cConnection::handleEvents()
{
    if (std::exchange(m_handling, true))
        return;
    while (m_transport) {
        std::optional<http2::Event> event = m_session.nextEvent();
        if (!event)
            break;
        handle(*event);
    }
    m_handling = false;
}

void H2cConnection::handle(http2::Event& event)
{
    std::visit(Overloaded{
                   [&](http2::Head& e) {
                       m_proven = true;
                       if (H2cStream* stream = streamOf(e.context))
                           stream->headCame(e);
                   },
                   [&](http2::Data& e) {
                       if (H2cStream* stream = streamOf(e.context))
                           stream->dataCame(e.bytes);
                       else
                           m_session.consumed(e.id, e.bytes.size());
                   },
                   [&](http2::Ended& e) {
                       if (H2cStream* stream = streamOf(e.context))
                           stream->bodyEnded(e.trailers);
                   },
                   [&](http2::Reset& e) {
                       H2cStream* stream = streamOf(e.context);
                       if (!stream)
                           return;
                       // Not processed: whoever may repeat the request does.
                       if (e.byPeer && e.code == http2::ErrorCode::RefusedStream)
                           stream->usedBefore = true;
                       stream->gone(std::nullopt);
                   },
                   [&](http2::Closed& e) {
                       if (H2cStream* stream = streamOf(e.context))
                           stream->gone(std::nullopt);
                   },
                   [&](http2::Taken& e) {
                       if (H2cStream* stream = streamOf(e.context))
                           stream->payloadTaken();
                   },
                   [&](http2::GoAway&) {},
                   [&](http2::Failed&) { outputReady(); },
               },
               event);
}

// --- output ---

void H2cConnection::onTurnEnd()
{
    const std::shared_ptr<H2cConnection> alive = shared_from_this();
    for (H2cStream* stream : std::exchange(m_failing, {})) {
        stream->usedBefore = true; // nothing of it was sent
        stream->gone(std::nullopt);
    }
    while (m_transport && writeOut()) {
        m_session.takeOutput(m_out, HighWater);
        handleEvents();
        if (m_out.empty())
            break;
    }
    if (m_transport && m_out.empty() && m_session.done())
        end(std::nullopt);
}

// False when something is left: upstreamWritable() goes on.
bool H2cConnection::writeOut()
{
    while (!m_out.empty()) {
        const size_t taken = m_transport->write(m_out.front());
        if (taken == 0)
            return false;
        m_out.consume(taken);
    }
    return true;
}

void H2cConnection::end(std::optional<wire::StreamFailure> why)
{
    if (!m_transport)
        return;
    std::unique_ptr<UpstreamStream> transport = std::move(m_transport);
    transport->setUser(nullptr);
    // A clean end for what is queued; nothing else is expected from there.
    const std::shared_ptr<LinkTunnel> tunnel = transport->tunnel();
    if (tunnel && transport->isAttached()) {
        tunnel->letEnd(std::move(transport));
    } else {
        transport->reset();
        m_io.retire(std::move(transport));
    }
    while (!m_streams.empty())
        (*m_streams.begin())->gone(why);
}

} // namespace sallyport::relay
