#include <sallyport/http/head_reader.h>
#include <sallyport/http/head_writer.h>

#include <QTest>

#include <string>

using namespace sallyport;
using namespace sallyport::http;

class TestResponseWriter : public QObject
{
    Q_OBJECT

private slots:
    void copiesFieldsAsTheyCame();
    void writesTheStatusLineAnew_data();
    void writesTheStatusLineAnew();
    void dropsWhatBelongsToOneConnection_data();
    void dropsWhatBelongsToOneConnection();
    void stripsAForgedError();
    void saysWhenTheConnectionEnds();
    void closesWhenTheBodyEndsWithTheConnection();
    void decodesChunksForHttp10Visitors();
    void tellsHttp10VisitorsThatTheConnectionStays();
    void keepsWhatAHeadResponseSaysAboutTheBody();
    void dropsFramingWhereThereIsNoBody();
    void passesASwitchOfProtocolsOn();
    void keepsUpgradeInUpgradeRequired();
    void leavesInterimResponsesWithoutConnection();
    void writesTheSameIntoAQueue();
};

namespace {
struct Outcome
{
    std::string text;
    ResponseWritten written;
};
} // namespace

static Outcome write(const std::string& bytes, const ResponseForwarding& forwarding = {},
                     const ResponseContext& context = {})
{
    ResponseReader reader;
    ResponseHead head;
    if (reader.read(asBytes(bytes), context, head) != ReadStatus::Complete)
        return {"refused: " + std::string(describe(reader.error()).code), {}};
    Outcome outcome;
    outcome.written = writeResponseHead(head, forwarding, outcome.text);
    return outcome;
}

void TestResponseWriter::copiesFieldsAsTheyCame()
{
    const std::string head =
        "HTTP/1.1 200 OK\r\nserver:x\r\nSet-Cookie: a\r\nSet-Cookie:  b \r\nX-Request-Id: y\r\n"
        "X-Forwarded-For: z\r\nContent-Length: 3\r\nTrailer: a\r\nProxy-Authenticate: x\r\n\r\n";
    const Outcome outcome = write(head);
    QCOMPARE(outcome.text, head);
    QVERIFY(!outcome.written.close && !outcome.written.decodeBody);
}

void TestResponseWriter::writesTheStatusLineAnew_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("result");
    QTest::newRow("1.0") << QByteArray("HTTP/1.0 404 Not Found")
                         << QByteArray("HTTP/1.1 404 Not Found");
    QTest::newRow("no reason") << QByteArray("HTTP/1.1 200") << QByteArray("HTTP/1.1 200 ");
    QTest::newRow("odd status") << QByteArray("HTTP/1.1 999 x") << QByteArray("HTTP/1.1 999 x");
}

void TestResponseWriter::writesTheStatusLineAnew()
{
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, result);
    QCOMPARE(write(line.toStdString() + "\r\nContent-Length: 0\r\n\r\n").text,
             result.toStdString() + "\r\nContent-Length: 0\r\n\r\n");
}

void TestResponseWriter::dropsWhatBelongsToOneConnection_data()
{
    QTest::addColumn<QByteArray>("fields");
    for (const char* fields :
         {"Connection: keep-alive\r\n", "Connection: close\r\n", "Keep-Alive: timeout=5\r\n",
          "Connection: X-A\r\nX-A: b\r\n", "Proxy-Connection: close\r\n", "Upgrade: h2,h2c\r\n",
          "Connection: upgrade\r\nUpgrade: h2c\r\n", "Connection: Content-Length\r\n"})
        QTest::newRow(fields) << QByteArray(fields);
}

void TestResponseWriter::dropsWhatBelongsToOneConnection()
{
    QFETCH(QByteArray, fields);
    QCOMPARE(
        write("HTTP/1.1 200 OK\r\nA: b\r\n" + fields.toStdString() + "Content-Length: 3\r\n\r\n")
            .text,
        std::string("HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 3\r\n\r\n"));
}

