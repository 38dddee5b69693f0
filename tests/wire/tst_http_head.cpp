#include <sallyport/wire/http_head.h>

#include <QTest>

using namespace sallyport;
using namespace sallyport::wire;

class TestHttpHead : public QObject
{
    Q_OBJECT

private slots:
    void findsTheEndAtEverySplit();
    void takesTheLongestHeadAndNoLonger();
    void readsARequest();
    void readsAnAnswer();
    void rejectsBadRequests_data();
    void rejectsBadRequests();
    void rejectsBadAnswers_data();
    void rejectsBadAnswers();
    void takesAHundredHeadersAndNoMore();
    void aRepeatedHeaderIsNotTheOnlyOne();
    void findsTokensInLists();
};

void TestHttpHead::findsTheEndAtEverySplit()
{
    const std::string head = "GET / HTTP/1.1\r\nA: b\r\n\r\n";
    const std::string all = head + "\r\n\r\nbody";
    for (size_t split = 0; split <= all.size(); ++split) {
        HeadReader reader;
        const size_t a = reader.feed(asBytes(all).first(split)).value();
        const size_t b = reader.feed(asBytes(all).subspan(split)).value();
        QVERIFY(reader.done());
        QCOMPARE(a + b, head.size());
        QCOMPARE(reader.text(), head);
    }
}

void TestHttpHead::takesTheLongestHeadAndNoLonger()
{
    const auto head = [](size_t size) {
        const std::string start = "GET / HTTP/1.1\r\nA: ";
        return start + std::string(size - start.size() - 4, 'x') + "\r\n\r\n";
    };
    HeadReader longest, longer;
    QCOMPARE(longest.feed(asBytes(head(MaxHandshakeHead))).value(), MaxHandshakeHead);
    QVERIFY(longest.done());
    QVERIFY(longer.feed(asBytes(head(MaxHandshakeHead + 1))).error() == HeadError::TooLong);
}

void TestHttpHead::readsARequest()
{
    const auto head =
        parseRequestHead("GET /a?b HTTP/1.1\r\nHost: x\r\nEmpty:\r\nB: \t c d \t\r\n\r\n");
    QVERIFY(head.ok());
    QCOMPARE(head.value().method, "GET");
    QCOMPARE(head.value().target, "/a?b");
    QCOMPARE(head.value().headers.size(), 3u);
    QCOMPARE(head.value().headers[1].value, "");
    QCOMPARE(head.value().headers[2].value, "c d");
}

void TestHttpHead::readsAnAnswer()
{
    const auto head = parseResponseHead("HTTP/1.1 101 Switching Protocols\r\nA: b\r\n\r\n");
    QCOMPARE(head.value().status, 101);
    QCOMPARE(head.value().reason, "Switching Protocols");
    QCOMPARE(parseResponseHead("HTTP/1.0 200\r\n\r\n").value().status, 200);
    QCOMPARE(parseResponseHead("HTTP/1.1 204 \r\n\r\n").value().reason, "");
}

void TestHttpHead::rejectsBadRequests_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* name, const char* text) {
        QTest::newRow(name) << QByteArray(text);
    };
    row("empty", "");
    row("only an end", "\r\n\r\n");
    row("HTTP/1.0", "GET / HTTP/1.0\r\n\r\n");
    row("HTTP/2", "PRI * HTTP/2.0\r\n\r\n");
    row("no target", "GET HTTP/1.1\r\n\r\n");
    row("empty target", "GET  HTTP/1.1\r\n\r\n");
    row("blank in target", "GET /a b HTTP/1.1\r\n\r\n");
    row("no method", " / HTTP/1.1\r\n\r\n");
    row("bare LF", "GET / HTTP/1.1\nHost: a\r\n\r\n");
    row("bare LF in header", "GET / HTTP/1.1\r\nA: b\nC: d\r\n\r\n");
    row("bare CR in header", "GET / HTTP/1.1\r\nA: b\rC: d\r\n\r\n");
    row("no colon", "GET / HTTP/1.1\r\nHost\r\n\r\n");
    row("blank before colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n");
    row("folded", "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n");
    row("empty name", "GET / HTTP/1.1\r\n: a\r\n\r\n");
    row("no end", "GET / HTTP/1.1\r\nA: b\r\n");
    row("bytes behind the end", "GET / HTTP/1.1\r\n\r\nA: b\r\n\r\n");
    QTest::newRow("NUL") << QByteArray("GET / HTTP/1.1\r\nA: b\0c\r\n\r\n", 26);
}

void TestHttpHead::rejectsBadRequests()
{
    QFETCH(QByteArray, text);
    QVERIFY(!parseRequestHead(text.toStdString()));
}

void TestHttpHead::rejectsBadAnswers_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char* text :
         {"", "\r\n\r\n", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1 20\r\n\r\n",
          "HTTP/1.1 2000\r\n\r\n", "HTTP/1.1 099 x\r\n\r\n", "HTTP/1.1 600 x\r\n\r\n",
          "HTTP/1.1 2x0 x\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n", "ICY 200 OK\r\n\r\n",
          "HTTP/1.1 200 a\x01\r\n\r\n", "HTTP/1.1 200 OK\r\nA\r\n\r\n"})
        QTest::newRow(text) << QByteArray(text);
}

void TestHttpHead::rejectsBadAnswers()
{
    QFETCH(QByteArray, text);
    QVERIFY(!parseResponseHead(text.toStdString()));
}

void TestHttpHead::takesAHundredHeadersAndNoMore()
{
    std::string text = "GET / HTTP/1.1\r\n";
    for (size_t i = 0; i < MaxHandshakeHeaders; ++i)
        text += "A: b\r\n";
    QVERIFY(parseRequestHead(text + "\r\n").ok());
    QVERIFY(parseRequestHead(text + "A: b\r\n\r\n").error() == HeadError::TooManyHeaders);
}

void TestHttpHead::aRepeatedHeaderIsNotTheOnlyOne()
{
    const std::vector<HandshakeHeader> headers = {{"A", "1"}, {"b", "2"}, {"a", "3"}};
    QVERIFY(!onlyHeader(headers, "A"));
    QCOMPARE(onlyHeader(headers, "B").value(), "2");
    QVERIFY(!onlyHeader(headers, "C"));
}

void TestHttpHead::findsTokensInLists()
{
    const std::vector<HandshakeHeader> headers = {{"Connection", "keep-alive,  Upgrade"},
                                                  {"connection", "close,"}};
    QVERIFY(hasToken(headers, "CONNECTION", "upgrade"));
    QVERIFY(hasToken(headers, "Connection", "close"));
    QVERIFY(!hasToken(headers, "Connection", "up"));
    QVERIFY(!hasToken(headers, "Connections", "close"));
}

QTEST_APPLESS_MAIN(TestHttpHead)
#include "tst_http_head.moc"
