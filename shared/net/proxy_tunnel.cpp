#include "proxy_tunnel.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sallyport::net {

ProxyTunnel::ProxyTunnel(IoContext& io, Socket socket, std::string request, Done done)
    : m_io(io), m_socket(std::move(socket)), m_request(std::move(request)), m_done(std::move(done))
{}

ProxyTunnel::~ProxyTunnel()
{
    if (m_socket.isOpen())
        m_io.poller().unwatch(m_socket.descriptor());
    std::fill(m_request.begin(), m_request.end(), '\0'); // it may hold a password
}

void ProxyTunnel::start()
{
    m_io.poller().watch(m_socket.descriptor(), this);
    send();
}

void ProxyTunnel::onReady(Readiness hints)
{
    if ((hints & Writable) && !send())
        return;
    if (hints & Readable)
        receive();
}

bool ProxyTunnel::send()
{
    while (m_sent < m_request.size()) {
        const IoResult result = m_socket.write(asBytes(m_request).subspan(m_sent));
        if (result.state == IoResult::State::WouldBlock) {
            m_io.poller().drained(m_socket.descriptor(), Writable);
            return true;
        }
        if (result.state != IoResult::State::Ok) {
            finish(Failure(Refused{Refused::Why::Broken, 0, SystemError{result.error}.text()}));
            return false;
        }
        m_sent += result.bytes;
    }
    return true;
}

void ProxyTunnel::receive()
{
    for (;;) {
        std::array<std::byte, 4096> space;
        const IoResult result = m_socket.read(space);
        switch (result.state) {
        case IoResult::State::Ok:
            if (!answered(ByteView(space).first(result.bytes)))
                return;
            break;
        case IoResult::State::WouldBlock:
            m_io.poller().drained(m_socket.descriptor(), Readable);
            return;
        case IoResult::State::End:
            return finish(Failure(Refused{Refused::Why::Broken, 0, "it closed the connection"}));
        case IoResult::State::Failed:
            return finish(
                Failure(Refused{Refused::Why::Broken, 0, SystemError{result.error}.text()}));
        }
    }
}

bool ProxyTunnel::answered(ByteView bytes)
{
    const auto used = m_response.feed(bytes);
    if (!used) {
        Refused refused{Refused::Why::Status, m_response.status(), {}};
        if (used.error() == wire::ConnectError::BadHead)
            refused.why = Refused::Why::NotHttp;
        if (used.error() == wire::ConnectError::AuthRequired)
            refused.why = Refused::Why::AuthRequired;
        finish(Failure(std::move(refused)));
        return false;
    }
    if (!m_response.done())
        return true;
    m_io.poller().unwatch(m_socket.descriptor());
    finish(Opened{std::move(m_socket), std::string(asText(bytes.subspan(*used)))});
    return false;
}

void ProxyTunnel::finish(Result<Opened, Refused> outcome)
{
    std::exchange(m_done, nullptr)(std::move(outcome));
}

} // namespace sallyport::net
