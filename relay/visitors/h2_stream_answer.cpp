// What the visitor hears: the upstream's answer, or one of the relay's own. Where the request goes
// and how its body gets there is in h2_stream.cpp.
#include "visitors/answers.h"
#include "visitors/h2_stream.h"

#include <sallyport/wire/websocket_upgrade.h>

namespace sallyport::relay {

namespace {

// Tries to send one request, over streams and links that end.
constexpr int MaxTries = 4;

http::HeadError headErrorFor(http2::HeadFault fault)
{
    return fault == http2::HeadFault::TooManyFields ? http::HeadError::TooManyFields
                                                    : http::HeadError::HeadTooLarge;
}

} // namespace

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
        m_tunnel->payloadTaken(queued);
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
    failExchange(answerFor(failure, m_exchange->failureCode(), m_exchange->headError()));
}

void H2Stream::failExchange(const http::ErrorAnswer& error)
{
    http::ErrorOptions options = m_exchange->errorOptions();
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
    if (!m_body.hasEnded())
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
        return abort(http2::ErrorCode::InternalError);
    m_headEnded = head.size == text.size();
    session().answer(id(), head, m_headEnded, true);
    session().write(id(), asBytes(text.substr(head.size)));
    answerDone({});
}

} // namespace sallyport::relay
