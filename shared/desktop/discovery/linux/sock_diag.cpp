#include "discovery/linux/sock_diag.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

namespace sallyport::desktop {

namespace {

// Netlink aligns to 4; its own macros cast away constness and sign.
constexpr size_t aligned(size_t length)
{
    return (length + 3) & ~size_t(3);
}

// Copies, since a message need not be aligned where it lies. Empty when the bytes do not suffice.
template <typename T>
std::optional<T> read(ByteView bytes)
{
    if (bytes.size() < sizeof(T))
        return {};
    T value{};
    std::memcpy(&value, bytes.data(), sizeof(T));
    return value;
}

ByteView after(ByteView bytes, size_t length)
{
    return bytes.subspan(std::min(bytes.size(), length));
}

bool isV6Only(ByteView attributes)
{
    while (const auto head = read<rtattr>(attributes)) {
        if (head->rta_len < sizeof(rtattr) || head->rta_len > attributes.size())
            return false;
        if (head->rta_type == INET_DIAG_SKV6ONLY && head->rta_len > sizeof(rtattr))
            return attributes[sizeof(rtattr)] != std::byte{0};
        attributes = after(attributes, aligned(head->rta_len));
    }
    return false;
}

std::optional<ListeningSocket> socketOf(ByteView message)
{
    const auto row = read<inet_diag_msg>(message);
    if (!row || row->idiag_state != TCP_LISTEN)
        return {};
    ListeningSocket socket;
    if (row->idiag_family == AF_INET) {
        std::array<uint8_t, 4> bytes{};
        std::memcpy(bytes.data(), row->id.idiag_src, bytes.size());
        socket.address = config::IpAddress::v4(bytes);
    } else if (row->idiag_family == AF_INET6) {
        std::array<uint8_t, 16> bytes{};
        std::memcpy(bytes.data(), row->id.idiag_src, bytes.size());
        socket.address = config::IpAddress::v6(bytes);
        socket.v6Only = isV6Only(after(message, aligned(sizeof(inet_diag_msg))));
    } else {
        return {};
    }
    socket.port = ntohs(row->id.idiag_sport);
    socket.inode = row->idiag_inode;
    return socket;
}

} // namespace

std::vector<std::byte> listeningSocketsRequest(DiagFamily family)
{
    nlmsghdr head{};
    head.nlmsg_len = sizeof(nlmsghdr) + sizeof(inet_diag_req_v2);
    head.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    inet_diag_req_v2 request{};
    request.sdiag_family = family == DiagFamily::V4 ? AF_INET : AF_INET6;
    request.sdiag_protocol = IPPROTO_TCP;
    request.idiag_states = 1U << TCP_LISTEN;

    std::vector<std::byte> bytes(head.nlmsg_len);
    std::memcpy(bytes.data(), &head, sizeof(head));
    std::memcpy(bytes.data() + sizeof(head), &request, sizeof(request));
    return bytes;
}

DiagProgress readDiagAnswer(ByteView datagram, size_t limit, SocketTable& table)
{
    while (!datagram.empty()) {
        const auto head = read<nlmsghdr>(datagram);
        if (!head || head->nlmsg_len < sizeof(nlmsghdr) || head->nlmsg_len > datagram.size())
            return DiagProgress::Failed;
        if (head->nlmsg_type == NLMSG_DONE)
            return DiagProgress::Done;
        if (head->nlmsg_type == NLMSG_ERROR)
            return DiagProgress::Failed;
        const ByteView body =
            datagram.subspan(sizeof(nlmsghdr), head->nlmsg_len - sizeof(nlmsghdr));
        if (const auto socket = socketOf(body); socket && socket->port != 0) {
            if (table.sockets.size() >= limit) {
                table.cutShort = true;
                return DiagProgress::Done;
            }
            table.sockets.push_back(*socket);
        }
        datagram = after(datagram, aligned(head->nlmsg_len));
    }
    return DiagProgress::More;
}

} // namespace sallyport::desktop
