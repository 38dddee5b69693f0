// A connection's byte stream: a socket, or a socket with TLS over it. It is used like a Socket
// either way, and what is plain pays one comparison a call.
//
// What differs with TLS:
//   - write() and writeFrom() may take a little more than the system does (WriteChunk at most),
//     which then waits encrypted: outputPending(). It leaves with the next write, or with flush()
//     when the descriptor is writable, for which the poller has been asked;
//   - a read that fills only a part of its buffer found the socket empty, as with a plain one;
//   - End is the peer's close_notify. An end of the bytes without it is Failed: whoever leaves so
//     wants no answer, and may be somebody else who cut the connection;
//   - shutdownWrite() sends close_notify, then FIN. abort() sends none, so that the peer does not
//     take what it has for everything.
//
// Threads: one. Between two of them: detach() on the old one with the descriptor unwatched,
// attach() on the new one before any other call.
#pragma once

#include <sallyport/net/io_context.h>
#include <sallyport/net/socket.h>
#include <sallyport/tls/engine.h>

#include <memory>
#include <string>
#include <utility>

namespace sallyport::net {

class StreamSocket
{
public:
    // Plaintext that may be encrypted ahead of the system, beyond what it takes.
    static constexpr size_t WriteChunk = 64 * 1024;

    StreamSocket() = default;
    StreamSocket(Socket plain) : m_socket(std::move(plain)) {}
    // Server side of a handshake that has not begun. handshake() brings it forward, and so does
    // read().
    StreamSocket(IoContext& io, Socket socket, std::shared_ptr<const tls::Context> context);

    bool isOpen() const { return m_socket.isOpen(); }
    int descriptor() const { return m_socket.descriptor(); }
    Address localAddress() const { return m_socket.localAddress(); }

    IoResult read(MutableByteView into) { return m_tls ? readTls(into) : m_socket.read(into); }
    IoResult write(ByteView bytes) { return m_tls ? writeTls(bytes) : m_socket.write(bytes); }
    IoResult writeFrom(ByteQueue& queue)
    {
        return m_tls ? writeTlsFrom(queue) : m_socket.writeFrom(queue);
    }
    bool outputPending() const { return m_tls && !m_tls->engine->output().empty(); }
    // WouldBlock when something is left.
    IoResult flush();

    // Ok: it is done. WouldBlock: more bytes must come or go. End, Failed: it will not be;
    // tls()->error() says why.
    IoResult handshake();

    void shutdownWrite();
    void close();
    // Closes with a reset.
    void abort();
    SystemError takeError();

    // Null for a plain one.
    const tls::Engine* tls() const { return m_tls ? m_tls->engine.get() : nullptr; }

    void detach();
    void attach(IoContext& io);

    // Takes it apart, for another driver of the same connection.
    struct Parts
    {
        Socket socket;
        std::unique_ptr<tls::Engine> engine; // null: plain
    };
    Parts release();

private:
    struct Tls
    {
        IoContext* io;
        std::unique_ptr<tls::Engine> engine;
        tls::Engine::Carried carried; // between two threads
        int error = 0;
        bool finAfterOutput = false;
    };
    IoResult readTls(MutableByteView into);
    IoResult readOutcome(const IoResult& last);
    IoResult writeTls(ByteView bytes);
    IoResult writeTlsFrom(ByteQueue& queue);
    IoResult failed(int error);

    Socket m_socket;
    std::unique_ptr<Tls> m_tls;
};

} // namespace sallyport::net
