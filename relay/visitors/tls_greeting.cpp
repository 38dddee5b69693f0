#include "visitors/tls_greeting.h"

#include <sallyport/tls/sniff.h>

#include <sys/socket.h>

#include <cerrno>

namespace sallyport::relay {

TlsGreeting::TlsGreeting(uint64_t id, net::IoContext& io, SharedState& shared, net::Socket socket,
                         const net::Address& peer, TlsGreetingOwner& owner)
    : m_id(id),
      m_io(io),
      m_shared(shared),
      m_socket(std::move(socket)),
      m_peer(peer),
      m_owner(owner),
      m_count(shared.tlsGreetings),
      m_deadline(io.deadlines(), [this] { fail("no TLS handshake in time"); })
{}

TlsGreeting::~TlsGreeting()
{
    if (m_socket.isOpen())
        m_io.poller().unwatch(m_socket.descriptor());
}

void TlsGreeting::start()
{
    m_deadline.set(m_io.now() + m_shared.config.limits.handshakeTimeout);
    m_io.poller().watch(m_socket.descriptor(), this);
    peek();
}

void TlsGreeting::onReady(net::Readiness hints)
{
    if (m_done)
        return;
    if (!m_handshaking) {
        if (hints & net::Readable)
            peek();
        return;
    }
    if (hints & net::Writable)
        m_socket.flush();
    shake();
}

// --- the hello ---

void TlsGreeting::peek()
{
    const MutableByteView space = m_io.scratch().first(tls::ClientHelloReader::DefaultLimit + 1);
    ssize_t n;
    do {
        n = ::recv(m_socket.descriptor(), space.data(), space.size(), MSG_PEEK | MSG_DONTWAIT);
    } while (n < 0 && errno == EINTR);
    if (n == 0)
        return fail("closed before the handshake was done");
    if (n < 0) {
        if (errno != EAGAIN && errno != EWOULDBLOCK)
            return fail("the connection broke");
        m_io.poller().drained(m_socket.descriptor(), net::Readable);
        return;
    }
    const ByteView bytes = space.first(size_t(n));
    tls::ClientHelloReader& hello = m_owner.helloReader();
    switch (hello.read(bytes)) {
    case tls::HelloStatus::NeedMore:
        m_io.poller().drained(m_socket.descriptor(), net::Readable);
        return;
    case tls::HelloStatus::NotTls:
        if (tls::sniff(bytes) == tls::Sniff::Http)
            answerPlainHttp();
        return fail("spoke no TLS");
    case tls::HelloStatus::Malformed:
        return refuse(hello.alert(), std::string(hello.reason()));
    case tls::HelloStatus::Complete:
        return m_owner.helloRead(*this, hello);
    }
}

// A browser sent to the wrong port should see why.
void TlsGreeting::answerPlainHttp()
{
    static constexpr std::string_view Answer =
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n"
        "Sallyport-Error: https-only\r\nContent-Length: 38\r\n\r\n"
        "This port speaks HTTPS: use https://.\n";
    m_socket.read(m_io.scratch()); // so that closing is no reset
    m_socket.write(asBytes(Answer));
    m_socket.shutdownWrite();
}

void TlsGreeting::refuse(tls::Alert alert, const std::string& reason)
{
    m_socket.read(m_io.scratch()); // so that closing is no reset, which might overtake the alert
    m_socket.write(tls::alertRecord(alert));
    m_socket.shutdownWrite();
    fail(reason);
}

net::Socket TlsGreeting::takeSocket()
{
    m_done = true;
    m_deadline.clear();
    m_io.poller().unwatch(m_socket.descriptor());
    return m_socket.release().socket;
}

// --- the handshake ---

void TlsGreeting::beginTls(std::shared_ptr<const tls::Context> context)
{
    m_socket = net::StreamSocket(m_io, m_socket.release().socket, std::move(context));
    m_handshaking = true;
    shake();
}

void TlsGreeting::shake()
{
    const net::IoResult result = m_socket.handshake();
    if (result.state == net::IoResult::State::WouldBlock) {
        m_io.poller().drained(m_socket.descriptor(), net::Readable);
        return;
    }
    if (result.state != net::IoResult::State::Ok)
        return fail(m_socket.tls()->error().message);
    m_done = true;
    m_deadline.clear();
    m_io.poller().unwatch(m_socket.descriptor());
    m_owner.greetingOpen(*this, std::move(m_socket));
}

void TlsGreeting::fail(const std::string& reason)
{
    if (m_done)
        return;
    m_done = true;
    m_deadline.clear();
    m_io.poller().unwatch(m_socket.descriptor());
    m_socket.close();
    m_owner.greetingOver(*this, reason);
}

} // namespace sallyport::relay
