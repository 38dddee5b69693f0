#include "visitors/http_visitor.h"

#include "visitors/acme_answers.h"
#include "visitors/answers.h"
#include "visitors/filters/gatekeeper.h"
#include "visitors/filters/refusals.h"
#include "visitors/routing.h"

#include <sallyport/wire/websocket_upgrade.h>

#include <algorithm>

namespace sallyport::relay {

namespace {

// Read while an answer is under way: enough for pipelined requests, and to hear the visitor leave.
constexpr size_t ReadAheadLimit = 16 * 1024;
// Payload from this size on is written straight from where it was received.
constexpr size_t DirectFrom = 16 * 1024;
// Bodies are read in blocks; from this size on a block is passed on by reference.
constexpr size_t ReferenceFrom = 16 * 1024;
constexpr int ReadsPerTurn = 8;
// How long, and how much, is read and thrown away after an answer that ends the connection, so that
// the visitor gets to read it before the reset that unread bytes would cause.
constexpr auto LingerTime = std::chrono::seconds(5);
constexpr size_t LingerLimit = 512 * 1024;
// A visitor that has ended its half waits for the answer or has left: without progress for this
// long it has left.
constexpr auto HalfClosedPatience = std::chrono::seconds(5);
// Tries to send one request, over streams and links that end.
constexpr int MaxTries = 4;

} // namespace

HttpVisitor::HttpVisitor(VisitorHost& host, HttpHandover visitor)
    : m_host(host),
      m_io(host.io()),
      m_socket(std::move(visitor.socket)),
      m_peer(visitor.peer),
      m_local(m_socket.localAddress()),
      m_pass(std::move(visitor.pass)),
      m_reader(headLimits(host.shared().config.limits)),
      m_in(std::move(visitor.input)),
      m_out(host.io().pool()),
      m_deadline(host.io().deadlines(), [this] { deadlineReached(); }),
      m_tries(visitor.tries),
      m_trusted(isTrusted(host.shared().config.trustedProxies, m_peer)),
      m_peerEnded(visitor.peerEnded),
      m_retrying(visitor.tries > 0)
{}

HttpVisitor::~HttpVisitor()
{
    if (m_socket.isOpen())
        m_io.poller().unwatch(m_socket.descriptor());
}

void HttpVisitor::start()
{
    if (m_phase == Phase::Ended)
        return;
    m_socket.attach(m_io);
    m_io.poller().watch(m_socket.descriptor(), this);
    expect(limits().headTimeout);
    if (!m_in.empty())
        processInput();
    if (m_phase != Phase::Ended)
        readMore();
}

void HttpVisitor::onReady(net::Readiness hints)
{
    if (m_phase == Phase::Ended)
        return;
    if (hints & net::HangUp)
        m_hangUp = true;
    if ((hints & net::Writable) && (m_blocked || m_socket.outputPending())) {
        flushVisitor();
        processInput();
    }
    if (hints & net::Readable)
        m_readable = true;
    readMore();
}

// --- input ---

void HttpVisitor::readMore()
{
    for (int i = 0; i < ReadsPerTurn; ++i) {
        if (m_phase == Phase::Ended || !m_readable || m_peerEnded)
            return;
        if (!readOnce())
            return;
    }
    m_io.poller().again(m_socket.descriptor(), net::Readable);
}

// Inside a callback of the link, whose bytes may stand in the thread's scratch: the body goes into
// a block of its own, anything else waits for a turn of ours.
void HttpVisitor::requestWanted()
{
    for (int i = 0; i < ReadsPerTurn; ++i) {
        if (m_phase != Phase::Exchange || !m_readable || m_peerEnded)
            return;
        if (m_exchange->requestComplete())
            break;
        if (!readOnce())
            return;
    }
    m_io.poller().again(m_socket.descriptor(), net::Readable);
}

// One read of what the phase wants; false when it wants nothing now or nothing is there.
bool HttpVisitor::readOnce()
{
    switch (m_phase) {
    case Phase::Exchange:
        return m_exchange->requestComplete() ? readAhead() : readBody();
    case Phase::Linger:
        return readLinger();
    case Phase::Waiting:
    case Phase::Filtering:
        return readAhead();
    case Phase::Ended:
        return false;
    case Phase::Head:
        break;
    }
    // Answers to requests that came before are to be taken first.
    if (outputLeft())
        return readAhead();
    const MutableByteView space = m_io.scratch();
    const net::IoResult result = m_socket.read(space);
    if (result.state == net::IoResult::State::Ok) {
        m_readable = result.bytes == space.size() || m_hangUp;
        if (!m_readable)
            m_io.poller().drained(m_socket.descriptor(), net::Readable);
        takeInput(space.first(result.bytes));
        return m_readable;
    }
    m_readable = false;
    if (result.state == net::IoResult::State::WouldBlock)
        m_io.poller().drained(m_socket.descriptor(), net::Readable);
    else
        inputEnded();
    return false;
}

bool HttpVisitor::readBody()
{
    const size_t room = m_exchange->requestRoom();
    if (room == 0)
        return false; // requestWanted() goes on
    Buffer& block = m_io.readBlock();
    const size_t wanted = std::min(room, block.capacity());
    const net::IoResult result = m_socket.read(block.space().first(wanted));
    if (result.state != net::IoResult::State::Ok) {
        m_readable = false;
        if (result.state == net::IoResult::State::WouldBlock)
            m_io.poller().drained(m_socket.descriptor(), net::Readable);
        else
            inputEnded();
        return false;
    }
    m_readable = result.bytes == wanted || m_hangUp;
    if (!m_readable)
        m_io.poller().drained(m_socket.descriptor(), net::Readable);
    m_stats->bytesIn.add(result.bytes);
    if (!m_exchange->answerStarted())
        expect(limits().stallTimeout);

    const ByteView bytes = block.space().first(result.bytes);
    Slice slice(block, 0, result.bytes);
    const size_t used = result.bytes >= ReferenceFrom ? m_exchange->requestBytes(std::move(slice))
                                                      : m_exchange->requestBytes(bytes);
    if (m_phase != Phase::Exchange)
        return m_readable;
    m_in.append(asText(bytes.subspan(used)));
    if (m_exchange->requestComplete())
        watchProgress();
    return m_readable;
}

// Into m_in, up to a limit: pipelined requests, and the visitor's end.
bool HttpVisitor::readAhead()
{
    if (m_in.size() >= ReadAheadLimit + limits().head)
        return false;
    MutableByteView space = m_io.scratch();
    space = space.first(ReadAheadLimit);
    const net::IoResult result = m_socket.read(space);
    m_readable =
        result.state == net::IoResult::State::Ok && (result.bytes == space.size() || m_hangUp);
    if (result.state == net::IoResult::State::Ok)
        m_in.append(asText(space.first(result.bytes)));
    if (result.state == net::IoResult::State::WouldBlock ||
        (result.state == net::IoResult::State::Ok && !m_readable))
        m_io.poller().drained(m_socket.descriptor(), net::Readable);
    if (result.state == net::IoResult::State::End || result.state == net::IoResult::State::Failed)
        inputEnded();
    return m_readable;
}

bool HttpVisitor::readLinger()
{
    const net::IoResult result = m_socket.read(m_io.scratch());
    if (result.state == net::IoResult::State::WouldBlock) {
        m_readable = false;
        m_io.poller().drained(m_socket.descriptor(), net::Readable);
        return false;
    }
    m_lingered += result.bytes;
    if (result.state != net::IoResult::State::Ok || m_lingered > LingerLimit) {
        end();
        return false;
    }
    return true;
}

// The visitor sent its last byte, or broke.
void HttpVisitor::inputEnded()
{
    m_peerEnded = true;
    if (m_socket.takeError().code != 0)
        return abort();
    switch (m_phase) {
    case Phase::Exchange:
        if (!m_exchange->requestComplete())
            return abort(); // a request broken off is passed on as an abort
        // Perhaps only its half: the answer may still be wanted.
        m_finishing = true;
        m_exchange->closeAfterwards();
        expect(HalfClosedPatience);
        return;
    case Phase::Waiting:
    case Phase::Filtering:
        m_finishing = true;
        return;
    case Phase::Head:
        if (!outputLeft())
            return end();
        return closeAfterOutput();
    case Phase::Linger:
        return end();
    case Phase::Ended:
        return;
    }
}

// --- heads ---

void HttpVisitor::takeInput(ByteView bytes)
{
    if (!m_in.empty()) {
        m_in.append(asText(bytes));
        return processInput();
    }
    m_processing = true;
    const size_t used = parseHead(bytes);
    m_processing = false;
    if (m_phase == Phase::Ended)
        return;
    m_in.append(asText(bytes.subspan(used)));
    processInput();
}

// Requests that are here already, one after the other (never one inside another).
void HttpVisitor::processInput()
{
    if (m_processing || m_phase != Phase::Head || outputLeft() || m_in.empty())
        return;
    m_processing = true;
    const std::string bytes = std::move(m_in);
    m_in.clear();
    size_t used = 0;
    while (m_phase == Phase::Head && !outputLeft() && used < bytes.size()) {
        const size_t n = parseHead(asBytes(bytes).subspan(used));
        if (m_phase == Phase::Ended)
            return;
        if (n == 0)
            break;
        used += n;
    }
    m_in.insert(0, bytes, used);
    m_processing = false;
}

// Handles one request at the front of the bytes; returns how many of them it used.
size_t HttpVisitor::parseHead(ByteView bytes)
{
    if (m_first && speaksHttp2(bytes))
        return bytes.size() < http2::Preface.size() ? 0 : (becomeHttp2(bytes), bytes.size());
    http::RequestHead& head = m_host.requestHead();
    const bool begun = m_reader.started();
    switch (m_reader.read(bytes, head)) {
    case http::ReadStatus::NeedMore:
        // From its first byte on: who sends one now and then gets no more time.
        if (!begun && m_reader.started())
            expect(limits().headTimeout);
        return 0;
    case http::ReadStatus::Error:
        answer(badHead(m_reader.error()), {});
        return bytes.size();
    case http::ReadStatus::Complete:
        break;
    }
    m_reader.reset();
    if (!std::exchange(m_retrying, false))
        m_tries = 0;
    m_used = head.size;
    handleRequest(head, bytes);
    // While waiting the bytes are kept in m_in; lingering, they are of no use.
    return m_phase == Phase::Exchange || m_phase == Phase::Head ? m_used : bytes.size();
}

// RFC 9113 section 3.3: prior knowledge. True also while it may still turn out so.
bool HttpVisitor::speaksHttp2(ByteView bytes)
{
    const std::string_view start = asText(bytes).substr(0, http2::Preface.size());
    m_first = m_host.shared().config.http2 && http2::Preface.starts_with(start);
    return m_first;
}

void HttpVisitor::becomeHttp2(ByteView bytes)
{
    H2Handover visitor;
    m_io.poller().unwatch(m_socket.descriptor());
    m_socket.detach();
    visitor.socket = std::move(m_socket);
    visitor.peer = m_peer;
    visitor.pass = std::move(m_pass);
    visitor.input = asText(bytes);
    visitor.peerEnded = m_peerEnded;
    m_host.becomeHttp2(std::move(visitor));
    end();
}

// --- requests ---

void HttpVisitor::handleRequest(const http::RequestHead& head, ByteView bytes)
{
    if (isAgent(head))
        return becomeAgent(head, bytes);
    if (answerForAcme(head))
        return;
    const bool tls = m_socket.tls() != nullptr;
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
    m_out.append(asBytes(healthAnswer(head, m_host.shared().healthy ? "" : "see the relay's log")));
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
        m_out.append(asBytes(*proof));
        m_closing = m_closing || !head.keepAlive || !head.body.empty();
        expect(limits().idleTimeout);
        flushVisitor();
        return true;
    }
    const AcmeState::Pending* pending =
        m_socket.tls() ? nullptr : acme.pendingFor(head.host.view());
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
    if (!m_socket.tls() && !m_peer.isLoopback() && !config.allowPlaintextLinks)
        return answerHead(head, plaintextLink());
    const auto key = wire::checkWebSocketRequest(asText(bytes.first(head.size)));
    if (!key) {
        m_out.append(asBytes(wire::webSocketRefusal(key.error())));
        return closeAfterOutput();
    }
    m_io.poller().unwatch(m_socket.descriptor());
    if (m_host.becomeAgent(m_socket, m_peer, wire::webSocketResponse(*key),
                           bytes.subspan(head.size)))
        return end();
    m_io.poller().watch(m_socket.descriptor(), this);
    answerHead(head, tooManyHandshakes());
}

