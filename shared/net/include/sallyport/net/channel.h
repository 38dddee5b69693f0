// One connection of a link, below the multiplexer: a socket, TLS over it where asked, and WebSocket
// framing over that where asked. Plaintext bytes come out and go in.
//
// Order of calls: make it, then startPlain() or startTls(). After channelOpened(), useWebSocket()
// may follow once the owner has exchanged the upgrade's texts over the open channel.
//
// Threads: that of its IoContext. Lifetime: inside a callback the owner may close() but not destroy
// it (IoContext::retire() is for that). After close() no callback comes.
#pragma once

#include <sallyport/net/io_context.h>
#include <sallyport/net/socket.h>
#include <sallyport/tls/engine.h>
#include <sallyport/wire/websocket.h>

#include <memory>
#include <optional>
#include <string>

namespace sallyport::net {

class ChannelOwner
{
public:
    virtual void channelOpened() = 0;
    // Valid only during the call.
    virtual void channelBytes(ByteView bytes) = 0;
    // The peer ended cleanly (FIN, with TLS after close_notify). The channel is closed.
    virtual void channelEnded() = 0;
    // A sentence for people. The channel is closed; Channel::tls() still says what went wrong
    // there.
    virtual void channelFailed(const std::string& reason) = 0;
    // There is room again after flush() returned false; also the answer to requestTurn().
    virtual void channelTurn() = 0;

protected:
    ~ChannelOwner() = default;
};

class Channel final : private ReadyHandler
{
public:
    Channel(IoContext& io, Socket socket, ChannelOwner* owner);
    ~Channel();

    void setOwner(ChannelOwner* owner) { m_owner = owner; }
    // The socket is connected. startPlain() calls channelOpened() at once.
    void startPlain();
    void startTls(std::shared_ptr<const tls::Context> context, std::string_view serverName = {});
    // A connection that is open already, its TLS (if any) agreed. No call of the owner.
    void startOpened(std::unique_ptr<tls::Engine> engine);
    // From now on bytes travel in binary messages. What the peer sent behind its upgrade goes
    // through receiveEarly().
    void useWebSocket(wire::WebSocketRole role);
    void receiveEarly(ByteView bytes);

    // Takes everything in `plain` (encrypted and framed at once); call flush() when the turn's
    // bytes are together. Bound it by backlog().
    void send(ByteQueue& plain);
    void send(ByteView plain);
    // Writes what the system takes; false when something is left (channelTurn() follows).
    bool flush();
    size_t backlog() const;
    // channelTurn() in the next turn of the loop, which does not block.
    void requestTurn();

    // Sends what it can without waiting, then closes.
    void close();
    bool isClosed() const { return !m_socket.isOpen(); }

    // Absent without TLS, or before it is agreed.
    const tls::Engine* tls() const { return m_tls.get(); }
    const Address& peer() const { return m_peer; }
    const Address& local() const { return m_local; }

private:
    void onReady(Readiness hints) override;
    void readSome();
    void readStopped(const IoResult& result);
    void wireBytes(ByteView bytes);
    void tlsBytes(ByteView bytes);
    void plainBytes(ByteView bytes);
    bool webSocketControl(const wire::WebSocketDecoder::Event& event);
    void toWire(ByteQueue& bytes);
    void wireEnded();
    void announceTls();
    void afterTls();
    void fail(const std::string& reason);
    ByteQueue& wire() { return m_tls ? m_tls->output() : m_wire; }

    IoContext& m_io;
    Socket m_socket;
    ChannelOwner* m_owner;
    Address m_peer;
    Address m_local;
    ByteQueue m_wire;
    std::unique_ptr<tls::Engine> m_tls;
    struct WebSocket
    {
        wire::WebSocketEncoder encoder;
        wire::WebSocketDecoder decoder;
        ByteQueue framed;
    };
    std::unique_ptr<WebSocket> m_webSocket;
    int m_writeError = 0;
    bool m_opened = false;
    bool m_blocked = false; // the system takes no more, or never will again
    bool m_hangUp = false;
    bool m_turnRequested = false;
};

} // namespace sallyport::net
