#include <sallyport/http/body_reader.h>

#include <QTest>

#include <string>

using namespace sallyport;
using namespace sallyport::http;
using namespace std::string_literals;

Q_DECLARE_METATYPE(BodyError)

class TestBodyReader : public QObject
{
    Q_OBJECT

private slots:
    void isCompleteAtOnceWithoutABody();
    void countsALength();
    void takesEverythingUntilTheConnectionCloses();
    void passesChunksAsTheyAre_data();
    void passesChunksAsTheyAre();
    void refusesMalformedChunks_data();
    void refusesMalformedChunks();
    void limitsExtensions();
    void limitsTrailers();
    void refusesTrailersThatMeanSomethingElsewhere_data();
    void refusesTrailersThatMeanSomethingElsewhere();
    void saysWhenTheConnectionEndsTooEarly();
    void doesNotLookAtDataInsideAChunk();
    void staysFailed();
    void explainsEveryError();
};

static BodyReader chunked(const BodyLimits& limits = {})
{
    return BodyReader({BodyKind::Chunked, 0}, limits);
}

static BodyError errorOf(const std::string& bytes, const BodyLimits& limits = {})
{
    BodyReader reader = chunked(limits);
    reader.pass(asBytes(bytes));
    return reader.error();
}

void TestBodyReader::isCompleteAtOnceWithoutABody()
{
    for (BodyReader reader :
         {BodyReader(), BodyReader(BodyFraming{}), BodyReader({BodyKind::Length, 0})}) {
        QVERIFY(reader.complete());
        QCOMPARE(reader.pass(asBytes("GET")), size_t(0));
        reader.endOfInput();
        QVERIFY(!reader.failed());
    }
}

void TestBodyReader::countsALength()
{
    BodyReader reader({BodyKind::Length, 5});
    QCOMPARE(reader.dataAhead(), uint64_t(5));
    QCOMPARE(reader.pass(asBytes("abc")), size_t(3));
    QVERIFY(!reader.complete());
    QCOMPARE(reader.dataAhead(), uint64_t(2));
    QCOMPARE(reader.pass(asBytes("deGET /")), size_t(2));
    QVERIFY(reader.complete());
    QCOMPARE(reader.dataAhead(), uint64_t(0));
}

void TestBodyReader::takesEverythingUntilTheConnectionCloses()
{
    BodyReader reader({BodyKind::UntilClose, 0});
    QCOMPARE(reader.pass(asBytes("0\r\n\r\n")), size_t(5));
    QVERIFY(!reader.complete());
    reader.endOfInput();
    QVERIFY(reader.complete());
}

void TestBodyReader::passesChunksAsTheyAre_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("data");
    const auto row = [](const char* name, const std::string& bytes, const char* data) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << QByteArray(data);
    };
    row("empty", "0\r\n\r\n", "");
    row("one", "3\r\nabc\r\n0\r\n\r\n", "abc");
    row("two", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", "abcde");
    row("upper and lower case", "A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n",
        "01234567890123456789");
    row("zeros before", "0000000000000003\r\nabc\r\n000\r\n\r\n", "abc");
    row("data like framing", "7\r\n0\r\n\r\n\r\n\r\n0\r\n\r\n", "0\r\n\r\n\r\n");
    row("extension", "3;a\r\nabc\r\n0;b\r\n\r\n", "abc");
    row("extensions with values", "3;a=b;c=\"d;\\\"\te\";f\r\nabc\r\n0\r\n\r\n", "abc");
    row("trailers",
        "0\r\nA: b\r\nServer-Timing:\tc \r\nX-Long-Name-That-Goes-On-And-On-And-On:\r\n\r\n", "");
}

void TestBodyReader::passesChunksAsTheyAre()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, data);
    const std::string text = bytes.toStdString();
    const std::string followed = text + "GET / HTTP/1.1\r\n";
    QCOMPARE(chunked().pass(asBytes(followed)), text.size());
    for (size_t cut = 0; cut <= text.size(); ++cut) {
        BodyReader reader = chunked();
        std::string decoded;
        const auto take = [&](ByteView piece) { decoded.append(asText(piece)); };
        QCOMPARE(reader.decode(asBytes(followed).first(cut), take), cut);
        QCOMPARE(reader.complete(), cut == text.size());
        QCOMPARE(reader.decode(asBytes(followed).subspan(cut), take), text.size() - cut);
        QVERIFY(reader.complete());
        QCOMPARE(QByteArray::fromStdString(decoded), data);
    }
    BodyReader reader = chunked();
    for (size_t i = 0; i < text.size(); ++i) {
        QVERIFY(!reader.complete());
        QCOMPARE(reader.pass(asBytes(text).subspan(i, 1)), size_t(1));
    }
    QVERIFY(reader.complete());
}