void HttpVisitor::redirect(const http::RequestHead& head, uint64_t port)
{
    const bool close =
        !head.keepAlive || !head.body.empty() || m_finishing || m_host.shared().draining;
    m_out.append(asBytes(redirectAnswer(head, port, close)));
    if (close)
        return closeAfterOutput();
    expect(limits().idleTimeout);
    flushVisitor();
}

void HttpVisitor::beginExchange(LinkTunnel& tunnel, const http::RequestHead& head, ByteView bytes)
{
    const Origin origin = originOf(m_host, m_peer, m_socket);
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
    if (const tls::Engine* engine = m_socket.tls())
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
    m_io.poller().unwatch(m_socket.descriptor());
    m_socket.detach();
    visitor.socket = std::move(m_socket);
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
    if (m_phase != Phase::Ended && m_readable)
        m_io.poller().again(m_socket.descriptor(), net::Readable);
}

void HttpVisitor::exchangeUpgraded(ByteView early)
{
    const std::string head = m_out.peekText();
    m_out.clear();
    const std::string toSocket = head + std::string(asText(early));
    std::unique_ptr<Upstream> stream = m_exchange->takeStream();
    stream->consumed(m_exchange->unacknowledged()); // it is little, and on its way
    const std::string toStream = std::move(m_in);
    m_io.poller().unwatch(m_socket.descriptor());
    PumpStart start;
    start.socket = std::move(m_socket);
    start.pass = std::move(m_pass);
    start.stats = m_stats;
    start.toStream = asBytes(toStream);
    start.toSocket = asBytes(toSocket);
    m_host.becomePump(*stream->linkStream(), std::move(start));
    m_io.retire(std::move(stream));
    end();
}

