// Asks the kernel for the listening TCP sockets of both families.
#pragma once

#include "discovery/linux/proc_net_tcp.h"

#include <chrono>
#include <cstddef>
#include <optional>

namespace sallyport::desktop {

// Empty where the kernel does not answer so (an old or locked-down one): read /proc/net then.
std::optional<SocketTable> querySockDiag(size_t limit,
                                         std::chrono::steady_clock::time_point deadline);

} // namespace sallyport::desktop
