#include <sallyport/net/channel.h>

#include <QRandomGenerator>

#include <algorithm>
#include <utility>

namespace sallyport::net {

namespace {
// Read in one turn, so that a fast link is fair to the others of its thread.
constexpr int ReadsPerTurn = 4;
// Payload of one WebSocket message.
constexpr size_t MessageSize = 64 * 1024;
// What may wait for the wire when a peer makes us answer.
constexpr size_t ReplyLimit = 2 * 1024 * 1024;
} // namespace

Channel::Channel(IoContext& io, Socket socket, ChannelOwner* owner)
    : m_io(io),
      m_socket(std::move(socket)),
      m_owner(owner),
      m_peer(m_socket.peerAddress()),
      m_local(m_socket.localAddress()),
      m_wire(io.pool())
{}

Channel::~Channel()
{
    close();
}

void Channel::startPlain()
{
    m_opened = true;
    m_io.poller().watch(m_socket.descriptor(), this);
    m_owner->channelOpened();
}

void Channel::startTls(std::shared_ptr<const tls::Context> context, std::string_view serverName)
{
    m_tls = std::make_unique<tls::Engine>(std::move(context), m_io.pool(), serverName);
    m_io.poller().watch(m_socket.descriptor(), this);
    flush(); // a client speaks first
}

void Channel::startOpened(std::unique_ptr<tls::Engine> engine)
{
    m_tls = std::move(engine);
    m_opened = true;
    m_io.poller().watch(m_socket.descriptor(), this);
}

void Channel::useWebSocket(wire::WebSocketRole role)
{
    m_webSocket.reset(
        new WebSocket{wire::WebSocketEncoder(role, QRandomGenerator::system()->generate64()),
                      wire::WebSocketDecoder(role), ByteQueue(m_io.pool())});
}

void Channel::receiveEarly(ByteView bytes)
{
    if (!bytes.empty())
        plainBytes(bytes);
}

void Channel::send(ByteQueue& plain)
{
    if (isClosed())
        return plain.clear();
    if (!m_webSocket)
        return toWire(plain);
    while (!plain.empty())
        m_webSocket->encoder.encodeFrom(plain, std::min(plain.size(), MessageSize),
                                        m_webSocket->framed);
    toWire(m_webSocket->framed);
}

void Channel::send(ByteView plain)
{
    ByteQueue queue(m_io.pool());
    queue.append(plain);
    send(queue);
}

void Channel::toWire(ByteQueue& bytes)
{
    if (m_tls) {
        m_tls->write(bytes);
        bytes.clear(); // nothing is left but after a failure, which the next read reports
    } else {
        m_wire.moveFrom(bytes, bytes.size());
    }
}

bool Channel::flush()
{
    if (isClosed() || m_blocked)
        return false;
    ByteQueue& queue = wire();
    while (!queue.empty()) {
        const IoResult result = m_socket.writeFrom(queue);
        if (result.state == IoResult::State::WouldBlock) {
            m_blocked = true;
            m_io.poller().drained(m_socket.descriptor(), Writable);
            return false;
        }
        if (result.state == IoResult::State::Failed) {
            // The reading side reports it, in its own time and not inside somebody's command,
            // behind what the peer said before.
            queue.clear();
            m_blocked = true;
            m_hangUp = true;
            m_writeError = result.error;
            m_io.poller().again(m_socket.descriptor(), Readable);
            return false;
        }
    }
    return true;
}

size_t Channel::backlog() const
{
    return m_tls ? m_tls->output().size() : m_wire.size();
}

void Channel::requestTurn()
{
    if (isClosed())
        return;
    m_turnRequested = true;
    m_io.poller().again(m_socket.descriptor(), 0);
}

void Channel::close()
{
    if (isClosed())
        return;
    if (m_opened) {
        if (m_webSocket) {
            m_webSocket->encoder.close(wire::CloseCode::Normal, {}, m_webSocket->framed);
            toWire(m_webSocket->framed);
        }
        if (m_tls)
            m_tls->shutdown();
    }
    while (!wire().empty() && m_socket.writeFrom(wire()).state == IoResult::State::Ok) {
    }
    m_io.poller().unwatch(m_socket.descriptor());
    m_socket.close();
}

void Channel::onReady(Readiness hints)
{
    if (hints & HangUp)
        m_hangUp = true;
    bool turn = std::exchange(m_turnRequested, false);
    if ((hints & Writable) && m_blocked) {
        m_blocked = false;
        turn |= flush();
    }
    if (turn)
        m_owner->channelTurn();
    if (!isClosed() && (hints & Readable))
        readSome();
}

void Channel::readSome()
{
    for (int i = 0; i < ReadsPerTurn; ++i) {
        const MutableByteView space = m_io.scratch();
        const IoResult result = m_socket.read(space);
        if (result.state != IoResult::State::Ok)
            return readStopped(result);
        wireBytes(space.first(result.bytes));
        if (isClosed())
            return;
        if (result.bytes < space.size() && !m_hangUp) {
            m_io.poller().drained(m_socket.descriptor(), Readable);
            return;
        }
    }
    m_io.poller().again(m_socket.descriptor(), Readable);
}

void Channel::readStopped(const IoResult& result)
{
    if (result.state == IoResult::State::Failed)
        return fail("the connection broke: " + SystemError{result.error}.text());
    if (m_writeError != 0)
        return fail("the connection broke: " + SystemError{m_writeError}.text());
    if (result.state == IoResult::State::End)
        return wireEnded();
    m_io.poller().drained(m_socket.descriptor(), Readable);
}

void Channel::wireBytes(ByteView bytes)
{
    if (m_tls)
        tlsBytes(bytes);
    else
        plainBytes(bytes);
}

void Channel::tlsBytes(ByteView bytes)
{
    m_tls->receive(bytes);
    const MutableByteView plain = m_io.secondScratch();
    size_t n;
    do {
        n = m_tls->read(plain);
        announceTls();
        if (n > 0 && !isClosed())
            plainBytes(plain.first(n));
    } while (n > 0 && !isClosed());
    if (!isClosed())
        afterTls();
}

void Channel::announceTls()
{
    if (m_opened || !m_tls->handshakeDone() || m_tls->state() == tls::State::Failed)
        return;
    m_opened = true;
    flush();
    m_owner->channelOpened();
}

// The engine took all its input: pass on what became of its state, and what it has to answer.
void Channel::afterTls()
{
    if (m_tls->state() == tls::State::Failed)
        return fail(m_tls->error().message);
    if (m_tls->state() == tls::State::PeerClosed) {
        close();
        return m_owner->channelEnded();
    }
    flush();
}

void Channel::plainBytes(ByteView bytes)
{
    if (!m_webSocket)
        return m_owner->channelBytes(bytes);
    // The decoder unmasks in place: the bytes stand in a buffer of this thread's own.
    MutableByteView input(const_cast<std::byte*>(bytes.data()), bytes.size());
    while (!isClosed()) {
        auto event = m_webSocket->decoder.next(input);
        if (!event) {
            m_webSocket->encoder.close(wire::closeCode(event.error()), {}, m_webSocket->framed);
            toWire(m_webSocket->framed);
            return fail("WebSocket: " + std::string(wire::describe(event.error())));
        }
        if (const auto* data = std::get_if<wire::WebSocketDecoder::Data>(&*event))
            m_owner->channelBytes(data->payload);
        else if (!webSocketControl(*event))
            return;
    }
}

// False when there is nothing more to decode.
bool Channel::webSocketControl(const wire::WebSocketDecoder::Event& event)
{
    if (const auto* ping = std::get_if<wire::WebSocketDecoder::Ping>(&event)) {
        m_webSocket->encoder.pong(ping->payload, m_webSocket->framed);
        toWire(m_webSocket->framed);
        flush();
        if (backlog() > ReplyLimit)
            fail("WebSocket: the other side pings and does not read the answers");
        return true;
    }
    if (std::holds_alternative<wire::WebSocketDecoder::Close>(event)) {
        close();
        m_owner->channelEnded();
        return false;
    }
    return std::holds_alternative<wire::WebSocketDecoder::Pong>(event);
}

void Channel::wireEnded()
{
    if (m_tls && m_tls->state() != tls::State::PeerClosed) {
        m_tls->receiveEof();
        m_tls->read(m_io.secondScratch());
        return fail(m_tls->state() == tls::State::Failed ? m_tls->error().message
                                                         : "the connection ended");
    }
    close();
    m_owner->channelEnded();
}

void Channel::fail(const std::string& reason)
{
    if (isClosed())
        return;
    m_opened = false; // no polite end
    close();
    m_owner->channelFailed(reason);
}

} // namespace sallyport::net
