// One end of a TLS connection over memory: ciphertext in, plaintext out, and back. RFC 8446, RFC
// 5246.
//
// It owns no socket and no timer: whoever drives it also ends a handshake that takes too long.
//
// Order of calls. Bytes came from the peer:
//     engine.receive(ciphertext);
//     while (size_t n = engine.read(buffer)) use(buffer.first(n));
//     // now look at state(), then send output()
// read() is also what advances the handshake. A client's first flight is in output() from the
// start. To write, once Open:
//     engine.write(plain, limit);   // then send output()
// After any call output() may have bytes, also when Failed (the alert that tells the peer why).
//
// Backpressure is the caller's: write() takes all it is offered up to `max`, and output() grows by
// as much plus 22 bytes a record; whoever stops in the middle of reading calls keepInput().
//
// Threads: that of its buffer pool; the context may be shared with other threads. An engine changes
// threads by detach() on the old one and attach() on the new. Memory: an idle engine owns no
// buffers. Not movable: OpenSSL's BIO points back to it.
#pragma once

#include <sallyport/base/byte_queue.h>
#include <sallyport/tls/certificate.h>
#include <sallyport/tls/context.h>
#include <sallyport/tls/error.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct ssl_st;

namespace sallyport::tls {

enum class State : uint8_t {
    Handshaking,
    Open,
    PeerClosed, // close_notify arrived: no more plaintext will, but write() still works
    Failed,     // error() says why; send what is left of output() and close
};

class Engine
{
public:
    // Bytes that a peer may send before its handshake is complete, and bytes of answers (such as to
    // forbidden renegotiation) that an established peer may cause while output() is never empty.
    static constexpr size_t HandshakeLimit = 64 * 1024;
    static constexpr size_t ReplyLimit = 64 * 1024;
    // A full record's plaintext (RFC 8446 section 5.1).
    static constexpr size_t RecordSize = 16 * 1024;

    // `serverName` replaces the client context's own when given; servers ignore it.
    Engine(std::shared_ptr<const Context> context, BufferPool& pool,
           std::string_view serverName = {});
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // --- inputs ---
    // The bytes are not copied: they must stay untouched until read() returned 0 or keepInput() was
    // called. Call it again only after that.
    void receive(ByteView ciphertext);
    // The peer sent its last byte. After the next read() the state says whether it ended properly.
    void receiveEof();
    // Copies what read() has not taken yet, so that the bytes of receive() may go. Nothing to copy
    // after read() returned 0.
    void keepInput();
    size_t pendingInput() const { return m_kept.size() + m_input.size(); }

    // --- plaintext ---
    // Decrypts as many records as fit, and drives the handshake. 0: needs more ciphertext, or the
    // state is no longer Open. An empty buffer is allowed only while Handshaking.
    size_t read(MutableByteView plaintext);
    // Encrypts up to `max` bytes from the front of `plain` into output(), small pieces gathered
    // into full records; returns how many it consumed: 0 before the handshake is done, after
    // shutdown() and when Failed.
    size_t write(ByteQueue& plain, size_t max = static_cast<size_t>(-1));
    size_t write(ByteView plain);
    // Sends close_notify (once). The peer's may still be to come.
    void shutdown();

    // --- ciphertext ---
    // To be consumed by the caller.
    ByteQueue& output() { return m_output; }

    // --- another thread ---
    // What was queued, while no pool holds it.
    struct Carried
    {
        std::string input;
        std::string output;
    };
    // After it only attach() may be called, or the destructor.
    Carried detach();
    void attach(BufferPool& pool, const Carried& carried);

    // --- state ---
    State state() const { return m_state; }
    bool shutdownSent() const { return m_shutdownSent; }
    // code None unless Failed.
    const Error& error() const { return m_error; }
    // True from Open on, also when the connection failed later.
    bool handshakeDone() const { return m_handshakeDone; }

    // --- what was agreed, from Open on ---
    std::string_view alpn() const;    // empty: none
    std::string serverName() const;   // SNI; a server may ask during the handshake already
    std::string_view version() const; // "TLSv1.3"
    std::string_view cipher() const;  // "TLS_AES_128_GCM_SHA256"
    bool resumed() const;             // by a session ticket
    std::optional<Certificate> peerCertificate() const;

private:
    friend struct EngineBio;
    friend struct ContextCallbacks;

    bool nameServer(std::string_view given);
    bool advanceHandshake();
    bool finishHandshake();
    bool nothingToRead() const;
    void afterRead(int result);
    bool canWrite() const;
    static ByteView gather(const ByteQueue& plain, MutableByteView space);
    bool encrypt(ByteView record);
    bool admitHandshakeBytes(ByteView bytes);
    bool admitReplyBytes(size_t size);
    void failFromLibrary();
    void fail(ErrorCode code, std::string message);
    void dropInput();

    std::shared_ptr<const Context> m_context;
    ssl_st* m_ssl = nullptr;
    ByteView m_input; // borrowed from the caller; comes after m_kept
    ByteQueue m_kept;
    ByteQueue m_output;
    Error m_error;
    std::string m_serverName; // clients: whom we want to reach
    std::string m_peerNote;   // names or pin of a certificate that we refused
    int m_alertReceived = -1;
    uint32_t m_handshakeBytes = 0;
    uint32_t m_replyBytes = 0;
    std::array<std::byte, 8> m_firstBytes{};
    uint8_t m_firstBytesSize = 0;
    State m_state = State::Handshaking;
    bool m_handshakeDone = false;
    bool m_inputEnded = false;
    bool m_shutdownSent = false;
    bool m_reading = false; // inside read(): what OpenSSL writes now is an answer
};

} // namespace sallyport::tls
