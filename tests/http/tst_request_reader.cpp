#include <sallyport/http/head_reader.h>

#include <QTest>

#include <string>

using namespace sallyport;
using namespace sallyport::http;
using namespace std::string_literals;

Q_DECLARE_METATYPE(HeadError)

class TestRequestReader : public QObject
{
    Q_OBJECT

private slots:
    void readsAHeadThatLiesInOneBuffer();
    void keepsFieldsInOrderAndAsSent();
    void trimsSpacesAndTabsAroundValues();
    void stopsBehindTheHead();
    void skipsOneEmptyLineBeforeARequest();
    void refusesMalformedHeads_data();
    void refusesMalformedHeads();
    void refusesASecondEmptyLine();
    void refusesGarbageBeforeTheLineEnds();
    void givesTheSameResultForEverySplit_data();
    void givesTheSameResultForEverySplit();
    void looksAtEachByteOnceHoweverSmallThePieces();
    void survivesAMovingBuffer();
    void limitsTheTarget();
    void limitsTheMethod();
    void limitsTheHead();
    void limitsTheFields();
    void saysWhetherAMessageHasBegun();
    void staysFailedUntilReset();
    void explainsEveryError();
};

static const std::string Simple = "GET /a?b=c HTTP/1.1\r\nHost: example.com\r\n\r\n";

static HeadError errorOf(const std::string& bytes, const HeadLimits& limits = {})
{
    RequestReader reader(limits);
    RequestHead head;
    return reader.read(asBytes(bytes), head) == ReadStatus::Error ? reader.error()
                                                                  : HeadError::None;
}

void TestRequestReader::readsAHeadThatLiesInOneBuffer()
{
    RequestReader reader;
    RequestHead head;
    QCOMPARE(reader.read(asBytes(Simple), head), ReadStatus::Complete);
    QCOMPARE(head.method, Method::Get);
    QCOMPARE(head.methodName, std::string_view("GET"));
    QCOMPARE(head.target, std::string_view("/a?b=c"));
    QCOMPARE(head.version, Version::Http11);
    QCOMPARE(head.size, Simple.size());
    QCOMPARE(head.fields.size(), size_t(1));
    QCOMPARE(head.fields[0].id, FieldId::Host);
    QCOMPARE(head.fields[0].line(), std::string_view("Host: example.com\r\n"));
    QCOMPARE(head.value("hOsT"), std::string_view("example.com"));
    QCOMPARE(head.value("absent"), std::string_view());
}

void TestRequestReader::keepsFieldsInOrderAndAsSent()
{
    const std::string bytes = "GET / HTTP/1.0\r\nB: 1\r\na: \xc3\xa4\r\nB:\r\n\r\n";
    RequestReader reader;
    RequestHead head;
    QCOMPARE(reader.read(asBytes(bytes), head), ReadStatus::Complete);
    QCOMPARE(head.version, Version::Http10);
    QCOMPARE(head.fields.size(), size_t(3));
    QCOMPARE(head.fields[0].name, std::string_view("B"));
    QCOMPARE(head.fields[1].name, std::string_view("a"));
    QCOMPARE(head.fields[1].value, std::string_view("\xc3\xa4"));
    QCOMPARE(head.fields[2].value, std::string_view(""));
}

void TestRequestReader::trimsSpacesAndTabsAroundValues()
{
    const std::string bytes =
        "GET / HTTP/1.1\r\nHost:example.com\r\nA: \t x \t y\t \r\nB: \t \r\n\r\n";
    RequestReader reader;
    RequestHead head;
    QCOMPARE(reader.read(asBytes(bytes), head), ReadStatus::Complete);
    QCOMPARE(head.fields[0].value, std::string_view("example.com"));
    QCOMPARE(head.fields[1].value, std::string_view("x \t y"));
    QCOMPARE(head.fields[2].value, std::string_view(""));
}

