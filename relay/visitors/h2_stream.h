// One request on a visitor's HTTP/2 connection, from its head to the end of its answer.
//
// Phases: routing; waiting for a route whose link just dropped; filtering (a filter's verdict is to
// come); parked (its route's link lives on
// another worker, the connection decides); an exchange; a tunnel (after an extended CONNECT, RFC
// 8441); answered (what is queued goes out, what still comes is dropped); ended.
//
// Threads: the worker's. Lifetime: owned by its connection, which retires it once ended() is true.
#pragma once

#include "visitors/exchange.h"
#include "visitors/filters/filter.h"
#include "visitors/h2_request_body.h"
#include "visitors/h2_stream_host.h"
#include "visitors/h2_tunnel.h"

#include <sallyport/net/deadline.h>

#include <memory>
#include <optional>
#include <string>

namespace sallyport::relay {

class H2Stream final : public net::Retirable,
                       public RouteWaiter,
                       private ExchangeOwner,
                       private H2TunnelOwner,
                       private VerdictWaiter
{
public:
    H2Stream(H2StreamHost& host, H2Request request);
    ~H2Stream() override;

    // Routes it; also after a move.
    void start();
    // A head that cannot be one: answers.
    void answerFault(http2::HeadFault fault);

    // From the session.
    void dataArrived(ByteView bytes);
    void bodyEnded(std::string trailers);
    void payloadTaken();
    void resetByPeer();
    void closed();

    http2::StreamId id() const { return m_request.id; }
    bool ended() const { return m_phase == Phase::Ended; }
    // It may move to another worker: nothing of it is under way.
    bool movable() const
    {
        return m_phase == Phase::Parked || m_phase == Phase::Waiting || m_phase == Phase::Filtering;
    }
    bool parked() const { return m_phase == Phase::Parked; }
    // It has been answered; only the session still knows it.
    bool answered() const { return m_phase == Phase::Answered; }
    H2Request takeRequest();
    // Parked: the host of the request, to tell a moved route from another host's.
    const std::string& hostName() const { return m_host; }
    void misdirected(); // parked: 421
    void refuse();      // parked: the client may send it again
    void abort(http2::ErrorCode code);

    // RouteWaiter
    void routesChanged() override;

private:
    enum class Phase { Routing, Waiting, Filtering, Parked, Exchange, Tunnel, Answered, Ended };

    // ExchangeOwner
    http::ResponseWritten sendAnswerHead(const http::ResponseHead& head,
                                         const http::ResponseForwarding& forwarding) override;
    void sendPayload(ByteView bytes) override;
    void flushVisitor() override;
    void requestWanted() override { pumpBody(); }
    void exchangeLost() override;
    void exchangeFailed(ExchangeFailure failure) override;
    void exchangeBroken() override { abort(http2::ErrorCode::InternalError); }
    void exchangeDone() override;
    void exchangeUpgraded(ByteView early) override;
    // H2TunnelOwner
    void tunnelMoved() override { watchProgress(); }
    void tunnelEnded() override;
    void tunnelBroken() override { abort(http2::ErrorCode::ConnectError); }
    // VerdictWaiter
    void verdictReady() override { route(false); }

    void route(bool waitedEnough);
    bool admitted(const Route& route, http::RequestHead& head);
    void wait(const http::RequestHead& head);
    void stopWaiting();
    void begin(LinkTunnel& tunnel, const http::RequestHead& head);
    void pumpBody();
    bool passOn(H2RequestBody::Piece piece);
    void moreOfBody();
    void failExchange(const http::ErrorAnswer& error);
    void endExchange();
    void answer(const http::ErrorAnswer& answer, http::ErrorOptions options);
    void answerText(std::string_view text, bool headRequest);
    void answerDone(std::string_view trailers);
    void dropBody();
    void deadlineReached();
    void watchProgress();
    void expect(Duration time) { m_deadline.set(m_worker.io().now() + time); }
    void end();

    http2::Session& session() { return m_connection.session(); }
    const config::RelayLimits& limits() const { return m_worker.shared().config.limits; }

    H2StreamHost& m_connection;
    VisitorHost& m_worker;
    H2Request m_request; // its body, and that it ended, stand in m_body
    std::string m_host;
    H2RequestBody m_body;
    Phase m_phase = Phase::Routing;
    std::optional<Exchange> m_exchange;
    std::optional<H2Tunnel> m_tunnel;
    std::shared_ptr<TunnelStats> m_stats;
    net::Deadline m_deadline;
    bool m_headEnded = false; // the answer has no body
    bool m_upgradeFits = false;
};

} // namespace sallyport::relay
