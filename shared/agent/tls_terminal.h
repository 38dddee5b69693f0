// The end of a visitor's TLS inside the agent: ciphertext on a stream of the link, plaintext on a
// socket to the upstream. The relay passes the bytes on unread.
//
// Phases: the ClientHello is read and decides which certificate is shown; the handshake; open (the
// owner connects to the upstream, and bytes wait meanwhile); pumping.
//
// Backpressure: the stream gets credit back only for what the upstream's socket took, and the
// socket is read only while the stream takes bytes. So what is held is bounded by the stream's
// window, and by one record more.
//
// Ends: close_notify is passed on as a half-close, and the upstream's end as close_notify. An end
// of the stream without close_notify aborts the upstream's connection: somebody else may have cut
// it.
//
// Threads: that of the link. Lifetime: the owner retires it after terminalOver().
#pragma once

#include <sallyport/net/deadline.h>
#include <sallyport/net/io_context.h>
#include <sallyport/net/link.h>
#include <sallyport/net/socket.h>
#include <sallyport/net/stream_pump.h>
#include <sallyport/tls/client_hello.h>
#include <sallyport/tls/engine.h>

#include <functional>
#include <memory>
#include <string>

namespace sallyport::agent {

class TlsTerminalOwner
{
public:
    // The handshake is done: connect to the upstream and call start(), or fail().
    virtual void terminalOpen() = 0;
    virtual void terminalOver() = 0;

protected:
    ~TlsTerminalOwner() = default;
};

class TlsTerminal final : public net::LinkStream, public net::Retirable, private net::ReadyHandler
{
public:
    // The context for a visitor; null: none of the names is served here.
    using Chooser =
        std::function<std::shared_ptr<const tls::Context>(const tls::ClientHelloReader& hello)>;

    // ClientHello and handshake together, from begin() on.
    static constexpr auto HandshakeTimeout = std::chrono::seconds(15);
    // For the visitor's end, once ours was sent and there is no upstream any more.
    static constexpr auto LingerTimeout = std::chrono::seconds(5);

    TlsTerminal(net::IoContext& io, TlsTerminalOwner& owner, Chooser chooser);
    ~TlsTerminal() override;

    // Before begin(): sees the plaintext that passes. Outlives the terminal.
    void setTap(net::PumpTap* tap) { m_tap = tap; }
    // The stream is attached. `early` came before and holds the stream's credit. The owner may hear
    // terminalOpen() or terminalOver() during the call.
    void begin(ByteView early, bool finished);
    // `prefix` goes to the upstream in front of everything.
    void start(net::Socket upstream, std::string_view prefix);
    // There is no upstream.
    void fail();

    enum class Ending : uint8_t { Clean, UpstreamFailed, VisitorLeft };
    Ending ending() const { return m_ending; } // during terminalOver()

    uint64_t bytesIn() const { return m_bytesIn; } // plaintext, from the visitor
    uint64_t bytesOut() const { return m_bytesOut; }

private:
    // net::LinkStream
    void streamData(ByteView bytes) override;
    void streamFinished() override;
    void streamReset() override;
    void streamClosed() override;
    void streamWritable() override;
    // net::ReadyHandler
    void onReady(net::Readiness hints) override;

    void readHello(ByteView bytes);
    void refuse(tls::Alert alert);
    void refuseHandshake();
    void decrypt(ByteView bytes);
    void engineMoved();
    void sendOutput();
    void readSocket();
    void flushToSocket();
    void giveCredit(size_t plain);
    void finishSocketIfDone();
    void overIfDone();
    void linger();
    void abort(Ending ending = Ending::VisitorLeft);
    void over();

    net::IoContext& m_io;
    TlsTerminalOwner& m_owner;
    Chooser m_chooser;
    net::Deadline m_deadline;
    std::string m_hello; // until it is whole
    std::unique_ptr<tls::Engine> m_engine;
    ByteQueue m_toSocket; // plaintext
    net::Socket m_socket;
    net::PumpTap* m_tap = nullptr;
    Ending m_ending = Ending::Clean;
    size_t m_held = 0;   // bytes of the stream whose credit was not given back
    size_t m_prefix = 0; // bytes at the front of m_toSocket that are not the visitor's
    uint64_t m_bytesIn = 0;
    uint64_t m_bytesOut = 0;
    bool m_opened = false;         // the owner was told
    bool m_visitorEnded = false;   // close_notify came
    bool m_streamFinished = false; // the stream's end came
    bool m_socketEnded = false;    // the upstream's end was read
    bool m_socketShut = false;
    bool m_finishSent = false;
    bool m_lingering = false; // everything was said; only the visitor's end is waited for
    bool m_over = false;
};

} // namespace sallyport::agent
