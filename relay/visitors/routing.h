// Where a request goes: the one place that HTTP/1 and HTTP/2 visitors ask, so that both wait, move
// and are answered alike.
//
// Threads: the worker's. The head stays untouched; nothing is opened or sent.
#pragma once

#include "visitors/visitor_host.h"

#include <sallyport/http/error_response.h>
#include <sallyport/http/head_reader.h>
#include <sallyport/http/head_writer.h>
#include <sallyport/http/message.h>
#include <sallyport/net/stream_socket.h>

#include <cstdint>
#include <optional>

namespace sallyport::relay {

struct Destination
{
    enum class Kind {
        Answer,    // the relay answers by itself: `answer`
        Health,    // GET /health on a host that is no tunnel's: healthAnswer()
        Wait,      // its link just dropped, or has not come back since the relay's start
        Elsewhere, // the link of `route` lives on another worker
        Here,      // `tunnel`
    };
    Kind kind = Kind::Answer;
    http::ErrorAnswer answer = {};
    RouteTable::RoutePtr route = nullptr;
    LinkTunnel* tunnel = nullptr;
};

http::HeadLimits headLimits(const config::RelayLimits& limits);

// `tls`: the relay ended the visitor's; then tls tunnels are not to be had, for what is meant for
// their TLS must never come out of ours. `waitedEnough`: the grace is over, so there is an answer
// now and no Wait.
Destination destinationOf(VisitorHost& host, const http::RequestHead& head, bool tls,
                          bool waitedEnough);

// Where a visitor without TLS has to come instead (https_redirect); nothing: it may stay. A trusted
// proxy may have ended the TLS.
std::optional<uint64_t> redirectPort(VisitorHost& host, const http::RequestHead& head, bool secure,
                                     bool trusted);

// Who came, and by which way.
struct Origin
{
    std::string peer; // the address as text, without port
    bool trusted = false;
    std::string_view scheme = "http";
    std::string_view tlsVersion = {}; // when the relay ended its TLS
};
Origin originOf(VisitorHost& host, const net::Address& peer, const net::StreamSocket& socket);
// What the upstream is told. Valid as long as `origin`, `tunnel` and the host's request id.
http::RequestForwarding forwardingFor(VisitorHost& host, const Origin& origin,
                                      const LinkTunnel& tunnel, const http::RequestHead& head);

} // namespace sallyport::relay