void TestRequestReader::stopsBehindTheHead()
{
    const std::string bytes = Simple + "\n\0\r whatever"s;
    RequestReader reader;
    RequestHead head;
    QCOMPARE(reader.read(asBytes(bytes), head), ReadStatus::Complete);
    QCOMPARE(head.size, Simple.size());
}

void TestRequestReader::skipsOneEmptyLineBeforeARequest()
{
    const std::string bytes = "\r\n" + Simple;
    RequestReader reader;
    RequestHead head;
    QCOMPARE(reader.read(asBytes(bytes), head), ReadStatus::Complete);
    QCOMPARE(head.size, bytes.size());
    QCOMPARE(head.methodName, std::string_view("GET"));
}

void TestRequestReader::refusesASecondEmptyLine()
{
    QCOMPARE(errorOf("\r\n\r\n" + Simple), HeadError::InvalidRequestLine);
    QCOMPARE(errorOf("\n" + Simple), HeadError::BareLf);
    QCOMPARE(errorOf("\r" + Simple), HeadError::BareCr);
}

void TestRequestReader::refusesMalformedHeads_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<HeadError>("error");
    const auto row = [](const char* name, const std::string& bytes, HeadError error) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << error;
    };
    const auto line = [&row](const char* name, const std::string& start, HeadError error) {
        row(name, start + "\r\nHost: a\r\n\r\n", error);
    };
    const auto field = [&row](const char* name, const std::string& text, HeadError error) {
        row(name, "GET / HTTP/1.1\r\nHost: a\r\n" + text + "\r\n\r\n", error);
    };
    line("only a method", "GET", HeadError::InvalidRequestLine);
    line("no version", "GET /", HeadError::InvalidRequestLine);
    line("http/0.9 with space", "GET / ", HeadError::InvalidRequestLine);
    line("two spaces before target", "GET  / HTTP/1.1", HeadError::InvalidTarget);
    line("two spaces before version", "GET /  HTTP/1.1", HeadError::InvalidRequestLine);
    line("tab for space", "GET\t/ HTTP/1.1", HeadError::InvalidMethod);
    line("tab before version", "GET /\tHTTP/1.1", HeadError::InvalidRequestLine);
    line("tab in target", "GET /\ta HTTP/1.1", HeadError::InvalidTarget);
    line("space behind version", "GET / HTTP/1.1 ", HeadError::InvalidRequestLine);
    line("leading space", " GET / HTTP/1.1", HeadError::InvalidMethod);
    line("method with colon", "GE:T / HTTP/1.1", HeadError::InvalidMethod);
    line("method with high byte", "G\xc3\xa4T / HTTP/1.1", HeadError::InvalidMethod);
    line("lower-case protocol", "GET / http/1.1", HeadError::InvalidRequestLine);
    line("other protocol", "GET / ICY/1.1", HeadError::InvalidRequestLine);
    line("RTSP", "GET / RTSP/1.0", HeadError::InvalidRequestLine);
    line("version with letter", "GET / HTTP/1.x", HeadError::InvalidRequestLine);
    line("version with two digits", "GET / HTTP/1.10", HeadError::InvalidRequestLine);
    line("version without minor", "GET / HTTP/1", HeadError::InvalidRequestLine);
    line("HTTP/0.9", "GET / HTTP/0.9", HeadError::UnsupportedVersion);
    line("HTTP/1.2", "GET / HTTP/1.2", HeadError::UnsupportedVersion);
    line("HTTP/2.0", "GET / HTTP/2.0", HeadError::UnsupportedVersion);
    line("HTTP/9.9", "GET / HTTP/9.9", HeadError::UnsupportedVersion);
    row("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", HeadError::UnsupportedVersion);
    line("target with fragment", "GET /#a HTTP/1.1", HeadError::InvalidTarget);
    line("target with high byte", "GET /\xc3\xa4 HTTP/1.1", HeadError::InvalidTarget);
    line("target with space", "GET /a b HTTP/1.1", HeadError::InvalidRequestLine);
    line("ssh", "SSH-2.0-OpenSSH_9.2", HeadError::InvalidRequestLine);
    row("NUL in method", "G\0T / HTTP/1.1\r\nHost: a\r\n\r\n"s, HeadError::NulByte);
    row("NUL in target", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"s, HeadError::NulByte);
    row("NUL alone", "\0"s, HeadError::NulByte);
    row("DEL in target", "GET /\x7f HTTP/1.1\r\nHost: a\r\n\r\n", HeadError::ControlCharacter);
    row("LF behind request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", HeadError::BareLf);
    row("CR behind request line", "GET / HTTP/1.1\rHost: a\r\n\r\n", HeadError::BareCr);
    row("CR CR LF", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", HeadError::BareCr);
    row("LF at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n", HeadError::BareLf);
    row("CR at the end", "GET / HTTP/1.1\r\nHost: a\r\n\rx", HeadError::BareCr);
    row("TLS ClientHello", "\x16\x03\x01\x02", HeadError::ControlCharacter);

    field("fold with space", "A: b\r\n c", HeadError::ObsoleteFold);
    field("fold with tab", "A: b\r\n\tc", HeadError::ObsoleteFold);
    field("line of spaces", "   ", HeadError::ObsoleteFold);
    row("fold before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
        HeadError::ObsoleteFold);
    field("space before colon", "A : b", HeadError::SpaceBeforeColon);
    field("tab before colon", "A\t: b", HeadError::SpaceBeforeColon);
    field("space in name", "A b: c", HeadError::SpaceBeforeColon);
    field("no name", ": b", HeadError::InvalidFieldName);
    field("no colon", "abc", HeadError::MissingColon);
    for (char c : "\"(),/;<=>?@[\\]{}"s)
        row((std::string("in a name: ") + c).c_str(),
            "GET / HTTP/1.1\r\nHost: a\r\nA" + std::string(1, c) + "B: c\r\n\r\n",
            HeadError::InvalidFieldName);
    field("high byte in name", "\xc3\xa4: b", HeadError::InvalidFieldName);
    field("NUL in value", "A: b\0c"s, HeadError::NulByte);
    field("NUL in name", "A\0: b"s, HeadError::NulByte);
    field("CR in value", "A: b\rc", HeadError::BareCr);
    field("LF in value", "A: b\nc", HeadError::BareLf);
    field("vertical tab in value", "A: b\vc", HeadError::ControlCharacter);
    field("form feed in name", "A\f: b", HeadError::ControlCharacter);
    field("escape in value", "A: \x1b[0m", HeadError::ControlCharacter);
    field("DEL in value", "A: \x7f", HeadError::ControlCharacter);
    field("control behind a tab", "A: 12345\t78\x01", HeadError::ControlCharacter);
}

void TestRequestReader::refusesMalformedHeads()
{
    QFETCH(QByteArray, bytes);
    QFETCH(HeadError, error);
    QCOMPARE(errorOf(bytes.toStdString()), error);
}

void TestRequestReader::refusesGarbageBeforeTheLineEnds()
{
    RequestReader reader;
    RequestHead head;
    QCOMPARE(reader.read(asBytes("GET"), head), ReadStatus::NeedMore);
    QCOMPARE(reader.read(asBytes("GET\x01"), head), ReadStatus::Error);
}

void TestRequestReader::givesTheSameResultForEverySplit_data()
{
    refusesMalformedHeads_data();
    const auto row = [](const char* name, const std::string& bytes) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << HeadError::None;
    };
    row("simple", Simple);
    row("empty line before", "\r\n" + Simple);
    row("many fields",
        "POST http://a.b/ HTTP/1.1\r\nHost: x\r\nA: b\r\nC:\td \r\nContent-Length: 3\r\n\r\n");
    QTest::newRow("two hosts") << QByteArray(
                                      "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nA : b\r\n\r\n")
                               << HeadError::SpaceBeforeColon;
    QTest::newRow("no host") << QByteArray("GET / HTTP/1.1\r\nA: b\r\n\r\n")
                             << HeadError::MissingHost;
}

