#include <sallyport/http/head_reader.h>

#include <QTest>

#include <string>

using namespace sallyport;
using namespace sallyport::http;
using namespace std::string_literals;

Q_DECLARE_METATYPE(HeadError)
Q_DECLARE_METATYPE(Method)
Q_DECLARE_METATYPE(BodyFraming)

class TestResponseReader : public QObject
{
    Q_OBJECT

private slots:
    void readsStatusAndReason_data();
    void readsStatusAndReason();
    void refusesMalformedHeads_data();
    void refusesMalformedHeads();
    void findsTheBody_data();
    void findsTheBody();
    void doesNotTrustAConnectionAfterAnOddNoContent();
    void knowsInterimResponses();
    void switchesProtocolsOnlyWhenAsked_data();
    void switchesProtocolsOnlyWhenAsked();
    void givesTheSameResultByteByByte_data() { refusesMalformedHeads_data(); }
    void givesTheSameResultByteByByte();
    void limitsHeadAndFields();
};

static HeadError read(const std::string& bytes, ResponseHead& head,
                      const ResponseContext& context = {}, const HeadLimits& limits = {})
{
    ResponseReader reader(limits);
    reader.read(asBytes(bytes), context, head);
    return reader.error();
}

void TestResponseReader::readsStatusAndReason_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<unsigned>("status");
    QTest::addColumn<QByteArray>("reason");
    const auto row = [](const char* line, unsigned status, const char* reason) {
        QTest::newRow(line) << QByteArray(line) << status << QByteArray(reason);
    };
    row("HTTP/1.1 200 OK", 200, "OK");
    row("HTTP/1.0 404 Not Found", 404, "Not Found");
    row("HTTP/1.1 200 ", 200, "");
    row("HTTP/1.1 200", 200, "");
    row("HTTP/1.1 999 \xc3\xa4\t!", 999, "\xc3\xa4\t!");
}

void TestResponseReader::readsStatusAndReason()
{
    QFETCH(QByteArray, line);
    QFETCH(unsigned, status);
    QFETCH(QByteArray, reason);
    const std::string bytes = line.toStdString() + "\r\nA: b\r\n\r\nbody";
    ResponseHead head;
    QCOMPARE(read(bytes, head), HeadError::None);
    QCOMPARE(head.status, status);
    QCOMPARE(QByteArray::fromStdString(std::string(head.reason)), reason);
    QCOMPARE(head.size, bytes.size() - 4);
    QCOMPARE(head.value("a"), std::string_view("b"));
}

void TestResponseReader::refusesMalformedHeads_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<HeadError>("error");
    const auto line = [](const char* start, HeadError error) {
        QTest::newRow(start) << QByteArray(start) + "\r\n\r\n" << error;
    };
    line("HTTP/1.1", HeadError::InvalidStatusLine);
    line("HTTP/1.1 ", HeadError::InvalidStatusLine);
    line("HTTP/1.1 20", HeadError::InvalidStatusLine);
    line("HTTP/1.1 20x OK", HeadError::InvalidStatusLine);
    line("HTTP/1.1 2000 OK", HeadError::InvalidStatusLine);
    line("HTTP/1.1 099 OK", HeadError::InvalidStatusLine);
    line("HTTP/1.1 200\tOK", HeadError::InvalidStatusLine);
    line("HTTP/1.1  200 OK", HeadError::InvalidStatusLine);
    line("HTTP/1.1 +20 OK", HeadError::InvalidStatusLine);
    line("ICY 200 OK", HeadError::InvalidStatusLine);
    line("http/1.1 200 OK", HeadError::InvalidStatusLine);
    line("HTTP/2.0 200 OK", HeadError::UnsupportedVersion);
    line("HTTP/1.2 200 OK", HeadError::UnsupportedVersion);
    line("<html>", HeadError::InvalidStatusLine);
    const auto row = [](const char* name, const std::string& bytes, HeadError error) {
        QTest::newRow(name) << QByteArray::fromStdString("HTTP/1.1 200 OK\r\n" + bytes + "\r\n\r\n")
                            << error;
    };
    QTest::newRow("empty line first")
        << QByteArray("\r\nHTTP/1.1 200 OK\r\n\r\n") << HeadError::InvalidStatusLine;
    QTest::newRow("CR in reason") << QByteArray("HTTP/1.1 200 O\rK\r\n\r\n") << HeadError::BareCr;
    QTest::newRow("LF for line end") << QByteArray("HTTP/1.1 200 OK\n\n") << HeadError::BareLf;
    row("fold", "A: b\r\n c", HeadError::ObsoleteFold);
    row("space before colon", "A : b", HeadError::SpaceBeforeColon);
    row("NUL", "A: \0"s, HeadError::NulByte);
    row("LF in value", "A: b\nC: d", HeadError::BareLf);
    row("both lengths", "Content-Length: 1\r\nTransfer-Encoding: chunked",
        HeadError::LengthAndTransferEncoding);
    row("several lengths", "Content-Length: 1\r\nContent-Length: 1",
        HeadError::SeveralContentLengths);
    row("list of lengths", "Content-Length: 1, 1", HeadError::InvalidContentLength);
    row("identity", "Transfer-Encoding: identity", HeadError::UnsupportedTransferEncoding);
    row("gzip, chunked", "Transfer-Encoding: gzip, chunked",
        HeadError::UnsupportedTransferEncoding);
    QTest::newRow("chunked in HTTP/1.0")
        << QByteArray("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        << HeadError::TransferEncodingInHttp10;
    QTest::newRow("100 with length")
        << QByteArray("HTTP/1.1 100 Go\r\nContent-Length: 3\r\n\r\n") << HeadError::BodyNotAllowed;
    QTest::newRow("103 chunked") << QByteArray(
                                        "HTTP/1.1 103 Early\r\nTransfer-Encoding: chunked\r\n\r\n")
                                 << HeadError::BodyNotAllowed;
}

