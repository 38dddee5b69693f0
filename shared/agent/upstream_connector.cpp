#include "upstream_connector.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace sallyport::agent {

namespace {

wire::StreamFailure failureOf(int error)
{
    switch (error) {
    case ECONNREFUSED:
    case ENOENT: // a Unix socket that nobody has made
        return wire::StreamFailure::UpstreamRefused;
    case ETIMEDOUT:
        return wire::StreamFailure::UpstreamTimeout;
    default:
        return wire::StreamFailure::UpstreamUnreachable;
    }
}

} // namespace

ProblemCode problemCodeOfUpstream(wire::StreamFailure failure)
{
    switch (failure) {
    case wire::StreamFailure::UpstreamRefused:
        return ProblemCode::UpstreamRefused;
    case wire::StreamFailure::UpstreamTimeout:
        return ProblemCode::UpstreamTimeout;
    case wire::StreamFailure::UpstreamUnresolvable:
        return ProblemCode::UpstreamUnknownHost;
    case wire::StreamFailure::UpstreamUnreachable:
        return ProblemCode::UpstreamUnreachable;
    default:
        return ProblemCode::Other;
    }
}

UpstreamConnector::UpstreamConnector(net::IoContext& io, std::shared_ptr<UpstreamTarget> target,
                                     Duration timeout, Done done)
    : m_io(io), m_target(std::move(target)), m_timeout(timeout), m_done(std::move(done))
{}

UpstreamConnector::~UpstreamConnector()
{
    forgetSocket();
}

void UpstreamConnector::start()
{
    if (m_target->needsLookUp(m_io.now()))
        return lookUp();
    tryNext();
}

void UpstreamConnector::lookUp()
{
    startClock();
    m_lookUp = std::make_unique<QObject>();
    const auto& endpoint = m_target->upstream().endpoint;
    net::resolve(endpoint.host, endpoint.port, m_lookUp.get(), [this](net::Resolved found) {
        if (found.addresses.empty())
            return fail({wire::StreamFailure::UpstreamUnresolvable,
                         m_target->upstream().text() + ": " + found.error});
        m_target->lookedUp(std::move(found.addresses), m_io.now());
        tryNext();
    });
}

void UpstreamConnector::tryNext()
{
    if (!m_anyAddressTried) {
        // The list is made only once the first has failed: mostly it does not.
        m_anyAddressTried = true;
        if (const auto first = m_target->first())
            return tryAddress(*first);
        return fail({wire::StreamFailure::UpstreamUnreachable,
                     m_target->upstream().text() + ": no address to connect to"});
    }
    if (m_left.empty())
        return fail(m_firstError.value_or(UpstreamError()));
    const net::Address next = m_left.back();
    m_left.pop_back();
    tryAddress(next);
}

void UpstreamConnector::tryAddress(const net::Address& address)
{
    m_current = address;
    auto connecting = net::Socket::connectTo(address);
    if (!connecting)
        return addressFailed(connecting.error().code);
    m_socket = std::move(*connecting);
    if (address.isLoopback() || address.family() == AF_UNIX) {
        if (!m_socket.peerAddress().isNull())
            return succeed();
        if (const int error = m_socket.takeError().code)
            return addressFailed(error);
    }
    wait();
}

void UpstreamConnector::wait()
{
    startClock();
    m_watching = true;
    m_io.poller().watch(m_socket.descriptor(), this);
}

void UpstreamConnector::startClock()
{
    if (m_deadline)
        return;
    m_deadline.emplace(m_io.deadlines(), [this] {
        if (m_anyAddressTried)
            return addressFailed(ETIMEDOUT);
        fail({wire::StreamFailure::UpstreamTimeout,
              m_target->upstream().text() + ": its name was not found in time"});
    });
    m_deadline->set(m_io.now() + m_timeout);
}

void UpstreamConnector::onReady(net::Readiness hints)
{
    if (const int error = m_socket.takeError().code)
        return addressFailed(error);
    // Hints may be spurious: connected is what has a peer.
    if (!m_socket.peerAddress().isNull())
        return succeed();
    m_io.poller().drained(m_socket.descriptor(), hints);
}

void UpstreamConnector::addressFailed(int error)
{
    forgetSocket();
    if (!m_firstError) {
        m_firstError = UpstreamError{failureOf(error),
                                     m_current->toString() + ": " + net::SystemError{error}.text()};
        // The rest of the list, behind the one that was tried.
        m_left = m_target->addresses();
        if (!m_left.empty())
            m_left.erase(m_left.begin());
        std::reverse(m_left.begin(), m_left.end());
    }
    if (error == ETIMEDOUT)
        m_left.clear(); // the time was for all of it
    tryNext();
}

void UpstreamConnector::succeed()
{
    if (m_watching)
        m_io.poller().unwatch(m_socket.descriptor());
    m_watching = false;
    m_deadline.reset();
    if (m_firstError)
        m_target->worked(*m_current);
    m_done(std::move(m_socket));
}

void UpstreamConnector::fail(UpstreamError error)
{
    m_deadline.reset();
    m_done(Failure(std::move(error)));
}

void UpstreamConnector::forgetSocket()
{
    if (m_watching)
        m_io.poller().unwatch(m_socket.descriptor());
    m_watching = false;
    m_socket.close();
}

} // namespace sallyport::agent
