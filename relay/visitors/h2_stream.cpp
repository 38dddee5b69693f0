#include "visitors/h2_stream.h"

#include "visitors/answers.h"
#include "visitors/filters/gatekeeper.h"
#include "visitors/filters/refusals.h"

#include <sallyport/http2/head_text.h>
#include <sallyport/wire/websocket_upgrade.h>

#include <QRandomGenerator>

#include <array>
#include <cstring>
#include <utility>

namespace sallyport::relay {

using http2::ErrorCode;

namespace {

std::string freshWebSocketKey()
{
    std::array<quint32, 4> random;
    QRandomGenerator::system()->fillRange(random.data(), random.size());
    std::array<std::byte, 16> nonce;
    std::memcpy(nonce.data(), random.data(), nonce.size());
    return wire::webSocketKey(nonce);
}

} // namespace

H2Stream::H2Stream(H2StreamHost& host, H2Request request)
    : m_connection(host),
      m_worker(host.worker()),
      m_request(std::move(request)),
      m_body(host.worker().io().pool(), m_request.body, m_request.bodyEnded,
             std::move(m_request.trailers)),
      m_deadline(host.worker().io().deadlines(), [this] { deadlineReached(); })
{
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
    m_request.bodyEnded = m_body.hasEnded();
    m_request.trailers = m_body.trailers();
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
    m_body.useChunks(head.body.kind == http::BodyKind::Chunked);
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
    moreOfBody();
}

void H2Stream::bodyEnded(std::string trailers)
{
    m_body.end(std::move(trailers));
    moreOfBody();
}

void H2Stream::moreOfBody()
{
    if (m_phase == Phase::Exchange) {
        pumpBody();
        if (m_phase == Phase::Exchange)
            watchProgress();
    } else if (m_phase == Phase::Tunnel) {
        m_tunnel->pump();
    }
}

void H2Stream::pumpBody()
{
    while (m_phase == Phase::Exchange && !m_exchange->requestComplete()) {
        const size_t room = m_exchange->requestRoom();
        if (room == 0)
            return; // requestWanted() goes on
        std::optional<H2RequestBody::Piece> piece = m_body.next(room);
        if (!piece)
            return;
        const size_t size = piece->data.size();
        if (!passOn(std::move(*piece)))
            return;
        if (size == 0)
            continue; // the end
        session().consumed(id(), size);
        m_connection.outputReady();
    }
}

// False when the exchange ended in it.
bool H2Stream::passOn(H2RequestBody::Piece piece)
{
    if (!piece.before.empty())
        m_exchange->requestBytes(asBytes(piece.before));
    if (m_phase == Phase::Exchange && !piece.data.empty())
        m_exchange->requestBytes(std::move(piece.data));
    if (m_phase == Phase::Exchange && !piece.after.empty())
        m_exchange->requestBytes(asBytes(piece.after));
    return m_phase == Phase::Exchange;
}

void H2Stream::dropBody()
{
    session().consumed(id(), m_body.size());
    m_body.clear();
}

// --- as a tunnel ---

void H2Stream::exchangeUpgraded(ByteView early)
{
    if (!m_upgradeFits) {
        m_stats->errors.add();
        endExchange();
        return answer(badUpgrade(), {});
    }
    std::unique_ptr<Upstream> upstream = m_exchange->takeStream();
    upstream->consumed(m_exchange->unacknowledged()); // it is little, and on its way
    m_tunnel.emplace(m_connection, static_cast<H2TunnelOwner&>(*this), id(), m_body, m_stats,
                     std::move(upstream));
    m_exchange.reset();
    m_phase = Phase::Tunnel;
    m_tunnel->start(early);
    if (m_phase == Phase::Tunnel)
        watchProgress();
}

void H2Stream::tunnelEnded()
{
    m_stats->active.subtract();
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
    case Phase::Exchange:
        if (m_exchange->answerStarted())
            return abort(ErrorCode::Cancel);
        return failExchange(m_exchange->requestComplete() ? upstreamTimedOut() : bodyTimedOut());
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
    if (m_tunnel)
        m_tunnel->cancel();
    m_phase = Phase::Ended;
    m_deadline.clear();
    m_connection.streamEnded(*this);
}

} // namespace sallyport::relay