void TestResponseReader::refusesMalformedHeads()
{
    QFETCH(QByteArray, bytes);
    QFETCH(HeadError, error);
    ResponseHead head;
    QCOMPARE(read(bytes.toStdString(), head), error);
}

void TestResponseReader::findsTheBody_data()
{
    QTest::addColumn<Method>("method");
    QTest::addColumn<QByteArray>("start");
    QTest::addColumn<BodyFraming>("body");
    QTest::addColumn<bool>("stays");
    const auto row = [](Method method, const char* start, BodyFraming body, bool stays) {
        QTest::addRow("%d %s", static_cast<int>(method), start)
            << method << QByteArray(start) << body << stays;
    };
    const BodyFraming none;
    row(Method::Get, "1.1 200 OK\r\nContent-Length: 5", {BodyKind::Length, 5}, true);
    row(Method::Get, "1.1 200 OK\r\nContent-Length: 0", {BodyKind::Length, 0}, true);
    row(Method::Get, "1.1 200 OK\r\nTransfer-Encoding: chunked", {BodyKind::Chunked, 0}, true);
    row(Method::Get, "1.1 200 OK\r\nA: b", {BodyKind::UntilClose, 0}, false);
    row(Method::Get, "1.1 200 OK\r\nConnection: close\r\nContent-Length: 5", {BodyKind::Length, 5},
        false);
    row(Method::Get, "1.0 200 OK\r\nContent-Length: 5", {BodyKind::Length, 5}, false);
    row(Method::Get, "1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5",
        {BodyKind::Length, 5}, true);
    row(Method::Get, "1.1 205 Reset\r\nContent-Length: 0", {BodyKind::Length, 0}, true);
    row(Method::Head, "1.1 200 OK\r\nContent-Length: 5", none, true);
    row(Method::Head, "1.1 200 OK\r\nTransfer-Encoding: chunked", none, true);
    row(Method::Head, "1.1 200 OK\r\nA: b", none, true);
    row(Method::Get, "1.1 304 Not Modified\r\nContent-Length: 5", none, true);
    row(Method::Get, "1.1 304 Not Modified\r\nTransfer-Encoding: chunked", none, true);
    row(Method::Get, "1.1 204 No Content\r\nA: b", none, true);
    row(Method::Get, "1.1 204 No Content\r\nContent-Length: 0", none, true);
    row(Method::Get, "1.1 100 Continue\r\nA: b", none, true);
}

void TestResponseReader::findsTheBody()
{
    QFETCH(Method, method);
    QFETCH(QByteArray, start);
    QFETCH(BodyFraming, body);
    QFETCH(bool, stays);
    ResponseHead head;
    QCOMPARE(read("HTTP/" + start.toStdString() + "\r\n\r\n", head, {method, false}),
             HeadError::None);
    QVERIFY(head.body == body);
    QCOMPARE(head.keepAlive, stays);
}

