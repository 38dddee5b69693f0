#include <sallyport/net/stream_pump.h>

#include <algorithm>

namespace sallyport::net {

namespace {
// Read from one socket in one turn, so that a fast one is fair to the others.
constexpr size_t ReadPerTurn = 256 * 1024;
// Reads of this size and more are passed on by reference; smaller ones are copied, so that they do
// not pin a large block each.
constexpr size_t ReferenceFrom = 16 * 1024;
} // namespace

StreamPump::StreamPump(IoContext& io, PumpOwner& owner)
    : m_io(io), m_owner(owner), m_toSocket(io.pool()), m_early(io.pool())
{}

StreamPump::~StreamPump()
{
    if (m_socket.isOpen())
        m_io.poller().unwatch(m_socket.descriptor());
}

void StreamPump::start(StreamSocket socket, ByteView toStream, ByteView toSocket,
                       bool streamFinishedAlready, size_t uncredited)
{
    m_uncredited = uncredited;
    m_socket = std::move(socket);
    m_early.append(toStream);
    m_fromSocket += toStream.size();
    m_toSocket.append(toSocket);
    m_streamFinished = streamFinishedAlready;
    if (m_tap && !toStream.empty())
        m_tap->bytesFromSocket(toStream);
    if (m_tap && !toSocket.empty())
        m_tap->bytesToSocket(toSocket);
    m_io.poller().watch(m_socket.descriptor(), this);
    flushToSocket();
    readSocket();
}

void StreamPump::onReady(Readiness hints)
{
    if (m_ended)
        return;
    if (hints & HangUp)
        m_hangUp = true;
    if ((hints & Writable) && outputLeft())
        flushToSocket();
    if (hints & Readable)
        readSocket();
}

// True when nothing is left of what was read before the start.
bool StreamPump::flushEarly()
{
    while (!m_early.empty()) {
        const size_t taken = write(m_early.front());
        m_early.consume(taken);
        if (taken == 0)
            return false;
    }
    return true;
}

void StreamPump::readSocket()
{
    if (m_ended || m_socketEnded || !isAttached() || !flushEarly())
        return;
    size_t total = 0;
    while (total < ReadPerTurn) {
        const size_t room = writable();
        if (room == 0)
            return waitForRoom(); // streamWritable() goes on
        Buffer& block = m_io.readBlock();
        const size_t wanted = std::min(room, block.capacity());
        const IoResult result = m_socket.read(block.space().first(wanted));
        if (result.state != IoResult::State::Ok)
            return readStopped(result);
        m_fromSocket += result.bytes;
        total += result.bytes;
        if (m_tap)
            m_tap->bytesFromSocket(block.space().first(result.bytes));
        if (result.bytes < ReferenceFrom) {
            write(block.space().first(result.bytes));
        } else {
            Slice slice(block, 0, result.bytes);
            write(slice);
        }
        if (result.bytes < wanted && !m_hangUp) {
            m_io.poller().drained(m_socket.descriptor(), Readable);
            return;
        }
    }
    m_io.poller().again(m_socket.descriptor(), Readable);
}

// A peer that never reads must not keep us waiting for a socket that is broken.
void StreamPump::waitForRoom()
{
    if (m_writeFailed || (m_hangUp && m_socket.takeError().code != 0))
        socketFailed();
}

void StreamPump::readStopped(const IoResult& result)
{
    if (result.state == IoResult::State::Failed || m_writeFailed)
        return socketFailed();
    if (result.state == IoResult::State::WouldBlock) {
        m_io.poller().drained(m_socket.descriptor(), Readable);
        return;
    }
    m_socketEnded = true;
    finish();
}

// What the socket said before it broke goes ahead of the news that it did: a server may answer and
// close while the request still comes.
void StreamPump::writeFailed()
{
    m_writeFailed = true;
    m_toSocket.clear();
    if (m_socketEnded || !isAttached())
        return socketFailed();
    readSocket();
}

void StreamPump::socketFailed()
{
    if (m_ended)
        return;
    closeSocket(PumpEnd::LocalFailed);
    m_socketEnded = true;
    abortBehindData(); // streamReset() follows, but for a stream that never opened
    if (!isAttached())
        end(PumpEnd::LocalFailed);
}

void StreamPump::streamWritable()
{
    readSocket();
}

void StreamPump::streamData(ByteView bytes)
{
    if (m_ended)
        return;
    if (m_writeFailed)
        return consumed(bytes.size());
    if (m_tap)
        m_tap->bytesToSocket(bytes);
    if (m_toSocket.empty()) {
        const IoResult result = m_socket.write(bytes);
        if (result.state == IoResult::State::Failed)
            return writeFailed();
        m_toSocketTotal += result.bytes;
        consumed(result.bytes);
        bytes = bytes.subspan(result.bytes);
        if (bytes.empty())
            return;
        // The socket is full: onReady(Writable) goes on.
        m_io.poller().drained(m_socket.descriptor(), Writable);
    }
    m_toSocket.append(bytes);
}

void StreamPump::flushToSocket()
{
    while (outputLeft()) {
        const IoResult result = m_socket.writeFrom(m_toSocket);
        if (result.state == IoResult::State::WouldBlock) {
            m_io.poller().drained(m_socket.descriptor(), Writable);
            return;
        }
        if (result.state == IoResult::State::Failed)
            return writeFailed();
        m_toSocketTotal += result.bytes;
        const size_t own = std::min(m_uncredited, result.bytes);
        m_uncredited -= own;
        consumed(result.bytes - own);
    }
    finishSocketIfDone();
}

void StreamPump::streamFinished()
{
    m_streamFinished = true;
    finishSocketIfDone();
}

void StreamPump::finishSocketIfDone()
{
    if (!m_streamFinished || m_socketShut || m_writeFailed || m_ended || outputLeft())
        return;
    m_socketShut = true;
    m_socket.shutdownWrite();
    if (!isAttached())
        end(PumpEnd::Clean);
}

void StreamPump::streamReset()
{
    // The socket is closed already when it was the one that failed.
    end(m_socket.isOpen() ? PumpEnd::StreamAborted : PumpEnd::LocalFailed);
}

void StreamPump::streamClosed()
{
    // Both halves of the stream are done; its last bytes may still wait for the socket.
    m_streamFinished = true;
    if (!outputLeft())
        end(PumpEnd::Clean);
}

void StreamPump::end(PumpEnd how)
{
    if (m_ended)
        return;
    m_ended = true;
    closeSocket(how);
    reset();
    m_owner.pumpEnded(*this, how);
}

void StreamPump::closeSocket(PumpEnd how)
{
    if (!m_socket.isOpen())
        return;
    m_io.poller().unwatch(m_socket.descriptor());
    if (how == PumpEnd::Clean)
        m_socket.close();
    else
        m_socket.abort();
}

} // namespace sallyport::net