void TestRequestReader::givesTheSameResultForEverySplit()
{
    QFETCH(QByteArray, bytes);
    QFETCH(HeadError, error);
    const std::string text = bytes.toStdString();
    const ReadStatus expected = error == HeadError::None ? ReadStatus::Complete : ReadStatus::Error;
    for (size_t cut = 0; cut <= text.size(); ++cut) {
        RequestReader reader;
        RequestHead head;
        ReadStatus status = reader.read(asBytes(text.substr(0, cut)), head);
        if (status == ReadStatus::NeedMore)
            status = reader.read(asBytes(text), head);
        QCOMPARE(status, expected);
        QCOMPARE(reader.error(), error);
    }
    RequestReader reader;
    RequestHead head;
    ReadStatus status = ReadStatus::NeedMore;
    for (size_t size = 1; size <= text.size() && status == ReadStatus::NeedMore; ++size)
        status = reader.read(asBytes(text).first(size), head);
    QCOMPARE(status, expected);
    QCOMPARE(reader.error(), error);
    if (status == ReadStatus::Complete) {
        RequestHead whole;
        QCOMPARE(RequestReader().read(asBytes(text), whole), ReadStatus::Complete);
        QCOMPARE(head.size, whole.size);
        QCOMPARE(head.fields.size(), whole.fields.size());
        for (size_t i = 0; i < head.fields.size(); ++i)
            QCOMPARE(head.fields[i].line(), whole.fields[i].line());
    }
}

