#include "engine_bio.h"
#include "engine_failure.h"
#include "host_name.h"

#include <sallyport/tls/engine.h>

#include <openssl/err.h>

#include <algorithm>
#include <cassert>
#include <cstring>

namespace sallyport::tls {

Engine::Engine(std::shared_ptr<const Context> context, BufferPool& pool,
               std::string_view serverName)
    : m_context(std::move(context)), m_kept(pool), m_output(pool)
{
    ERR_clear_error();
    m_ssl = SSL_new(m_context->m_ctx);
    BIO* bio = m_ssl ? EngineBio::create(this) : nullptr;
    if (!bio) {
        fail(ErrorCode::Internal, "out of memory for a TLS connection");
        return;
    }
    SSL_set_bio(m_ssl, bio, bio);
    SSL_set_app_data(m_ssl, this);
    if (m_context->m_role == Role::Server) {
        SSL_set_accept_state(m_ssl);
        return;
    }
    SSL_set_connect_state(m_ssl);
    if (nameServer(serverName.empty() ? std::string_view(m_context->m_serverName) : serverName))
        advanceHandshake();
}

Engine::~Engine()
{
    SSL_free(m_ssl);
}

bool Engine::nameServer(std::string_view given)
{
    m_serverName = given.ends_with('.') ? given.substr(0, given.size() - 1) : given;
    const bool pinned = !m_context->m_pins.empty();
    if (m_serverName.empty()) {
        if (!pinned)
            fail(ErrorCode::BadConfiguration, "the server has no name to check its certificate by");
        return pinned;
    }
    bool done = false;
    if (parseIpAddress(m_serverName))
        // RFC 6066 section 3: an address is checked, but not sent.
        done = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(m_ssl), m_serverName.c_str()) == 1;
    else if (isDnsName(m_serverName)) {
        SSL_set_hostflags(m_ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        done = SSL_set1_host(m_ssl, m_serverName.c_str()) == 1 &&
               SSL_set_tlsext_host_name(m_ssl, m_serverName.c_str()) == 1;
    }
    if (!done)
        fail(ErrorCode::BadConfiguration,
             "\"" + m_serverName + "\" is neither a host name nor an IP address");
    return done;
}

// --- inputs ---

void Engine::receive(ByteView ciphertext)
{
    assert(m_input.empty() &&
           "the bytes given before are still needed: read() or keepInput() first");
    if (m_state == State::Handshaking || m_state == State::Open)
        m_input = ciphertext;
}

void Engine::receiveEof()
{
    m_inputEnded = true;
}

void Engine::keepInput()
{
    m_kept.append(m_input);
    m_input = {};
}

// --- plaintext ---

size_t Engine::read(MutableByteView plaintext)
{
    if (m_state == State::Failed || m_state == State::PeerClosed || nothingToRead())
        return 0;
    ERR_clear_error();
    if (m_output.empty())
        m_replyBytes = 0;
    if (m_state == State::Handshaking && !advanceHandshake())
        return 0;
    m_reading = true;
    size_t total = 0;
    while (total < plaintext.size() && !nothingToRead()) {
        size_t n = 0;
        const int result =
            SSL_read_ex(m_ssl, plaintext.data() + total, plaintext.size() - total, &n);
        if (result != 1) {
            afterRead(result);
            break;
        }
        total += n;
    }
    m_reading = false;
    // OpenSSL does not mind when its answer finds no room.
    if (m_replyBytes > ReplyLimit && m_state == State::Open)
        failFromLibrary();
    return total;
}

// OpenSSL takes whole records and keeps the beginning of the next one itself, so with no input and
// no decrypted rest a call would find nothing.
bool Engine::nothingToRead() const
{
    return m_input.empty() && m_kept.empty() && !m_inputEnded && SSL_pending(m_ssl) == 0;
}

void Engine::afterRead(int result)
{
    switch (SSL_get_error(m_ssl, result)) {
    case SSL_ERROR_WANT_READ:
        if (m_inputEnded)
            fail(ErrorCode::Truncated, "the peer's bytes ended without close_notify");
        break;
    case SSL_ERROR_ZERO_RETURN:
        m_state = State::PeerClosed;
        dropInput();
        break;
    default:
        failFromLibrary();
    }
}

bool Engine::canWrite() const
{
    return m_handshakeDone && m_state != State::Failed && !m_shutdownSent;
}

size_t Engine::write(ByteQueue& plain, size_t max)
{
    if (!canWrite())
        return 0;
    ERR_clear_error();
    std::array<std::byte, RecordSize> gathered;
    const size_t wanted = std::min(max, plain.size());
    size_t left = wanted;
    while (left > 0) {
        const ByteView front = plain.front().first(std::min(plain.front().size(), left));
        ByteView record = front.first(std::min(front.size(), RecordSize));
        if (record.size() < RecordSize && record.size() < left)
            record = gather(plain, MutableByteView(gathered).first(std::min(left, RecordSize)));
        if (!encrypt(record))
            break;
        plain.consume(record.size());
        left -= record.size();
    }
    return wanted - left;
}

ByteView Engine::gather(const ByteQueue& plain, MutableByteView space)
{
    size_t filled = 0;
    plain.forEachPiece([&](ByteView piece) {
        const size_t n = std::min(piece.size(), space.size() - filled);
        std::memcpy(space.data() + filled, piece.data(), n);
        filled += n;
        return filled < space.size();
    });
    return space.first(filled);
}

size_t Engine::write(ByteView plain)
{
    if (!canWrite())
        return 0;
    ERR_clear_error();
    size_t done = 0;
    while (done < plain.size()) {
        const ByteView record = plain.subspan(done, std::min(plain.size() - done, RecordSize));
        if (!encrypt(record))
            break;
        done += record.size();
    }
    return done;
}

// At most one record's worth. The BIO takes all it is given, so there is no partial success.
bool Engine::encrypt(ByteView record)
{
    size_t written = 0;
    if (SSL_write_ex(m_ssl, record.data(), record.size(), &written) == 1) {
        assert(written == record.size());
        return true;
    }
    failFromLibrary();
    return false;
}

void Engine::shutdown()
{
    if (!canWrite())
        return;
    m_shutdownSent = true;
    ERR_clear_error();
    // 0 means that the peer's close_notify is still to come.
    if (SSL_shutdown(m_ssl) < 0)
        failFromLibrary();
}

// --- another thread ---

Engine::Carried Engine::detach()
{
    keepInput();
    Carried carried{m_kept.peekText(), m_output.peekText()};
    m_kept.clear();
    m_output.clear();
    return carried;
}

void Engine::attach(BufferPool& pool, const Carried& carried)
{
    m_kept = ByteQueue(pool);
    m_output = ByteQueue(pool);
    m_kept.append(asBytes(carried.input));
    m_output.append(asBytes(carried.output));
}

// --- handshake ---

bool Engine::advanceHandshake()
{
    const int result = SSL_do_handshake(m_ssl);
    if (result == 1)
        return finishHandshake();
    if (SSL_get_error(m_ssl, result) != SSL_ERROR_WANT_READ)
        failFromLibrary();
    else if (m_inputEnded)
        fail(ErrorCode::Truncated, "the peer closed the connection during the handshake");
    return false;
}

bool Engine::finishHandshake()
{
    m_handshakeDone = true;
    m_state = State::Open;
    if (m_context->m_role == Role::Client && m_context->m_requireAlpn && alpn().empty()) {
        shutdown();
        fail(ErrorCode::NoAlpnOverlap, "the server speaks none of our application protocols");
        return false;
    }
    return true;
}

bool Engine::admitHandshakeBytes(ByteView bytes)
{
    while (m_firstBytesSize < m_firstBytes.size() &&
           m_firstBytesSize < m_handshakeBytes + bytes.size())
        m_firstBytes[m_firstBytesSize] = bytes[m_firstBytesSize - m_handshakeBytes],
        ++m_firstBytesSize;
    m_handshakeBytes += static_cast<uint32_t>(bytes.size());
    return m_handshakeBytes <= HandshakeLimit;
}

bool Engine::admitReplyBytes(size_t size)
{
    m_replyBytes += static_cast<uint32_t>(std::min(size, ReplyLimit + 1));
    return m_replyBytes <= ReplyLimit;
}

// --- failure ---

void Engine::failFromLibrary()
{
    if (m_handshakeBytes > HandshakeLimit && !m_handshakeDone) {
        fail(ErrorCode::HandshakeTooLong, "the peer's handshake is longer than 64 KiB");
    } else if (m_replyBytes > ReplyLimit) {
        fail(ErrorCode::ProtocolError, "the peer asks for answers without end");
    } else {
        FailureFacts facts;
        facts.ssl = m_ssl;
        facts.handshakeDone = m_handshakeDone;
        facts.pinned = !m_context->m_pins.empty();
        facts.alertReceived = m_alertReceived;
        facts.firstBytes = ByteView(m_firstBytes).first(m_firstBytesSize);
        facts.peerNote = m_peerNote;
        facts.serverName = m_serverName;
        Error error = describeFailure(facts);
        fail(error.code, std::move(error.message));
    }
    ERR_clear_error();
}

void Engine::fail(ErrorCode code, std::string message)
{
    m_state = State::Failed;
    m_error = {code, std::move(message)};
    dropInput();
}

void Engine::dropInput()
{
    m_input = {};
    m_kept.clear();
}

// --- what was agreed ---

std::string_view Engine::alpn() const
{
    const unsigned char* name = nullptr;
    unsigned size = 0;
    if (m_ssl)
        SSL_get0_alpn_selected(m_ssl, &name, &size);
    return {reinterpret_cast<const char*>(name), size};
}

std::string Engine::serverName() const
{
    if (m_context->m_role == Role::Client)
        return m_serverName;
    const char* name = m_ssl ? SSL_get_servername(m_ssl, TLSEXT_NAMETYPE_host_name) : nullptr;
    return name ? name : "";
}

std::string_view Engine::version() const
{
    return m_ssl ? SSL_get_version(m_ssl) : "";
}

std::string_view Engine::cipher() const
{
    const char* name = m_ssl ? SSL_get_cipher_name(m_ssl) : nullptr;
    return name ? name : "";
}

bool Engine::resumed() const
{
    return m_ssl && SSL_session_reused(m_ssl) == 1;
}

std::optional<Certificate> Engine::peerCertificate() const
{
    const X509* certificate = m_ssl ? SSL_get0_peer_certificate(m_ssl) : nullptr;
    return certificate ? Certificate::fromX509(certificate) : std::nullopt;
}

} // namespace sallyport::tls
