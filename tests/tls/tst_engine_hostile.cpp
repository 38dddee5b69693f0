// Peers that speak something else, too much, or damaged TLS.
#include "engine_pair.h"

#include <QTest>

using namespace sallyport;
using namespace sallyport::tls;
using namespace sallyport::tls::test;

class TestEngineHostile : public QObject
{
    Q_OBJECT

private slots:
    void knowsWhatElseIsSpoken_data();
    void knowsWhatElseIsSpoken();
    void knowsAServerWithoutTls();
    void boundsTheHandshake();
    void survivesGarbage();
    void survivesADamagedHandshake();
    void refusesADamagedRecord();
    void refusesAnOversizedRecord();
    void staysFailed();
    void tellsACutHandshake_data();
    void tellsACutHandshake();
};

static void feed(Engine& engine, const std::string& wire, const Chunking& chunking = whole())
{
    std::string plain;
    for (size_t at = 0; at < wire.size();) {
        const size_t n = std::min(wire.size() - at, chunking(wire.size() - at));
        const std::string chunk = wire.substr(at, n);
        engine.receive(asBytes(chunk));
        EnginePair::drain(engine, plain);
        at += n;
    }
}

void TestEngineHostile::knowsWhatElseIsSpoken_data()
{
    QTest::addColumn<QByteArray>("wire");
    QTest::addColumn<ErrorCode>("code");
    const auto http = ErrorCode::PlainHttp, other = ErrorCode::NotTls;
    QTest::newRow("GET") << QByteArray("GET / HTTP/1.1\r\nHost: a\r\n\r\n") << http;
    QTest::newRow("OPTIONS") << QByteArray("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n") << http;
    QTest::newRow("CONNECT") << QByteArray("CONNECT a:443 HTTP/1.1\r\n\r\n") << http;
    QTest::newRow("PROPFIND") << QByteArray("PROPFIND / HTTP/1.1\r\n\r\n") << http;
    QTest::newRow("HTTP/2 preface") << QByteArray("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") << http;
    QTest::newRow("SSH") << QByteArray("SSH-2.0-OpenSSH_9.2\r\n") << other;
    QTest::newRow("yamux") << QByteArray("\0\2\0\1\0\0\0\0\0\0\0\1", 12) << other;
    QTest::newRow("SSL 2")
        << QByteArray("\x80\x2e\1\3\1\0\x15\0\0\0\x10", 11).leftJustified(48, 'x') << other;
    QTest::newRow("zeros") << QByteArray(64, '\0') << other;
    QTest::newRow("type of TLS, version of none")
        << QByteArray("\x16\x10\x10\x10\x10\x10\x10", 7) << other;
}

void TestEngineHostile::knowsWhatElseIsSpoken()
{
    QFETCH(QByteArray, wire);
    QFETCH(ErrorCode, code);
    for (const Chunking& chunking : {whole(), bytewise()}) {
        BufferPool pool;
        Engine server(serverContext(), pool);
        feed(server, wire.toStdString(), chunking);
        QCOMPARE(server.state(), State::Failed);
        QCOMPARE(server.error().code, code);
    }
}

