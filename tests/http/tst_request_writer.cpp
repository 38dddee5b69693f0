#include <sallyport/http/head_reader.h>
#include <sallyport/http/head_writer.h>

#include <QTest>

#include <string>

using namespace sallyport;
using namespace sallyport::http;

class TestRequestWriter : public QObject
{
    Q_OBJECT

private slots:
    void writesOriginFormAndForwardingFields();
    void copiesOtherFieldsAsTheyCame();
    void writesTheTargetInOriginForm_data();
    void writesTheTargetInOriginForm();
    void putsTheAbsoluteTargetsHostInPlaceOfHost();
    void putsTheTunnelsHostInPlaceOfTheVisitors();
    void givesHttp10RequestsAHost();
    void dropsWhatBelongsToOneConnection_data();
    void dropsWhatBelongsToOneConnection();
    void doesNotLetConnectionStripKnownFields_data();
    void doesNotLetConnectionStripKnownFields();
    void writesFramingAnew();
    void passesAnUpgradeOn();
    void passesTrailersWelcomeOn();
    void dropsForwardingFieldsOfStrangers_data();
    void dropsForwardingFieldsOfStrangers();
    void continuesForwardingFieldsOfTrustedProxies();
    void quotesIpv6AndPortsInForwarded();
    void keepsSaneRequestIdsOfTrustedProxies();
    void writesTheSameIntoAQueue();
};

static const RequestForwarding Stranger{.peer = "192.0.2.7", .scheme = "https", .requestId = "id1"};
static const RequestForwarding Proxy{
    .peer = "192.0.2.7", .scheme = "https", .requestId = "id1", .trustedPeer = true};

static std::string write(const std::string& bytes, const RequestForwarding& forwarding)
{
    RequestReader reader;
    RequestHead head;
    if (reader.read(asBytes(bytes), head) != ReadStatus::Complete)
        return "refused: " + std::string(describe(reader.error()).code);
    std::string out;
    writeRequestHead(head, forwarding, out);
    return out;
}

// Start line and the visitor's fields; what is added behind them is cut off.
static QByteArray written(const std::string& bytes, const RequestForwarding& forwarding = Stranger)
{
    const std::string out = write(bytes, forwarding);
    return QByteArray::fromStdString(out.substr(0, out.find("X-Forwarded-For: ")));
}

static QByteArray added(const std::string& bytes, const RequestForwarding& forwarding = Stranger)
{
    const std::string out = write(bytes, forwarding);
    return QByteArray::fromStdString(
        out.substr(std::min(out.find("X-Forwarded-For: "), out.size())));
}

void TestRequestWriter::writesOriginFormAndForwardingFields()
{
    QCOMPARE(write("GET /a?b HTTP/1.1\r\nHost: Api.example.com\r\nAccept: */*\r\n\r\n", Stranger),
             std::string("GET /a?b HTTP/1.1\r\n"
                         "Host: Api.example.com\r\n"
                         "Accept: */*\r\n"
                         "X-Forwarded-For: 192.0.2.7\r\n"
                         "X-Forwarded-Proto: https\r\n"
                         "X-Forwarded-Host: Api.example.com\r\n"
                         "Forwarded: for=192.0.2.7;host=Api.example.com;proto=https\r\n"
                         "X-Request-Id: id1\r\n"
                         "\r\n"));
}

void TestRequestWriter::copiesOtherFieldsAsTheyCame()
{
    const std::string request =
        "PROPFIND / HTTP/1.1\r\nx-Odd:  a\t\r\nHOST: a\r\nX-Odd:b\r\nEmpty:\r\n"
        "Proxy-Authorization: Basic x\r\nTrailer: Digest\r\n";
    QCOMPARE(written(request + "\r\n"), QByteArray::fromStdString(request));
}