// --- output ---

http::ResponseWritten HttpVisitor::sendAnswerHead(const http::ResponseHead& head,
                                                  const http::ResponseForwarding& forwarding)
{
    return http::writeResponseHead(head, forwarding, m_out);
}

void HttpVisitor::sendPayload(ByteView bytes)
{
    if (m_phase == Phase::Ended)
        return;
    m_stats->bytesOut.add(bytes.size());
    if (bytes.size() >= DirectFrom && !m_blocked) {
        if (!m_out.empty() && !writeOut())
            return;
        if (m_out.empty()) {
            const net::IoResult result = m_socket.write(bytes);
            if (result.state == net::IoResult::State::Failed)
                return abort();
            if (result.state == net::IoResult::State::WouldBlock) {
                m_blocked = true;
                m_io.poller().drained(m_socket.descriptor(), net::Writable);
            }
            bytes = bytes.subspan(result.bytes);
        }
    }
    m_out.append(bytes);
}

// Writes what the system takes; false when the connection broke.
bool HttpVisitor::writeOut()
{
    while (outputLeft()) {
        const net::IoResult result = m_socket.writeFrom(m_out);
        if (result.state == net::IoResult::State::Failed) {
            abort();
            return false;
        }
        if (result.state == net::IoResult::State::WouldBlock) {
            m_blocked = true;
            m_io.poller().drained(m_socket.descriptor(), net::Writable);
            return true;
        }
    }
    m_blocked = false;
    return true;
}

