// Dials through an HTTP proxy.
#include "net_dials.h"

using namespace sallyport;
using namespace sallyport::net;
using namespace sallyport::net::test;

class TestDialProxies : public QObject
{
    Q_OBJECT

private slots:
    void goesThroughAProxy_data();
    void goesThroughAProxy();
    void givesAProxyItsCredentials();
    void saysWhyAProxyRefused_data();
    void saysWhyAProxyRefused();
    void saysThatTheProxyIsAway();
};

void TestDialProxies::goesThroughAProxy_data()
{
    addTransportRows();
}

void TestDialProxies::goesThroughAProxy()
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

void TestDialProxies::givesAProxyItsCredentials()
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

void TestDialProxies::saysWhyAProxyRefused_data()
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

void TestDialProxies::saysWhyAProxyRefused()
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

void TestDialProxies::saysThatTheProxyIsAway()
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

SALLYPORT_NET_TEST_MAIN(TestDialProxies)
#include "tst_dial_proxies.moc"