void TestRequestWriter::writesTheTargetInOriginForm_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("result");
    const auto row = [](const char* line, const char* result) {
        QTest::newRow(line) << QByteArray(line) << QByteArray(result);
    };
    row("GET /a HTTP/1.0", "GET /a HTTP/1.1");
    row("GET http://h/a?b HTTP/1.1", "GET /a?b HTTP/1.1");
    row("GET http://h HTTP/1.1", "GET / HTTP/1.1");
    row("GET http://h?b HTTP/1.1", "GET /?b HTTP/1.1");
    row("OPTIONS http://h HTTP/1.1", "OPTIONS * HTTP/1.1");
    row("OPTIONS * HTTP/1.1", "OPTIONS * HTTP/1.1");
}

void TestRequestWriter::writesTheTargetInOriginForm()
{
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, result);
    const QByteArray out = written(line.toStdString() + "\r\nHost: h\r\n\r\n");
    QCOMPARE(out.left(out.indexOf("\r\n")), result);
}

void TestRequestWriter::putsTheAbsoluteTargetsHostInPlaceOfHost()
{
    QCOMPARE(written("GET http://a:80/ HTTP/1.1\r\nA: b\r\nHost: evil\r\nC: d\r\n\r\n"),
             QByteArray("GET / HTTP/1.1\r\nA: b\r\nHost: a:80\r\nC: d\r\n"));
    QVERIFY(added("GET http://a:80/ HTTP/1.1\r\nHost: evil\r\n\r\n")
                .contains("X-Forwarded-Host: a:80\r\n"));
}

void TestRequestWriter::putsTheTunnelsHostInPlaceOfTheVisitors()
{
    RequestForwarding forwarding = Stranger;
    forwarding.host = "localhost:3000";
    for (const char* request :
         {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n",
          "GET http://a/ HTTP/1.0\r\n\r\n"}) {
        QCOMPARE(written(request, forwarding),
                 QByteArray("GET / HTTP/1.1\r\nHost: localhost:3000\r\n"));
        QVERIFY(added(request, forwarding).contains("X-Forwarded-Host: a\r\n"));
        QVERIFY(added(request, forwarding).contains(";host=a;"));
    }
}

void TestRequestWriter::givesHttp10RequestsAHost()
{
    QCOMPARE(written("GET / HTTP/1.0\r\nA: b\r\n\r\n"),
             QByteArray("GET / HTTP/1.1\r\nHost: \r\nA: b\r\n"));
    QCOMPARE(written("GET http://a/ HTTP/1.0\r\n\r\n"),
             QByteArray("GET / HTTP/1.1\r\nHost: a\r\n"));
    QVERIFY(!added("GET / HTTP/1.0\r\n\r\n").contains("ost"));
}

void TestRequestWriter::dropsWhatBelongsToOneConnection_data()
{
    QTest::addColumn<QByteArray>("fields");
    const auto row = [](const char* fields) { QTest::newRow(fields) << QByteArray(fields); };
    row("Connection: keep-alive\r\n");
    row("Connection: close\r\n");
    row("Connection: X-A, x-b\r\nX-A: 1\r\nX-B: 2\r\nx-a: 3\r\n");
    row("X-A: 1\r\nConnection: X-A\r\n");
    row("Keep-Alive: timeout=5\r\n");
    row("Proxy-Connection: keep-alive\r\n");
    row("TE: gzip\r\n");
    row("Upgrade: websocket\r\n");
    row("Connection: upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: "
        "AAMAAABkAARAAAAAAAIAAAAA\r\n");
    row("Proxy: http://evil/\r\n");
    row("X_Forwarded_For: 1.2.3.4\r\n");
    row("Content_Length: 5\r\n");
    row("Sallyport-Error: x\r\n");
}

void TestRequestWriter::dropsWhatBelongsToOneConnection()
{
    QFETCH(QByteArray, fields);
    QCOMPARE(written("GET / HTTP/1.1\r\nFirst: 1\r\nHost: a\r\n" + fields.toStdString() +
                     "Last: 2\r\n\r\n"),
             QByteArray("GET / HTTP/1.1\r\nFirst: 1\r\nHost: a\r\nLast: 2\r\n"));
    // Also where they come first or last.
    QCOMPARE(written("GET / HTTP/1.1\r\n" + fields.toStdString() + "Host: a\r\n" +
                     fields.toStdString() + "\r\n"),
             QByteArray("GET / HTTP/1.1\r\nHost: a\r\n"));
}

