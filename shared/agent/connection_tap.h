// What reads along on one connection: the watch of a program, and the terminal screen's request
// log. Either may be missing.
//
// Threads: that of the connection. Lifetime: stands until the connection is over; an end that
// nobody told is an interruption.
#pragma once

#include "request_tap.h"

#include <sallyport/net/connection_watch.h>

#include <memory>
#include <string_view>

namespace sallyport::agent {

class ConnectionTap final : public net::PumpTap
{
public:
    explicit ConnectionTap(std::unique_ptr<net::ConnectionWatch> watch) : m_watch(std::move(watch))
    {}
    ~ConnectionTap() override { ended(net::WatchEnd::Interrupted); }

    void setRequests(std::unique_ptr<RequestTap> requests) { m_requests = std::move(requests); }
    // So many bytes for the socket come first that are not the visitor's.
    void skipToSocket(size_t bytes) { m_skip = bytes; }

    void bytesToSocket(ByteView bytes) override;
    void bytesFromSocket(ByteView bytes) override;

    void upstreamFailed(net::UpstreamFault fault, std::string_view sentence);
    // The first call counts.
    void ended(net::WatchEnd end);

private:
    std::unique_ptr<net::ConnectionWatch> m_watch;
    std::unique_ptr<RequestTap> m_requests;
    size_t m_skip = 0;
    bool m_ended = false;
};

} // namespace sallyport::agent
