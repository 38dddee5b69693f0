// The visitor's end of a connection, as HTTP/1 and HTTP/2 drive it: the socket, whether the system
// has more for us or takes no more from us, and what waits to be sent.
//
// Threads: its worker's. Lifetime: its visitor's; it leaves the poller when it goes.
#pragma once

#include <sallyport/base/byte_queue.h>
#include <sallyport/net/io_context.h>
#include <sallyport/net/stream_socket.h>

#include <cstddef>
#include <utility>

namespace sallyport::relay {

class VisitorChannel
{
public:
    enum class Input {
        Bytes,
        Nothing, // for now
        Ended,   // the visitor sent its last byte, or broke
    };
    struct Read
    {
        Input input = Input::Nothing;
        size_t bytes = 0;
    };

    VisitorChannel(net::IoContext& io, net::StreamSocket socket);
    ~VisitorChannel();

    // On this thread from now on.
    void open(net::ReadyHandler& handler);
    // Notes what the poller tells; true when output that was held may go on.
    bool ready(net::Readiness hints);

    // At most the space; also tells the poller when the system has been emptied.
    Read read(MutableByteView space);
    bool readable() const { return m_readable; }
    // A turn of ours to read more.
    void readAgain();
    void expectInput() { m_readable = true; }

    ByteQueue& output() { return m_output; }
    bool outputLeft() const { return !m_output.empty() || m_socket.outputPending(); }
    // The system takes no more.
    bool blocked() const { return m_blocked; }
    // Writes what the system takes of the output; false when the connection broke.
    bool write();
    // Sends long payload from where it stands, and keeps what is left; false when it broke.
    bool send(ByteView payload);

    bool isOpen() const { return m_socket.isOpen(); }
    net::StreamSocket& socket() { return m_socket; }
    const net::StreamSocket& socket() const { return m_socket; }
    void watch(net::ReadyHandler& handler);
    void unwatch();
    // For who goes on with it on this thread; the channel is closed then.
    net::StreamSocket take();
    // For another thread.
    net::StreamSocket takeAway();
    void close();
    // With a reset.
    void abort();

private:
    net::IoContext& m_io;
    net::StreamSocket m_socket;
    ByteQueue m_output;
    bool m_readable = true;
    bool m_hangUp = false;
    bool m_blocked = false;
};

} // namespace sallyport::relay
