#include "visitors/h2_stream.h"

#include "visitors/answers.h"
#include "visitors/filters/gatekeeper.h"
#include "visitors/filters/refusals.h"

#include <sallyport/http2/head_text.h>
#include <sallyport/wire/websocket_upgrade.h>

#include <QRandomGenerator>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <utility>

namespace sallyport::relay {

using http2::ErrorCode;

namespace {

// Tries to send one request, over streams and links that end.
constexpr int MaxTries = 4;

std::string freshWebSocketKey()
{
    std::array<quint32, 4> random;
    QRandomGenerator::system()->fillRange(random.data(), random.size());
    std::array<std::byte, 16> nonce;
    std::memcpy(nonce.data(), random.data(), nonce.size());
    return wire::webSocketKey(nonce);
}

http::HeadError headErrorFor(http2::HeadFault fault)
{
    return fault == http2::HeadFault::TooManyFields ? http::HeadError::TooManyFields
                                                    : http::HeadError::HeadTooLarge;
}

} // namespace

H2Stream::H2Stream(H2StreamHost& host, H2Request request)
    : m_connection(host),
      m_worker(host.worker()),
      m_request(std::move(request)),
      m_body(host.worker().io().pool()),
      m_deadline(host.worker().io().deadlines(), [this] { deadlineReached(); })
{
    m_body.append(asBytes(m_request.body));
    m_request.body = std::string();
    if (m_request.webSocket && m_request.webSocketKey.empty()) {
        m_request.webSocketKey = freshWebSocketKey();
        http2::addField(m_request.text, "sec-websocket-key", m_request.webSocketKey);
    }
}

H2Stream::~H2Stream()
{
    stopWaiting();
}

void H2Stream::start()
{
    route(false);
}

H2Request H2Stream::takeRequest()
{
    stopWaiting();
    m_phase = Phase::Ended;
    m_deadline.clear();
    m_request.body = m_body.peekText();
    m_body.clear();
    return std::move(m_request);
}

// --- routing ---

void H2Stream::route(bool waitedEnough)
{
    m_phase = Phase::Routing;
    http::RequestHead& head = m_worker.requestHead();
    http::RequestReader reader(headLimits(limits()));
    if (reader.read(asBytes(m_request.text), head) != http::ReadStatus::Complete)
        return answer(badHead(reader.error()), {});
    m_host = head.host.view();
    m_chunked = head.body.kind == http::BodyKind::Chunked;
    const Origin& origin = m_connection.origin();
    const bool tls = !origin.tlsVersion.empty();
    if (const auto port = redirectPort(m_worker, head, tls, origin.trusted))
        return answerText(redirectAnswer(head, *port, false), head.method == http::Method::Head);
    Destination to = destinationOf(m_worker, head, tls, waitedEnough);
    switch (to.kind) {
    case Destination::Kind::Answer:
        return answer(to.answer, http::errorOptionsFor(head));
    case Destination::Kind::Health:
        return answerText(
            healthAnswer(head, m_worker.shared().healthy ? "" : "see the relay's log"),
            head.method == http::Method::Head);
    case Destination::Kind::Wait:
        return wait(head);
    case Destination::Kind::Elsewhere:
        m_phase = Phase::Parked;
        return m_connection.streamParked(*this, std::move(to.route));
    case Destination::Kind::Here:
        if (!to.route->policy || admitted(*to.route, head))
            begin(*to.tunnel, head);
        return;
    }
}

// Asks the tunnel's filters. False: the request was answered, or waits for a verdict.
bool H2Stream::admitted(const Route& route, http::RequestHead& head)
{
    const VisitVerdict verdict = m_worker.gatekeeper().decide(
        *route.policy, head, m_connection.peer(), m_connection.origin().trusted,
        static_cast<VerdictWaiter&>(*this));
    switch (verdict.kind) {
    case VisitVerdict::Kind::Pass:
        return true;
    case VisitVerdict::Kind::Answer:
        answer(verdict.answer, http::errorOptionsFor(head));
        return false;
    case VisitVerdict::Kind::Wait:
        break;
    }
    m_phase = Phase::Filtering;
    expect(VerdictPatience);
    return false;
}

void H2Stream::stopWaiting()
{
    if (m_phase == Phase::Waiting)
        m_worker.stopWaiting(*this);
    if (m_phase == Phase::Filtering)
        m_worker.gatekeeper().forget(*this);
}

void H2Stream::wait(const http::RequestHead& head)
{
    if (!m_worker.waitForRoute(*this))
        return answer(tooManyWaiting(), http::errorOptionsFor(head));
    m_phase = Phase::Waiting;
    expect(m_worker.shared().config.reconnectGrace + std::chrono::milliseconds(200));
}

void H2Stream::routesChanged()
{
    if (m_phase != Phase::Waiting)
        return;
    m_worker.stopWaiting(*this);
    route(false);
}

void H2Stream::begin(LinkTunnel& tunnel, const http::RequestHead& head)
{
    const http::RequestForwarding forwarding =
        forwardingFor(m_worker, m_connection.origin(), tunnel, head);
    m_exchange.emplace(m_worker, static_cast<ExchangeOwner&>(*this), head, ByteView(), forwarding);
    m_stats = tunnel.route().stats;
    m_stats->active.add();
    if (m_request.tries == 0) {
        m_stats->requests.add();
        m_worker.shared().requests.add();
    }
    m_phase = Phase::Exchange;
    VisitorInfo visitor{m_connection.peer(), m_connection.local(), head.authority,
                        forwarding.requestId};
    if (const std::string_view version = m_connection.origin().tlsVersion; !version.empty())
        visitor.tls = wire::ProxyTls{version, false};
    if (!m_exchange->begin(tunnel, visitor))
        return exchangeFailed(ExchangeFailure::Gone);
    pumpBody();
    if (m_phase == Phase::Exchange)
        watchProgress();
}

// --- the request's body ---

void H2Stream::dataArrived(ByteView bytes)
{
    switch (m_phase) {
    case Phase::Answered:
    case Phase::Ended:
        return session().consumed(id(), bytes.size()); // nobody wants it
    case Phase::Exchange:
    case Phase::Tunnel:
        m_stats->bytesIn.add(bytes.size());
        break;
    default:
        break;
    }
    m_body.append(bytes);
    if (m_phase == Phase::Exchange) {
        pumpBody();
        if (m_phase == Phase::Exchange)
            watchProgress();
    } else if (m_phase == Phase::Tunnel) {
        pumpTunnel();
    }
}

void H2Stream::bodyEnded(std::string trailers)
{
    m_request.bodyEnded = true;
    m_request.trailers = std::move(trailers);
    if (m_phase == Phase::Exchange) {
        pumpBody();
        if (m_phase == Phase::Exchange)
            watchProgress();
    } else if (m_phase == Phase::Tunnel) {
        pumpTunnel();
    }
}

void H2Stream::pumpBody()
{
    while (m_phase == Phase::Exchange && !m_exchange->requestComplete()) {
        const size_t room = m_exchange->requestRoom();
        if (room == 0)
            return; // requestWanted() goes on
        if (m_body.empty()) {
            if (!m_request.bodyEnded || !finishBody())
                return;
            continue;
        }
        Slice slice = m_body.takeFront(std::min<size_t>(room, BufferPool::LargeBlock));
        const size_t size = slice.size();
        if (!passOn(std::move(slice)))
            return;
        session().consumed(id(), size);
        m_connection.outputReady();
    }
}

// False when the exchange ended in it.
bool H2Stream::passOn(Slice slice)
{
    if (!m_chunked) {
        m_exchange->requestBytes(std::move(slice));
        return m_phase == Phase::Exchange;
    }
    std::array<char, 20> line;
    const int size = std::snprintf(line.data(), line.size(), "%zx\r\n", slice.size());
    m_exchange->requestBytes(asBytes(std::string_view(line.data(), size_t(size))));
    if (m_phase == Phase::Exchange)
        m_exchange->requestBytes(std::move(slice));
    if (m_phase == Phase::Exchange)
        m_exchange->requestBytes(asBytes("\r\n"));
    return m_phase == Phase::Exchange;
}

// False when there is no more to say, or the exchange ended in it.
bool H2Stream::finishBody()
{
    if (!m_chunked || std::exchange(m_endPassedOn, true))
        return false;
    m_exchange->requestBytes(asBytes("0\r\n" + m_request.trailers + "\r\n"));
    return m_phase == Phase::Exchange;
}

void H2Stream::dropBody()
{
    session().consumed(id(), m_body.size());
    m_body.clear();
}

// --- the answer ---

http::ResponseWritten H2Stream::sendAnswerHead(const http::ResponseHead& head,
                                               const http::ResponseForwarding& forwarding)
{
    constexpr std::string_view strictTransport = "Strict-Transport-Security";
    if (!forwarding.strictTransport.empty() && head.value(strictTransport).empty()) {
        http::ResponseHead strict = head;
        strict.fields.push_back({strictTransport, forwarding.strictTransport});
        return sendAnswerHead(strict, {});
    }
    http::ResponseWritten written;
    if (head.status == 101) {
        // Only ours to offer, and only when the upstream understood it.
        m_upgradeFits = m_request.webSocket && head.value("Sec-WebSocket-Accept") ==
                                                   wire::webSocketAccept(m_request.webSocketKey);
        if (m_upgradeFits)
            session().answer(id(), head, false);
        return written;
    }
    if (m_request.webSocket && head.status / 100 == 2) {
        // Over HTTP/2 a 200 would say that the tunnel stands.
        http::ResponseHead refused = head;
        refused.status = 502;
        return sendAnswerHead(refused, {});
    }
    written.decodeBody = head.body.kind == http::BodyKind::Chunked;
    m_headEnded = !head.interim() && head.body.empty();
    session().answer(id(), head, m_headEnded);
    m_connection.outputReady();
    return written;
}

void H2Stream::sendPayload(ByteView bytes)
{
    m_stats->bytesOut.add(bytes.size());
    session().write(id(), bytes);
}

void H2Stream::flushVisitor()
{
    m_connection.outputReady();
    if (!m_exchange)
        return;
    m_exchange->credit(session().queued(id()));
    if (m_phase == Phase::Exchange)
        watchProgress();
}

// The socket, or nearly, took some of what was queued.
void H2Stream::payloadTaken()
{
    const size_t queued = session().queued(id());
    if (m_phase == Phase::Exchange) {
        m_exchange->credit(queued);
        watchProgress();
    } else if (m_phase == Phase::Tunnel) {
        if (m_unacked > queued)
            m_tunnel->consumed(m_unacked - queued);
        m_unacked = std::min(m_unacked, queued);
        watchProgress();
    } else if (m_phase == Phase::Answered) {
        expect(limits().stallTimeout);
    }
}

void H2Stream::exchangeLost()
{
    if (++m_request.tries >= MaxTries)
        return exchangeFailed(ExchangeFailure::Gone);
    endExchange();
    route(false);
}

void H2Stream::exchangeFailed(ExchangeFailure failure)
{
    http::ErrorOptions options = m_exchange->errorOptions();
    const http::ErrorAnswer error =
        answerFor(failure, m_exchange->failureCode(), m_exchange->headError());
    const std::string requestId = m_exchange->requestId();
    options.requestId = requestId;
    m_stats->errors.add();
    endExchange();
    answer(error, options);
}

void H2Stream::exchangeDone()
{
    const observe::Log& log = m_worker.shared().log;
    if (log.enabled(observe::Level::Debug))
        log.debug("request", {{"id", m_exchange->requestId()},
                              {"visitor", m_connection.origin().peer},
                              {"status", m_exchange->status()}});
    const std::string trailers = m_exchange->answerTrailers();
    endExchange();
    answerDone(trailers);
}

void H2Stream::endExchange()
{
    m_stats->active.subtract();
    m_exchange.reset();
    m_phase = Phase::Routing;
}

// Nothing more will be said. The rest of the request, if any, is not wanted.
void H2Stream::answerDone(std::string_view trailers)
{
    m_phase = Phase::Answered;
    dropBody();
    if (!m_request.bodyEnded)
        session().stopPeer(id());
    if (!m_headEnded)
        session().finish(id(), trailers);
    expect(limits().stallTimeout);
    m_connection.outputReady();
}

void H2Stream::answer(const http::ErrorAnswer& answer, http::ErrorOptions options)
{
    options.close = false;
    answerText(http::errorResponse(answer, options), options.headRequest);
}

void H2Stream::answerFault(http2::HeadFault fault)
{
    answer(fault == http2::HeadFault::UnsupportedProtocol ? unsupportedProtocol()
                                                          : badHead(headErrorFor(fault)),
           {});
}

// An answer of the relay's own, as HTTP/1 visitors get it.
void H2Stream::answerText(std::string_view text, bool headRequest)
{
    http::ResponseReader reader;
    http::ResponseHead& head = m_worker.responseHead();
    http::ResponseContext context;
    if (headRequest)
        context.method = http::Method::Head;
    if (reader.read(asBytes(text), context, head) != http::ReadStatus::Complete)
        return abort(ErrorCode::InternalError);
    m_headEnded = head.size == text.size();
    session().answer(id(), head, m_headEnded, true);
    session().write(id(), asBytes(text.substr(head.size)));
    answerDone({});
}

// --- as a tunnel ---

void H2Stream::exchangeUpgraded(ByteView early)
{
    if (!m_upgradeFits) {
        m_stats->errors.add();
        endExchange();
        return answer(badUpgrade(), {});
    }
    m_tunnel = m_exchange->takeStream();
    m_tunnel->consumed(m_exchange->unacknowledged()); // it is little, and on its way
    m_tunnel->setUser(this);
    m_exchange.reset();
    m_phase = Phase::Tunnel;
    m_stats->bytesOut.add(early.size());
    session().write(id(), early);
    m_connection.outputReady();
    pumpTunnel();
    if (m_phase == Phase::Tunnel)
        watchProgress();
}

void H2Stream::pumpTunnel()
{
    while (m_phase == Phase::Tunnel && !m_body.empty()) {
        const size_t taken = m_tunnel->write(m_body.front());
        if (taken == 0)
            return; // upstreamWritable() goes on
        m_body.consume(taken);
        session().consumed(id(), taken);
        m_connection.outputReady();
    }
    if (m_phase == Phase::Tunnel && m_request.bodyEnded && !std::exchange(m_endPassedOn, true))
        m_tunnel->finish();
}

void H2Stream::upstreamData(ByteView bytes)
{
    m_unacked += bytes.size();
    m_stats->bytesOut.add(bytes.size());
    session().write(id(), bytes);
    m_connection.outputReady();
    watchProgress();
}

void H2Stream::upstreamFinished()
{
    m_upstreamEnded = true;
    session().finish(id());
    m_connection.outputReady();
}

// Both halves ended, or it broke. In the first case what is queued still goes out.
void H2Stream::upstreamGone(std::optional<wire::StreamFailure>)
{
    if (!m_upstreamEnded || !m_endPassedOn)
        return abort(ErrorCode::ConnectError);
    m_stats->active.subtract();
    m_worker.io().retire(std::move(m_tunnel));
    m_headEnded = false;
    answerDone({});
}

// --- time and end ---

// Whoever owes the next byte has this long.
void H2Stream::watchProgress()
{
    if (session().queued(id()) > 0)
        return expect(limits().stallTimeout); // the visitor, to read
    if (m_phase == Phase::Tunnel || m_exchange->answerStarted())
        return m_deadline.clear(); // may take as long as it likes: events, long polls
    if (!m_exchange->requestComplete())
        return expect(limits().stallTimeout);
    expect(m_worker.shared().config.upstreamTimeout);
}

void H2Stream::deadlineReached()
{
    switch (m_phase) {
    case Phase::Waiting:
        m_worker.stopWaiting(*this);
        return route(true);
    case Phase::Filtering:
        stopWaiting();
        m_phase = Phase::Routing;
        return answer(checksBusy(), {});
    case Phase::Exchange: {
        if (m_exchange->answerStarted())
            return abort(ErrorCode::Cancel);
        const http::ErrorAnswer error =
            m_exchange->requestComplete() ? upstreamTimedOut() : bodyTimedOut();
        http::ErrorOptions options = m_exchange->errorOptions();
        const std::string requestId = m_exchange->requestId();
        options.requestId = requestId;
        m_stats->errors.add();
        endExchange();
        return answer(error, options);
    }
    case Phase::Tunnel:
    case Phase::Answered:
        return abort(ErrorCode::Cancel);
    case Phase::Routing:
    case Phase::Parked:
    case Phase::Ended:
        return;
    }
}

void H2Stream::misdirected()
{
    answer(misdirectedRequest(), {});
}

void H2Stream::refuse()
{
    abort(ErrorCode::RefusedStream);
}

void H2Stream::abort(ErrorCode code)
{
    if (m_phase == Phase::Ended)
        return;
    dropBody();
    session().reset(id(), code);
    m_connection.outputReady();
    end();
}

void H2Stream::resetByPeer()
{
    dropBody();
    end();
}

void H2Stream::closed()
{
    dropBody();
    end();
}

void H2Stream::end()
{
    if (m_phase == Phase::Ended)
        return;
    stopWaiting();
    if (m_phase == Phase::Exchange || m_phase == Phase::Tunnel)
        m_stats->active.subtract();
    if (m_exchange)
        m_exchange->cancel();
    if (m_tunnel) {
        m_tunnel->setUser(nullptr);
        m_tunnel->reset();
        m_worker.io().retire(std::move(m_tunnel));
    }
    m_phase = Phase::Ended;
    m_deadline.clear();
    m_connection.streamEnded(*this);
}

} // namespace sallyport::relay
