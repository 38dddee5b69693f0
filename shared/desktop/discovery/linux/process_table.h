// Which process holds which socket, read from /proc. Processes of other users may not be read:
// their sockets stay without an owner.
#pragma once

#include "discovery/listener_merge.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace sallyport::desktop {

// "socket:[4711]" -> 4711; 0 when the text is another.
uint64_t socketInode(std::string_view link);

struct SocketOwners
{
    std::map<uint64_t, SocketOwner> byInode;
    bool cutShort = false;
};
// `folder`: "/proc", or a test's. Stops when all inodes are found, or at the deadline.
SocketOwners findOwners(const std::string& folder, std::set<uint64_t> inodes,
                        std::chrono::steady_clock::time_point deadline);

} // namespace sallyport::desktop
