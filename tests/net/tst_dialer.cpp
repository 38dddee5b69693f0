#include "net_servers.h"

#include <sallyport/net/dialer.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

using namespace sallyport;
using namespace sallyport::net;
using namespace sallyport::net::test;
using namespace std::chrono_literals;

namespace {

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

DialTarget target(Transport transport, uint16_t port, std::string host = "127.0.0.1")
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

Context relayContext()
{
    return serverContext({"sallyport/1", "http/1.1"});
}

HttpProxy proxyAt(uint16_t port, const char* user = nullptr)
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

} // namespace

class TestDialer : public QObject
{
    Q_OBJECT

private slots:
    void opensAChannelOfEachTransport_data();
    void opensAChannelOfEachTransport();
    void handsOverWhatCameBehindTheHandshake_data();
    void handsOverWhatCameBehindTheHandshake();
    void namesTheHostInTheWebSocketRequest();
    void triesTheNextAddress();

    void distrustsAnotherKey_data();
    void distrustsAnotherKey();
    void saysThatNobodyListens();
    void saysThatTheHostIsUnknown();
    void refusesAHostThatIsNoHost_data();
    void refusesAHostThatIsNoHost();
    void saysThatAnotherProtocolAnswers_data();
    void saysThatAnotherProtocolAnswers();
    void saysWhatAWebServerAnsweredInstead_data();
    void saysWhatAWebServerAnsweredInstead();
    void saysThatTheServerHungUp();
    void givesUpInTime_data();
    void givesUpInTime();

    void goesThroughAProxy_data();
    void goesThroughAProxy();
    void givesAProxyItsCredentials();
    void saysWhyAProxyRefused_data();
    void saysWhyAProxyRefused();
    void saysThatTheProxyIsAway();

    void staysQuietWhenCancelled_data();
    void staysQuietWhenCancelled();
    void mayBeDestroyedByItsOutcome_data();
    void mayBeDestroyedByItsOutcome();
    void forgivesAnOwnerThatDropsTheChannel();
};

void TestDialer::opensAChannelOfEachTransport_data()
{
    addTransportRows();
}

void TestDialer::opensAChannelOfEachTransport()
{
    QFETCH(int, transport);
    IoContext io;
    EchoRelay relay(io, Transport(transport), listenOn("127.0.0.1"), relayContext());
    Caller caller;
    Dialer dialer(io, target(Transport(transport), relay.port()), caller);
    dialer.start();
    QCOMPARE(caller.calls, 0);
    QVERIFY(runUntil([&] { return caller.calls > 0; }));
    QVERIFY2(caller.channel, caller.error ? caller.error->text.c_str() : "");
    if (Transport(transport) != Transport::Plain)
        QCOMPARE(
            caller.channel->tls()->alpn(),
            std::string_view(Transport(transport) == Transport::Tls ? "sallyport/1" : "http/1.1"));
    caller.channel->send(asBytes("hello relay"));
    caller.channel->flush();
    QVERIFY(runUntil([&] { return caller.says.bytes == "hello relay"; }));
    QCOMPARE(caller.calls, 1);
    QVERIFY(caller.early.empty());
}

void TestDialer::handsOverWhatCameBehindTheHandshake_data()
{
    addTransportRows();
}

void TestDialer::handsOverWhatCameBehindTheHandshake()
{
    QFETCH(int, transport);
    IoContext io;
    EchoRelay relay(io, Transport(transport), listenOn("127.0.0.1"), relayContext());
    relay.greeting = std::string(5000, 'g');
    Caller caller;
    Dialer dialer(io, target(Transport(transport), relay.port()), caller);
    dialer.start();
    QVERIFY(runUntil([&] { return caller.early.size() + caller.says.bytes.size() == 5000; }));
    QCOMPARE(caller.early + caller.says.bytes, relay.greeting);
}

