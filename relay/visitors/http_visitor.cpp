#include "visitors/http_visitor.h"

#include "visitors/answers.h"
#include "visitors/filters/gatekeeper.h"
#include "visitors/filters/refusals.h"
#include "visitors/routing.h"

#include <algorithm>

namespace sallyport::relay {

namespace {

// Read while an answer is under way: enough for pipelined requests, and to hear the visitor leave.
constexpr size_t ReadAheadLimit = 16 * 1024;
// Bodies are read in blocks; from this size on a block is passed on by reference.
constexpr size_t ReferenceFrom = 16 * 1024;
constexpr int ReadsPerTurn = 8;
// How long, and how much, is read and thrown away after an answer that ends the connection, so that
// the visitor gets to read it before the reset that unread bytes would cause: more than the
// kernel's buffers hold of an upload.
constexpr auto LingerTime = std::chrono::seconds(5);
constexpr size_t LingerLimit = 16 * 1024 * 1024;
// A visitor that has ended its half waits for the answer or has left: without progress for this
// long it has left.
constexpr auto HalfClosedPatience = std::chrono::seconds(5);

} // namespace

HttpVisitor::HttpVisitor(VisitorHost& host, HttpHandover visitor)
    : m_host(host),
      m_io(host.io()),
      m_channel(host.io(), std::move(visitor.socket)),
      m_peer(visitor.peer),
      m_local(m_channel.socket().localAddress()),
      m_pass(std::move(visitor.pass)),
      m_reader(headLimits(host.shared().config.limits)),
      m_in(std::move(visitor.input)),
      m_deadline(host.io().deadlines(), [this] { deadlineReached(); }),
      m_tries(visitor.tries),
      m_trusted(isTrusted(host.shared().config.trustedProxies, m_peer)),
      m_peerEnded(visitor.peerEnded),
      m_retrying(visitor.tries > 0)
{}

void HttpVisitor::start()
{
    if (m_phase == Phase::Ended)
        return;
    m_channel.open(*this);
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
    if (m_channel.ready(hints)) {
        flushVisitor();
        processInput();
    }
    readMore();
}

// --- input ---

void HttpVisitor::readMore()
{
    for (int i = 0; i < ReadsPerTurn; ++i) {
        if (m_phase == Phase::Ended || !m_channel.readable() || m_peerEnded)
            return;
        if (!readOnce())
            return;
    }
    m_channel.readAgain();
}

// Inside a callback of the link, whose bytes may stand in the thread's scratch: the body goes into
// a block of its own, anything else waits for a turn of ours.
void HttpVisitor::requestWanted()
{
    for (int i = 0; i < ReadsPerTurn; ++i) {
        if (m_phase != Phase::Exchange || !m_channel.readable() || m_peerEnded)
            return;
        if (m_exchange->requestComplete())
            break;
        if (!readOnce())
            return;
    }
    m_channel.readAgain();
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
    const VisitorChannel::Read read = m_channel.read(space);
    if (read.input == VisitorChannel::Input::Bytes)
        takeInput(space.first(read.bytes));
    return goOn(read);
}

// After a read: whether there may be more.
bool HttpVisitor::goOn(const VisitorChannel::Read& read)
{
    if (read.input == VisitorChannel::Input::Ended)
        inputEnded();
    return m_channel.readable();
}

bool HttpVisitor::readBody()
{
    const size_t room = m_exchange->requestRoom();
    if (room == 0)
        return false; // requestWanted() goes on
    Buffer& block = m_io.readBlock();
    const size_t wanted = std::min(room, block.capacity());
    const VisitorChannel::Read read = m_channel.read(block.space().first(wanted));
    if (read.input != VisitorChannel::Input::Bytes)
        return goOn(read);
    m_stats->bytesIn.add(read.bytes);
    if (!m_exchange->answerStarted())
        expect(limits().stallTimeout);

    const ByteView bytes = block.space().first(read.bytes);
    Slice slice(block, 0, read.bytes);
    const size_t used = read.bytes >= ReferenceFrom ? m_exchange->requestBytes(std::move(slice))
                                                    : m_exchange->requestBytes(bytes);
    if (m_phase != Phase::Exchange)
        return m_channel.readable();
    m_in.append(asText(bytes.subspan(used)));
    if (m_exchange->requestComplete())
        watchProgress();
    return m_channel.readable();
}

// Into m_in, up to a limit: pipelined requests, and the visitor's end.
bool HttpVisitor::readAhead()
{
    if (m_in.size() >= ReadAheadLimit + limits().head)
        return false;
    const MutableByteView space = m_io.scratch().first(ReadAheadLimit);
    const VisitorChannel::Read read = m_channel.read(space);
    m_in.append(asText(space.first(read.bytes)));
    return goOn(read);
}

bool HttpVisitor::readLinger()
{
    const VisitorChannel::Read read = m_channel.read(m_io.scratch());
    m_lingered += read.bytes;
    if (read.input != VisitorChannel::Input::Ended && m_lingered <= LingerLimit)
        return m_channel.readable();
    end();
    return false;
}

// The visitor sent its last byte, or broke.
void HttpVisitor::inputEnded()
{
    m_peerEnded = true;
    if (m_channel.socket().takeError().code != 0)
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
    visitor.socket = m_channel.takeAway();
    visitor.peer = m_peer;
    visitor.pass = std::move(m_pass);
    visitor.input = asText(bytes);
    visitor.peerEnded = m_peerEnded;
    m_host.becomeHttp2(std::move(visitor));
    end();
}

// --- output ---

http::ResponseWritten HttpVisitor::sendAnswerHead(const http::ResponseHead& head,
                                                  const http::ResponseForwarding& forwarding)
{
    return http::writeResponseHead(head, forwarding, m_channel.output());
}

void HttpVisitor::sendPayload(ByteView bytes)
{
    if (m_phase == Phase::Ended)
        return;
    m_stats->bytesOut.add(bytes.size());
    if (!m_channel.send(bytes))
        abort();
}

// Writes what the system takes; false when the connection broke.
bool HttpVisitor::writeOut()
{
    if (m_channel.write())
        return true;
    abort();
    return false;
}

void HttpVisitor::flushVisitor()
{
    if (m_phase == Phase::Ended || !writeOut())
        return;
    if (m_exchange) {
        m_exchange->credit(m_channel.output().size());
        if (m_phase == Phase::Exchange)
            watchProgress();
    }
    if (m_closing && !outputLeft())
        return closeAfterOutput();
}

void HttpVisitor::answer(const http::ErrorAnswer& answer, http::ErrorOptions options)
{
    options.close = options.close || m_finishing || m_host.shared().draining;
    m_channel.output().append(asBytes(http::errorResponse(answer, options)));
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
    m_channel.socket().shutdownWrite();
    m_phase = Phase::Linger;
    expect(LingerTime);
    m_in = std::string();
    m_channel.expectInput();
    m_channel.readAgain();
}

// --- time and end ---

// Whoever owes the next byte has this long.
void HttpVisitor::watchProgress()
{
    if (m_phase == Phase::Head || m_channel.blocked())
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
        if (m_channel.blocked() || m_peerEnded || m_exchange->answerStarted())
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
    m_channel.abort();
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
    m_channel.close();
    m_host.visitorEnded(*this);
}

} // namespace sallyport::relay
