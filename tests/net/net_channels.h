// Pairs of open channels and links over the loopback, for each transport.
#pragma once

#include "net_test.h"

#include <sallyport/net/channel.h>
#include <sallyport/net/link.h>
#include <sallyport/tls/keys.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sallyport::net::test {

enum class Transport { Plain, Tls, WebSocket };

inline void addTransportRows()
{
    QTest::addColumn<int>("transport");
    QTest::newRow("plain") << int(Transport::Plain);
    QTest::newRow("tls") << int(Transport::Tls);
    QTest::newRow("websocket") << int(Transport::WebSocket);
}

inline const tls::KeyPair& testKeys()
{
    static const tls::KeyPair keys = [] {
        tls::SelfSignedOptions options;
        options.names = {"localhost", "127.0.0.1"};
        options.notBefore = std::chrono::system_clock::now() - std::chrono::hours(1);
        return *tls::makeSelfSigned(options);
    }();
    return keys;
}

using Context = std::shared_ptr<const tls::Context>;

inline Context serverContext(tls::AlpnList alpn = {"sallyport/1"}, bool requireAlpn = false)
{
    tls::ServerConfig config;
    config.keys = testKeys();
    config.alpn = std::move(alpn);
    config.requireAlpn = requireAlpn;
    return *tls::Context::server(config);
}

inline Context clientContext(tls::AlpnList alpn = {"sallyport/1"})
{
    tls::ClientConfig config;
    config.alpn = std::move(alpn);
    config.trust = tls::PinnedKeys{{*tls::spkiPin(testKeys().chainPem)}};
    return *tls::Context::client(config);
}

// A client that expects another key.
inline Context wrongPinContext(tls::AlpnList alpn = {"sallyport/1"})
{
    tls::ClientConfig config;
    config.alpn = std::move(alpn);
    config.trust = tls::PinnedKeys{{SpkiPin{}}};
    return *tls::Context::client(config);
}

// Writes down what a channel says.
struct Recorder final : ChannelOwner
{
    void channelOpened() override
    {
        ++opened;
        if (onOpened)
            onOpened();
    }
    void channelBytes(ByteView view) override
    {
        bytes += asText(view);
        if (onBytes)
            onBytes();
    }
    void channelEnded() override
    {
        ++ended;
        if (onEnd)
            onEnd();
    }
    void channelFailed(const std::string& reason) override
    {
        failed = reason;
        if (onEnd)
            onEnd();
    }
    void channelTurn() override
    {
        ++turns;
        if (onTurn)
            onTurn();
    }
    bool over() const { return ended > 0 || !failed.empty(); }

    std::string bytes;
    std::string failed;
    int opened = 0;
    int ended = 0;
    int turns = 0;
    std::function<void()> onOpened;
    std::function<void()> onBytes;
    std::function<void()> onEnd;
    std::function<void()> onTurn;
};

// Two ends of one open connection. `client` connected to `server`.
struct ChannelPair
{
    ChannelPair(IoContext& io, Transport transport) : ChannelPair(io, transport, tcpPair()) {}
    ChannelPair(IoContext& io, Transport transport, std::pair<Socket, Socket> sockets)
    {
        client = std::make_unique<Channel>(io, std::move(sockets.first), &clientSays);
        server = std::make_unique<Channel>(io, std::move(sockets.second), &serverSays);
        if (transport == Transport::Plain) {
            server->startPlain();
            client->startPlain();
        } else {
            server->startTls(serverContext());
            client->startTls(clientContext());
        }
        if (!runUntil([&] { return clientSays.opened && serverSays.opened; }))
            qFatal("the channels do not open: %s %s", clientSays.failed.c_str(),
                   serverSays.failed.c_str());
        if (transport == Transport::WebSocket) {
            client->useWebSocket(wire::WebSocketRole::Client);
            server->useWebSocket(wire::WebSocketRole::Server);
        }
    }

    Recorder clientSays;
    Recorder serverSays;
    std::unique_ptr<Channel> client;
    std::unique_ptr<Channel> server;
};

// A stream of bytes that are a function of their place, so that a receiver can check them.
inline char patternAt(uint64_t place, uint32_t seed)
{
    return char((place * 131 + (place >> 9) * 29 + (place >> 17) * 7 + seed) & 0xff);
}

inline std::string pattern(uint64_t from, size_t size, uint32_t seed)
{
    std::string text(size, '\0');
    for (size_t i = 0; i < size; ++i)
        text[i] = patternAt(from + i, seed);
    return text;
}

inline bool matchesPattern(ByteView bytes, uint64_t from, uint32_t seed)
{
    for (size_t i = 0; i < bytes.size(); ++i)
        if (char(bytes[i]) != patternAt(from + i, seed))
            return false;
    return true;
}

} // namespace sallyport::net::test
