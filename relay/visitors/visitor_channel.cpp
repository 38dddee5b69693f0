#include "visitors/visitor_channel.h"

namespace sallyport::relay {

namespace {
// Payload from this size on is written straight from where it was received.
constexpr size_t DirectFrom = 16 * 1024;
} // namespace

VisitorChannel::VisitorChannel(net::IoContext& io, net::StreamSocket socket)
    : m_io(io), m_socket(std::move(socket)), m_output(io.pool())
{}

VisitorChannel::~VisitorChannel()
{
    if (m_socket.isOpen())
        unwatch();
}

void VisitorChannel::open(net::ReadyHandler& handler)
{
    m_socket.attach(m_io);
    watch(handler);
}

bool VisitorChannel::ready(net::Readiness hints)
{
    if (hints & net::HangUp)
        m_hangUp = true;
    if (hints & net::Readable)
        m_readable = true;
    if (!(hints & net::Writable) || !(m_blocked || m_socket.outputPending()))
        return false;
    m_blocked = false;
    return true;
}

// --- input ---

VisitorChannel::Read VisitorChannel::read(MutableByteView space)
{
    const net::IoResult result = m_socket.read(space);
    const bool ok = result.state == net::IoResult::State::Ok;
    m_readable = ok && (result.bytes == space.size() || m_hangUp);
    if (ok || result.state == net::IoResult::State::WouldBlock) {
        if (!m_readable)
            m_io.poller().drained(m_socket.descriptor(), net::Readable);
        return {ok ? Input::Bytes : Input::Nothing, result.bytes};
    }
    return {Input::Ended, 0};
}

void VisitorChannel::readAgain()
{
    m_io.poller().again(m_socket.descriptor(), net::Readable);
}

// --- output ---

bool VisitorChannel::write()
{
    while (outputLeft() && !m_blocked) {
        const net::IoResult result = m_socket.writeFrom(m_output);
        if (result.state == net::IoResult::State::Failed)
            return false;
        if (result.state == net::IoResult::State::WouldBlock) {
            m_blocked = true;
            m_io.poller().drained(m_socket.descriptor(), net::Writable);
        }
    }
    return true;
}

bool VisitorChannel::send(ByteView payload)
{
    if (payload.size() >= DirectFrom && !m_blocked) {
        if (!m_output.empty() && !write())
            return false;
        if (m_output.empty()) {
            const net::IoResult result = m_socket.write(payload);
            if (result.state == net::IoResult::State::Failed)
                return false;
            if (result.state == net::IoResult::State::WouldBlock) {
                m_blocked = true;
                m_io.poller().drained(m_socket.descriptor(), net::Writable);
            }
            payload = payload.subspan(result.bytes);
        }
    }
    m_output.append(payload);
    return true;
}

// --- the end ---

void VisitorChannel::watch(net::ReadyHandler& handler)
{
    m_io.poller().watch(m_socket.descriptor(), &handler);
}

void VisitorChannel::unwatch()
{
    m_io.poller().unwatch(m_socket.descriptor());
}

net::StreamSocket VisitorChannel::take()
{
    unwatch();
    return std::move(m_socket);
}

net::StreamSocket VisitorChannel::takeAway()
{
    unwatch();
    m_socket.detach();
    return std::move(m_socket);
}

void VisitorChannel::close()
{
    if (!m_socket.isOpen())
        return;
    unwatch();
    m_socket.close();
}

void VisitorChannel::abort()
{
    if (!m_socket.isOpen())
        return;
    unwatch();
    m_socket.abort();
}

} // namespace sallyport::relay