void HttpVisitor::flushVisitor()
{
    if (m_phase == Phase::Ended || !writeOut())
        return;
    if (m_exchange) {
        m_exchange->credit(m_out.size());
        if (m_phase == Phase::Exchange)
            watchProgress();
    }
    if (m_closing && !outputLeft())
        return closeAfterOutput();
}

void HttpVisitor::answer(const http::ErrorAnswer& answer, http::ErrorOptions options)
{
    options.close = options.close || m_finishing || m_host.shared().draining;
    m_out.append(asBytes(http::errorResponse(answer, options)));
    if (options.close)
        return closeAfterOutput();
    expect(limits().idleTimeout);
    flushVisitor();
}

// For a request whose head stands: its body, if any, was not read, so the connection must end.
void HttpVisitor::answerHead(const http::RequestHead& head, http::ErrorAnswer error)
{
    http::ErrorOptions options = http::errorOptionsFor(head);
    options.close = options.close || !head.body.empty();
    answer(error, options);
}

// Ends the connection once the queue is out. What the visitor still sends is read for a while.
void HttpVisitor::closeAfterOutput()
{
    m_closing = true;
    if (m_phase == Phase::Ended || !writeOut() || outputLeft()) {
        if (m_phase != Phase::Ended)
            expect(limits().stallTimeout);
        return;
    }
    if (m_phase == Phase::Linger)
        return;
    if (m_peerEnded)
        return end();
    m_socket.shutdownWrite();
    m_phase = Phase::Linger;
    expect(LingerTime);
    m_in = std::string();
    m_readable = true;
    m_io.poller().again(m_socket.descriptor(), net::Readable);
}

