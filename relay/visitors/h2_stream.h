// One request on a visitor's HTTP/2 connection, from its head to the end of its answer.
//
// Phases: routing; waiting for a route whose link just dropped; filtering (a filter's verdict is to
// come); parked (its route's link lives on
// another worker, the connection decides); an exchange; a tunnel (after an extended CONNECT, RFC
// 8441); answered (what is queued goes out, what still comes is dropped); ended.
//
// The body arrives as bare data and waits here, at most a stream's window of it, until the stream
// to the agent takes it; then credit goes back. Towards the exchange it is framed as the head's
// text says.
//
// Threads: the worker's. Lifetime: owned by its connection, which retires it once ended() is true.
#pragma once

#include "visitors/exchange.h"
#include "visitors/filters/filter.h"
#include "visitors/routing.h"

#include <sallyport/http2/session.h>
#include <sallyport/net/deadline.h>

#include <memory>
#include <optional>
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

// A request on its way, with its connection, to another worker.
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

class H2Stream final : public net::Retirable,
                       public RouteWaiter,
                       private ExchangeOwner,
                       private UpstreamUser,
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
    // UpstreamUser, as a tunnel
    void upstreamData(ByteView bytes) override;
    void upstreamFinished() override;
    void upstreamGone(std::optional<wire::StreamFailure> why) override;
    void upstreamWritable() override { pumpTunnel(); }
    // VerdictWaiter
    void verdictReady() override { route(false); }

    void route(bool waitedEnough);
    bool admitted(const Route& route, http::RequestHead& head);
    void wait(const http::RequestHead& head);
    void stopWaiting();
    void begin(LinkTunnel& tunnel, const http::RequestHead& head);
    void pumpBody();
    bool passOn(Slice slice);
    bool finishBody();
    void pumpTunnel();
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
    H2Request m_request; // its body stands in m_body
    std::string m_host;
    ByteQueue m_body; // arrived, not yet passed on
    Phase m_phase = Phase::Routing;
    std::optional<Exchange> m_exchange;
    std::unique_ptr<Upstream> m_tunnel;
    std::shared_ptr<TunnelStats> m_stats;
    net::Deadline m_deadline;
    size_t m_unacked = 0; // tunnel: of the upstream's bytes, not yet taken by the visitor
    bool m_chunked = false;
    bool m_endPassedOn = false; // the body's end
    bool m_headEnded = false;   // the answer has no body
    bool m_upgradeFits = false;
    bool m_upstreamEnded = false; // tunnel
};

} // namespace sallyport::relay
