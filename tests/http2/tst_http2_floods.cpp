// What a hostile visitor sends (RFC 9113 section 10.5), each until the connection ends.
#include "http2_harness.h"

using namespace sallyport;
using namespace sallyport::http2;
using std::chrono::seconds;

class TestHttp2Floods : public QObject
{
    Q_OBJECT

private slots:
    void endsTheConnection_data();
    void endsTheConnection();
    void leavesAnOrdinaryPaceAlone_data() { endsTheConnection_data(); }
    void leavesAnOrdinaryPaceAlone();
    void windowUpdatesThatDataExplainsAreFree();
    void rapidResetEndsTheConnection();
    void streamsThatWeAreMadeToResetCountToo();
    void headsOfStreamsThatAreOverEndTheConnection();
    void continuationsEndTheConnection();
    void streamsBeyondTheLimitEndTheConnection();
    void aHeaderBombEndsTheConnection();
};

void TestHttp2Floods::endsTheConnection_data()
{
    QTest::addColumn<std::string>("one");
    QTest::newRow("PING") << frame(PingFrame, 0, 0, "12345678");
    QTest::newRow("PING answers") << frame(PingFrame, AckFlag, 0, "12345678");
    QTest::newRow("SETTINGS") << frame(SettingsFrame, 0, 0, "");
    QTest::newRow("PRIORITY") << frame(PriorityFrame, 0, 1, u32(0) + '\x10');
    QTest::newRow("WINDOW_UPDATE") << frame(WindowUpdateFrame, 0, 0, u32(1));
    QTest::newRow("WINDOW_UPDATE of a stream") << frame(WindowUpdateFrame, 0, 1, u32(1));
    QTest::newRow("empty DATA") << frame(DataFrame, 0, 1, "");
    QTest::newRow("unknown frames") << frame(0x42, 0, 0, "x");
}

// Feeds `one` until the session gives up; how often it took that.
static int countUntilFailed(Harness& server, const std::string& one, int most, Duration pause)
{
    for (int i = 1; i <= most; ++i) {
        server.now += pause;
        const std::string events = server.receive(one);
        if (events == "Failed code=11")
            return i;
        if (!events.empty())
            return -1;
        server.take();
    }
    return 0;
}

void TestHttp2Floods::endsTheConnection()
{
    QFETCH(std::string, one);
    Harness server;
    server.settle();
    server.receive(headers(1, get(), 0));
    const int count = countUntilFailed(server, one, 2000, Duration::zero());
    QVERIFY2(count > 10 && count <= 1000, qPrintable(QString::number(count)));
    QCOMPARE(server.output(), std::string("GOAWAY 0 last=1 code=11"));
}

void TestHttp2Floods::leavesAnOrdinaryPaceAlone()
{
    QFETCH(std::string, one);
    Harness server;
    server.settle();
    server.receive(headers(1, get(), 0));
    QCOMPARE(countUntilFailed(server, one, 2000, std::chrono::milliseconds(100)), 0);
}

void TestHttp2Floods::windowUpdatesThatDataExplainsAreFree()
{
    Harness server;
    server.settle(1 << 30);
    server.receive(headers(1, get(), EndStreamFlag));
    server.answer(1, "HTTP/1.1 200 OK\r\n\r\n", false);
    for (int i = 0; i < 5000; ++i) {
        server.session.write(1, asBytes(std::string(1000, 'x')));
        server.take();
        server.events();
        QCOMPARE(server.receive(frame(WindowUpdateFrame, 0, 1, u32(1000)) +
                                frame(WindowUpdateFrame, 0, 0, u32(1000))),
                 std::string());
    }
}

void TestHttp2Floods::rapidResetEndsTheConnection()
{
    Harness server;
    server.settle();
    StreamId id = 1;
    int count = 0;
    while (!server.session.failed() && ++count < 1000) {
        server.receive(headers(id, get(), EndStreamFlag) + frame(RstStreamFrame, 0, id, u32(8)));
        id += 2;
    }
    QCOMPARE(count, 301);
    QCOMPARE(server.output().substr(0, 9), std::string("GOAWAY 0 "));
}

void TestHttp2Floods::streamsThatWeAreMadeToResetCountToo()
{
    Harness server;
    server.settle();
    StreamId id = 1;
    int count = 0;
    while (!server.session.failed() && ++count < 1000) {
        Fields lengthy = get();
        lengthy.push_back({"content-length", "5"});
        server.receive(headers(id, lengthy, 0) + frame(DataFrame, EndStreamFlag, id, "abc"));
        server.take();
        server.events();
        id += 2;
    }
    QCOMPARE(count, 301);
}

void TestHttp2Floods::headsOfStreamsThatAreOverEndTheConnection()
{
    Harness server;
    server.settle();
    server.receive(headers(5, get(), EndStreamFlag));
    const int count =
        countUntilFailed(server, headers(3, get(), EndStreamFlag), 2000, Duration::zero());
    QVERIFY2(count > 10 && count <= 1001, qPrintable(QString::number(count)));
}

void TestHttp2Floods::continuationsEndTheConnection()
{
    Harness server;
    server.settle();
    std::string bytes = frame(HeadersFrame, EndStreamFlag, 1, hpack(get()));
    for (int i = 0; i < 8; ++i)
        bytes += frame(ContinuationFrame, 0, 1, hpack({{"x", "y"}}));
    QCOMPARE(server.receive(bytes), std::string());
    QCOMPARE(server.receive(frame(ContinuationFrame, 0, 1, "")), std::string("Failed code=11"));
}

void TestHttp2Floods::streamsBeyondTheLimitEndTheConnection()
{
    Config config;
    config.maxStreams = 1;
    Harness server(Role::Server, config);
    server.receive(std::string(Preface) + frame(SettingsFrame, 0, 0, "")); // nothing acknowledged
    StreamId id = 1;
    int count = 0;
    std::string output;
    while (!server.session.failed() && ++count < 5000) {
        server.receive(headers(id, get(), 0));
        output = server.output();
        id += 2;
    }
    QVERIFY2(count > 100 && count < 1500, qPrintable(QString::number(count)));
    QVERIFY(output.find("code=11") != std::string::npos);
}

void TestHttp2Floods::aHeaderBombEndsTheConnection()
{
    Config config;
    config.maxHead = 8 * 1024;
    Harness server(Role::Server, config);
    server.settle();
    // One large field enters the table; each further byte names it again.
    std::string block = hpack(get());
    const std::string value(4000, 'x');
    block += '\x40';
    block += "\x01x";
    block += '\x7f';
    block += char((4000 - 127) % 128 + 128);
    block += char((4000 - 127) / 128);
    block += value;
    block += std::string(8000, '\xbe'); // 32 MB of fields in 8 KB
    QCOMPARE(server.receive(frame(HeadersFrame, EndStreamFlag | EndHeadersFlag, 1, block)),
             std::string("Failed code=11"));
    QVERIFY(server.pool.bytesInUse() < 1024 * 1024);
}

QTEST_APPLESS_MAIN(TestHttp2Floods)
#include "tst_http2_floods.moc"
