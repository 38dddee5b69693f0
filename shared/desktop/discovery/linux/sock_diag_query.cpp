#include "discovery/linux/sock_diag_query.h"

#include "discovery/linux/sock_diag.h"

#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>

namespace sallyport::desktop {

namespace {

class NetlinkSocket
{
public:
    NetlinkSocket() : m_fd(::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG))
    {
        // The kernel answers a dump at once; this is for one that never does.
        const timeval timeout{0, 200'000};
        if (m_fd >= 0)
            ::setsockopt(m_fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
    }
    NetlinkSocket(const NetlinkSocket&) = delete;
    NetlinkSocket& operator=(const NetlinkSocket&) = delete;
    ~NetlinkSocket()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }

    bool send(ByteView bytes) const
    {
        return m_fd >= 0 &&
               ::send(m_fd, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size());
    }
    ByteView receive(std::array<std::byte, 32 * 1024>& buffer) const
    {
        const ssize_t n = ::recv(m_fd, buffer.data(), buffer.size(), 0);
        return {buffer.data(), n > 0 ? static_cast<size_t>(n) : 0};
    }

private:
    int m_fd;
};

bool dump(DiagFamily family, size_t limit, std::chrono::steady_clock::time_point deadline,
          SocketTable& table)
{
    const NetlinkSocket socket;
    if (!socket.send(listeningSocketsRequest(family)))
        return false;
    std::array<std::byte, 32 * 1024> buffer;
    for (;;) {
        const ByteView datagram = socket.receive(buffer);
        if (datagram.empty())
            return false;
        const DiagProgress progress = readDiagAnswer(datagram, limit, table);
        if (progress != DiagProgress::More)
            return progress == DiagProgress::Done;
        if (std::chrono::steady_clock::now() > deadline) {
            table.cutShort = true;
            return true;
        }
    }
}

} // namespace

std::optional<SocketTable> querySockDiag(size_t limit,
                                         std::chrono::steady_clock::time_point deadline)
{
    SocketTable table;
    if (!dump(DiagFamily::V4, limit, deadline, table))
        return {};
    // A kernel without IPv6 has no second table.
    (void)dump(DiagFamily::V6, limit, deadline, table);
    return table;
}

} // namespace sallyport::desktop
