// A non-blocking stream socket, owned. One source file for each system.
//
// Threads: one at a time; a socket may move to another thread while nothing watches it.
#pragma once

#include <sallyport/base/byte_queue.h>
#include <sallyport/base/bytes.h>
#include <sallyport/base/result.h>
#include <sallyport/net/address.h>

#include <string>
#include <utility>

namespace sallyport::net {

// The system's error number with its sentence ("connection refused").
struct SystemError
{
    int code = 0;
    std::string text() const;
};

struct IoResult
{
    enum class State { Ok, WouldBlock, End, Failed };
    State state = State::Ok;
    size_t bytes = 0;
    int error = 0; // the system's error number, with Failed
};

class Socket
{
public:
    Socket() = default;
    explicit Socket(int descriptor) : m_descriptor(descriptor) {}
    Socket(Socket&& other) noexcept : m_descriptor(other.release()) {}
    Socket& operator=(Socket&& other) noexcept
    {
        if (this != &other) {
            close();
            m_descriptor = other.release();
        }
        return *this;
    }
    ~Socket() { close(); }

    // Begins to connect; writable once it is done, and then takeError() says how it went.
    static Result<Socket, SystemError> connectTo(const Address& address);

    bool isOpen() const { return m_descriptor >= 0; }
    int descriptor() const { return m_descriptor; }
    int release() { return std::exchange(m_descriptor, -1); }

    // At most one system call each.
    IoResult read(MutableByteView into);
    // What read() would give, left where it is.
    IoResult peek(MutableByteView into);
    IoResult write(ByteView bytes);
    // Gathers the front of the queue (up to 64 pieces); consumes what the system took.
    IoResult writeFrom(ByteQueue& queue);

    // The socket counts as readable only with so many bytes, or at its end: for who peeks and wants
    // to hear of new bytes alone. 1 is what a socket begins with.
    void readableFrom(size_t bytes);
    void shutdownWrite();
    void close();
    // Closes with a reset instead of a clean end, so that the peer sees an abort.
    void abort();

    // The pending error of the socket (0: none), e.g. the result of connecting.
    SystemError takeError();
    Address localAddress() const;
    Address peerAddress() const;

private:
    int m_descriptor = -1;
};

} // namespace sallyport::net
