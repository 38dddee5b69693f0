// Turns the sockets of a system's table into the services that a person would count: one that
// listens by IPv4 and IPv6 is one service.
#pragma once

#include <sallyport/config/addresses.h>
#include <sallyport/desktop/listener_source.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace sallyport::desktop {

// A row of the system's table.
struct ListeningSocket
{
    config::IpAddress address;
    uint16_t port = 0;
    uint64_t inode = 0;
    bool v6Only = false; // of an IPv6 socket: it takes no IPv4

    bool operator==(const ListeningSocket&) const = default;
};

// What the process table knows of a socket.
struct SocketOwner
{
    int64_t pid = 0;
    std::string process;
    std::string program;
};

struct OwnedSocket
{
    ListeningSocket socket;
    SocketOwner owner;
};

// Sorted by port, then host. Sockets of one port and one owner become one listener, reached by
// loopback where it can be, by IPv4 before IPv6.
std::vector<Listener> mergeListeners(const std::vector<OwnedSocket>& sockets);

} // namespace sallyport::desktop
