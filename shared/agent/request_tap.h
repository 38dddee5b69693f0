// Reads the heads of the requests and answers that pass through one connection of an http tunnel,
// and notes them in the request log. It changes nothing: what it cannot read (an upgrade, HTTP/2,
// broken framing) ends its own work, not the connection.
//
// Bounded: at most HeadLimit bytes of an unfinished head each way, and MaxOutstanding requests
// without an answer. Threads: one. Lifetime: the log outlives it.
#pragma once

#include "request_log.h"

#include <sallyport/base/clock.h>
#include <sallyport/http/body_reader.h>
#include <sallyport/http/head_reader.h>
#include <sallyport/net/stream_pump.h>

#include <deque>
#include <string>

namespace sallyport::agent {

class RequestTap final : public net::PumpTap
{
public:
    static constexpr size_t HeadLimit = 16 * 1024;
    static constexpr size_t MaxOutstanding = 64;

    RequestTap(RequestLog& log, std::string tunnel);

    void bytesToSocket(ByteView bytes) override;
    void bytesFromSocket(ByteView bytes) override;

private:
    struct Outstanding
    {
        uint64_t number;
        http::ResponseContext context;
        TimePoint begun;
    };
    // One direction: bytes of a head that is not whole yet, or a body that is being passed.
    struct Direction
    {
        std::string partial;
        http::BodyReader body;
        bool inBody = false;
    };

    void goBlind();
    bool passBody(Direction& direction, ByteView& bytes);
    size_t readRequest(ByteView bytes);
    size_t readResponse(ByteView bytes);
    template <typename ReadHead>
    void pass(Direction& direction, ByteView bytes, ReadHead readHead);

    RequestLog& m_log;
    std::string m_tunnel;
    http::RequestReader m_requests;
    http::ResponseReader m_responses;
    Direction m_in;
    Direction m_out;
    std::deque<Outstanding> m_outstanding;
    bool m_blind = false;
};

} // namespace sallyport::agent