void TestBodyReader::refusesMalformedChunks_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<BodyError>("error");
    const auto row = [](const char* name, const std::string& bytes, BodyError error) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << error;
    };
    using enum BodyError;
    row("no size", "\r\n", InvalidChunkSize);
    row("extension without size", ";a\r\n", InvalidChunkSize);
    row("letter", "g\r\n", InvalidChunkSize);
    row("0x", "0x1\r\n", InvalidChunkSize);
    row("plus", "+1\r\n", InvalidChunkSize);
    row("minus", "-1\r\n", InvalidChunkSize);
    row("underscore", "1_0\r\n", InvalidChunkSize);
    row("space before", " 1\r\n", InvalidChunkSize);
    row("space behind", "1 \r\n", InvalidChunkSize);
    row("tab behind", "1\t\r\n", InvalidChunkSize);
    row("space before extension", "1 ;a\r\n", InvalidChunkSize);
    row("NUL", "1\0\r\n"s, InvalidChunkSize);
    row("bare LF", "1\na\r\n", InvalidChunkSize);
    row("bare CR", "1\ra", MissingChunkEnd);
    row("17 digits", "00000000000000001\r\n", InvalidChunkSize);
    row("overflow", "10000000000000000\r\n", InvalidChunkSize);
    row("list", "1,1\r\n", InvalidChunkSize);
    row("empty extension", "1;\r\n", InvalidChunkExtension);
    row("space in extension", "1; a\r\n", InvalidChunkExtension);
    row("space behind extension", "1;a \r\n", InvalidChunkExtension);
    row("extension without value", "1;a=\r\n", InvalidChunkExtension);
    row("LF in extension", "1;a\nb\r\n", InvalidChunkExtension);
    row("CR in extension", "1;a\rb\r\n", MissingChunkEnd);
    row("LF in quoted extension", "1;a=\"\n\"\r\n", InvalidChunkExtension);
    row("CR in quoted extension", "1;a=\"\r\n\"\r\n", InvalidChunkExtension);
    row("escaped LF", "1;a=\"\\\n\"\r\n", InvalidChunkExtension);
    row("text behind quotes", "1;a=\"b\"c\r\n", InvalidChunkExtension);
    row("NUL in extension", "1;a\0\r\n"s, InvalidChunkExtension);
    row("data too long", "1\r\nab\r\n", MissingChunkEnd);
    row("data without CR", "1\r\na\n", MissingChunkEnd);
    row("data without LF", "1\r\na\rb", MissingChunkEnd);
    row("LF for trailer end", "0\r\n\n", InvalidTrailer);
    row("CR for trailer end", "0\r\n\rx", InvalidTrailer);
    row("trailer without colon", "0\r\nabc\r\n\r\n", InvalidTrailer);
    row("trailer without name", "0\r\n: a\r\n\r\n", InvalidTrailer);
    row("trailer with space before colon", "0\r\nA : b\r\n\r\n", InvalidTrailer);
    row("folded trailer", "0\r\nA: b\r\n c\r\n\r\n", InvalidTrailer);
    row("trailer starting with space", "0\r\n A: b\r\n\r\n", InvalidTrailer);
    row("LF in trailer", "0\r\nA: b\nC: d\r\n\r\n", InvalidTrailer);
    row("CR in trailer", "0\r\nA: b\rC: d\r\n\r\n", InvalidTrailer);
    row("NUL in trailer", "0\r\nA: \0\r\n\r\n"s, InvalidTrailer);
    row("a request for a trailer", "0\r\nGET / HTTP/1.1\r\n", InvalidTrailer);
}

void TestBodyReader::refusesMalformedChunks()
{
    QFETCH(QByteArray, bytes);
    QFETCH(BodyError, error);
    const std::string text = bytes.toStdString();
    QCOMPARE(errorOf(text), error);
    // At the same byte, however it was cut.
    const size_t whole = chunked().pass(asBytes(text));
    QVERIFY(whole < text.size());
    for (size_t cut = 0; cut <= text.size(); ++cut) {
        BodyReader reader = chunked();
        size_t used = reader.pass(asBytes(text).first(cut));
        if (!reader.failed())
            used += reader.pass(asBytes(text).subspan(cut));
        QCOMPARE(reader.error(), error);
        QCOMPARE(used, whole);
    }
}