void TestResponseWriter::stripsAForgedError()
{
    QCOMPARE(write("HTTP/1.1 200 OK\r\nSallyport-Error: a\r\nContent-Length: 0\r\nsallyport-error: "
                   "b\r\n\r\n")
                 .text,
             std::string("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
}

void TestResponseWriter::saysWhenTheConnectionEnds()
{
    const Outcome outcome =
        write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", {Version::Http11, true});
    QCOMPARE(outcome.text,
             std::string("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
    QVERIFY(outcome.written.close);
}

void TestResponseWriter::closesWhenTheBodyEndsWithTheConnection()
{
    const Outcome outcome = write("HTTP/1.0 200 OK\r\nA: b\r\n\r\n");
    QCOMPARE(outcome.text, std::string("HTTP/1.1 200 OK\r\nA: b\r\nConnection: close\r\n\r\n"));
    QVERIFY(outcome.written.close);
    QCOMPARE(write("HTTP/1.1 200 OK\r\n\r\n").text,
             std::string("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"));
}

void TestResponseWriter::decodesChunksForHttp10Visitors()
{
    const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nTrailer: a\r\n\r\n";
    const Outcome modern = write(head);
    QCOMPARE(modern.text,
             std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: a\r\n\r\n"));
    QVERIFY(!modern.written.decodeBody && !modern.written.close);
    const Outcome old = write(head, {Version::Http10, false});
    QCOMPARE(old.text, std::string("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"));
    QVERIFY(old.written.decodeBody && old.written.close);
}

void TestResponseWriter::tellsHttp10VisitorsThatTheConnectionStays()
{
    const Outcome outcome =
        write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n", {Version::Http10, false});
    QCOMPARE(outcome.text,
             std::string("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\n"));
    QVERIFY(!outcome.written.close);
}

void TestResponseWriter::keepsWhatAHeadResponseSaysAboutTheBody()
{
    for (const char* field : {"Content-Length: 5", "Transfer-Encoding: chunked"}) {
        const std::string head = "HTTP/1.1 200 OK\r\n" + std::string(field) + "\r\n\r\n";
        const Outcome outcome = write(head, {}, {Method::Head, false});
        QCOMPARE(outcome.text, head);
        QVERIFY(!outcome.written.close);
        QCOMPARE(write("HTTP/1.1 304 Not Modified\r\n" + std::string(field) + "\r\n\r\n").text,
                 "HTTP/1.1 304 Not Modified\r\n" + std::string(field) + "\r\n\r\n");
    }
}

void TestResponseWriter::dropsFramingWhereThereIsNoBody()
{
    for (const char* field :
         {"Content-Length: 5", "Transfer-Encoding: chunked", "Content-Length: 0"})
        QCOMPARE(write("HTTP/1.1 204 No Content\r\n" + std::string(field) + "\r\n\r\n").text,
                 std::string("HTTP/1.1 204 No Content\r\n\r\n"));
    QCOMPARE(write("HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\n").text,
             std::string("HTTP/1.1 100 Continue\r\n\r\n"));
}

void TestResponseWriter::passesASwitchOfProtocolsOn()
{
    const std::string head =
        "HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Accept: x\r\n\r\n";
    const Outcome outcome = write(head, {Version::Http11, true}, {Method::Get, true});
    QCOMPARE(outcome.text, std::string("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                                       "Sec-WebSocket-Accept: x\r\nConnection: upgrade\r\n\r\n"));
    QVERIFY(!outcome.written.close);
}

void TestResponseWriter::keepsUpgradeInUpgradeRequired()
{
    const std::string head =
        "HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nContent-Length: 0\r\n";
    QCOMPARE(write(head + "\r\n").text, head + "Connection: upgrade\r\n\r\n");
    QCOMPARE(write(head + "\r\n", {Version::Http11, true}).text,
             head + "Connection: upgrade, close\r\n\r\n");
}

void TestResponseWriter::leavesInterimResponsesWithoutConnection()
{
    const Outcome outcome =
        write("HTTP/1.1 103 Early Hints\r\nConnection: close\r\nLink: a\r\n\r\n",
              {Version::Http11, true});
    QCOMPARE(outcome.text, std::string("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"));
    QVERIFY(!outcome.written.close);
}

void TestResponseWriter::writesTheSameIntoAQueue()
{
    const std::string bytes =
        "HTTP/1.1 200 OK\r\nA: " + std::string(5000, 'x') + "\r\nKeep-Alive: 1\r\nB: c\r\n\r\n";
    ResponseHead head;
    QCOMPARE(ResponseReader().read(asBytes(bytes), {}, head), ReadStatus::Complete);
    BufferPool pool;
    ByteQueue queue(pool);
    writeResponseHead(head, {}, queue);
    QCOMPARE(queue.peekText(), write(bytes).text);
}

QTEST_APPLESS_MAIN(TestResponseWriter)
#include "tst_response_writer.moc"