// A quadratic reader would look at 2 * 10^9 bytes here and time out.
void TestRequestReader::looksAtEachByteOnceHoweverSmallThePieces()
{
    std::string text = "GET / HTTP/1.1\r\nHost: a\r\n";
    while (text.size() < 60000)
        text += "X: " + std::string(300, 'x') + "\r\n";
    text += "\r\n";
    for (int round = 0; round < 20; ++round) {
        RequestReader reader;
        RequestHead head;
        for (size_t size = 1; size < text.size(); ++size)
            QCOMPARE(reader.read(asBytes(text).first(size), head), ReadStatus::NeedMore);
        QCOMPARE(reader.read(asBytes(text), head), ReadStatus::Complete);
    }
}

void TestRequestReader::survivesAMovingBuffer()
{
    RequestReader reader;
    RequestHead head;
    std::string first = Simple.substr(0, 30);
    QCOMPARE(reader.read(asBytes(first), head), ReadStatus::NeedMore);
    std::fill(first.begin(), first.end(), '\0');
    const std::string second = Simple;
    QCOMPARE(reader.read(asBytes(second), head), ReadStatus::Complete);
    QVERIFY(head.methodName.data() == second.data());
}

void TestRequestReader::limitsTheTarget()
{
    HeadLimits limits;
    limits.target = 100;
    const auto request = [](size_t n) {
        return "GET /" + std::string(n - 1, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n";
    };
    QCOMPARE(errorOf(request(100), limits), HeadError::None);
    QCOMPARE(errorOf(request(101), limits), HeadError::TargetTooLong);
    QCOMPARE(errorOf(request(5000), limits), HeadError::TargetTooLong);
    // Said as soon as it is certain, without waiting for the line to end.
    QCOMPARE(errorOf("GET /" + std::string(200, 'a'), limits), HeadError::TargetTooLong);
    QCOMPARE(errorOf(request(16 * 1024)), HeadError::None);
    QCOMPARE(errorOf(request(16 * 1024 + 1)), HeadError::TargetTooLong);
    QCOMPARE(describe(HeadError::TargetTooLong).status, 414u);
}

void TestRequestReader::limitsTheMethod()
{
    const auto request = [](size_t n) {
        return std::string(n, 'M') + " / HTTP/1.1\r\nHost: a\r\n\r\n";
    };
    QCOMPARE(errorOf(request(32)), HeadError::None);
    QCOMPARE(errorOf(request(33)), HeadError::MethodTooLong);
    QCOMPARE(errorOf(request(20000)), HeadError::MethodTooLong);
    QCOMPARE(describe(HeadError::MethodTooLong).status, 501u);
}

void TestRequestReader::limitsTheHead()
{
    HeadLimits limits;
    limits.head = 200;
    const auto request = [](size_t size) {
        const std::string begin = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
        return begin + std::string(size - begin.size() - 4, 'x') + "\r\n\r\n";
    };
    QCOMPARE(errorOf(request(200), limits), HeadError::None);
    for (size_t size : {201, 202, 203, 204, 205, 10000})
        QCOMPARE(errorOf(request(size), limits), HeadError::HeadTooLarge);
    // With the 200th byte it is certain.
    RequestReader reader(limits);
    RequestHead head;
    const std::string large = request(300);
    QCOMPARE(reader.read(asBytes(large).first(199), head), ReadStatus::NeedMore);
    QCOMPARE(reader.read(asBytes(large).first(200), head), ReadStatus::Error);
    QCOMPARE(reader.error(), HeadError::HeadTooLarge);
    QCOMPARE(errorOf(request(64 * 1024)), HeadError::None);
    QCOMPARE(errorOf(request(64 * 1024 + 1)), HeadError::HeadTooLarge);
    QCOMPARE(describe(HeadError::HeadTooLarge).status, 431u);
}

void TestRequestReader::limitsTheFields()
{
    const auto request = [](size_t fields) {
        std::string text = "GET / HTTP/1.1\r\nHost: a\r\n";
        for (size_t i = 1; i < fields; ++i)
            text += "A: b\r\n";
        return text + "\r\n";
    };
    QCOMPARE(errorOf(request(256)), HeadError::None);
    QCOMPARE(errorOf(request(257)), HeadError::TooManyFields);
    QCOMPARE(describe(HeadError::TooManyFields).status, 431u);
}

void TestRequestReader::saysWhetherAMessageHasBegun()
{
    RequestReader reader;
    RequestHead head;
    QVERIFY(!reader.started());
    QCOMPARE(reader.read({}, head), ReadStatus::NeedMore);
    QVERIFY(!reader.started());
    QCOMPARE(reader.read(asBytes("\r\n"), head), ReadStatus::NeedMore);
    QVERIFY(!reader.started());
    QCOMPARE(reader.read(asBytes("\r\nG"), head), ReadStatus::NeedMore);
    QVERIFY(reader.started());
    reader.reset();
    QVERIFY(!reader.started());
}

void TestRequestReader::staysFailedUntilReset()
{
    RequestReader reader;
    RequestHead head;
    QCOMPARE(reader.read(asBytes("\n"), head), ReadStatus::Error);
    QCOMPARE(reader.read(asBytes(Simple), head), ReadStatus::Error);
    QCOMPARE(reader.error(), HeadError::BareLf);
    reader.reset();
    QCOMPARE(reader.read(asBytes(Simple), head), ReadStatus::Complete);
}

void TestRequestReader::explainsEveryError()
{
    for (int i = 0; i <= static_cast<int>(HeadError::UnexpectedUpgrade); ++i) {
        const HeadErrorInfo info = describe(static_cast<HeadError>(i));
        QVERIFY(!info.code.empty() && info.code != "unknown");
        QVERIFY(info.sentence.ends_with('.'));
        QVERIFY(i == 0 || (info.status >= 400 && info.status < 600));
    }
}

QTEST_APPLESS_MAIN(TestRequestReader)
#include "tst_request_reader.moc"
