// The messages of Linux's sock_diag netlink protocol that list listening TCP sockets: the request
// as bytes, the answer from bytes. No socket here.
#pragma once

#include "discovery/linux/proc_net_tcp.h"

#include <sallyport/base/bytes.h>

#include <cstddef>
#include <vector>

namespace sallyport::desktop {

enum class DiagFamily { V4, V6 };

std::vector<std::byte> listeningSocketsRequest(DiagFamily family);

enum class DiagProgress {
    More,  // the dump goes on
    Done,  // it has ended, or the table is full
    Failed // refused by the kernel, or not what it should be
};

// One datagram of the answer. Adds to `table`, up to `limit` sockets in all.
DiagProgress readDiagAnswer(ByteView datagram, size_t limit, SocketTable& table);

} // namespace sallyport::desktop
