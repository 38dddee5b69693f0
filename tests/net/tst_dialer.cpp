// What a dial opens, and how it is let go.
#include "net_dials.h"

using namespace sallyport;
using namespace sallyport::net;
using namespace sallyport::net::test;

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
