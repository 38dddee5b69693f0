// Looks host names up by the system's resolver (getaddrinfo on a helper thread), each time anew: a
// relay that moved is found at its new address.
//
// Threads: call from, and be answered on, a thread with a Qt event loop.
#pragma once

#include <sallyport/net/address.h>

#include <QObject>

#include <functional>
#include <string>
#include <vector>

namespace sallyport::net {

struct Resolved
{
    std::vector<Address> addresses; // in the order to try; empty on failure
    std::string error;              // a sentence, when empty
};

// At most one answer; none when `context` is destroyed first. Numeric hosts are answered without a
// look-up (still asynchronously).
void resolve(const std::string& host, uint16_t port, QObject* context,
             std::function<void(Resolved)> answer);

} // namespace sallyport::net
