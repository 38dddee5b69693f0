#include "tls_terminal.h"

#include <sallyport/acme/challenge.h>

#include <algorithm>

namespace sallyport::agent {

namespace {
constexpr size_t ReadPerTurn = 256 * 1024;
} // namespace

TlsTerminal::TlsTerminal(net::IoContext& io, TlsTerminalOwner& owner, Chooser chooser)
    : m_io(io),
      m_owner(owner),
      m_chooser(std::move(chooser)),
      m_deadline(io.deadlines(), [this] { abort(); }),
      m_toSocket(io.pool())
{}

TlsTerminal::~TlsTerminal()
{
    if (m_socket.isOpen())
        m_io.poller().unwatch(m_socket.descriptor());
}

void TlsTerminal::begin(ByteView early, bool finished)
{
    m_deadline.set(m_io.now() + HandshakeTimeout);
    m_streamFinished = finished;
    if (!early.empty())
        streamData(early);
    if (finished && !m_over)
        streamFinished();
}

void TlsTerminal::start(net::Socket upstream, std::string_view prefix)
{
    if (m_over || m_lingering)
        return;
    m_socket = std::move(upstream);
    if (!prefix.empty()) {
        ByteQueue all(m_io.pool());
        all.append(asBytes(prefix));
        all.moveFrom(m_toSocket, m_toSocket.size());
        m_toSocket = std::move(all);
        m_prefix = prefix.size();
    }
    m_io.poller().watch(m_socket.descriptor(), this);
    flushToSocket();
    if (!m_over)
        readSocket();
}

// The visitor hears a clean end without an answer.
void TlsTerminal::fail()
{
    if (m_over)
        return;
    m_socketEnded = true;
    m_engine->shutdown();
    sendOutput();
}

// --- from the visitor ---

void TlsTerminal::streamData(ByteView bytes)
{
    if (m_over)
        return;
    if (m_lingering)
        return consumed(bytes.size());
    m_held += bytes.size();
    if (m_engine)
        decrypt(bytes);
    else
        readHello(bytes);
}

void TlsTerminal::readHello(ByteView bytes)
{
    m_hello.append(asText(bytes));
    tls::ClientHelloReader reader;
    switch (reader.read(asBytes(m_hello))) {
    case tls::HelloStatus::NeedMore:
        return;
    case tls::HelloStatus::NotTls:
        return abort();
    case tls::HelloStatus::Malformed:
        return refuse(reader.alert());
    case tls::HelloStatus::Complete:
        break;
    }
    auto context = m_chooser(reader);
    if (!context)
        return refuse(tls::Alert::UnrecognizedName);
    m_engine = std::make_unique<tls::Engine>(std::move(context), m_io.pool());
    const std::string hello = std::move(m_hello);
    m_hello = std::string();
    decrypt(asBytes(hello));
}

void TlsTerminal::refuse(tls::Alert alert)
{
    const auto record = tls::alertRecord(alert);
    write(ByteView(record));
    refuseHandshake();
}

// The alert that says why is on its way; a reset now would overtake it.
void TlsTerminal::refuseHandshake()
{
    finish();
    m_finishSent = m_socketEnded = true;
    if (m_streamFinished)
        return over();
    linger();
}

// Into blocks of our own: the link's bytes may stand in the thread's scratch.
void TlsTerminal::decrypt(ByteView bytes)
{
    m_engine->receive(bytes);
    for (;;) {
        const MutableByteView space = m_toSocket.reserve(tls::Engine::RecordSize);
        const size_t n = m_engine->read(space);
        m_toSocket.commit(n);
        m_bytesIn += n;
        if (m_tap && n > 0)
            m_tap->bytesToSocket(space.first(n));
        if (n == 0)
            break;
    }
    if (m_toSocket.empty())
        m_toSocket.clear();
    engineMoved();
}

void TlsTerminal::engineMoved()
{
    sendOutput();
    if (m_over)
        return;
    if (m_engine->state() == tls::State::Failed)
        return m_opened ? abort() : refuseHandshake();
    if (m_engine->state() == tls::State::PeerClosed)
        m_visitorEnded = true;
    if (m_engine->handshakeDone() && !std::exchange(m_opened, true)) {
        m_deadline.clear();
        // The CA has seen what it wanted.
        if (m_engine->alpn() == acme::AlpnProtocol)
            return fail();
        m_owner.terminalOpen();
    }
    if (!m_over)
        flushToSocket();
}

void TlsTerminal::streamFinished()
{
    m_streamFinished = true;
    if (m_over)
        return;
    if (m_lingering)
        return over();
    if (m_visitorEnded || m_finishSent)
        return overIfDone();
    // No close_notify: what came may not be everything.
    if (!m_engine)
        return abort();
    m_engine->receiveEof();
    decrypt({});
}

void TlsTerminal::streamClosed()
{
    m_streamFinished = m_finishSent = true;
    if (m_toSocket.empty() || !m_socket.isOpen())
        over();
}

// --- to the visitor ---

void TlsTerminal::sendOutput()
{
    ByteQueue& output = m_engine->output();
    while (!output.empty()) {
        const size_t taken = write(output.front());
        output.consume(taken);
        if (taken == 0)
            return; // streamWritable() goes on
    }
    if (m_engine->shutdownSent() && !std::exchange(m_finishSent, true)) {
        finish();
        overIfDone();
    }
}

void TlsTerminal::streamWritable()
{
    if (m_over || m_lingering || !m_engine)
        return;
    sendOutput();
    if (!m_over)
        readSocket();
}

void TlsTerminal::readSocket()
{
    if (!m_socket.isOpen() || m_socketEnded)
        return;
    for (size_t total = 0; total < ReadPerTurn;) {
        if (!m_engine->output().empty() || writable() == 0)
            return;
        Buffer& block = m_io.readBlock();
        const net::IoResult result = m_socket.read(block.space());
        if (result.state == net::IoResult::State::WouldBlock) {
            m_io.poller().drained(m_socket.descriptor(), net::Readable);
            return;
        }
        if (result.state == net::IoResult::State::Failed)
            return abort(Ending::UpstreamFailed);
        if (result.state == net::IoResult::State::End) {
            m_socketEnded = true;
            m_engine->shutdown();
            return sendOutput();
        }
        total += result.bytes;
        m_bytesOut += result.bytes;
        if (m_tap)
            m_tap->bytesFromSocket(block.space().first(result.bytes));
        m_engine->write(block.space().first(result.bytes));
        sendOutput();
        if (m_over)
            return;
    }
    m_io.poller().again(m_socket.descriptor(), net::Readable);
}

// --- the upstream ---

void TlsTerminal::onReady(net::Readiness hints)
{
    if (m_over)
        return;
    if ((hints & net::Writable) && !m_toSocket.empty())
        flushToSocket();
    if (!m_over && (hints & net::Readable))
        readSocket();
}

void TlsTerminal::flushToSocket()
{
    if (m_over)
        return;
    // Without payload waiting the bytes held were the handshake's, or the framing of records.
    if (m_toSocket.empty())
        giveCredit(0);
    if (!m_socket.isOpen())
        return;
    while (!m_toSocket.empty()) {
        const net::IoResult result = m_socket.writeFrom(m_toSocket);
        if (result.state == net::IoResult::State::WouldBlock) {
            m_io.poller().drained(m_socket.descriptor(), net::Writable);
            return;
        }
        if (result.state == net::IoResult::State::Failed)
            return abort(Ending::UpstreamFailed);
        const size_t own = std::min(m_prefix, result.bytes);
        m_prefix -= own;
        giveCredit(result.bytes - own);
    }
    finishSocketIfDone();
}

void TlsTerminal::giveCredit(size_t plain)
{
    const size_t credit = m_toSocket.empty() ? m_held : std::min(plain, m_held);
    m_held -= credit;
    if (credit > 0)
        consumed(credit);
}

void TlsTerminal::finishSocketIfDone()
{
    if (m_visitorEnded && !m_socketShut && m_toSocket.empty()) {
        m_socketShut = true;
        m_socket.shutdownWrite();
    }
    overIfDone();
}

// --- ends ---

void TlsTerminal::overIfDone()
{
    if (m_over || !m_finishSent || !m_socketEnded)
        return;
    const bool heardAll = m_visitorEnded && m_toSocket.empty();
    if (m_streamFinished && (m_toSocket.empty() || !m_socket.isOpen()))
        over();
    else if (heardAll || !m_socket.isOpen())
        linger(); // a reset now would overtake our last words
}

void TlsTerminal::linger()
{
    if (std::exchange(m_lingering, true))
        return;
    if (m_socket.isOpen()) {
        m_io.poller().unwatch(m_socket.descriptor());
        m_socket.close();
    }
    m_toSocket.clear();
    giveCredit(0);
    m_deadline.set(m_io.now() + LingerTimeout);
}

void TlsTerminal::streamReset()
{
    // A visitor that was told everything may leave as it likes.
    if (!m_lingering)
        m_ending = Ending::VisitorLeft;
    over();
}

void TlsTerminal::abort(Ending ending)
{
    if (m_over)
        return;
    if (!m_lingering)
        m_ending = ending;
    if (m_socket.isOpen()) {
        m_io.poller().unwatch(m_socket.descriptor());
        m_socket.abort();
    }
    over();
}

void TlsTerminal::over()
{
    if (std::exchange(m_over, true))
        return;
    m_deadline.clear();
    if (m_socket.isOpen()) {
        m_io.poller().unwatch(m_socket.descriptor());
        m_socket.close();
    }
    reset();
    m_owner.terminalOver();
}

} // namespace sallyport::agent
