#include "visitors/exchange.h"

#include <algorithm>

namespace sallyport::relay {

namespace {

// A request that must not be repeated goes on a kept stream only when that was used this short ago:
// the upstream may be about to close it, and no server's keep-alive time is shorter.
constexpr auto FreshlyUsed = std::chrono::seconds(2);
// Interim answers (1xx) to one request.
constexpr int InterimLimit = 32;

bool isIdempotent(http::Method method)
{
    using enum http::Method;
    return method == Get || method == Head || method == Options || method == Trace ||
           method == Put || method == Delete;
}

// Authentication that sticks to a connection (NTLM, Negotiate): another visitor's request must
// never travel on it.
bool bindsConnection(const http::ResponseHead& head)
{
    const std::string_view scheme = head.value("WWW-Authenticate");
    return scheme.starts_with("NTLM") || scheme.starts_with("Negotiate");
}

} // namespace

Exchange::Exchange(VisitorHost& host, ExchangeOwner& owner, const http::RequestHead& head,
                   ByteView original, const http::RequestForwarding& forwarding)
    : m_host(host),
      m_owner(owner),
      m_toStream(host.io().pool()),
      m_requestBody(head.body),
      m_retryable(head.body.empty() && isIdempotent(head.method) && !head.upgrade),
      m_closeAsked(!head.keepAlive),
      m_secure(forwarding.scheme == "https"),
      m_visitorVersion(head.version),
      m_errorOptions(http::errorOptionsFor(head)),
      m_requestId(forwarding.requestId),
      m_context{head.method, head.upgrade}
{
    if (m_retryable)
        m_original = asText(original);
    http::writeRequestHead(head, forwarding, m_headText);
}

Exchange::~Exchange()
{
    cancel();
}

bool Exchange::begin(LinkTunnel& tunnel, const VisitorInfo& visitor)
{
    m_stream =
        tunnel.connect(visitor, m_retryable ? std::nullopt : std::optional<Duration>(FreshlyUsed));
    if (!m_stream)
        return false;
    m_stream->setUser(this);
    m_headSent = 0;
    m_unacked = 0;
    sendToStream();
    return true;
}

// --- the request ---

// True when everything queued was taken.
bool Exchange::sendToStream()
{
    while (m_headSent < m_headText.size()) {
        const size_t taken =
            m_stream->write(asBytes(std::string_view(m_headText).substr(m_headSent)));
        if (taken == 0)
            return false;
        m_headSent += taken;
    }
    while (!m_toStream.empty()) {
        const size_t taken = m_stream->write(m_toStream.front());
        if (taken == 0)
            return false;
        m_toStream.consume(taken);
    }
    return true;
}

size_t Exchange::requestRoom()
{
    if (!m_stream || m_requestBody.complete() || m_requestBody.failed())
        return 0;
    // The order matters: asking writable() makes the link tell us when there is room again.
    const size_t room = m_stream->writable();
    return m_headSent < m_headText.size() || !m_toStream.empty() ? 0 : room;
}

size_t Exchange::requestBytes(ByteView bytes)
{
    const size_t used = m_requestBody.pass(bytes);
    if (m_requestBody.failed()) {
        failWith(ExchangeFailure::BadBody);
        return used;
    }
    queueForStream(bytes.first(used));
    return used;
}

size_t Exchange::requestBytes(Slice slice)
{
    const size_t used = m_requestBody.pass(slice.view());
    if (m_requestBody.failed()) {
        failWith(ExchangeFailure::BadBody);
        return used;
    }
    Slice body = slice.takePrefix(used);
    if (sendToStream())
        m_stream->write(body);
    m_toStream.append(std::move(body));
    return used;
}

void Exchange::queueForStream(ByteView bytes)
{
    if (sendToStream())
        bytes = bytes.subspan(m_stream->write(bytes));
    m_toStream.append(bytes);
}

void Exchange::upstreamWritable()
{
    if (sendToStream() && !m_requestBody.complete())
        m_owner.requestWanted();
}

// --- the answer ---

void Exchange::upstreamData(ByteView bytes)
{
    m_unacked += bytes.size();
    while (!bytes.empty()) {
        const bool goOn = m_stage == Stage::Head ? readHead(bytes) : readBody(bytes);
        if (!goOn)
            return;
    }
    m_owner.flushVisitor();
}

// Returns false when the exchange ended in it.
bool Exchange::readHead(ByteView& bytes)
{
    ByteView view = bytes;
    const size_t before = m_partialHead.size();
    if (before > 0) {
        m_partialHead.append(asText(bytes));
        view = asBytes(m_partialHead);
    }
    http::ResponseHead& head = m_host.responseHead();
    switch (m_reader.read(view, m_context, head)) {
    case http::ReadStatus::NeedMore:
        if (before == 0)
            m_partialHead.assign(asText(bytes));
        bytes = {};
        return true;
    case http::ReadStatus::Error:
        failWith(ExchangeFailure::BadAnswer);
        return false;
    case http::ReadStatus::Complete:
        break;
    }
    bytes = bytes.subspan(head.size - before);
    const bool goOn = handleHead(head, bytes);
    if (goOn)
        m_partialHead.clear();
    return goOn;
}

bool Exchange::handleHead(const http::ResponseHead& head, ByteView rest)
{
    http::ResponseForwarding forwarding;
    forwarding.visitorVersion = m_visitorVersion;
    if (head.interim()) {
        if (++m_interim > InterimLimit) {
            failWith(ExchangeFailure::BadAnswer);
            return false;
        }
        if (m_visitorVersion == http::Version::Http11)
            m_owner.sendAnswerHead(head, forwarding);
        m_reader.reset();
        return true;
    }
    m_status = head.status;
    // A visitor that still sends is told now that the connection ends: the rest may never be read.
    forwarding.close = m_closeAsked || !m_requestBody.complete() || m_host.shared().draining;
    if (m_secure)
        forwarding.strictTransport = m_host.shared().hsts;
    const http::ResponseWritten written = m_owner.sendAnswerHead(head, forwarding);
    m_stage = Stage::Body;
    if (head.status == 101) {
        m_stage = Stage::Done;
        m_owner.exchangeUpgraded(rest);
        return false;
    }
    m_decode = written.decodeBody;
    m_close = written.close;
    m_keepUpstream = head.keepAlive && !bindsConnection(head);
    m_answerBody = http::BodyReader(head.body);
    if (m_decode)
        m_answerBody.keepTrailers(m_trailers);
    if (!m_answerBody.complete())
        return true;
    finish(rest.empty());
    return false;
}

bool Exchange::readBody(ByteView& bytes)
{
    size_t used = 0;
    if (m_decode) {
        used = m_answerBody.decode(bytes, [this](ByteView data) { m_owner.sendPayload(data); });
    } else {
        used = m_answerBody.pass(bytes);
        m_owner.sendPayload(bytes.first(used));
    }
    if (m_answerBody.failed()) {
        cancel();
        m_owner.exchangeBroken();
        return false;
    }
    bytes = bytes.subspan(used);
    if (!m_answerBody.complete())
        return true;
    finish(bytes.empty());
    return false;
}

void Exchange::finish(bool streamReusable)
{
    m_stage = Stage::Done;
    m_owner.flushVisitor();
    if (!m_stream)
        return; // the visitor broke while we flushed
    std::unique_ptr<Upstream> stream = std::move(m_stream);
    const std::shared_ptr<LinkTunnel> tunnel = stream->tunnel();
    if (!m_requestBody.complete() || !tunnel || !streamReusable) {
        stream->setUser(nullptr);
        stream->reset();
        m_host.io().retire(std::move(stream));
    } else {
        // What the visitor has not taken yet no longer counts against this stream's window.
        stream->consumed(std::exchange(m_unacked, 0));
        if (m_keepUpstream && m_toStream.empty() && m_headSent == m_headText.size())
            tunnel->giveBack(std::move(stream));
        else
            tunnel->letEnd(std::move(stream));
    }
    m_owner.exchangeDone();
}

void Exchange::upstreamFinished()
{
    if (m_stage == Stage::Body) {
        m_answerBody.endOfInput();
        if (m_answerBody.complete())
            return finish(true);
        cancel();
        return m_owner.exchangeBroken();
    }
    upstreamGone(std::nullopt);
}

void Exchange::upstreamGone(std::optional<wire::StreamFailure> why)
{
    // A kept stream may have been closed by its upstream at the moment we used it, and a link that
    // broke says nothing about the request; an upstream that hangs up on a fresh one does.
    const std::shared_ptr<LinkTunnel> tunnel = m_stream ? m_stream->tunnel() : nullptr;
    const bool givenUp = m_stream && !tunnel;
    const bool innocent = m_stream && (m_stream->usedBefore || givenUp || tunnel->linkClosed());
    cancel();
    if (m_stage != Stage::Head)
        return m_owner.exchangeBroken();
    if (why) {
        m_failureCode = *why;
        return m_owner.exchangeFailed(ExchangeFailure::Unreachable);
    }
    if (innocent && m_retryable && m_partialHead.empty() && m_interim == 0)
        return m_owner.exchangeLost();
    m_owner.exchangeFailed(givenUp ? ExchangeFailure::Away : ExchangeFailure::Gone);
}

void Exchange::failWith(ExchangeFailure failure)
{
    cancel();
    if (answerStarted() || m_interim > 0)
        m_owner.exchangeBroken();
    else
        m_owner.exchangeFailed(failure);
}

void Exchange::credit(size_t queued)
{
    if (!m_stream || m_unacked <= queued)
        return;
    m_stream->consumed(m_unacked - queued);
    m_unacked = queued;
}

void Exchange::cancel()
{
    if (!m_stream)
        return;
    m_stream->setUser(nullptr);
    m_stream->reset();
    // We may be inside one of its callbacks.
    m_host.io().retire(std::move(m_stream));
}

std::unique_ptr<Upstream> Exchange::takeStream()
{
    if (m_stream)
        m_stream->setUser(nullptr);
    return std::move(m_stream);
}

} // namespace sallyport::relay