void TestRequestWriter::doesNotLetConnectionStripKnownFields_data()
{
    QTest::addColumn<QByteArray>("field");
    for (const char* field : {"Host: a\r\n", "Host: a\r\nContent-Length: 5\r\n",
                              "Host: a\r\nTransfer-Encoding: chunked\r\n",
                              "Host: a\r\nTrailer: b\r\n", "Host: a\r\nExpect: 100-continue\r\n"})
        QTest::newRow(field) << QByteArray(field);
}

void TestRequestWriter::doesNotLetConnectionStripKnownFields()
{
    QFETCH(QByteArray, field);
    QCOMPARE(
        written("POST / HTTP/1.1\r\n" + field.toStdString() +
                "Connection: Host, Content-Length, Transfer-Encoding, Trailer, Expect\r\n\r\n"),
        "POST / HTTP/1.1\r\n" + field);
}

void TestRequestWriter::writesFramingAnew()
{
    QCOMPARE(written("POST / HTTP/1.1\r\nHost: a\r\ncontent-length: \t 0005 \r\n\r\n"),
             QByteArray("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"));
    QCOMPARE(written("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 000\r\n\r\n"),
             QByteArray("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n"));
    QCOMPARE(written("POST / HTTP/1.1\r\ntransfer-encoding:\tCHUNKED\r\nHost: a\r\n\r\n"),
             QByteArray("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nHost: a\r\n"));
    QCOMPARE(
        written("POST / HTTP/1.0\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"),
        QByteArray("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"));
}

void TestRequestWriter::passesAnUpgradeOn()
{
    QCOMPARE(
        written("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: "
                "websocket\r\n"
                "Sec-WebSocket-Key: x\r\n\r\n"),
        QByteArray("GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n"
                   "Connection: upgrade\r\n"));
}

void TestRequestWriter::passesTrailersWelcomeOn()
{
    QCOMPARE(
        written(
            "GET / HTTP/1.1\r\nTE: trailers, deflate;q=0.5\r\nHost: a\r\nConnection: TE\r\n\r\n"),
        QByteArray("GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: TE\r\n"));
    QCOMPARE(written("GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: TE, "
                     "upgrade\r\nUpgrade: x\r\n\r\n"),
             QByteArray("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: x\r\nTE: trailers\r\nConnection: "
                        "upgrade, TE\r\n"));
}

void TestRequestWriter::dropsForwardingFieldsOfStrangers_data()
{
    QTest::addColumn<QByteArray>("fields");
    for (const char* fields :
         {"X-Forwarded-For: 1.2.3.4\r\n",
          "x-forwarded-for: 1.2.3.4\r\nX-FORWARDED-FOR: 1.2.3.5\r\n", "X-Forwarded-Proto: ftp\r\n",
          "X-Forwarded-Host: evil\r\n", "X-Forwarded-Port: 1\r\n", "X-Forwarded-Prefix: /x\r\n",
          "X-Real-IP: 1.2.3.4\r\n", "Forwarded: for=1.2.3.4\r\n", "X-Request-Id: evil\r\n",
          "Connection: X-Forwarded-For\r\nX-Forwarded-For: 1.2.3.4\r\n"})
        QTest::newRow(fields) << QByteArray(fields);
}

void TestRequestWriter::dropsForwardingFieldsOfStrangers()
{
    QFETCH(QByteArray, fields);
    const std::string plain = "GET / HTTP/1.1\r\nHost: a\r\n";
    QCOMPARE(write(plain + fields.toStdString() + "\r\n", Stranger),
             write(plain + "\r\n", Stranger));
}

