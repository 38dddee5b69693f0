// The table of inputs that packaged parsers were measured to accept (and that smuggle requests),
// each in a request, a response and where it applies in trailers. None may pass, however it is cut.
#include "message_stream.h"

#include <QTest>

using namespace sallyport::http;

class TestHostileHttp : public QObject
{
    Q_OBJECT

private slots:
    void refusesInRequests_data() { rows(); }
    void refusesInRequests();
    void refusesInResponses_data() { rows(); }
    void refusesInResponses();
    void refusesHosts_data();
    void refusesHosts();
    void refusesInTrailers_data();
    void refusesInTrailers();
    void refusesInChunks_data();
    void refusesInChunks();

private:
    void rows();
};

void TestHostileHttp::rows()
{
    QTest::addColumn<QByteArray>("version");
    QTest::addColumn<QByteArray>("fields");
    const auto row = [](const char* name, const char* fields, const char* version = "1.1") {
        QTest::newRow(name) << QByteArray(version) << QByteArray(fields);
    };
    row("bare CR after an empty value (CVE-2023-30589)", "X:\rTransfer-Encoding: chunked\r\n");
    row("obs-fold (CVE-2024-27982)", "X: a\r\n Content-Length: 5\r\n");
    row("length and coding", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n");
    row("coding and length", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n");
    row("signed length", "Content-Length: +1\r\n");
    row("space before colon", "Content-Length : 5\r\n");
    row("LF-only line", "X: a\nContent-Length: 5\r\n");
    row("coding with a prefix", "Transfer-Encoding: xchunked\r\n");
    row("coding not last", "Transfer-Encoding: chunked, identity\r\n");
    row("coding in HTTP/1.0", "Transfer-Encoding: chunked\r\n", "1.0");
    row("several lengths", "Content-Length: 5\r\nContent-Length: 5\r\n");
    row("NUL", "X: a\r\n");
}

static void refusedHoweverCut(const std::string& bytes,
                              ReadConnection (*read)(std::string_view, const std::vector<size_t>&))
{
    const ReadConnection whole = read(bytes, {SIZE_MAX});
    QVERIFY(whole.refused());
    QVERIFY(whole.messages.empty());
    QVERIFY(read(bytes, {1}) == whole);
    for (size_t cut = 1; cut < bytes.size(); ++cut)
        QVERIFY(read(bytes, {cut, SIZE_MAX}) == whole);
}

static ReadConnection asRequests(std::string_view bytes, const std::vector<size_t>& pieces)
{
    return readRequests(bytes, pieces);
}
static ReadConnection asResponses(std::string_view bytes, const std::vector<size_t>& pieces)
{
    return readResponses(bytes, {}, pieces);
}

static std::string withNul(const QByteArray& fields)
{
    std::string text = fields.toStdString();
    if (qstrcmp(QTest::currentDataTag(), "NUL") == 0)
        text.insert(4, 1, '\0');
    return text;
}

void TestHostileHttp::refusesInRequests()
{
    QFETCH(QByteArray, version);
    QFETCH(QByteArray, fields);
    refusedHoweverCut("POST / HTTP/" + version.toStdString() + "\r\nHost: a\r\n" + withNul(fields) +
                          "\r\n0\r\n\r\n",
                      asRequests);
}

void TestHostileHttp::refusesInResponses()
{
    QFETCH(QByteArray, version);
    QFETCH(QByteArray, fields);
    refusedHoweverCut("HTTP/" + version.toStdString() + " 200 OK\r\nServer: a\r\n" +
                          withNul(fields) + "\r\n0\r\n\r\n",
                      asResponses);
}

void TestHostileHttp::refusesHosts_data()
{
    QTest::addColumn<QByteArray>("fields");
    QTest::newRow("two") << QByteArray("Host: a\r\nHost: a\r\n");
    QTest::newRow("none") << QByteArray("X: a\r\n");
}

void TestHostileHttp::refusesHosts()
{
    QFETCH(QByteArray, fields);
    refusedHoweverCut("GET / HTTP/1.1\r\n" + fields.toStdString() + "\r\n", asRequests);
}

void TestHostileHttp::refusesInTrailers_data()
{
    QTest::addColumn<QByteArray>("trailers");
    for (const char* trailers :
         {"X:\rTransfer-Encoding: chunked\r\n", "X: a\r\n Content-Length: 5\r\n", "X : a\r\n",
          "X: a\nY: b\r\n", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n",
          "Host: a\r\n"})
        QTest::newRow(trailers) << QByteArray(trailers);
}

void TestHostileHttp::refusesInTrailers()
{
    QFETCH(QByteArray, trailers);
    const std::string body =
        "Transfer-Encoding: chunked\r\n\r\n0\r\n" + trailers.toStdString() + "\r\n";
    refusedHoweverCut("POST / HTTP/1.1\r\nHost: a\r\n" + body, asRequests);
    refusedHoweverCut("HTTP/1.1 200 OK\r\n" + body, asResponses);
}

void TestHostileHttp::refusesInChunks_data()
{
    QTest::addColumn<QByteArray>("chunks");
    for (const char* chunks :
         {"5\nabcde\r\n0\r\n\r\n", "5;a\nabcde\r\n0\r\n\r\n", "5;a\n\r\nabcde\r\n0\r\n\r\n",
          "5\r\nabcde0\r\n\r\n", "5 \r\nabcde\r\n0\r\n\r\n", "0x5\r\nabcde\r\n0\r\n\r\n",
          "fffffffffffffffff\r\na\r\n"})
        QTest::newRow(chunks) << QByteArray(chunks);
}

void TestHostileHttp::refusesInChunks()
{
    QFETCH(QByteArray, chunks);
    const std::string body = "Transfer-Encoding: chunked\r\n\r\n" + chunks.toStdString();
    refusedHoweverCut("POST / HTTP/1.1\r\nHost: a\r\n" + body, asRequests);
    refusedHoweverCut("HTTP/1.1 200 OK\r\n" + body, asResponses);
}

QTEST_APPLESS_MAIN(TestHostileHttp)
#include "tst_hostile_http.moc"
