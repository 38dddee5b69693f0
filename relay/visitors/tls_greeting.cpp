#include "visitors/tls_greeting.h"

#include "visitors/hello_peeks.h"

#include <sallyport/tls/sniff.h>

namespace sallyport::relay {

TlsGreeting::TlsGreeting(uint64_t id, net::IoContext& io, SharedState& shared, net::Socket socket,
                         const net::Address& peer, TlsGreetingOwner& owner)
    : m_id(id),
      m_io(io),
      m_shared(shared),
      m_raw(std::move(socket)),
      m_peer(peer),
      m_owner(owner),
      m_count(shared.tlsGreetings),
      m_deadline(io.deadlines(), [this] { fail("no TLS handshake in time"); })
{}

TlsGreeting::~TlsGreeting()
{
    if (m_raw.isOpen())
        m_io.poller().unwatch(m_raw.descriptor());
    if (m_socket.isOpen())
        m_io.poller().unwatch(m_socket.descriptor());
}

void TlsGreeting::start()
{
    m_deadline.set(m_io.now() + m_shared.config.limits.handshakeTimeout);
    m_io.poller().watch(m_raw.descriptor(), this);
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
    const net::IoResult peeked = m_raw.peek(space);
    switch (peeked.state) {
    case net::IoResult::State::WouldBlock:
        m_io.poller().drained(m_raw.descriptor(), net::Readable);
        return;
    case net::IoResult::State::End:
        return fail("closed before the handshake was done");
    case net::IoResult::State::Failed:
        return fail("the connection broke");
    case net::IoResult::State::Ok:
        break;
    }
    const ByteView bytes = space.first(peeked.bytes);
    tls::ClientHelloReader& hello = m_owner.helloReader();
    switch (hello.read(bytes)) {
    case tls::HelloStatus::NeedMore:
        m_io.poller().drained(m_raw.descriptor(), net::Readable);
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
    m_raw.read(m_io.scratch()); // so that closing is no reset
    m_raw.write(asBytes(Answer));
    m_raw.shutdownWrite();
}

void TlsGreeting::refuse(tls::Alert alert, const std::string& reason)
{
    m_io.poller().unwatch(m_raw.descriptor());
    refuseHello(m_io, std::move(m_raw), alert);
    fail(reason);
}

net::Socket TlsGreeting::takeSocket()
{
    m_done = true;
    m_deadline.clear();
    m_io.poller().unwatch(m_raw.descriptor());
    return std::move(m_raw);
}

// --- the handshake ---

void TlsGreeting::beginTls(std::shared_ptr<const tls::Context> context)
{
    m_socket = net::StreamSocket(m_io, std::move(m_raw), std::move(context));
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
    closeSockets();
    m_owner.greetingOver(*this, reason);
}

void TlsGreeting::closeSockets()
{
    if (m_raw.isOpen()) {
        m_io.poller().unwatch(m_raw.descriptor());
        m_raw.close();
    }
    if (m_socket.isOpen()) {
        m_io.poller().unwatch(m_socket.descriptor());
        m_socket.close();
    }
}

} // namespace sallyport::relay
