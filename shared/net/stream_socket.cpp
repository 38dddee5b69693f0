#include <sallyport/net/stream_socket.h>

#include <algorithm>
#include <cerrno>

namespace sallyport::net {

using State = IoResult::State;

namespace {
// Reads of a socket for one read of plaintext; a peer that sends records without content for longer
// waits for the next turn.
constexpr int ReadsForOne = 16;
// Ciphertext read at once. Not much more than the plaintext that is wanted, for the rest is copied.
constexpr size_t LeastRead = 4 * 1024;
constexpr size_t RecordOverhead = 64;
} // namespace

StreamSocket::StreamSocket(IoContext& io, Socket socket,
                           std::shared_ptr<const tls::Context> context)
    : m_socket(std::move(socket)),
      m_tls(
          new Tls{&io, std::make_unique<tls::Engine>(std::move(context), io.pool()), {}, 0, false})
{}

IoResult StreamSocket::readTls(MutableByteView into)
{
    tls::Engine& engine = *m_tls->engine;
    size_t total = 0;
    IoResult last{State::WouldBlock, 0, 0};
    bool drained = false;
    bool again = false;
    // A block of its own and not the thread's scratch: the caller may stand in the middle of that.
    Buffer block;
    for (int reads = 0;; ++reads) {
        if (!into.empty() || !engine.handshakeDone())
            total += engine.read(into.subspan(total));
        engine.keepInput();
        const bool usable =
            engine.state() == tls::State::Open || engine.state() == tls::State::Handshaking;
        if (!usable || (into.empty() && engine.handshakeDone()))
            break;
        // A short read with something to show for it ends the matter, as with a plain socket.
        if (total > 0 && (total == into.size() || drained))
            break;
        if ((again = reads == ReadsForOne))
            break;
        if (!block)
            block = m_tls->io->pool().acquire(BufferPool::LargeBlock);
        const size_t wanted =
            std::clamp(into.size() - total + RecordOverhead, LeastRead, block.capacity());
        const IoResult result = m_socket.read(block.space().first(wanted));
        if (result.state != State::Ok) {
            last = result;
            break;
        }
        drained = result.bytes < wanted;
        engine.receive(block.space().first(result.bytes));
    }
    flush();
    if (total == 0 && !again)
        return readOutcome(last);
    const bool over = last.state == State::End || last.state == State::Failed ||
                      engine.state() == tls::State::Failed ||
                      engine.state() == tls::State::PeerClosed;
    if (last.state == State::Failed)
        m_tls->error = last.error;
    // What ended it may have used up the hint that the caller waits for.
    if (again || (over && total < into.size()))
        m_tls->io->poller().again(m_socket.descriptor(), Readable);
    return {total > 0 ? State::Ok : State::WouldBlock, total, 0};
}

// Nothing came; why, in the words of a socket.
IoResult StreamSocket::readOutcome(const IoResult& last)
{
    tls::Engine& engine = *m_tls->engine;
    if (engine.state() == tls::State::PeerClosed)
        return {State::End, 0, 0};
    if (engine.state() == tls::State::Failed)
        return failed(m_tls->error ? m_tls->error : EPROTO);
    if (last.state == State::Failed || m_tls->error)
        return failed(m_tls->error ? m_tls->error : last.error);
    if (last.state == State::End) {
        engine.receiveEof();
        engine.read(m_tls->io->secondScratch());
        return failed(ECONNABORTED);
    }
    return {State::WouldBlock, 0, 0};
}

IoResult StreamSocket::failed(int error)
{
    m_tls->error = error;
    return {State::Failed, 0, error};
}

IoResult StreamSocket::handshake()
{
    if (!m_tls || m_tls->engine->handshakeDone())
        return {};
    const IoResult result = readTls({});
    return m_tls->engine->handshakeDone() && m_tls->engine->state() != tls::State::Failed
               ? IoResult{}
               : result;
}

IoResult StreamSocket::flush()
{
    if (!m_tls || !isOpen())
        return {};
    ByteQueue& output = m_tls->engine->output();
    while (!output.empty()) {
        const IoResult result = m_socket.writeFrom(output);
        if (result.state == State::WouldBlock)
            m_tls->io->poller().drained(m_socket.descriptor(), Writable);
        if (result.state != State::Ok)
            return result.state == State::Failed ? failed(result.error) : result;
    }
    if (std::exchange(m_tls->finAfterOutput, false))
        m_socket.shutdownWrite();
    return {};
}

IoResult StreamSocket::writeTls(ByteView bytes)
{
    IoResult result = flush();
    if (result.state != State::Ok)
        return result;
    size_t done = 0;
    while (done < bytes.size()) {
        const size_t n =
            m_tls->engine->write(bytes.subspan(done, std::min(bytes.size() - done, WriteChunk)));
        if (n == 0)
            return failed(EPIPE);
        done += n;
        result = flush();
        if (result.state == State::Failed)
            return result;
        if (result.state == State::WouldBlock)
            break;
    }
    return {State::Ok, done, 0};
}

IoResult StreamSocket::writeTlsFrom(ByteQueue& queue)
{
    IoResult result = flush();
    if (result.state != State::Ok || queue.empty())
        return result;
    const size_t n = m_tls->engine->write(queue, WriteChunk);
    if (n == 0)
        return failed(EPIPE);
    result = flush();
    if (result.state == State::Failed)
        return result;
    return {State::Ok, n, 0};
}

void StreamSocket::shutdownWrite()
{
    if (!m_tls)
        return m_socket.shutdownWrite();
    m_tls->engine->shutdown();
    m_tls->finAfterOutput = true;
    flush();
}

void StreamSocket::close()
{
    if (m_tls && isOpen() && m_tls->error == 0) {
        m_tls->engine->shutdown();
        while (!m_tls->engine->output().empty() &&
               m_socket.writeFrom(m_tls->engine->output()).state == State::Ok) {
        }
    }
    m_socket.close();
}

void StreamSocket::abort()
{
    m_socket.abort();
}

SystemError StreamSocket::takeError()
{
    if (m_tls && m_tls->error)
        return {m_tls->error};
    return m_socket.takeError();
}

void StreamSocket::detach()
{
    if (!m_tls)
        return;
    m_tls->carried = m_tls->engine->detach();
    m_tls->io = nullptr;
}

void StreamSocket::attach(IoContext& io)
{
    if (!m_tls || m_tls->io == &io)
        return;
    m_tls->io = &io;
    m_tls->engine->attach(io.pool(), std::exchange(m_tls->carried, {}));
}

StreamSocket::Parts StreamSocket::release()
{
    Parts parts{std::move(m_socket), nullptr};
    if (m_tls)
        parts.engine = std::move(m_tls->engine);
    m_tls.reset();
    return parts;
}

} // namespace sallyport::net
