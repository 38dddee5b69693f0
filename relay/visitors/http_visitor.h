// A visitor's HTTP/1 connection, with or without TLS: reads request heads, finds the route, runs
// one exchange after the other, and turns into a raw pump after an upgrade.
//
// Phases: reading a head; waiting for a route whose link just dropped, or for a filter's verdict;
// an exchange; lingering (an answer that ends the connection was sent, the visitor still sends);
// ended.
//
// Threads: its worker's. Lifetime: owned by the host, which hears visitorEnded(), handOver() or
// becomePump() once and retires it.
#pragma once

#include "visitors/exchange.h"
#include "visitors/filters/filter.h"
#include "visitors/visitor_channel.h"
#include "visitors/visitor_host.h"

#include <sallyport/http/error_response.h>
#include <sallyport/http/head_reader.h>
#include <sallyport/net/deadline.h>

#include <memory>
#include <optional>
#include <string>

namespace sallyport::relay {

class HttpVisitor final : public Visitor,
                          public RouteWaiter,
                          private net::ReadyHandler,
                          private ExchangeOwner,
                          private VerdictWaiter
{
public:
    HttpVisitor(VisitorHost& host, HttpHandover visitor);
    void start();

    void routesChanged() override;
    void finishSoon() override;
    void close() override;

private:
    enum class Phase { Head, Waiting, Filtering, Exchange, Linger, Ended };

    // net::ReadyHandler
    void onReady(net::Readiness hints) override;
    // ExchangeOwner
    http::ResponseWritten sendAnswerHead(const http::ResponseHead& head,
                                         const http::ResponseForwarding& forwarding) override;
    void sendPayload(ByteView bytes) override;
    void flushVisitor() override;
    void requestWanted() override;
    void exchangeLost() override;
    void exchangeFailed(ExchangeFailure failure) override;
    void exchangeBroken() override { abort(); }
    void exchangeDone() override;
    void exchangeUpgraded(ByteView early) override;
    // VerdictWaiter
    void verdictReady() override { routeAgain(); }

    // Input
    void readMore();
    bool readOnce();
    bool goOn(const VisitorChannel::Read& read);
    bool readBody();
    bool readAhead();
    bool readLinger();
    void inputEnded();
    void takeInput(ByteView bytes);
    size_t parseHead(ByteView bytes);
    void processInput();

    // Requests
    bool answerForAcme(const http::RequestHead& head);
    void handleRequest(const http::RequestHead& head, ByteView bytes);
    void answerHealth(const http::RequestHead& head);
    bool isAgent(const http::RequestHead& head) const;
    void becomeAgent(const http::RequestHead& head, ByteView bytes);
    void redirect(const http::RequestHead& head, uint64_t port);
    void beginExchange(LinkTunnel& tunnel, const http::RequestHead& head, ByteView bytes);
    bool admitted(const Route& route, ByteView bytes);
    void waitWith(ByteView bytes);
    void routeAgain();
    void giveUpWaiting();
    void handOver(const Route& route);
    bool speaksHttp2(ByteView bytes);
    void becomeHttp2(ByteView bytes);
    void endExchange();
    void failExchange(const http::ErrorAnswer& error);

    // Output
    bool outputLeft() const { return m_channel.outputLeft(); }
    bool writeOut();
    void answer(const http::ErrorAnswer& answer, http::ErrorOptions options);
    void answerHead(const http::RequestHead& head, http::ErrorAnswer answer);
    void closeAfterOutput();

    // Time and end
    // A visitor that has ended its half waits for the answer or has left: without progress for this
    // long it has left.
    static constexpr Duration HalfClosedPatience = std::chrono::seconds(5);
    void deadlineReached();
    void watchProgress();
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
    Phase m_phase = Phase::Head;
    http::RequestReader m_reader;
    std::string m_in; // read and not yet used: part of a head, or what was sent ahead
    std::optional<Exchange> m_exchange;
    std::shared_ptr<TunnelStats> m_stats; // of the exchange's tunnel
    net::Deadline m_deadline;
    size_t m_used = 0; // of the input, by the request being handled
    size_t m_lingered = 0;
    int m_tries = 0;     // to send one request
    bool m_first = true; // nothing has been read that tells HTTP/1 from HTTP/2
    bool m_trusted = false;
    bool m_peerEnded = false; // the visitor's own end was read
    bool m_closing = false;   // close when the queue is out
    bool m_finishing = false;
    bool m_processing = false;
    bool m_retrying = false;     // the next request in the input was tried before
    bool m_waitedEnough = false; // it is answered now, whatever comes later
};

} // namespace sallyport::relay
