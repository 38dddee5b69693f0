// What one request on a visitor's HTTP/2 connection needs of the connection, and what it is when it
// travels, with its connection, to another worker.
#pragma once

#include "visitors/routing.h"

#include <sallyport/http2/session.h>

#include <string>

namespace sallyport::relay {

class H2Stream;

class H2StreamHost
{
public:
    virtual VisitorHost& worker() = 0;
    virtual http2::Session& session() = 0;
    virtual const Origin& origin() const = 0;
    virtual const net::Address& peer() const = 0;
    virtual const net::Address& local() const = 0;
    // Output waits in the session.
    virtual void outputReady() = 0;
    // The stream's route lives on the worker of `route`: it is parked.
    virtual void streamParked(H2Stream& stream, RouteTable::RoutePtr route) = 0;
    // ended() became true.
    virtual void streamEnded(H2Stream& stream) = 0;

protected:
    ~H2StreamHost() = default;
};

struct H2Request
{
    http2::StreamId id = 0;
    std::string text;
    std::string body;
    std::string trailers;
    std::string webSocketKey; // ours, in the text
    bool bodyEnded = false;
    bool webSocket = false;
    int tries = 0;
};

} // namespace sallyport::relay