void TestBodyReader::limitsExtensions()
{
    BodyLimits limits;
    limits.extension = 10;
    limits.extensions = 25;
    QCOMPARE(errorOf("1;aaaaaaaaa\r\n", limits), BodyError::None);
    QCOMPARE(errorOf("1;aaaaaaaaaa\r\n", limits), BodyError::ChunkExtensionTooLong);
    const std::string chunk = "1;aaaaaaaaa\r\nx\r\n";
    QCOMPARE(errorOf(chunk + chunk, limits), BodyError::None);
    QCOMPARE(errorOf(chunk + chunk + "1;aaaa\r\n", limits), BodyError::None);
    QCOMPARE(errorOf(chunk + chunk + "1;aaaaa\r\n", limits), BodyError::ChunkExtensionTooLong);
    const auto extension = [](size_t n) { return "1;" + std::string(n - 1, 'a') + "\r\nx\r\n"; };
    QCOMPARE(errorOf(extension(256)), BodyError::None);
    QCOMPARE(errorOf(extension(257)), BodyError::ChunkExtensionTooLong);
    std::string many;
    for (int i = 0; i < 64; ++i)
        many += extension(256);
    QCOMPARE(errorOf(many), BodyError::None);
    QCOMPARE(errorOf(many + extension(2)), BodyError::ChunkExtensionTooLong);
}

void TestBodyReader::limitsTrailers()
{
    BodyLimits limits;
    limits.trailers = 20;
    QCOMPARE(errorOf("0\r\nAAAA: 5678\r\nB: 6789\r\n\r\n", limits), BodyError::TrailersTooLarge);
    QCOMPARE(errorOf("0\r\nAAAA: 5678\r\nB: 678\r\n\r\n", limits), BodyError::None);
    QCOMPARE(errorOf("0\r\n" + std::string(8 * 1024, 'a')), BodyError::None);
    QCOMPARE(errorOf("0\r\n" + std::string(8 * 1024 + 1, 'a')), BodyError::TrailersTooLarge);
}

void TestBodyReader::refusesTrailersThatMeanSomethingElsewhere_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const char* name :
         {"Content-Length", "transfer-encoding", "HOST", "Connection", "Trailer", "TE", "Upgrade",
          "Forwarded", "X-Forwarded-For", "X-Forwarded-Anything-That-Is-Very-Long-Indeed",
          "x_forwarded_for", "X-Request-Id", "Sallyport-Error", "Authorization", "Cookie",
          "Set-Cookie", "Content-Type", "Content-Encoding", "Content-Range"})
        QTest::newRow(name) << QByteArray(name);
}

void TestBodyReader::refusesTrailersThatMeanSomethingElsewhere()
{
    QFETCH(QByteArray, name);
    QCOMPARE(errorOf("0\r\n" + name.toStdString() + ": 1\r\n\r\n"), BodyError::ForbiddenTrailer);
    QCOMPARE(errorOf("0\r\nA: b\r\n" + name.toStdString() + ":\r\n\r\n"),
             BodyError::ForbiddenTrailer);
    QCOMPARE(errorOf("0\r\nY" + name.toStdString() + ": 1\r\n\r\n"), BodyError::None);
}

void TestBodyReader::saysWhenTheConnectionEndsTooEarly()
{
    for (const char* bytes :
         {"", "1", "1\r\n", "1\r\na", "1\r\na\r\n", "0\r\n", "0\r\n\r", "0\r\nA: b\r\n"}) {
        BodyReader reader = chunked();
        reader.pass(asBytes(bytes));
        reader.endOfInput();
        QCOMPARE(reader.error(), BodyError::Truncated);
    }
    BodyReader reader({BodyKind::Length, 2});
    reader.pass(asBytes("a"));
    reader.endOfInput();
    QCOMPARE(reader.error(), BodyError::Truncated);
}

// The largest chunk there can be; reading 100 GB of it would take a while, counting does not.
void TestBodyReader::doesNotLookAtDataInsideAChunk()
{
    BodyReader reader = chunked();
    reader.pass(asBytes("ffffffffffffffff\r\n"));
    QCOMPARE(reader.dataAhead(), UINT64_MAX);
    const std::string block(1024 * 1024, 'x');
    for (int i = 0; i < 100000; ++i)
        QVERIFY(reader.pass(asBytes(block)) == block.size());
    QCOMPARE(reader.dataAhead(), UINT64_MAX - uint64_t(100000) * block.size());
}

void TestBodyReader::staysFailed()
{
    BodyReader reader = chunked();
    QCOMPARE(reader.pass(asBytes("x")), size_t(0));
    QVERIFY(reader.failed());
    QCOMPARE(reader.pass(asBytes("0\r\n\r\n")), size_t(0));
    reader.endOfInput();
    QCOMPARE(reader.error(), BodyError::InvalidChunkSize);
    QVERIFY(!reader.complete());
}

void TestBodyReader::explainsEveryError()
{
    for (int i = 0; i <= static_cast<int>(BodyError::Truncated); ++i)
        QVERIFY(describe(static_cast<BodyError>(i)).ends_with('.'));
}

QTEST_APPLESS_MAIN(TestBodyReader)
#include "tst_body_reader.moc"