void TestRequestWriter::continuesForwardingFieldsOfTrustedProxies()
{
    const std::string request =
        "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.51.100.1\r\n"
        "X-Forwarded-Proto: http\r\nX-Forwarded-Host: front\r\nX-Forwarded-Port: 81\r\n"
        "X-Forwarded-For: 198.51.100.2, 198.51.100.3\r\n"
        "Forwarded: for=198.51.100.1;by=x\r\nForwarded: for=_y\r\nX-Request-Id: theirs\r\n"
        "X_Forwarded_For: 1.2.3.4\r\n\r\n";
    QCOMPARE(
        write(request, Proxy),
        std::string(
            "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: front\r\n"
            "X-Forwarded-Port: 81\r\n"
            "X-Forwarded-For: 198.51.100.1, 198.51.100.2, 198.51.100.3, 192.0.2.7\r\n"
            "Forwarded: for=198.51.100.1;by=x, for=_y, for=192.0.2.7;host=a;proto=https\r\n"
            "X-Request-Id: id1\r\n\r\n"));
    QCOMPARE(write("GET / HTTP/1.1\r\nHost: a\r\n\r\n", Proxy),
             write("GET / HTTP/1.1\r\nHost: a\r\n\r\n", Stranger));
}

void TestRequestWriter::quotesIpv6AndPortsInForwarded()
{
    const QByteArray out = added("GET / HTTP/1.1\r\nHost: a:8080\r\n\r\n", {.peer = "2001:db8::1"});
    QCOMPARE(out,
             QByteArray("X-Forwarded-For: 2001:db8::1\r\nX-Forwarded-Proto: http\r\n"
                        "X-Forwarded-Host: a:8080\r\n"
                        "Forwarded: for=\"[2001:db8::1]\";host=\"a:8080\";proto=http\r\n\r\n"));
    QVERIFY(added("GET / HTTP/1.1\r\nHost: [::1]\r\n\r\n").contains(";host=\"[::1]\";"));
}

void TestRequestWriter::keepsSaneRequestIdsOfTrustedProxies()
{
    const auto choose = [](const std::string& id, bool trusted) {
        const std::string bytes = "GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: " + id + "\r\n\r\n";
        RequestHead head;
        if (RequestReader().read(asBytes(bytes), head) != ReadStatus::Complete)
            return std::string("refused");
        return std::string(requestIdFor(head, trusted, "fresh"));
    };
    QCOMPARE(choose("Abc-123_.~+/=:@", true), std::string("Abc-123_.~+/=:@"));
    QCOMPARE(choose("abc", false), std::string("fresh"));
    QCOMPARE(choose("", true), std::string("fresh"));
    QCOMPARE(choose("a b", true), std::string("fresh"));
    QCOMPARE(choose("a\"b", true), std::string("fresh"));
    QCOMPARE(choose("\xc3\xa4", true), std::string("fresh"));
    QCOMPARE(choose(std::string(128, 'a'), true), std::string(128, 'a'));
    QCOMPARE(choose(std::string(129, 'a'), true), std::string("fresh"));
}

void TestRequestWriter::writesTheSameIntoAQueue()
{
    const std::string bytes =
        "POST http://a/ HTTP/1.1\r\nHost: b\r\nConnection: close\r\nA: " + std::string(5000, 'x') +
        "\r\nContent-Length: 1\r\n\r\n";
    RequestHead head;
    QCOMPARE(RequestReader().read(asBytes(bytes), head), ReadStatus::Complete);
    BufferPool pool;
    ByteQueue queue(pool);
    std::string expected;
    // Again and again, so that heads cross the ends of blocks at many places.
    for (int i = 0; i < 100; ++i) {
        queue.append(asBytes(std::string(static_cast<size_t>(i), '-')));
        writeRequestHead(head, Stranger, queue);
        expected += std::string(static_cast<size_t>(i), '-') + write(bytes, Stranger);
    }
    QCOMPARE(queue.peekText(), expected);
}

QTEST_APPLESS_MAIN(TestRequestWriter)
#include "tst_request_writer.moc"