void TestDialer::namesTheHostInTheWebSocketRequest()
{
    IoContext io;
    EchoRelay relay(io, Transport::WebSocket, listenOn("127.0.0.1"), relayContext());
    Caller caller;
    Dialer dialer(io, target(Transport::WebSocket, relay.port(), "localhost"), caller);
    dialer.start();
    QVERIFY(runUntil([&] { return caller.calls > 0; }));
    QVERIFY(relay.lastRequest.starts_with("GET /.sallyport/agent HTTP/1.1\r\n"));
    const std::string host = "\r\nHost: localhost:" + std::to_string(relay.port()) + "\r\n";
    QVERIFY2(relay.lastRequest.find(host) != std::string::npos, relay.lastRequest.c_str());
}

// "localhost" is ::1 and 127.0.0.1 on most systems, and the relay listens on one of them.
void TestDialer::triesTheNextAddress()
{
    IoContext io;
    for (const char* host : {"127.0.0.1", "::1"}) {
        Socket listening = listenOn(host);
        if (!listening.isOpen())
            continue;
        EchoRelay relay(io, Transport::Tls, std::move(listening), relayContext());
        Caller caller;
        Dialer dialer(io, target(Transport::Tls, relay.port(), "localhost"), caller);
        dialer.start();
        QVERIFY(runUntil([&] { return caller.calls > 0; }));
        if (!caller.channel && QByteArray(host) == "::1")
            QSKIP("localhost has no IPv6 address here");
        QVERIFY2(caller.channel, caller.error ? caller.error->text.c_str() : "");
    }
}

// --- failures ---

void TestDialer::distrustsAnotherKey_data()
{
    QTest::addColumn<int>("transport");
    QTest::newRow("tls") << int(Transport::Tls);
    QTest::newRow("websocket") << int(Transport::WebSocket);
}

void TestDialer::distrustsAnotherKey()
{
    QFETCH(int, transport);
    IoContext io;
    EchoRelay relay(io, Transport(transport), listenOn("127.0.0.1"), relayContext());
    Caller caller;
    DialTarget wrong = target(Transport(transport), relay.port());
    wrong.tls = wrongPinContext({"sallyport/1", "http/1.1"});
    Dialer dialer(io, std::move(wrong), caller);
    dialer.start();
    QVERIFY(runUntil([&] { return caller.calls > 0; }));
    QVERIFY2(caller.failedWith(Kind::Untrusted, "127.0.0.1:" + std::to_string(relay.port())),
             caller.error ? caller.error->text.c_str() : "");
    spin(5);
    QCOMPARE(caller.calls, 1);
}

void TestDialer::saysThatNobodyListens()
{
    IoContext io;
    const uint16_t port = listenOn("127.0.0.1").localAddress().port(); // closed again
    Caller caller;
    Dialer dialer(io, target(Transport::Tls, port), caller);
    dialer.start();
    QVERIFY(runUntil([&] { return caller.calls > 0; }));
    QVERIFY(caller.failedWith(Kind::Refused, "127.0.0.1:" + std::to_string(port)));
}

void TestDialer::saysThatTheHostIsUnknown()
{
    IoContext io;
    Caller caller;
    Dialer dialer(io, target(Transport::Tls, 7000, "relay.invalid"), caller);
    dialer.start();
    QVERIFY(runUntil([&] { return caller.calls > 0; }));
    QVERIFY(caller.failedWith(Kind::UnknownHost, "relay.invalid"));
}

void TestDialer::refusesAHostThatIsNoHost_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::newRow("empty") << QByteArray("");
    QTest::newRow("blank") << QByteArray("a b");
    QTest::newRow("line break") << QByteArray("relay\r\nX: y");
    QTest::newRow("nul") << QByteArray("relay\0x", 7);
    QTest::newRow("not ascii") << QByteArray("r\xc3\xa9lay");
    QTest::newRow("long") << QByteArray(300, 'a');
}

void TestDialer::refusesAHostThatIsNoHost()
{
    QFETCH(QByteArray, host);
    IoContext io;
    HttpProxyServer proxy(io, "HTTP/1.1 200 OK\r\n\r\n");
    Caller caller;
    Dialer dialer(io, target(Transport::Tls, 7000, host.toStdString()), caller);
    dialer.start();
    QCOMPARE(caller.calls, 0);
    QVERIFY(runUntil([&] { return caller.calls > 0; }));
    QVERIFY(caller.failedWith(Kind::UnknownHost, ""));
}

