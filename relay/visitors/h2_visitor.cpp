#include "visitors/h2_visitor.h"

#include "visitors/answers.h"

#include <sallyport/base/overloaded.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace sallyport::relay {

namespace {

constexpr int ReadsPerTurn = 4;
// Ready for the socket and not yet taken by it.
constexpr size_t HighWater = 128 * 1024;
// Between the announcement that the connection is about to end and its end for new streams: time
// for requests that were under way.
constexpr auto GoAwayWait = std::chrono::milliseconds(500);

http2::Config sessionConfig(const config::RelayLimits& limits)
{
    http2::Config config;
    config.maxStreams = uint32_t(limits.h2Streams);
    config.streamWindow = uint32_t(limits.h2Window);
    config.connectionWindow = uint32_t(4 * limits.h2Window);
    config.maxHead = limits.head;
    config.maxFields = limits.headers;
    config.idleFrames = uint32_t(limits.h2IdleFrames);
    config.cancelled = uint32_t(limits.h2Cancelled);
    return config;
}

H2Stream* streamOf(void* context)
{
    return static_cast<H2Stream*>(context);
}

} // namespace

H2Visitor::H2Visitor(VisitorHost& host, H2Handover visitor)
    : m_host(host),
      m_io(host.io()),
      m_channel(host.io(), std::move(visitor.socket)),
      m_peer(visitor.peer),
      m_local(m_channel.socket().localAddress()),
      m_pass(std::move(visitor.pass)),
      m_origin(originOf(host, m_peer, m_channel.socket())),
      m_session(std::move(visitor.session)),
      m_arrived(std::move(visitor.requests)),
      m_early(std::move(visitor.input)),
      m_homeHost(std::move(visitor.homeHost)),
      m_deadline(host.io().deadlines(), [this] { deadlineReached(); }),
      m_goAway(host.io().deadlines(), [this] { finishGoAway(); }),
      m_peerEnded(visitor.peerEnded),
      m_used(m_session != nullptr)
{
    if (m_session)
        m_session->moveTo(m_io.pool());
    else
        m_session = std::make_unique<http2::Session>(http2::Role::Server, sessionConfig(limits()),
                                                     m_io.pool(), m_io.now());
    m_channel.output().append(asBytes(visitor.output));
}

H2Visitor::~H2Visitor() = default;

void H2Visitor::start()
{
    if (m_ended)
        return;
    m_channel.open(*this);
    expect(limits().headTimeout);
    outputReady();
    m_handling = true;
    for (H2Request& request : std::exchange(m_arrived, {}))
        addStream(std::move(request)).start();
    m_handling = false;
    const std::string early = std::exchange(m_early, {});
    receive(asBytes(early));
    if (!m_ended)
        readMore();
}

// --- input ---

void H2Visitor::onReady(net::Readiness hints)
{
    if (m_ended)
        return;
    if (m_channel.ready(hints))
        flush();
    if (!m_ended)
        readMore();
}

void H2Visitor::readMore()
{
    for (int i = 0; i < ReadsPerTurn; ++i) {
        if (m_ended || m_failed || !m_channel.readable() || m_peerEnded)
            return;
        const MutableByteView space = m_io.scratch();
        const VisitorChannel::Read read = m_channel.read(space);
        if (read.input == VisitorChannel::Input::Nothing)
            return;
        if (read.input == VisitorChannel::Input::Ended) {
            m_peerEnded = true;
            // Nobody is left to read an answer: HTTP/2 knows no half-closed connection.
            return abort();
        }
        receive(space.first(read.bytes));
    }
    if (!m_ended)
        m_channel.readAgain();
}

void H2Visitor::receive(ByteView bytes)
{
    m_session->receive(bytes, m_io.now());
    handleEvents();
    if (m_ended)
        return;
    outputReady();
    watchProgress();
}

void H2Visitor::handleEvents()
{
    if (std::exchange(m_handling, true))
        return;
    while (!m_ended) {
        std::optional<http2::Event> event = m_session->nextEvent();
        if (!event)
            break;
        handle(*event);
    }
    m_handling = false;
    if (!m_ended && m_wanted)
        settleParked();
}

void H2Visitor::handle(http2::Event& event)
{
    std::visit(Overloaded{
                   [&](http2::Head& e) { requestCame(e); },
                   [&](http2::Data& e) {
                       if (H2Stream* stream = streamOf(e.context))
                           stream->dataArrived(e.bytes);
                       else
                           m_session->consumed(e.id, e.bytes.size());
                   },
                   [&](http2::Ended& e) {
                       if (H2Stream* stream = streamOf(e.context))
                           stream->bodyEnded(std::move(e.trailers));
                   },
                   [&](http2::Reset& e) {
                       if (H2Stream* stream = streamOf(e.context))
                           stream->resetByPeer();
                   },
                   [&](http2::Closed& e) {
                       if (H2Stream* stream = streamOf(e.context))
                           stream->closed();
                   },
                   [&](http2::Taken& e) {
                       if (H2Stream* stream = streamOf(e.context))
                           stream->payloadTaken();
                   },
                   [&](http2::GoAway&) {},
                   [&](http2::Failed& e) { failed(e); },
               },
               event);
}

void H2Visitor::requestCame(http2::Head& head)
{
    m_used = true;
    H2Request request;
    request.id = head.id;
    request.text = std::move(head.text);
    request.bodyEnded = head.ended;
    request.webSocket = head.webSocket;
    H2Stream& stream = addStream(std::move(request));
    if (head.fault != http2::HeadFault::None)
        return stream.answerFault(head.fault);
    stream.start();
    if (m_homeHost.empty())
        m_homeHost = stream.hostName();
}

