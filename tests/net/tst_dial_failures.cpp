// What a dial that fails says.
#include "net_dials.h"

using namespace sallyport;
using namespace sallyport::net;
using namespace sallyport::net::test;
using namespace std::chrono_literals;

class TestDialFailures : public QObject
{
    Q_OBJECT

private slots:
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
};

void TestDialFailures::distrustsAnotherKey_data()
{
    QTest::addColumn<int>("transport");
    QTest::newRow("tls") << int(Transport::Tls);
    QTest::newRow("websocket") << int(Transport::WebSocket);
}

void TestDialFailures::distrustsAnotherKey()
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

void TestDialFailures::saysThatNobodyListens()
{
    IoContext io;
    const uint16_t port = listenOn("127.0.0.1").localAddress().port(); // closed again
    Caller caller;
    Dialer dialer(io, target(Transport::Tls, port), caller);
    dialer.start();
    QVERIFY(runUntil([&] { return caller.calls > 0; }));
    QVERIFY(caller.failedWith(Kind::Refused, "127.0.0.1:" + std::to_string(port)));
}

void TestDialFailures::saysThatTheHostIsUnknown()
{
    IoContext io;
    Caller caller;
    Dialer dialer(io, target(Transport::Tls, 7000, "relay.invalid"), caller);
    dialer.start();
    QVERIFY(runUntil([&] { return caller.calls > 0; }));
    QVERIFY(caller.failedWith(Kind::UnknownHost, "relay.invalid"));
}

void TestDialFailures::refusesAHostThatIsNoHost_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::newRow("empty") << QByteArray("");
    QTest::newRow("blank") << QByteArray("a b");
    QTest::newRow("line break") << QByteArray("relay\r\nX: y");
    QTest::newRow("nul") << QByteArray("relay\0x", 7);
    QTest::newRow("not ascii") << QByteArray("r\xc3\xa9lay");
    QTest::newRow("long") << QByteArray(300, 'a');
}

void TestDialFailures::refusesAHostThatIsNoHost()
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

void TestDialFailures::saysThatAnotherProtocolAnswers_data()
{
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("ssh") << QByteArray("SSH-2.0-OpenSSH_9.2\r\n");
    QTest::newRow("http") << QByteArray("HTTP/1.1 400 Bad Request\r\n\r\n");
}

void TestDialFailures::saysThatAnotherProtocolAnswers()
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

void TestDialFailures::saysWhatAWebServerAnsweredInstead_data()
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

void TestDialFailures::saysWhatAWebServerAnsweredInstead()
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

void TestDialFailures::saysThatTheServerHungUp()
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

void TestDialFailures::givesUpInTime_data()
{
    QTest::addColumn<int>("transport");
    QTest::addColumn<bool>("throughProxy");
    QTest::addColumn<QByteArray>("part");
    QTest::newRow("tls") << int(Transport::Tls) << false << QByteArray("TLS");
    QTest::newRow("proxy") << int(Transport::Tls) << true << QByteArray("proxy");
}

void TestDialFailures::givesUpInTime()
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

SALLYPORT_NET_TEST_MAIN(TestDialFailures)
#include "tst_dial_failures.moc"
