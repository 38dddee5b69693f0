// Dials to servers on this machine, and how they ended.
#pragma once

#include "net_servers.h"

#include <sallyport/net/dialer.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace sallyport::net::test {

using Kind = DialError::Kind;

// Writes down how a dial ended, and keeps the channel.
struct Caller final : DialOwner
{
    void dialed(std::unique_ptr<Channel> opened, ByteView bytes) override
    {
        channel = std::move(opened);
        channel->setOwner(&says);
        early = asText(bytes);
        ++calls;
        if (act)
            act();
    }
    void dialFailed(const DialError& e) override
    {
        error = e;
        ++calls;
        if (act)
            act();
    }
    bool failedWith(Kind kind, std::string_view part) const
    {
        return error && error->kind == kind && error->text.find(part) != std::string::npos;
    }

    std::unique_ptr<Channel> channel;
    std::string early;
    std::optional<DialError> error;
    Recorder says;
    int calls = 0;
    std::function<void()> act;
};

inline DialTarget target(Transport transport, uint16_t port, std::string host = "127.0.0.1")
{
    DialTarget t;
    t.transport = transport == Transport::Plain ? LinkTransport::Tcp
                  : transport == Transport::Tls ? LinkTransport::Tls
                                                : LinkTransport::WebSocket;
    t.host = std::move(host);
    t.port = port;
    if (transport != Transport::Plain)
        t.tls = clientContext({transport == Transport::Tls ? "sallyport/1" : "http/1.1"});
    return t;
}

inline Context relayContext()
{
    return serverContext({"sallyport/1", "http/1.1"});
}

inline HttpProxy proxyAt(uint16_t port, const char* user = nullptr)
{
    HttpProxy proxy{"127.0.0.1", port, std::nullopt};
    if (user)
        proxy.credentials = wire::ProxyCredentials{user, Secret(std::string("hunter2"))};
    return proxy;
}

// Accepts and then says what it is told to, or nothing.
struct Mute
{
    explicit Mute(IoContext& io, std::string says = {})
        : listener(io, listenOn("127.0.0.1"), [this, says](Socket socket, const Address&) {
              if (!says.empty())
                  socket.write(asBytes(says));
              sockets.push_back(std::move(socket));
          })
    {}
    uint16_t port() const { return listener.address().port(); }
    std::vector<Socket> sockets;
    Listener listener;
};

} // namespace sallyport::net::test
