#include "visitors/http_visitor.h"

#include "visitors/answers.h"
#include "visitors/filters/gatekeeper.h"
#include "visitors/filters/refusals.h"
#include "visitors/routing.h"

namespace sallyport::relay {

namespace {

// How long is read and thrown away after an answer that ends the connection, so that the visitor
// gets to read it before the reset that unread bytes would cause.
constexpr auto LingerTime = std::chrono::seconds(5);

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
