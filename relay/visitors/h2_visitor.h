// A visitor's HTTP/2 connection: drives the session over the socket, and holds its streams.
//
// Output is gathered over one turn of the loop. The session is asked for more only while little
// waits for the socket, so what a slow visitor has not taken stands in its streams' queues, and
// their upstreams are held.
//
// A stream whose route lives on another worker: the whole connection moves there when nothing of it
// is under way here (always with a connection's first request, and when all streams wait for the
// same agent to come back). Otherwise a request for the same host as before is refused unprocessed,
// with a GOAWAY, and the client sends it again on a new connection; one for another host hears 421.
//
// Threads: its worker's. Lifetime: owned by the host, which hears visitorEnded() or handOver() once
// and retires it.
#pragma once

#include "visitors/h2_stream.h"
#include "visitors/visitor_channel.h"
#include "visitors/visitor_host.h"

#include <sallyport/net/deadline.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace sallyport::relay {

class H2Visitor final : public Visitor,
                        private net::ReadyHandler,
                        private net::TurnEndHandler,
                        private H2StreamHost
{
public:
    H2Visitor(VisitorHost& host, H2Handover visitor);
    ~H2Visitor() override;
    void start();

    void finishSoon() override;
    void close() override;

private:
    // net::ReadyHandler
    void onReady(net::Readiness hints) override;
    // net::TurnEndHandler
    void onTurnEnd() override;
    // H2StreamHost
    VisitorHost& worker() override { return m_host; }
    http2::Session& session() override { return *m_session; }
    const Origin& origin() const override { return m_origin; }
    const net::Address& peer() const override { return m_peer; }
    const net::Address& local() const override { return m_local; }
    void outputReady() override { m_io.poller().atTurnEnd(this); }
    void streamParked(H2Stream& stream, RouteTable::RoutePtr route) override;
    void streamEnded(H2Stream& stream) override;

    void readMore();
    void receive(ByteView bytes);
    void handleEvents();
    void handle(http2::Event& event);
    void requestCame(http2::Head& head);
    H2Stream& addStream(H2Request request);
    void failed(const http2::Failed& failure);
    void settleParked();
    bool canMove();
    void move(const Route& route);
    void flush();
    bool writeOut();
    void watchProgress();
    void deadlineReached();
    void finishGoAway();
    void expect(Duration time) { m_deadline.set(m_io.now() + time); }
    void abort();
    void end();

    const config::RelayLimits& limits() const { return m_host.shared().config.limits; }

    VisitorHost& m_host;
    net::IoContext& m_io;
    VisitorChannel m_channel;
    net::Address m_peer;
    net::Address m_local;
    VisitorPass m_pass;
    Origin m_origin;
    std::unique_ptr<http2::Session> m_session;
    std::map<http2::StreamId, std::unique_ptr<H2Stream>> m_streams;
    std::vector<H2Request> m_arrived; // moved here with the connection, to be started
    std::string m_early;              // read before the connection was known to be HTTP/2
    std::string m_homeHost;           // of its first request
    RouteTable::RoutePtr m_wanted;    // where a parked stream wants to go
    net::Deadline m_deadline;
    net::Deadline m_goAway;
    bool m_peerEnded = false;
    bool m_handling = false; // events
    bool m_used = false;     // a request came
    bool m_finishing = false;
    bool m_failed = false;
    bool m_ended = false;
};

} // namespace sallyport::relay