// --- time and end ---

// Whoever owes the next byte has this long.
void HttpVisitor::watchProgress()
{
    if (m_phase == Phase::Head || m_blocked)
        return expect(limits().stallTimeout); // the visitor, to read
    if (m_peerEnded)
        return expect(HalfClosedPatience);
    if (!m_exchange->requestComplete())
        return m_exchange->answerStarted() ? m_deadline.clear() : expect(limits().stallTimeout);
    if (!m_exchange->answerStarted())
        return expect(m_host.shared().config.upstreamTimeout); // the upstream, to answer
    m_deadline.clear(); // an answer may take as long as it likes: events, long polls
}

void HttpVisitor::deadlineReached()
{
    switch (m_phase) {
    case Phase::Head:
        if (outputLeft() || m_closing)
            return abort();
        if (!m_reader.started())
            return end();
        return answer(headTimedOut(), {});
    case Phase::Waiting:
        return giveUpWaiting();
    case Phase::Filtering:
        m_host.gatekeeper().forget(*this);
        m_phase = Phase::Head;
        m_in.clear(); // with an answer that ends the connection
        return answer(checksBusy(), {});
    case Phase::Exchange:
        if (m_blocked || m_peerEnded || m_exchange->answerStarted())
            return abort();
        return failExchange(m_exchange->requestComplete() ? upstreamTimedOut() : bodyTimedOut());
    case Phase::Linger:
        return end();
    case Phase::Ended:
        return;
    }
}

void HttpVisitor::finishSoon()
{
    m_finishing = true;
    if (m_phase == Phase::Exchange)
        return m_exchange->closeAfterwards();
    if (m_phase == Phase::Head && m_in.empty() && !outputLeft())
        end();
}

void HttpVisitor::close()
{
    abort();
}

// Ends with a reset: the visitor must not take what it has for a whole answer.
void HttpVisitor::abort()
{
    if (m_phase == Phase::Ended)
        return;
    if (m_socket.isOpen()) {
        m_io.poller().unwatch(m_socket.descriptor());
        m_socket.abort();
    }
    end();
}

void HttpVisitor::end()
{
    if (m_phase == Phase::Ended)
        return;
    if (m_phase == Phase::Waiting)
        m_host.stopWaiting(*this);
    if (m_phase == Phase::Filtering)
        m_host.gatekeeper().forget(*this);
    if (m_phase == Phase::Exchange) {
        m_exchange->cancel();
        m_stats->active.subtract();
    }
    m_phase = Phase::Ended;
    m_deadline.clear();
    if (m_socket.isOpen()) {
        m_io.poller().unwatch(m_socket.descriptor());
        m_socket.close();
    }
    m_host.visitorEnded(*this);
}

} // namespace sallyport::relay