void TestDialer::saysThatAnotherProtocolAnswers_data()
{
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("ssh") << QByteArray("SSH-2.0-OpenSSH_9.2\r\n");
    QTest::newRow("http") << QByteArray("HTTP/1.1 400 Bad Request\r\n\r\n");
}

void TestDialer::saysThatAnotherProtocolAnswers()
{
    QFETCH(QByteArray, says);
    IoContext io;
    Mute server(io, says.toStdString());
    Caller caller;
    Dialer dialer(io, target(Transport::Tls, server.port()), caller);
    dialer.start();
    QVERIFY(runUntil([&] { return caller.calls > 0; }));
    QVERIFY2(caller.failedWith(Kind::Protocol, "127.0.0.1:"), caller.error->text.c_str());
}

void TestDialer::saysWhatAWebServerAnsweredInstead_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QByteArray>("part");
    QTest::newRow("404") << QByteArray("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                         << QByteArray("404");
    QTest::newRow("garbage") << QByteArray("what is this\r\n\r\n") << QByteArray("WebSocket");
    QTest::newRow("long") << QByteArray("HTTP/1.1 200 OK\r\nX: ") + QByteArray(20'000, 'x')
                          << QByteArray("WebSocket");
    QTest::newRow("wrong accept")
        << QByteArray("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                      "Connection: Upgrade\r\nSec-WebSocket-Accept: bm90IHRoaXM=\r\n"
                      "Sec-WebSocket-Protocol: sallyport.v1\r\n\r\n")
        << QByteArray("WebSocket");
}

void TestDialer::saysWhatAWebServerAnsweredInstead()
{
    QFETCH(QByteArray, answer);
    QFETCH(QByteArray, part);
    IoContext io;
    EchoRelay relay(io, Transport::WebSocket, listenOn("127.0.0.1"), relayContext());
    relay.answerInstead = answer.toStdString();
    Caller caller;
    Dialer dialer(io, target(Transport::WebSocket, relay.port()), caller);
    dialer.start();
    QVERIFY(runUntil([&] { return caller.calls > 0; }));
    QVERIFY2(caller.failedWith(Kind::Protocol, part.toStdString()), caller.error->text.c_str());
}

void TestDialer::saysThatTheServerHungUp()
{
    IoContext io;
    Listener listener(io, listenOn("127.0.0.1"), [](Socket socket, const Address&) {
        socket.shutdownWrite();
        std::byte space[4096];
        socket.read(space);
    });
    Caller caller;
    Dialer dialer(io, target(Transport::Tls, listener.address().port()), caller);
    dialer.start();
    QVERIFY(runUntil([&] { return caller.calls > 0; }));
    QVERIFY2(caller.failedWith(Kind::Unreachable, "127.0.0.1:"), caller.error->text.c_str());
}

void TestDialer::givesUpInTime_data()
{
    QTest::addColumn<int>("transport");
    QTest::addColumn<bool>("throughProxy");
    QTest::addColumn<QByteArray>("part");
    QTest::newRow("tls") << int(Transport::Tls) << false << QByteArray("TLS");
    QTest::newRow("proxy") << int(Transport::Tls) << true << QByteArray("proxy");
}

void TestDialer::givesUpInTime()
{
    QFETCH(int, transport);
    QFETCH(bool, throughProxy);
    QFETCH(QByteArray, part);
    IoContext io;
    Mute server(io);
    Caller caller;
    DialTarget silent = target(Transport(transport), server.port());
    silent.timeout = 50ms;
    if (throughProxy)
        silent.proxy = proxyAt(server.port());
    const TimePoint start = Clock::now();
    Dialer dialer(io, std::move(silent), caller);
    dialer.start();
    QVERIFY(runUntil([&] { return caller.calls > 0; }));
    QVERIFY(Clock::now() - start >= 50ms);
    QVERIFY2(caller.failedWith(Kind::Unreachable, part.toStdString()), caller.error->text.c_str());
    QVERIFY(caller.failedWith(Kind::Unreachable, "50 ms"));
}

// --- proxies ---

void TestDialer::goesThroughAProxy_data()
{
    addTransportRows();
}

void TestDialer::goesThroughAProxy()
{
    QFETCH(int, transport);
    IoContext io;
    EchoRelay relay(io, Transport(transport), listenOn("127.0.0.1"), relayContext());
    HttpProxyServer proxy(io, "HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n");
    Caller caller;
    // The proxy finds the host, not we.
    DialTarget far = target(Transport(transport), relay.port(), "relay.invalid");
    far.proxy = proxyAt(proxy.port());
    Dialer dialer(io, std::move(far), caller);
    dialer.start();
    QVERIFY(runUntil([&] { return caller.calls > 0; }));
    QVERIFY2(caller.channel, caller.error ? caller.error->text.c_str() : "");
    QVERIFY(proxy.lastRequest.starts_with("CONNECT relay.invalid:" + std::to_string(relay.port()) +
                                          " HTTP/1.1\r\n"));
    QVERIFY(proxy.lastRequest.find("Proxy-Authorization") == std::string::npos);
    caller.channel->send(asBytes("through"));
    caller.channel->flush();
    QVERIFY(runUntil([&] { return caller.says.bytes == "through"; }));
}

void TestDialer::givesAProxyItsCredentials()
{
    IoContext io;
    EchoRelay relay(io, Transport::Tls);
    HttpProxyServer proxy(io, "HTTP/1.0 200 OK\r\n\r\n");
    Caller caller;
    DialTarget far = target(Transport::Tls, relay.port());
    far.proxy = proxyAt(proxy.port(), "me");
    Dialer dialer(io, std::move(far), caller);
    dialer.start();
    QVERIFY(runUntil([&] { return caller.calls > 0; }));
    QVERIFY(caller.channel != nullptr);
    const std::string expected = "\r\nProxy-Authorization: Basic " +
                                 QByteArray("me:hunter2").toBase64().toStdString() + "\r\n";
    QVERIFY(proxy.lastRequest.find(expected) != std::string::npos);
}

void TestDialer::saysWhyAProxyRefused_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<bool>("credentials");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QByteArray>("part");
    const int proxy = int(Kind::Proxy);
    QTest::newRow("wants credentials")
        << QByteArray("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n") << false << proxy
        << QByteArray("USER:PASSWORD");
    QTest::newRow("wants other credentials")
        << QByteArray("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n") << true << proxy
        << QByteArray("refused the user name");
    QTest::newRow("forbids") << QByteArray("HTTP/1.1 403 Forbidden\r\n\r\n") << false << proxy
                             << QByteArray("403");
    QTest::newRow("cannot") << QByteArray("HTTP/1.1 502 Bad Gateway\r\n\r\n") << false << proxy
                            << QByteArray("502");
    QTest::newRow("garbage") << QByteArray("\x05\x00 what\r\n\r\n", 11) << false << proxy
                             << QByteArray("not HTTP");
    QTest::newRow("endless head") << QByteArray("HTTP/1.1 404 No\r\nX: ") + QByteArray(20'000, 'x')
                                  << false << proxy << QByteArray("not HTTP");
}

void TestDialer::saysWhyAProxyRefused()
{
    QFETCH(QByteArray, answer);
    QFETCH(bool, credentials);
    QFETCH(int, kind);
    QFETCH(QByteArray, part);
    IoContext io;
    HttpProxyServer proxy(io, answer.toStdString());
    Caller caller;
    DialTarget far = target(Transport::Tls, 7000, "relay.invalid");
    far.proxy = proxyAt(proxy.port(), credentials ? "me" : nullptr);
    Dialer dialer(io, std::move(far), caller);
    dialer.start();
    QVERIFY(runUntil([&] { return caller.calls > 0; }));
    QVERIFY2(caller.failedWith(Kind(kind), part.toStdString()), caller.error->text.c_str());
    QVERIFY(caller.failedWith(Kind(kind), "the proxy 127.0.0.1:"));
    QVERIFY(caller.error->text.find("hunter2") == std::string::npos);
}

void TestDialer::saysThatTheProxyIsAway()
{
    IoContext io;
    Caller caller;
    DialTarget far = target(Transport::Tls, 7000, "relay.invalid");
    far.proxy = proxyAt(listenOn("127.0.0.1").localAddress().port());
    Dialer dialer(io, std::move(far), caller);
    dialer.start();
    QVERIFY(runUntil([&] { return caller.calls > 0; }));
    QVERIFY(caller.failedWith(Kind::Refused, "the proxy 127.0.0.1:"));

    Caller second;
    DialTarget lost = target(Transport::Tls, 7000, "relay.example");
    lost.proxy = HttpProxy{"proxy.invalid", 3128, std::nullopt};
    Dialer another(io, std::move(lost), second);
    another.start();
    QVERIFY(runUntil([&] { return second.calls > 0; }));
    QVERIFY(second.failedWith(Kind::UnknownHost, "proxy.invalid"));

    // It hangs up instead of an answer.
    Listener rude(io, listenOn("127.0.0.1"), [](Socket, const Address&) {});
    Caller third;
    DialTarget broken = target(Transport::Tls, 7000, "relay.invalid");
    broken.proxy = proxyAt(rude.address().port());
    Dialer last(io, std::move(broken), third);
    last.start();
    QVERIFY(runUntil([&] { return third.calls > 0; }));
    QVERIFY2(third.failedWith(Kind::Unreachable, "the proxy 127.0.0.1:"),
             third.error->text.c_str());
}

// --- ends ---

void TestDialer::staysQuietWhenCancelled_data()
{
    QTest::addColumn<int>("turns");
    for (int turns = 0; turns < 25; ++turns)
        QTest::addRow("after %d turns", turns) << turns;
}

// After so many turns of the loop: at each stage of the way through proxy, TLS and WebSocket.
void TestDialer::staysQuietWhenCancelled()
{
    QFETCH(int, turns);
    IoContext io;
    EchoRelay relay(io, Transport::WebSocket, listenOn("127.0.0.1"), relayContext());
    HttpProxyServer proxy(io, "HTTP/1.1 200 OK\r\n\r\n");
    for (const bool destroy : {false, true}) {
        Caller caller;
        DialTarget far = target(Transport::WebSocket, relay.port());
        far.proxy = proxyAt(proxy.port());
        auto dialer = std::make_unique<Dialer>(io, std::move(far), caller);
        dialer->start();
        spin(turns);
        const int before = caller.calls;
        if (destroy)
            dialer.reset();
        else
            dialer->cancel();
        spin(10);
        QCOMPARE(caller.calls, before);
    }
}

void TestDialer::mayBeDestroyedByItsOutcome_data()
{
    addTransportRows();
}

void TestDialer::mayBeDestroyedByItsOutcome()
{
    QFETCH(int, transport);
    IoContext io;
    EchoRelay relay(io, Transport(transport), listenOn("127.0.0.1"), relayContext());
    const uint16_t nobody = listenOn("127.0.0.1").localAddress().port();
    for (const uint16_t port : {relay.port(), nobody}) {
        Caller caller;
        auto dialer = std::make_unique<Dialer>(io, target(Transport(transport), port), caller);
        caller.act = [&] { dialer.reset(); };
        dialer->start();
        QVERIFY(runUntil([&] { return !dialer; }));
        spin(3);
        QCOMPARE(caller.calls, 1);
    }
}

void TestDialer::forgivesAnOwnerThatDropsTheChannel()
{
    IoContext io;
    EchoRelay relay(io, Transport::WebSocket, listenOn("127.0.0.1"), relayContext());
    relay.greeting = "hello";
    Caller caller;
    Dialer dialer(io, target(Transport::WebSocket, relay.port()), caller);
    caller.act = [&] { caller.channel.reset(); };
    dialer.start();
    QVERIFY(runUntil([&] { return caller.calls > 0; }));
    spin(5);
    QVERIFY(!caller.says.over());
}

SALLYPORT_NET_TEST_MAIN(TestDialer)
#include "tst_dialer.moc"
