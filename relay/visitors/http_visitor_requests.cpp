// Requests and their exchanges: where they go, and how they end. The connection under them is in
// http_visitor.cpp, what is read from it in http_visitor_input.cpp.
#include "visitors/acme_answers.h"
#include "visitors/answers.h"
#include "visitors/filters/gatekeeper.h"
#include "visitors/filters/refusals.h"
#include "visitors/http_visitor.h"
#include "visitors/routing.h"

#include <sallyport/wire/websocket_upgrade.h>

namespace sallyport::relay {

namespace {
// Tries to send one request, over streams and links that end.
constexpr int MaxTries = 4;
} // namespace

void HttpVisitor::handleRequest(const http::RequestHead& head, ByteView bytes)
{
    if (isAgent(head))
        return becomeAgent(head, bytes);
    if (answerForAcme(head))
        return;
    const bool tls = m_channel.socket().tls() != nullptr;
    if (const auto port = redirectPort(m_host, head, tls, m_trusted))
        return redirect(head, *port);
    const Destination to = destinationOf(m_host, head, tls, m_waitedEnough);
    switch (to.kind) {
    case Destination::Kind::Answer:
        return answerHead(head, to.answer);
    case Destination::Kind::Health:
        return answerHealth(head);
    case Destination::Kind::Wait:
        return waitWith(bytes);
    case Destination::Kind::Elsewhere:
        m_in = std::string(asText(bytes));
        return handOver(*to.route);
    case Destination::Kind::Here:
        if (!to.route->policy || admitted(*to.route, bytes))
            beginExchange(*to.tunnel, head, bytes);
        return;
    }
}

// Asks the tunnel's filters. False: the request was answered, or waits for a verdict.
bool HttpVisitor::admitted(const Route& route, ByteView bytes)
{
    http::RequestHead& head = m_host.requestHead();
    const VisitVerdict verdict = m_host.gatekeeper().decide(*route.policy, head, m_peer, m_trusted,
                                                            static_cast<VerdictWaiter&>(*this));
    switch (verdict.kind) {
    case VisitVerdict::Kind::Pass:
        return true;
    case VisitVerdict::Kind::Answer:
        answerHead(head, verdict.answer);
        return false;
    case VisitVerdict::Kind::Wait:
        break;
    }
    m_in = std::string(asText(bytes));
    m_reader.reset();
    m_phase = Phase::Filtering;
    expect(VerdictPatience);
    return false;
}

void HttpVisitor::answerHealth(const http::RequestHead& head)
{
    m_channel.output().append(
        asBytes(healthAnswer(head, m_host.shared().healthy ? "" : "see the relay's log")));
    if (!head.keepAlive || !head.body.empty())
        m_closing = true;
    expect(limits().idleTimeout);
    flushVisitor();
}

// The CA's look at a challenge, and people who come before the certificate does.
bool HttpVisitor::answerForAcme(const http::RequestHead& head)
{
    const AcmeState& acme = m_host.acme();
    if (const auto proof = challengeAnswer(acme, head)) {
        m_channel.output().append(asBytes(*proof));
        m_closing = m_closing || !head.keepAlive || !head.body.empty();
        expect(limits().idleTimeout);
        flushVisitor();
        return true;
    }
    const AcmeState::Pending* pending =
        m_channel.socket().tls() ? nullptr : acme.pendingFor(head.host.view());
    if (!pending || !m_host.findHost(head.host) ||
        (m_trusted && head.value("X-Forwarded-Proto") == "https"))
        return false;
    const CertificatePage page(*pending, std::chrono::system_clock::now());
    answerHead(head, page.answer());
    return true;
}

// An agent that comes as a WebSocket: on the relay's own names, and where nobody else's would be.
bool HttpVisitor::isAgent(const http::RequestHead& head) const
{
    if (head.path != wire::AgentPath)
        return false;
    const config::RelayConfig& config = m_host.shared().config;
    const std::string_view host = head.host.view();
    return host == config.domain || host == config.publicHostOrDomain() ||
           !m_host.findHost(head.host);
}

void HttpVisitor::becomeAgent(const http::RequestHead& head, ByteView bytes)
{
    const config::RelayConfig& config = m_host.shared().config;
    if (!m_channel.socket().tls() && !m_peer.isLoopback() && !config.allowPlaintextLinks)
        return answerHead(head, plaintextLink());
    const auto key = wire::checkWebSocketRequest(asText(bytes.first(head.size)));
    if (!key) {
        m_channel.output().append(asBytes(wire::webSocketRefusal(key.error())));
        return closeAfterOutput();
    }
    m_channel.unwatch();
    if (m_host.becomeAgent(m_channel.socket(), m_peer, wire::webSocketResponse(*key),
                           bytes.subspan(head.size)))
        return end();
    m_channel.watch(*this);
    answerHead(head, tooManyHandshakes());
}

void HttpVisitor::redirect(const http::RequestHead& head, uint64_t port)
{
    const bool close =
        !head.keepAlive || !head.body.empty() || m_finishing || m_host.shared().draining;
    m_channel.output().append(asBytes(redirectAnswer(head, port, close)));
    if (close)
        return closeAfterOutput();
    expect(limits().idleTimeout);
    flushVisitor();
}

void HttpVisitor::beginExchange(LinkTunnel& tunnel, const http::RequestHead& head, ByteView bytes)
{
    const Origin origin = originOf(m_host, m_peer, m_channel.socket());
    const http::RequestForwarding forwarding = forwardingFor(m_host, origin, tunnel, head);
    m_exchange.emplace(m_host, static_cast<ExchangeOwner&>(*this), head, bytes.first(head.size),
                       forwarding);
    m_stats = tunnel.route().stats;
    m_stats->active.add();
    if (m_tries == 0) {
        m_stats->requests.add();
        m_host.shared().requests.add();
    }
    m_phase = Phase::Exchange;
    if (m_finishing)
        m_exchange->closeAfterwards();
    VisitorInfo visitor{m_peer, m_local, head.authority, forwarding.requestId};
    if (const tls::Engine* engine = m_channel.socket().tls())
        visitor.tls = wire::ProxyTls{engine->version(), false};
    if (!m_exchange->begin(tunnel, visitor))
        return exchangeFailed(ExchangeFailure::Gone);
    const ByteView rest = bytes.subspan(head.size);
    if (!rest.empty()) {
        m_stats->bytesIn.add(rest.size());
        const size_t used = m_exchange->requestBytes(rest);
        if (m_phase != Phase::Exchange)
            return;
        m_used += used;
    }
    watchProgress();
}

void HttpVisitor::waitWith(ByteView bytes)
{
    if (!m_host.waitForRoute(*this)) {
        const http::RequestHead& head = m_host.requestHead();
        return answerHead(head, tooManyWaiting());
    }
    m_in = std::string(asText(bytes));
    m_reader.reset();
    m_phase = Phase::Waiting;
    expect(m_host.shared().config.reconnectGrace + std::chrono::milliseconds(200));
}

void HttpVisitor::routesChanged()
{
    if (m_phase != Phase::Waiting)
        return;
    m_host.stopWaiting(*this);
    routeAgain();
}

// Asked again, from the start: the route may be up, elsewhere, away, or still in its grace, and its
// filters know more than before.
void HttpVisitor::routeAgain()
{
    m_phase = Phase::Head;
    m_retrying = true;
    processInput();
    if (m_phase != Phase::Ended)
        readMore();
}

// Routed a last time, for an answer that tells an agent that is away from a host that nobody has.
void HttpVisitor::giveUpWaiting()
{
    m_host.stopWaiting(*this);
    m_phase = Phase::Head;
    m_retrying = true;
    m_waitedEnough = true;
    processInput();
    m_waitedEnough = false;
    if (m_phase != Phase::Ended)
        readMore();
}

void HttpVisitor::handOver(const Route& route)
{
    HttpHandover visitor;
    visitor.socket = m_channel.takeAway();
    visitor.peer = m_peer;
    visitor.pass = std::move(m_pass);
    visitor.input = std::move(m_in);
    visitor.peerEnded = m_peerEnded;
    visitor.tries = m_tries;
    m_host.handOver(route, std::move(visitor));
    end();
}

// --- the exchange's end ---

// The request may be sent again: it goes back to the front of the input, and is routed anew.
void HttpVisitor::exchangeLost()
{
    if (++m_tries >= MaxTries)
        return exchangeFailed(ExchangeFailure::Gone);
    m_in.insert(0, m_exchange->original());
    endExchange();
    m_retrying = true;
    processInput();
}

void HttpVisitor::endExchange()
{
    m_stats->active.subtract();
    m_exchange.reset();
    m_phase = Phase::Head;
}

void HttpVisitor::exchangeFailed(ExchangeFailure failure)
{
    const http::ErrorAnswer error =
        answerFor(failure, m_exchange->failureCode(), m_exchange->headError());
    failExchange(error);
}

void HttpVisitor::failExchange(const http::ErrorAnswer& error)
{
    http::ErrorOptions options = m_exchange->errorOptions();
    const std::string requestId = m_exchange->requestId();
    options.requestId = requestId;
    options.close = options.close || !m_exchange->requestComplete();
    m_stats->errors.add();
    endExchange();
    answer(error, options);
}

void HttpVisitor::exchangeDone()
{
    const observe::Log& log = m_host.shared().log;
    if (log.enabled(observe::Level::Debug))
        log.debug("request", {{"id", m_exchange->requestId()},
                              {"visitor", m_peer.host()},
                              {"status", m_exchange->status()}});
    const bool close = m_exchange->mustClose() || !m_exchange->requestComplete();
    endExchange();
    if (close || m_finishing)
        return closeAfterOutput();
    expect(outputLeft() ? limits().stallTimeout : limits().idleTimeout);
    processInput();
    // The visitor was not read while its answer was under way, or only a little.
    if (m_phase != Phase::Ended && m_channel.readable())
        m_channel.readAgain();
}

void HttpVisitor::exchangeUpgraded(ByteView early)
{
    const std::string head = m_channel.output().peekText();
    m_channel.output().clear();
    const std::string toSocket = head + std::string(asText(early));
    std::unique_ptr<Upstream> stream = m_exchange->takeStream();
    stream->consumed(m_exchange->unacknowledged()); // it is little, and on its way
    const std::string toStream = std::move(m_in);
    PumpStart start;
    start.socket = m_channel.take();
    start.pass = std::move(m_pass);
    start.stats = m_stats;
    start.toStream = asBytes(toStream);
    start.toSocket = asBytes(toSocket);
    m_host.becomePump(*stream->linkStream(), std::move(start));
    m_io.retire(std::move(stream));
    end();
}

} // namespace sallyport::relay
