#include <sallyport/net/socket.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace sallyport::net {

namespace {

IoResult failure(int error)
{
    if (error == EAGAIN || error == EWOULDBLOCK)
        return {IoResult::State::WouldBlock, 0, 0};
    return {IoResult::State::Failed, 0, error};
}

IoResult receive(int descriptor, MutableByteView into, int flags)
{
    ssize_t n;
    do {
        n = ::recv(descriptor, into.data(), into.size(), flags);
    } while (n < 0 && errno == EINTR);
    if (n > 0)
        return {IoResult::State::Ok, size_t(n), 0};
    if (n == 0)
        return {IoResult::State::End, 0, 0};
    return failure(errno);
}

Address addressOf(int descriptor, int (*ask)(int, sockaddr*, socklen_t*))
{
    sockaddr_storage storage{};
    socklen_t length = sizeof storage;
    if (ask(descriptor, reinterpret_cast<sockaddr*>(&storage), &length) != 0)
        return {};
    return Address::fromNative(reinterpret_cast<sockaddr*>(&storage), length);
}

} // namespace

std::string SystemError::text() const
{
    return std::system_category().message(code);
}

Result<Socket, SystemError> Socket::connectTo(const Address& address)
{
    Socket socket(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket.isOpen())
        return Failure(SystemError{errno});
    if (address.family() != AF_UNIX) {
        const int on = 1;
        ::setsockopt(socket.descriptor(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    if (::connect(socket.descriptor(), address.native(), address.nativeLength()) != 0 &&
        errno != EINPROGRESS)
        return Failure(SystemError{errno});
    return socket;
}

IoResult Socket::read(MutableByteView into)
{
    return receive(m_descriptor, into, 0);
}

IoResult Socket::peek(MutableByteView into)
{
    return receive(m_descriptor, into, MSG_PEEK);
}

IoResult Socket::write(ByteView bytes)
{
    ssize_t n;
    do {
        n = ::send(m_descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    } while (n < 0 && errno == EINTR);
    if (n >= 0)
        return {IoResult::State::Ok, size_t(n), 0};
    return failure(errno);
}

IoResult Socket::writeFrom(ByteQueue& queue)
{
    std::array<iovec, 64> pieces;
    size_t count = 0;
    queue.forEachPiece([&](ByteView piece) {
        pieces[count++] = {const_cast<std::byte*>(piece.data()), piece.size()};
        return count < pieces.size();
    });
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = count;
    ssize_t n;
    do {
        n = ::sendmsg(m_descriptor, &message, MSG_NOSIGNAL);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return failure(errno);
    queue.consume(size_t(n));
    return {IoResult::State::Ok, size_t(n), 0};
}

void Socket::readableFrom(size_t bytes)
{
    const int least = static_cast<int>(bytes);
    ::setsockopt(m_descriptor, SOL_SOCKET, SO_RCVLOWAT, &least, sizeof least);
}

void Socket::shutdownWrite()
{
    ::shutdown(m_descriptor, SHUT_WR);
}

void Socket::close()
{
    if (m_descriptor >= 0)
        ::close(release());
}

void Socket::abort()
{
    if (m_descriptor < 0)
        return;
    const linger now{1, 0};
    ::setsockopt(m_descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
}

SystemError Socket::takeError()
{
    int error = 0;
    socklen_t length = sizeof error;
    if (::getsockopt(m_descriptor, SOL_SOCKET, SO_ERROR, &error, &length) != 0)
        error = errno;
    return {error};
}

Address Socket::localAddress() const
{
    return addressOf(m_descriptor, ::getsockname);
}
Address Socket::peerAddress() const
{
    return addressOf(m_descriptor, ::getpeername);
}

} // namespace sallyport::net
