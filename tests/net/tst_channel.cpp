#include "net_channels.h"

#include <sallyport/wire/websocket.h>

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>

using namespace sallyport;
using namespace sallyport::net;
using namespace sallyport::net::test;

class TestChannel : public QObject
{
    Q_OBJECT

private slots:
    void movesBytesBothWays_data();
    void movesBytesBothWays();
    void deliversTheLastBytesBeforeTheEnd_data();
    void deliversTheLastBytesBeforeTheEnd();
    void deliversBytesThatComeWithTheHandshakesEnd();
    void tellsATruncatedTlsStreamFromItsEnd();
    void readsOnBehindAFailedWrite();
    void saysWhyAHandshakeFailed();
    void doesNotOpenWithoutACommonApplicationProtocol();
    void givesATurnWhenAskedThoughBytesComeToo();
    void tellsWhenABlockedConnectionTakesBytesAgain();
    void staysSilentOnceClosed_data();
    void staysSilentOnceClosed();

    void answersWebSocketPings();
    void repliesToAWebSocketClose();
    void closesOnABadWebSocketFrame();
    void doesNotQueueAnswersForAPeerThatNeverReads();
    void takesWebSocketBytesThatCameEarly();
};

void TestChannel::movesBytesBothWays_data()
{
    addTransportRows();
}

void TestChannel::movesBytesBothWays()
{
    QFETCH(int, transport);
    static constexpr size_t Total = 4 * 1024 * 1024;
    static constexpr size_t Piece = 100'000;
    IoContext io;
    ChannelPair pair(io, Transport(transport));
    struct End
    {
        void more()
        {
            while (sent < Total && channel.backlog() < 512 * 1024) {
                const size_t n = std::min(Piece, Total - sent);
                channel.send(asBytes(pattern(sent, n, seed)));
                sent += n;
                if (!channel.flush())
                    return; // channelTurn() goes on
            }
        }
        Channel& channel;
        uint32_t seed;
        size_t sent = 0;
    };
    End client{*pair.client, 1};
    End server{*pair.server, 2};
    pair.clientSays.onTurn = [&] { client.more(); };
    pair.serverSays.onTurn = [&] { server.more(); };
    client.more();
    server.more();
    QVERIFY(runUntil([&] {
        client.more();
        server.more();
        return pair.clientSays.bytes.size() == Total && pair.serverSays.bytes.size() == Total;
    }));
    QVERIFY(matchesPattern(asBytes(pair.serverSays.bytes), 0, 1));
    QVERIFY(matchesPattern(asBytes(pair.clientSays.bytes), 0, 2));
    QCOMPARE(pair.client->backlog(), size_t(0));
}

void TestChannel::deliversTheLastBytesBeforeTheEnd_data()
{
    addTransportRows();
}