void TestResponseReader::doesNotTrustAConnectionAfterAnOddNoContent()
{
    for (const char* field : {"Content-Length: 5", "Transfer-Encoding: chunked"}) {
        ResponseHead head;
        QCOMPARE(read("HTTP/1.1 204 No Content\r\n"s + field + "\r\n\r\n", head), HeadError::None);
        QVERIFY(head.body == BodyFraming());
        QVERIFY(!head.keepAlive);
    }
}

void TestResponseReader::knowsInterimResponses()
{
    ResponseHead head;
    QCOMPARE(read("HTTP/1.1 100 Continue\r\n\r\n", head), HeadError::None);
    QVERIFY(head.interim());
    QCOMPARE(read("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", head), HeadError::None);
    QVERIFY(head.interim());
    QCOMPARE(read("HTTP/1.1 200 OK\r\n\r\n", head), HeadError::None);
    QVERIFY(!head.interim());
}

void TestResponseReader::switchesProtocolsOnlyWhenAsked_data()
{
    QTest::addColumn<bool>("asked");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<HeadError>("error");
    const QByteArray good =
        "HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    QTest::newRow("asked") << true << good << HeadError::None;
    QTest::newRow("not asked") << false << good << HeadError::UnexpectedUpgrade;
    QTest::newRow("without Upgrade")
        << true << QByteArray("HTTP/1.1 101 S\r\nConnection: upgrade\r\n\r\n")
        << HeadError::UnexpectedUpgrade;
    QTest::newRow("without Connection")
        << true << QByteArray("HTTP/1.1 101 S\r\nUpgrade: websocket\r\n\r\n")
        << HeadError::UnexpectedUpgrade;
    QTest::newRow("HTTP/1.0") << true << QByteArray(good).replace("/1.1", "/1.0")
                              << HeadError::UnexpectedUpgrade;
    QTest::newRow("with length") << true
                                 << QByteArray(good).replace("Conn", "Content-Length: 1\r\nConn")
                                 << HeadError::BodyNotAllowed;
}

void TestResponseReader::switchesProtocolsOnlyWhenAsked()
{
    QFETCH(bool, asked);
    QFETCH(QByteArray, bytes);
    QFETCH(HeadError, error);
    const std::string text = bytes.toStdString();
    ResponseHead head;
    QCOMPARE(read(text, head, {Method::Get, asked}), error);
    if (error == HeadError::None) {
        QVERIFY(head.upgrade && !head.interim() && head.body == BodyFraming());
        QCOMPARE(head.upgradeProtocol, std::string_view("websocket"));
    }
}

void TestResponseReader::givesTheSameResultByteByByte()
{
    QFETCH(QByteArray, bytes);
    QFETCH(HeadError, error);
    const std::string text = bytes.toStdString();
    ResponseReader reader;
    ResponseHead head;
    ReadStatus status = ReadStatus::NeedMore;
    for (size_t size = 1; size <= text.size() && status == ReadStatus::NeedMore; ++size)
        status = reader.read(asBytes(text).first(size), {}, head);
    QCOMPARE(status, ReadStatus::Error);
    QCOMPARE(reader.error(), error);
}

void TestResponseReader::limitsHeadAndFields()
{
    HeadLimits limits;
    limits.head = 100;
    limits.fields = 3;
    ResponseHead head;
    const std::string begin = "HTTP/1.1 200 OK\r\nA: ";
    const auto sized = [&](size_t n) {
        return begin + std::string(n - begin.size() - 4, 'x') + "\r\n\r\n";
    };
    QCOMPARE(read(sized(100), head, {}, limits), HeadError::None);
    QCOMPARE(read(sized(101), head, {}, limits), HeadError::HeadTooLarge);
    QCOMPARE(read("HTTP/1.1 200 "s + std::string(200, 'x'), head, {}, limits),
             HeadError::HeadTooLarge);
    QCOMPARE(read("HTTP/1.1 200 OK\r\nA:\r\nA:\r\nA:\r\n\r\n", head, {}, limits), HeadError::None);
    QCOMPARE(read("HTTP/1.1 200 OK\r\nA:\r\nA:\r\nA:\r\nA:\r\n\r\n", head, {}, limits),
             HeadError::TooManyFields);
}

QTEST_APPLESS_MAIN(TestResponseReader)
#include "tst_response_reader.moc"
