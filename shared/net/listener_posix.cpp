#include <sallyport/net/listener.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>

namespace sallyport::net {

namespace {
constexpr int Backlog = 4096;
// Accepted in one turn, so that a burst of visitors does not hold up those who are here.
constexpr int AcceptsPerTurn = 64;
constexpr auto OutOfDescriptorsPause = std::chrono::milliseconds(100);
} // namespace

Result<Socket, SystemError> Listener::open(const Address& address, bool shared)
{
    Socket socket(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket.isOpen())
        return Failure(SystemError{errno});
    const int on = 1;
    const int off = 0;
    ::setsockopt(socket.descriptor(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (shared)
        ::setsockopt(socket.descriptor(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    if (address.family() == AF_INET6)
        ::setsockopt(socket.descriptor(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (::bind(socket.descriptor(), address.native(), address.nativeLength()) != 0 ||
        ::listen(socket.descriptor(), Backlog) != 0)
        return Failure(SystemError{errno});
    return socket;
}

Listener::Listener(IoContext& io, Socket listening, Accepted accepted)
    : m_io(io),
      m_socket(std::move(listening)),
      m_accepted(std::move(accepted)),
      m_retry(io.deadlines(), [this] { onReady(Readable); })
{
    m_io.poller().watch(m_socket.descriptor(), this);
}

Listener::~Listener()
{
    if (m_destroyed)
        *m_destroyed = true;
    m_io.poller().unwatch(m_socket.descriptor());
}

void Listener::onReady(Readiness hints)
{
    if (!(hints & Readable))
        return;
    bool destroyed = false;
    m_destroyed = &destroyed;
    const Accepted accepted = m_accepted; // a call may destroy the listener
    for (int i = 0; i < AcceptsPerTurn; ++i) {
        sockaddr_storage storage{};
        socklen_t length = sizeof storage;
        Socket socket(::accept4(m_socket.descriptor(), reinterpret_cast<sockaddr*>(&storage),
                                &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (!socket.isOpen()) {
            if (stopAccepting(errno))
                return;
            continue;
        }
        const int on = 1;
        ::setsockopt(socket.descriptor(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        accepted(std::move(socket),
                 Address::fromNative(reinterpret_cast<sockaddr*>(&storage), length));
        if (destroyed)
            return;
    }
    m_destroyed = nullptr;
    m_io.poller().again(m_socket.descriptor(), Readable);
}

bool Listener::stopAccepting(int error)
{
    switch (error) {
    case EAGAIN:
        m_io.poller().drained(m_socket.descriptor(), Readable);
        break;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
        m_retry.set(m_io.now() + OutOfDescriptorsPause);
        break;
    default:
        return false; // it concerns the one connection that went away before we took it
    }
    m_destroyed = nullptr;
    return true;
}

} // namespace sallyport::net