void TestChannel::deliversTheLastBytesBeforeTheEnd()
{
    QFETCH(int, transport);
    IoContext io;
    ChannelPair pair(io, Transport(transport));
    pair.server->send(asBytes(std::string(50'000, 'l')));
    pair.server->close();
    QVERIFY(pair.server->isClosed());
    QVERIFY(runUntil([&] { return pair.clientSays.over(); }));
    QCOMPARE(pair.clientSays.failed, std::string());
    QCOMPARE(pair.clientSays.ended, 1);
    QCOMPARE(pair.clientSays.bytes, std::string(50'000, 'l'));
    QVERIFY(pair.client->isClosed());
    QVERIFY(!pair.serverSays.over());
}

// The server answers and closes as soon as it may, so that the client gets its last handshake
// bytes, payload and end in one read.
void TestChannel::deliversBytesThatComeWithTheHandshakesEnd()
{
    IoContext io;
    auto sockets = tcpPair();
    Recorder serverSays;
    Recorder clientSays;
    auto server = std::make_unique<Channel>(io, std::move(sockets.second), &serverSays);
    Channel client(io, std::move(sockets.first), &clientSays);
    serverSays.onOpened = [&] {
        server->send(asBytes("only this"));
        server->close();
    };
    server->startTls(serverContext());
    client.startTls(clientContext());
    QVERIFY(runUntil([&] { return clientSays.over(); }));
    QCOMPARE(clientSays.failed, std::string());
    QCOMPARE(clientSays.opened, 1);
    QCOMPARE(clientSays.bytes, std::string("only this"));
    QCOMPARE(clientSays.ended, 1);
}

void TestChannel::tellsATruncatedTlsStreamFromItsEnd()
{
    IoContext io;
    auto sockets = tcpPair();
    const Socket copy(::dup(sockets.second.descriptor()));
    ChannelPair pair(io, Transport::Tls, std::move(sockets));
    pair.server->send(asBytes("half"));
    QVERIFY(pair.server->flush());
    ::shutdown(copy.descriptor(), SHUT_WR);
    QVERIFY(runUntil([&] { return pair.clientSays.over(); }));
    QCOMPARE(pair.clientSays.bytes, std::string("half"));
    QCOMPARE(pair.clientSays.ended, 0);
    QVERIFY(!pair.clientSays.failed.empty());
}

// The peer said something and broke the connection; writing notices first.
void TestChannel::readsOnBehindAFailedWrite()
{
    IoContext io;
    auto [ours, theirs] = tcpPair();
    Recorder says;
    Channel channel(io, std::move(ours), &says);
    channel.startPlain();
    channel.send(asBytes("never read"));
    QVERIFY(channel.flush());
    QVERIFY(waitFor(theirs, POLLIN));
    QCOMPARE(theirs.write(asBytes("last words")).bytes, size_t(10));
    theirs.close(); // with unread bytes: a reset
    channel.send(asBytes("x"));
    QVERIFY(!channel.flush());
    QVERIFY(!channel.flush());
    QVERIFY(!says.over());
    QVERIFY(runUntil([&] { return says.over(); }));
    QCOMPARE(says.bytes, std::string("last words"));
    QVERIFY2(says.failed.starts_with("the connection broke: "), says.failed.c_str());
}

void TestChannel::saysWhyAHandshakeFailed()
{
    IoContext io;
    auto sockets = tcpPair();
    Recorder serverSays;
    Recorder clientSays;
    Channel server(io, std::move(sockets.second), &serverSays);
    Channel client(io, std::move(sockets.first), &clientSays);
    server.startTls(serverContext());
    client.startTls(wrongPinContext());
    QVERIFY(runUntil([&] { return clientSays.over() && serverSays.over(); }));
    QCOMPARE(clientSays.opened, 0);
    QVERIFY(client.tls() != nullptr);
    QCOMPARE(client.tls()->error().code, tls::ErrorCode::PinMismatch);
    QCOMPARE(clientSays.failed, client.tls()->error().message);
    QVERIFY(!serverSays.failed.empty());
}

void TestChannel::doesNotOpenWithoutACommonApplicationProtocol()
{
    tls::ClientConfig config;
    config.alpn = {"sallyport/1"};
    config.requireAlpn = true;
    config.trust = tls::PinnedKeys{{*tls::spkiPin(testKeys().chainPem)}};
    IoContext io;
    auto sockets = tcpPair();
    Recorder serverSays;
    Recorder clientSays;
    Channel server(io, std::move(sockets.second), &serverSays);
    Channel client(io, std::move(sockets.first), &clientSays);
    server.startTls(serverContext({"h2"}));
    client.startTls(*tls::Context::client(config));
    QVERIFY(runUntil([&] { return clientSays.over(); }));
    QCOMPARE(clientSays.opened, 0);
    QCOMPARE(client.tls()->error().code, tls::ErrorCode::NoAlpnOverlap);
}

void TestChannel::givesATurnWhenAskedThoughBytesComeToo()
{
    IoContext io;
    ChannelPair pair(io, Transport::Plain);
    spin(3);
    const int before = pair.clientSays.turns;
    pair.client->requestTurn();
    pair.client->requestTurn();
    pair.server->send(asBytes("x"));
    pair.server->flush();
    QVERIFY(runUntil([&] { return pair.clientSays.bytes == "x"; }));
    QVERIFY(runUntil([&] { return pair.clientSays.turns > before; }));
    spin(3);
    QCOMPARE(pair.clientSays.turns, before + 1);
}

void TestChannel::tellsWhenABlockedConnectionTakesBytesAgain()
{
    IoContext io;
    auto [ours, theirs] = tcpPair();
    Recorder says;
    Channel channel(io, std::move(ours), &says);
    channel.startPlain();
    spin(3);
    const std::string block(1024 * 1024, 'b');
    size_t sent = 0;
    do {
        channel.send(asBytes(block));
        sent += block.size();
    } while (channel.flush());
    spin(3);
    QCOMPARE(says.turns, 0);
    QVERIFY(channel.backlog() > 0);
    size_t got = 0;
    QVERIFY(runUntil([&, &theirs = theirs] {
        std::byte space[65536];
        for (IoResult r; (r = theirs.read(space)).state == IoResult::State::Ok;)
            got += r.bytes;
        if (says.turns == 0)
            channel.requestTurn(); // so that the loop has something to wait for
        return says.turns > 0 && channel.backlog() == 0;
    }));
    while (got < sent && waitFor(theirs, POLLIN)) {
        std::byte space[65536];
        got += theirs.read(space).bytes;
    }
    QCOMPARE(got, sent);
}

void TestChannel::staysSilentOnceClosed_data()
{
    QTest::addColumn<int>("transport");
    QTest::addColumn<QString>("closer");
    for (const char* closer : {"opened", "bytes", "turn"})
        for (const auto& [name, transport] :
             {std::pair{"plain", Transport::Plain}, std::pair{"tls", Transport::Tls},
              std::pair{"websocket", Transport::WebSocket}})
            QTest::addRow("%s in %s", name, closer) << int(transport) << QString(closer);
}

// The owner closes inside a call, and destroys the channel at the end of the turn.
void TestChannel::staysSilentOnceClosed()
{
    QFETCH(int, transport);
    QFETCH(QString, closer);
    IoContext io;
    auto sockets = tcpPair();
    Recorder clientSays;
    Recorder serverSays;
    struct Held : Retirable
    {
        std::unique_ptr<Channel> channel;
    };
    auto held = std::make_unique<Held>();
    held->channel = std::make_unique<Channel>(io, std::move(sockets.first), &clientSays);
    Channel* const client = held->channel.get();
    Channel server(io, std::move(sockets.second), &serverSays);
    const bool plain = Transport(transport) == Transport::Plain;
    const auto close = [&] {
        client->close();
        io.retire(std::move(held));
    };
    const auto useWebSocket = [&] {
        if (Transport(transport) != Transport::WebSocket)
            return;
        client->useWebSocket(wire::WebSocketRole::Client);
    };
    serverSays.onOpened = [&] {
        if (Transport(transport) == Transport::WebSocket)
            server.useWebSocket(wire::WebSocketRole::Server);
        for (int i = 0; i < 50; ++i)
            server.send(asBytes(std::string(20'000, 's')));
        server.flush();
    };
    serverSays.onTurn = [&] { server.flush(); };
    clientSays.onOpened = [&] {
        useWebSocket();
        if (closer == "opened")
            close();
        else if (closer == "turn")
            client->requestTurn();
    };
    clientSays.onBytes = [&] {
        if (closer == "bytes")
            close();
    };
    clientSays.onTurn = [&] {
        if (closer == "turn")
            close();
    };
    if (plain) {
        server.startPlain();
        client->startPlain();
    } else {
        server.startTls(serverContext());
        client->startTls(clientContext());
    }
    QVERIFY(runUntil([&] { return !held; }));
    const auto calls = [&] {
        return clientSays.opened + clientSays.turns + int(clientSays.bytes.size());
    };
    const int before = calls();
    spin(5);
    QCOMPARE(calls(), before);
    QVERIFY(!clientSays.over());
}

// --- WebSocket ---

namespace {

// A channel as WebSocket server, and its peer as a plain socket that makes frames by hand.
struct HandMade
{
    explicit HandMade(IoContext& io) : pool(io.pool()), frames(pool)
    {
        auto [ours, theirs] = tcpPair();
        channel = std::make_unique<Channel>(io, std::move(ours), &says);
        peer = std::move(theirs);
        channel->startPlain();
        channel->useWebSocket(wire::WebSocketRole::Server);
    }
    void send()
    {
        while (!frames.empty() && waitFor(peer, POLLOUT))
            peer.writeFrom(frames);
    }
    std::string receive(size_t n)
    {
        std::string got;
        std::byte space[4096];
        const bool enough = runUntil([&] {
            const IoResult r = peer.read(space);
            got += asText(ByteView(space).first(r.bytes));
            if (got.size() < n)
                channel->requestTurn();
            return got.size() >= n || r.state == IoResult::State::End;
        });
        return enough ? got : "nothing";
    }
    BufferPool& pool;
    Recorder says;
    std::unique_ptr<Channel> channel;
    Socket peer;
    wire::WebSocketEncoder encoder{wire::WebSocketRole::Client, 42};
    ByteQueue frames;
};

} // namespace

void TestChannel::answersWebSocketPings()
{
    IoContext io;
    HandMade made(io);
    made.encoder.encode(asBytes("hello "), made.frames);
    made.encoder.ping(asBytes("are you there"), made.frames);
    made.encoder.encode(asBytes("world"), made.frames);
    made.send();
    QVERIFY(runUntil([&] { return made.says.bytes == "hello world"; }));
    QCOMPARE(made.receive(15), "\x8a\x0d" + std::string("are you there"));
}

void TestChannel::repliesToAWebSocketClose()
{
    IoContext io;
    HandMade made(io);
    made.encoder.encode(asBytes("bye"), made.frames);
    made.encoder.close(wire::CloseCode::Normal, "done", made.frames);
    made.send();
    QVERIFY(runUntil([&] { return made.says.over(); }));
    QCOMPARE(made.says.bytes, std::string("bye"));
    QCOMPARE(made.says.ended, 1);
    QVERIFY(waitFor(made.peer, POLLIN));
    std::byte space[64];
    const IoResult got = made.peer.read(space);
    QVERIFY(got.bytes >= 4);
    QCOMPARE(uint8_t(space[0]), uint8_t(0x88));
    QCOMPARE(readU16(space + 2), uint16_t(wire::CloseCode::Normal));
}

void TestChannel::closesOnABadWebSocketFrame()
{
    IoContext io;
    HandMade made(io);
    made.frames.append(asBytes(std::string("\x82\x01x", 3))); // not masked
    made.send();
    QVERIFY(runUntil([&] { return made.says.over(); }));
    QVERIFY2(made.says.failed.starts_with("WebSocket: "), made.says.failed.c_str());
    QVERIFY(waitFor(made.peer, POLLIN));
    std::byte space[64];
    const IoResult got = made.peer.read(space);
    QVERIFY(got.bytes >= 4);
    QCOMPARE(uint8_t(space[0]), uint8_t(0x88));
    QCOMPARE(readU16(space + 2), uint16_t(1002));
}

void TestChannel::doesNotQueueAnswersForAPeerThatNeverReads()
{
    IoContext io;
    HandMade made(io);
    const std::string payload(125, 'p');
    size_t most = 0;
    for (int i = 0; i < 20'000 && !made.says.over(); ++i) {
        for (int j = 0; j < 100; ++j)
            made.encoder.ping(asBytes(payload), made.frames);
        while (!made.frames.empty() && !made.says.over()) {
            if (made.peer.writeFrom(made.frames).state == IoResult::State::Failed)
                break;
            spin(1);
            most = std::max(most, io.pool().bytesInUse());
        }
        made.frames.clear();
    }
    QVERIFY2(made.says.failed.find("does not read") != std::string::npos, made.says.failed.c_str());
    QVERIFY2(most < 6 * 1024 * 1024, qPrintable(QString::number(most)));
}

void TestChannel::takesWebSocketBytesThatCameEarly()
{
    IoContext io;
    HandMade made(io);
    made.encoder.encode(asBytes("early"), made.frames);
    std::string frame = made.frames.peekText();
    made.channel->receiveEarly(asBytes(frame).first(3));
    QCOMPARE(made.says.bytes, std::string());
    made.channel->receiveEarly(asBytes(frame).subspan(3));
    QCOMPARE(made.says.bytes, std::string("early"));
}

SALLYPORT_NET_TEST_MAIN(TestChannel)
#include "tst_channel.moc"
