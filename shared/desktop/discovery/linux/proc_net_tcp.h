// Reads the listening sockets out of /proc/net/tcp and /proc/net/tcp6. Text in, rows out.
#pragma once

#include "discovery/listener_merge.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace sallyport::desktop {

struct SocketTable
{
    std::vector<ListeningSocket> sockets;
    bool cutShort = false;
};

// Adds to `table`, up to `limit` sockets in all. Lines that are none of a socket are left out.
void readProcNetTcp(std::string_view text, size_t limit, SocketTable& table);

} // namespace sallyport::desktop
