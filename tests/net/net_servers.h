// Servers to dial, in the test's own loop: a relay of each transport, and an HTTP proxy.
#pragma once

#include "net_channels.h"

#include <sallyport/net/connector.h>
#include <sallyport/net/listener.h>
#include <sallyport/wire/http_head.h>
#include <sallyport/wire/websocket_upgrade.h>

#include <memory>
#include <string>
#include <vector>

namespace sallyport::net::test {

inline Socket listenOn(const char* host, uint16_t port = 0)
{
    auto socket = Listener::open(*Address::fromText(host, port), false);
    return socket ? std::move(*socket) : Socket();
}

// Takes links of one transport and echoes what comes.
class EchoRelay
{
public:
    EchoRelay(IoContext& context, Transport transport, Socket listening,
              Context tls = serverContext())
        : m_io(context),
          m_transport(transport),
          m_tls(std::move(tls)),
          m_listener(context, std::move(listening),
                     [this](Socket socket, const Address&) { accept(std::move(socket)); })
    {}
    EchoRelay(IoContext& context, Transport transport)
        : EchoRelay(context, transport, listenOn("127.0.0.1"))
    {}

    uint16_t port() const { return m_listener.address().port(); }
    int accepted() const { return int(m_peers.size()); }

    // What a WebSocket server sends: its answer, or something else instead.
    std::string answerInstead;
    // Bytes that follow the handshake at once.
    std::string greeting;
    std::string lastRequest;

private:
    struct Peer
    {
        Recorder says;
        std::unique_ptr<Channel> channel;
        bool upgraded = false;
    };

    void accept(Socket socket)
    {
        m_peers.push_back(std::make_unique<Peer>());
        Peer& peer = *m_peers.back();
        peer.channel = std::make_unique<Channel>(m_io, std::move(socket), &peer.says);
        peer.says.onOpened = [this, &peer] {
            if (m_transport != Transport::WebSocket)
                say(peer, greeting);
        };
        peer.says.onBytes = [this, &peer] { received(peer); };
        if (m_transport == Transport::Plain)
            peer.channel->startPlain();
        else
            peer.channel->startTls(m_tls);
    }
    void received(Peer& peer)
    {
        if (m_transport == Transport::WebSocket && !peer.upgraded)
            return upgrade(peer);
        say(peer, std::exchange(peer.says.bytes, {}));
    }
    void upgrade(Peer& peer)
    {
        if (peer.says.bytes.find("\r\n\r\n") == std::string::npos)
            return;
        lastRequest = std::exchange(peer.says.bytes, {});
        const auto key = wire::checkWebSocketRequest(lastRequest);
        if (!answerInstead.empty() || !key)
            return say(peer,
                       answerInstead.empty() ? wire::webSocketRefusal(key.error()) : answerInstead);
        peer.upgraded = true;
        // In one go with the first frame, so that the client gets both in one read.
        peer.channel->send(asBytes(wire::webSocketResponse(*key)));
        peer.channel->useWebSocket(wire::WebSocketRole::Server);
        say(peer, greeting);
    }
    static void say(Peer& peer, const std::string& text)
    {
        if (!text.empty())
            peer.channel->send(asBytes(text));
        peer.channel->flush();
    }

    IoContext& m_io;
    Transport m_transport;
    Context m_tls;
    std::vector<std::unique_ptr<Peer>> m_peers;
    Listener m_listener;
};

// Accepts, reads a request's head, answers with a fixed text, and after a 200 joins both sides.
class HttpProxyServer
{
public:
    HttpProxyServer(IoContext& context, std::string answer)
        : m_io(context),
          m_answer(std::move(answer)),
          m_listener(context, listenOn("127.0.0.1"),
                     [this](Socket socket, const Address&) { accept(std::move(socket)); })
    {}
    uint16_t port() const { return m_listener.address().port(); }

    std::string lastRequest;

private:
    struct Side
    {
        Recorder says;
        std::unique_ptr<Channel> channel;
    };
    struct Join
    {
        Side client;
        Side target;
        std::unique_ptr<Connector> connector;
        bool joined = false;
    };

    void accept(Socket socket)
    {
        m_joins.push_back(std::make_unique<Join>());
        Join& join = *m_joins.back();
        join.client.channel = std::make_unique<Channel>(m_io, std::move(socket), &join.client.says);
        join.client.says.onBytes = [this, &join] {
            if (join.joined)
                return pass(join.client, join.target);
            if (join.client.says.bytes.find("\r\n\r\n") != std::string::npos)
                request(join);
        };
        join.client.channel->startPlain();
    }
    void request(Join& join)
    {
        lastRequest = std::exchange(join.client.says.bytes, {});
        if (m_answer.find(" 200 ") == std::string::npos)
            return answer(join);
        const size_t colon = lastRequest.find(':');
        const auto port = uint16_t(std::stoi(lastRequest.substr(colon + 1)));
        join.connector = std::make_unique<Connector>(
            m_io, std::vector{*Address::fromText("127.0.0.1", port)},
            [this, &join](Result<Socket, SystemError> result) {
                if (!result)
                    qFatal("the proxy cannot connect");
                join.target.channel =
                    std::make_unique<Channel>(m_io, std::move(*result), &join.target.says);
                join.target.says.onBytes = [&join] { pass(join.target, join.client); };
                join.target.channel->startPlain();
                join.joined = true;
                answer(join);
            });
        join.connector->start();
    }
    void answer(Join& join)
    {
        join.client.channel->send(asBytes(m_answer));
        join.client.channel->flush();
    }
    static void pass(Side& from, Side& to)
    {
        to.channel->send(asBytes(std::exchange(from.says.bytes, {})));
        to.channel->flush();
    }

    IoContext& m_io;
    std::string m_answer;
    std::vector<std::unique_ptr<Join>> m_joins;
    Listener m_listener;
};

} // namespace sallyport::net::test
