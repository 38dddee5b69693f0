// The seam through which a program watches connections on their way to an upstream: who comes, the
// bytes both ways in plaintext as far as there is one here, and how it ends. It reads along; it
// can't hold anything up, and must not block.
//
// Order of calls: bytes at any time; upstreamFailed() at most once, ended() once and last.
// Threads: that of the connections. A watch must not call back into what it watches.
#pragma once

#include <sallyport/net/stream_pump.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace sallyport::net {

struct WatchedConnection
{
    std::string tunnel;   // its ref
    std::string upstream; // "127.0.0.1:3000", "unix:/run/app.sock"
    std::string visitor;  // "203.0.113.7:50123"; empty: the relay itself
    std::string host;     // as asked for, or the SNI; may be empty
    bool tls = false;     // the visitor came by TLS
    // What its bytes may be: HTTP/1.1, or nothing that could be read (tcp, TLS that passes).
    bool http = false;
};

enum class UpstreamFault : uint8_t { Refused, Timeout, Other };

enum class WatchEnd : uint8_t {
    Clean,          // both sides ended
    UpstreamFailed, // could not be reached, or broke
    VisitorLeft,
    Interrupted, // the link or the agent ended
    Stopped,     // by the person who sent it: a request that was sent again
};

class ConnectionWatch : public PumpTap
{
public:
    // There is no connection to the upstream. A sentence.
    virtual void upstreamFailed(UpstreamFault fault, std::string_view sentence) = 0;
    virtual void ended(WatchEnd end) = 0;
};

// Asked for each connection once its tunnel is known; null: this one is not watched.
using ConnectionWatcher = std::function<std::unique_ptr<ConnectionWatch>(const WatchedConnection&)>;

} // namespace sallyport::net
