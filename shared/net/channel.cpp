#include <sallyport/net/channel.h>

#include <QRandomGenerator>

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
    : m_io(io)
    , m_socket(std::move(socket))
    , m_owner(owner)
    , m_peer(m_socket.peerAddress())
    , m_local(m_socket.localAddress())
    , m_wire(io.pool())
{}

Channel::~Channel() { close(); }

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
    if (isClosed())
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
            // The reading side reports it, in its own time and not inside somebody's command.
            queue.clear();
            m_hangUp = true;
            m_io.poller().again(m_socket.descriptor(), Readable);
            return false;
        }
    }
    m_blocked = false;
    return true;
}

size_t Channel::backlog() const { return m_tls ? m_tls->output().size() : m_wire.size(); }

void Channel::requestTurn()
{
    if (!isClosed())
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
    if (!wire().empty())
        m_socket.writeFrom(wire());
    m_io.poller().unwatch(m_socket.descriptor());
    m_socket.close();
}

void Channel::onReady(Readiness hints)
{
    if (hints & HangUp)
        m_hangUp = true;
    if ((hints & Writable) && m_blocked && flush())
        m_owner->channelTurn();
    if (!isClosed() && hints == 0)
        m_owner->channelTurn();
    if (!isClosed() && (hints & Readable))
        readSome();
}

void Channel::readSome()
{
    for (int i = 0; i < ReadsPerTurn; ++i) {
        const MutableByteView space = m_io.scratch();
        const IoResult result = m_socket.read(space);
        if (result.state == IoResult::State::WouldBlock) {
            m_io.poller().drained(m_socket.descriptor(), Readable);
            return;
        }
        if (result.state == IoResult::State::Failed)
            return fail("the connection broke: " + SystemError{result.error}.text());
        if (result.state == IoResult::State::End)
            return wireEnded();
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
    for (;;) {
        const size_t n = m_tls->read(plain);
        afterTls();
        if (n == 0 || isClosed())
            return;
        plainBytes(plain.first(n));
        if (isClosed())
            return;
    }
}

// The engine was driven: pass on what became of its state.
void Channel::afterTls()
{
    if (!m_opened && m_tls->handshakeDone()) {
        m_opened = true;
        flush();
        m_owner->channelOpened();
        return;
    }
    if (m_tls->state() == tls::State::Failed)
        return fail(m_tls->error().message);
    if (m_tls->state() == tls::State::PeerClosed && !isClosed()) {
        close();
        return m_owner->channelEnded();
    }
    if (!m_opened && !m_tls->output().empty())
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
