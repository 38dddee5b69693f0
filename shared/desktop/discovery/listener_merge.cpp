#include "discovery/listener_merge.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace sallyport::desktop {

namespace {

bool isAny(const config::IpAddress& address)
{
    const auto& bytes = address.bytes();
    return std::all_of(bytes.begin(), bytes.begin() + static_cast<long>(address.size()),
                       [](uint8_t byte) { return byte == 0; });
}

// Better first: 0 IPv4 loopback, 1 IPv6 loopback, 2 one address alone.
std::pair<int, std::string> reachedAt(const ListeningSocket& socket)
{
    const bool any = isAny(socket.address);
    if (any && (!socket.address.isV6() || !socket.v6Only))
        return {0, "127.0.0.1"};
    if (any)
        return {1, "::1"};
    if (socket.address.isLoopback())
        return {socket.address.isV6() ? 1 : 0, socket.address.text()};
    return {2, socket.address.text()};
}

struct Candidate
{
    int rank = 0;
    Listener listener;
};

Candidate candidateOf(const OwnedSocket& owned)
{
    auto [rank, host] = reachedAt(owned.socket);
    Listener listener;
    listener.port = owned.socket.port;
    listener.host = std::move(host);
    listener.exposed = !owned.socket.address.isLoopback();
    listener.inode = owned.socket.inode;
    listener.pid = owned.owner.pid;
    listener.process = owned.owner.process;
    listener.program = owned.owner.program;
    return {rank, std::move(listener)};
}

} // namespace

std::vector<Listener> mergeListeners(const std::vector<OwnedSocket>& sockets)
{
    std::vector<Candidate> candidates;
    candidates.reserve(sockets.size());
    for (const OwnedSocket& socket : sockets)
        candidates.push_back(candidateOf(socket));
    // Workers of one service share a port: the lowest pid is the first of them.
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
        return std::tie(a.listener.port, a.rank, a.listener.host, a.listener.pid) <
               std::tie(b.listener.port, b.rank, b.listener.host, b.listener.pid);
    });

    std::vector<Listener> merged;
    for (Candidate& candidate : candidates) {
        Listener& listener = candidate.listener;
        const auto same = std::find_if(merged.begin(), merged.end(), [&](const Listener& known) {
            return known.port == listener.port &&
                   (known.host == listener.host || known.process == listener.process);
        });
        if (same == merged.end())
            merged.push_back(std::move(listener));
        else
            same->exposed |= listener.exposed;
    }
    return merged;
}

} // namespace sallyport::desktop