void TestEngineHostile::knowsAServerWithoutTls()
{
    BufferPool pool;
    Engine client(clientContext(), pool);
    feed(client, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    QCOMPARE(client.error().code, ErrorCode::PlainHttp);

    Engine other(clientContext(), pool);
    feed(other, "220 mail.example.com ESMTP\r\n");
    QCOMPARE(other.error().code, ErrorCode::NotTls);
}

void TestEngineHostile::boundsTheHandshake()
{
    BufferPool pool;
    Engine server(serverContext(), pool);
    // A ClientHello of the longest that OpenSSL would take (128 KiB), in full records.
    std::string hello("\x01\x01\xff\xff\x03\x03", 6);
    hello.resize(0x20000, 'x');
    std::string wire;
    for (size_t at = 0; at < hello.size(); at += 0x4000)
        wire += std::string("\x16\x03\x01\x40\x00", 5) + hello.substr(at, 0x4000);
    feed(server, wire, randomly(1, 5000));
    QCOMPARE(server.state(), State::Failed);
    QCOMPARE(server.error().code, ErrorCode::HandshakeTooLong);

    // Empty records cost a peer little, and may not go on for ever either.
    Engine drip(serverContext(), pool);
    std::string empty;
    for (int i = 0; i < 20'000; ++i)
        empty += std::string("\x16\x03\x01\x00\x00", 5);
    feed(drip, empty);
    QCOMPARE(drip.state(), State::Failed);
}

void TestEngineHostile::survivesGarbage()
{
    std::mt19937 random(7);
    for (int round = 0; round < 300; ++round) {
        BufferPool pool;
        Engine server(serverContext(), pool);
        std::string wire(1 + random() % 2000, '\0');
        std::generate(wire.begin(), wire.end(), [&] { return static_cast<char>(random()); });
        if (round % 2)
            wire.replace(0, std::min<size_t>(wire.size(), 3), "\x16\x03\x01");
        feed(server, wire, randomly(random(), 100));
        server.receiveEof();
        feed(server, "x");
        QCOMPARE(server.state(), State::Failed);
        QVERIFY(server.error().code != ErrorCode::None);
    }
}

void TestEngineHostile::survivesADamagedHandshake()
{
    std::mt19937 random(8);
    BufferPool pool;
    for (int round = 0; round < 200; ++round) {
        EnginePair pair;
        std::string hello = pair.client.output().peekText();
        // Not in the record's header: its version has no meaning (RFC 8446 section 5.1).
        hello[5 + random() % (hello.size() - 5)] ^= static_cast<char>(1 << random() % 8);
        feed(pair.server, hello);
        // Either side may notice: at once, or by the hash over the handshake.
        pair.client.output().clear();
        pair.run();
        QVERIFY(!pair.open());
    }
}

void TestEngineHostile::refusesADamagedRecord()
{
    EnginePair pair;
    pair.run();
    pair.client.write(asBytes("good"));
    std::string wire = pair.client.output().peekText();
    pair.client.output().clear();
    pair.client.write(asBytes("evil"));
    std::string second = pair.client.output().peekText();
    second[10] ^= 1;
    wire += second;
    std::string got;
    pair.server.receive(asBytes(wire));
    EnginePair::drain(pair.server, got);
    QCOMPARE(got, std::string("good"));
    QCOMPARE(pair.server.error().code, ErrorCode::ProtocolError);
    // The alert tells the peer (RFC 8446 section 6.2: bad_record_mac).
    QVERIFY(!pair.server.output().empty());
    pair.client.output().clear();
    pair.run();
    QCOMPARE(pair.client.error().code, ErrorCode::AlertReceived);
    QVERIFY(pair.client.error().message.find("bad record mac") != std::string::npos);
}

void TestEngineHostile::refusesAnOversizedRecord()
{
    EnginePair pair;
    pair.run();
    feed(pair.server, std::string("\x17\x03\x03\xff\xff", 5) + std::string(100, 'x'));
    QCOMPARE(pair.server.error().code, ErrorCode::ProtocolError);
}

void TestEngineHostile::staysFailed()
{
    BufferPool pool;
    Engine server(serverContext(), pool);
    feed(server, std::string(64, '\0'));
    const Error first = server.error();
    server.receiveEof();
    feed(server, "GET / HTTP/1.1\r\n\r\n");
    server.shutdown();
    QCOMPARE(server.state(), State::Failed);
    QCOMPARE(server.error().message, first.message);
    QCOMPARE(server.pendingInput(), size_t(0));
    QVERIFY(!server.shutdownSent());
}

void TestEngineHostile::tellsACutHandshake_data()
{
    QTest::addColumn<int>("bytes");
    QTest::newRow("nothing sent") << 0;
    QTest::newRow("one byte") << 1;
    QTest::newRow("half a hello") << 100;
    QTest::newRow("a whole hello") << 100'000;
}

void TestEngineHostile::tellsACutHandshake()
{
    QFETCH(int, bytes);
    EnginePair pair;
    feed(pair.server, pair.client.output().peekText(static_cast<size_t>(bytes)));
    pair.server.receiveEof();
    std::string plain;
    EnginePair::drain(pair.server, plain);
    QCOMPARE(pair.server.state(), State::Failed);
    QCOMPARE(pair.server.error().code, ErrorCode::Truncated);
}

QTEST_APPLESS_MAIN(TestEngineHostile)
#include "tst_engine_hostile.moc"
