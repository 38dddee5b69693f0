#include "connection.h"

#include "connection_tap.h"
#include "device_port.h"

#include <netinet/in.h>

#include <cstring>
#include <string>
#include <utility>

namespace sallyport::agent {

namespace {

std::string text(const wire::Endpoint& endpoint)
{
    const char* bytes = reinterpret_cast<const char*>(endpoint.address.data());
    net::Address address;
    if (endpoint.family == wire::Endpoint::Family::V4) {
        sockaddr_in native{};
        native.sin_family = AF_INET;
        native.sin_port = htons(endpoint.port);
        std::memcpy(&native.sin_addr, bytes, 4);
        address =
            net::Address::fromNative(reinterpret_cast<const sockaddr*>(&native), sizeof native);
    } else if (endpoint.family == wire::Endpoint::Family::V6) {
        sockaddr_in6 native{};
        native.sin6_family = AF_INET6;
        native.sin6_port = htons(endpoint.port);
        std::memcpy(&native.sin6_addr, bytes, 16);
        address =
            net::Address::fromNative(reinterpret_cast<const sockaddr*>(&native), sizeof native);
    }
    return address.isNull() ? std::string() : address.toString();
}

} // namespace

Connection::Connection(net::IoContext& io, RelayLink& link, const Times& times,
                       ConnectionOwner& owner)
    : m_io(io),
      m_link(link),
      m_times(times),
      m_owner(owner),
      m_incoming(std::make_unique<IncomingStream>(io, static_cast<IncomingOwner&>(*this)))
{}

// Whatever still holds the stream resets it.
Connection::~Connection()
{
    m_over = true;
}

void Connection::start(mux::StreamId id)
{
    m_link.link().attach(id, *m_incoming);
    armDeadline(m_times.header, &Connection::headerOverdue);
}

void Connection::startOverloaded(mux::StreamId id)
{
    m_link.link().attach(id, *m_incoming);
    fail(wire::StreamFailure::Overloaded, "the agent serves as many connections as it may");
}

void Connection::armDeadline(Duration wait, void (Connection::*due)())
{
    m_deadline.emplace(m_io.deadlines(), [this, due] { (this->*due)(); });
    m_deadline->set(m_io.now() + wait);
}

void Connection::headerOverdue()
{
    fail(wire::StreamFailure::BadHeader, "the stream's header did not come in time");
}

void Connection::headerBroken(wire::ProxyError error)
{
    fail(wire::StreamFailure::BadHeader, std::string(wire::describe(error)));
}

void Connection::headerRead(const wire::ProxyHeader& header, ByteView raw, ByteView behind)
{
    m_deadline.reset();
    const auto found =
        header.tunnelId ? m_link.tunnels.find(*header.tunnelId) : m_link.tunnels.end();
    if (found == m_link.tunnels.end())
        return fail(wire::StreamFailure::UnknownTunnel, "this agent has no such tunnel");
    m_tunnel = found->second;
    ++m_tunnel->counters.open;
    ++m_tunnel->counters.total;
    if (m_tunnel->spec.config.proxyProtocol)
        m_incoming->kept().append(raw);
    else
        m_incoming->consumed(raw.size());

    m_target = header.plainHttp ? m_tunnel->httpTarget : m_tunnel->target;
    m_behind = behind;
    if (m_owner.wantsTaps(*m_tunnel))
        makeTap(header);
    choose(header);
    // Who has taken the stream has taken these bytes too.
    if (m_incoming)
        m_incoming->kept().append(m_behind);
    m_behind = {};
}

void Connection::choose(const wire::ProxyHeader& header)
{
    const ConnectHandler& handler = m_tunnel->spec.handler;
    if (!handler && !m_owner.wantsVisitors())
        return serve();
    const IncomingConnection visitor = describe(header);
    m_owner.visitorCame(visitor);
    if (!handler)
        return serve();
    const ConnectDecision decision = handler(visitor);
    if (m_over)
        return; // the handler stopped the agent
    switch (decision.kind()) {
    case ConnectDecision::Kind::Take:
        return giveToDevice(decision);
    case ConnectDecision::Kind::Decline:
        return serve();
    case ConnectDecision::Kind::Refuse:
        return fail(wire::StreamFailure::UpstreamRefused, decision.reason());
    }
}

IncomingConnection Connection::describe(const wire::ProxyHeader& header) const
{
    IncomingConnection visitor;
    visitor.tunnel = m_tunnel->ref;
    if (!header.local)
        visitor.visitor = text(header.visitor);
    visitor.host = header.authority;
    visitor.requestId = header.requestId;
    visitor.tls = header.tls.has_value();
    return visitor;
}

void Connection::makeTap(const wire::ProxyHeader& header)
{
    const config::TunnelConfig& config = m_tunnel->spec.config;
    net::WatchedConnection about;
    about.tunnel = m_tunnel->ref;
    about.upstream = m_target->isNone() ? std::string() : m_target->upstream().text();
    if (!header.local)
        about.visitor = text(header.visitor);
    about.host = header.authority;
    about.tls =
        header.tls.has_value() || (config.kind == config::TunnelKind::Tls && !header.plainHttp);
    about.http = config.kind == config::TunnelKind::Http || header.plainHttp ||
                 (config.kind == config::TunnelKind::Tls && config.endsTls());
    m_tap = m_owner.makeTap(*m_tunnel, about);
    if (m_tap && config.proxyProtocol && !(config.endsTls() && m_target == m_tunnel->target))
        m_tap->skipToSocket(m_incoming->kept().size());
}

void Connection::serve()
{
    if (m_tunnel->spec.config.endsTls() && m_target == m_tunnel->target)
        endTls();
    else
        connect();
}

// The upstream is connected to once the visitor has shown that it speaks TLS.
void Connection::endTls()
{
    m_terminal = std::make_unique<TlsTerminal>(m_io, static_cast<TlsTerminalOwner&>(*this),
                                               [this](const tls::ClientHelloReader& hello) {
                                                   return m_owner.certificateFor(*m_tunnel, hello);
                                               });
    m_terminal->setTap(m_tap.get());
    const bool finished = m_incoming->isFinished();
    m_header = m_incoming->kept().peekText();
    m_incoming->consumed(m_header.size());
    m_link.link().reattach(*m_incoming, *m_terminal);
    m_io.retire(std::move(m_incoming));
    m_terminal->begin(m_behind, finished);
}

void Connection::connect()
{
    if (m_target->isNone())
        return fail(wire::StreamFailure::UpstreamRefused, "the program took no connection");
    m_connector = std::make_unique<UpstreamConnector>(
        m_io, m_target, m_times.connect,
        [this](Result<net::Socket, UpstreamError> result) { upstreamReady(std::move(result)); });
    m_connector->start();
}

void Connection::upstreamReady(Result<net::Socket, UpstreamError> result)
{
    m_io.retire(std::move(m_connector));
    if (result) {
        m_owner.upstreamAnswered(*m_tunnel);
        if (m_terminal)
            return m_terminal->start(std::move(*result), m_header);
        return forward(std::move(*result));
    }
    ++m_tunnel->counters.upstreamErrors;
    m_owner.upstreamFailed(*m_tunnel, result.error());
    if (m_tap)
        tellTap(result.error());
    fail(result.error().code, result.error().text);
}

void Connection::forward(net::Socket socket)
{
    m_pump = std::make_unique<net::StreamPump>(m_io, static_cast<net::PumpOwner&>(*this));
    const bool finished = m_incoming->isFinished();
    const std::string kept = takeKept();
    m_link.link().reattach(*m_incoming, *m_pump);
    m_io.retire(std::move(m_incoming));
    const ByteView early = kept.empty() ? m_behind : asBytes(kept);
    m_pump->setTap(m_tap.get());
    m_pump->start(std::move(socket), {}, early, finished);
}

// What was to go to the upstream never passes a pump: the tap sees it here.
void Connection::tellTap(const UpstreamError& error)
{
    if (m_incoming) {
        m_tap->bytesToSocket(asBytes(m_incoming->kept().peekText()));
        m_tap->bytesToSocket(m_behind);
    }
    net::UpstreamFault fault = net::UpstreamFault::Other;
    if (error.code == wire::StreamFailure::UpstreamRefused)
        fault = net::UpstreamFault::Refused;
    else if (error.code == wire::StreamFailure::UpstreamTimeout)
        fault = net::UpstreamFault::Timeout;
    m_tap->upstreamFailed(fault, error.text);
    m_tap->ended(net::WatchEnd::UpstreamFailed);
}

void Connection::tapEnded(net::WatchEnd end)
{
    if (!m_tap)
        return;
    // A link that ended resets its streams; so does a visitor that leaves.
    const bool lost = end == net::WatchEnd::VisitorLeft && m_link.link().isClosed();
    m_tap->ended(lost ? net::WatchEnd::Interrupted : end);
}

// Handlers have no tap: what they are given never leaves the program.
void Connection::giveToDevice(const ConnectDecision& decision)
{
    m_tap.reset();
    m_port = std::make_unique<DevicePort>(m_io, [this] { over(); });
    const bool finished = m_incoming->isFinished();
    const std::string kept = takeKept();
    m_link.link().reattach(*m_incoming, *m_port);
    m_io.retire(std::move(m_incoming));
    decision.taker()(m_port->makeDevice(kept.empty() ? m_behind : asBytes(kept), finished));
}

// One piece of memory, with what came in the same call behind it.
std::string Connection::takeKept()
{
    ByteQueue& queue = m_incoming->kept();
    if (queue.empty())
        return {};
    std::string kept = queue.peekText();
    kept.append(asText(m_behind));
    return kept;
}

void Connection::pumpEnded(net::StreamPump&, net::PumpEnd end)
{
    switch (end) {
    case net::PumpEnd::Clean:
        tapEnded(net::WatchEnd::Clean);
        break;
    case net::PumpEnd::LocalFailed:
        tapEnded(net::WatchEnd::UpstreamFailed);
        break;
    case net::PumpEnd::StreamAborted:
        tapEnded(net::WatchEnd::VisitorLeft);
        break;
    }
    over();
}

void Connection::terminalOver()
{
    switch (m_terminal->ending()) {
    case TlsTerminal::Ending::Clean:
        tapEnded(net::WatchEnd::Clean);
        break;
    case TlsTerminal::Ending::UpstreamFailed:
        tapEnded(net::WatchEnd::UpstreamFailed);
        break;
    case TlsTerminal::Ending::VisitorLeft:
        tapEnded(net::WatchEnd::VisitorLeft);
        break;
    }
    over();
}

void Connection::fail(wire::StreamFailure code, std::string message)
{
    if (m_terminal)
        return m_terminal->fail(); // the relay can't tell a visitor of it: it sees TLS alone
    wire::StreamFailed failed;
    failed.stream = m_incoming->streamId();
    failed.code = code;
    failed.message = std::move(message);
    m_incoming->discard();
    m_incoming->consumed(m_behind.size());
    m_behind = {};
    armDeadline(m_times.failed, &Connection::over);
    m_link.send(failed);
}

uint64_t Connection::bytesIn() const
{
    if (m_pump)
        return m_pump->bytesToSocket();
    if (m_terminal)
        return m_terminal->bytesIn();
    return m_port ? m_port->bytesIn() : 0;
}

uint64_t Connection::bytesOut() const
{
    if (m_pump)
        return m_pump->bytesFromSocket();
    if (m_terminal)
        return m_terminal->bytesOut();
    return m_port ? m_port->bytesOut() : 0;
}

void Connection::over()
{
    if (m_over)
        return;
    m_over = true;
    m_connector.reset();
    m_owner.connectionOver(*this);
}

} // namespace sallyport::agent