H2Stream& H2Visitor::addStream(H2Request request)
{
    const http2::StreamId id = request.id;
    auto made = std::make_unique<H2Stream>(static_cast<H2StreamHost&>(*this), std::move(request));
    H2Stream& stream = *made;
    m_streams[id] = std::move(made);
    m_session->setContext(id, &stream);
    return stream;
}

void H2Visitor::failed(const http2::Failed& failure)
{
    m_failed = true;
    const observe::Log& log = m_host.shared().log;
    if (failure.code == http2::ErrorCode::EnhanceYourCalm) {
        m_host.visitorTrouble(m_peer, failure.detail);
    } else if (log.enabled(observe::Level::Debug)) {
        log.debug("http/2 connection failed", {{"visitor", m_origin.peer},
                                               {"code", uint64_t(failure.code)},
                                               {"reason", failure.detail}});
    }
}

// --- streams that belong to another worker ---

void H2Visitor::streamParked(H2Stream& stream, RouteTable::RoutePtr route)
{
    if (m_homeHost.empty())
        m_homeHost = stream.hostName();
    m_wanted = std::move(route);
    if (!m_handling)
        settleParked();
}

void H2Visitor::settleParked()
{
    const RouteTable::RoutePtr route = std::exchange(m_wanted, nullptr);
    if (canMove())
        return move(*route);
    std::vector<H2Stream*> parked;
    for (const auto& [id, stream] : m_streams)
        if (stream->parked())
            parked.push_back(stream.get());
    bool leave = false;
    for (H2Stream* stream : parked) {
        if (stream->hostName() == m_homeHost) {
            leave = true;
            stream->refuse();
        } else {
            stream->misdirected();
        }
    }
    if (leave)
        m_session->finishGoAway();
    outputReady();
}

bool H2Visitor::canMove()
{
    if (m_finishing || m_failed)
        return false;
    m_session->takeOutput(m_channel.output(), HighWater);
    // What that ended is heard now.
    m_handling = true;
    while (std::optional<http2::Event> event = m_session->nextEvent())
        handle(*event);
    m_handling = false;
    return !m_failed && m_session->movable() && !m_session->hasOutput() &&
           std::all_of(m_streams.begin(), m_streams.end(),
                       [](const auto& entry) { return entry.second->movable(); });
}

void H2Visitor::move(const Route& route)
{
    H2Handover visitor;
    visitor.socket = m_channel.takeAway();
    visitor.peer = m_peer;
    visitor.pass = std::move(m_pass);
    visitor.homeHost = m_homeHost;
    visitor.peerEnded = m_peerEnded;
    visitor.output = m_channel.output().peekText();
    m_channel.output().clear();
    for (auto& [id, stream] : m_streams) {
        m_session->setContext(id, nullptr);
        visitor.requests.push_back(stream->takeRequest());
        m_io.retire(std::move(stream));
    }
    m_streams.clear();
    visitor.session = std::move(m_session);
    m_ended = true;
    m_deadline.clear();
    m_goAway.clear();
    m_host.handOver(route, std::move(visitor));
    m_host.visitorEnded(*this);
}

// --- output ---

void H2Visitor::onTurnEnd()
{
    if (!m_ended)
        flush();
}

void H2Visitor::flush()
{
    while (!m_ended) {
        if (!writeOut() || m_channel.blocked())
            break;
        m_session->takeOutput(m_channel.output(), HighWater);
        handleEvents();
        if (m_ended || m_channel.output().empty())
            break;
    }
    if (m_ended)
        return;
    if (!m_channel.outputLeft() && m_session->done())
        return end();
    watchProgress();
}

// Writes what the system takes; false when the connection broke.
bool H2Visitor::writeOut()
{
    if (m_channel.write())
        return true;
    abort();
    return false;
}

// --- time and end ---

void H2Visitor::watchProgress()
{
    if (m_channel.blocked())
        return expect(limits().stallTimeout);
    if (m_streams.empty())
        return expect(m_used ? limits().idleTimeout : limits().headTimeout);
    m_deadline.clear(); // each stream watches itself
}

void H2Visitor::deadlineReached()
{
    if (m_channel.blocked() || m_failed)
        return abort();
    // Idle for long.
    m_session->finishGoAway();
    flush();
}

void H2Visitor::finishSoon()
{
    if (m_ended || std::exchange(m_finishing, true))
        return;
    m_session->beginGoAway();
    outputReady();
    m_goAway.set(m_io.now() + GoAwayWait);
}

void H2Visitor::finishGoAway()
{
    m_session->finishGoAway();
    outputReady();
}

void H2Visitor::close()
{
    if (m_ended)
        return;
    m_session->finishGoAway();
    m_session->takeOutput(m_channel.output(), HighWater);
    if (writeOut())
        abort();
}

void H2Visitor::streamEnded(H2Stream& stream)
{
    const auto found = m_streams.find(stream.id());
    if (found == m_streams.end() || found->second.get() != &stream)
        return;
    m_session->setContext(stream.id(), nullptr);
    m_io.retire(std::move(found->second));
    m_streams.erase(found);
    if (m_streams.empty())
        outputReady(); // perhaps nothing is left to do
}

void H2Visitor::abort()
{
    if (m_ended)
        return;
    m_channel.abort();
    end();
}

void H2Visitor::end()
{
    if (m_ended)
        return;
    m_ended = true;
    m_deadline.clear();
    m_goAway.clear();
    while (!m_streams.empty())
        m_streams.begin()->second->abort(http2::ErrorCode::Cancel);
    m_channel.close();
    m_host.visitorEnded(*this);
}

} // namespace sallyport::relay
