#include "http2_harness.h"

#include <sallyport/http2/head_text.h>

using namespace sallyport;
using namespace sallyport::http2;

class TestHttp2Heads : public QObject
{
    Q_OBJECT

private slots:
    void aRequestBecomesAnHttp1Head();
    void aBodyWithoutALengthIsChunked();
    void cookiesAreJoined();
    void anExtendedConnectBecomesAnUpgrade();
    void refusesWhatHttp2DoesNotAllow_data();
    void refusesWhatHttp2DoesNotAllow();
    void limitsBytesAndFields();
    void anAnswerBecomesAnHttp1Head();
    void anAnswerWithoutABodySaysSo();
    void trailersDropWhatFrames();
    void everyTextReadsStrictly();
};

static HeadText made(const Fields& fields, HeadText::Kind kind = HeadText::Kind::Request)
{
    HeadText head(kind, 4096, 20);
    for (const auto& [name, value] : fields)
        head.add(name, value);
    return head;
}

static std::string textOf(const Fields& fields, bool ended = true,
                          HeadText::Kind kind = HeadText::Kind::Request)
{
    HeadText head = made(fields, kind);
    return head.finish(ended) == HeadFault::None ? head.takeText() : "fault";
}

static Fields with(Fields fields, const Fields& more)
{
    fields.insert(fields.end(), more.begin(), more.end());
    return fields;
}

void TestHttp2Heads::aRequestBecomesAnHttp1Head()
{
    QCOMPARE(
        textOf(with(get("/a?b"), {{"accept", "*/*"}, {"te", "trailers"}})),
        std::string("GET /a?b HTTP/1.1\r\nhost: a.example\r\naccept: */*\r\nte: trailers\r\n\r\n"));
}

void TestHttp2Heads::aBodyWithoutALengthIsChunked()
{
    QCOMPARE(textOf(get("/"), false), std::string("GET / HTTP/1.1\r\nhost: a.example\r\n"
                                                  "transfer-encoding: chunked\r\n\r\n"));
    QCOMPARE(textOf(with(get("/"), {{"content-length", "3"}}), false),
             std::string("GET / HTTP/1.1\r\nhost: a.example\r\ncontent-length: 3\r\n\r\n"));
}

void TestHttp2Heads::cookiesAreJoined()
{
    QCOMPARE(textOf(with(get("/"), {{"cookie", "a=1"}, {"x", "y"}, {"cookie", "b=2"}})),
             std::string("GET / HTTP/1.1\r\nhost: a.example\r\nx: y\r\ncookie: a=1; b=2\r\n\r\n"));
}

void TestHttp2Heads::anExtendedConnectBecomesAnUpgrade()
{
    HeadText head = made({{":method", "CONNECT"},
                          {":protocol", "websocket"},
                          {":scheme", "https"},
                          {":path", "/chat"},
                          {":authority", "a.example"},
                          {"sec-websocket-version", "13"},
                          {"sec-websocket-key", "theirs"}});
    QCOMPARE(head.finish(false), HeadFault::None);
    QVERIFY(head.webSocket());
    std::string text = head.takeText();
    addField(text, "sec-websocket-key", "ours");
    QCOMPARE(text, std::string("GET /chat HTTP/1.1\r\nhost: a.example\r\n"
                               "sec-websocket-version: 13\r\nconnection: upgrade\r\n"
                               "upgrade: websocket\r\nsec-websocket-key: ours\r\n\r\n"));
}

void TestHttp2Heads::refusesWhatHttp2DoesNotAllow_data()
{
    QTest::addColumn<Fields>("fields");
    const auto row = [](const char* name, const Fields& fields) { QTest::newRow(name) << fields; };
    row("no method", {{":scheme", "http"}, {":authority", "a"}, {":path", "/"}});
    row("no path", {{":method", "GET"}, {":scheme", "http"}, {":authority", "a"}});
    row("no scheme", {{":method", "GET"}, {":authority", "a"}, {":path", "/"}});
    row("no authority, no host", {{":method", "GET"}, {":scheme", "http"}, {":path", "/"}});
    row("a strange scheme",
        {{":method", "GET"}, {":scheme", "ftp"}, {":authority", "a"}, {":path", "/"}});
    row("an absolute path", get("http://evil.example/"));
    row("an asterisk that is not for OPTIONS", get("*"));
    row("a space in the path", get("/a b"));
    row("a line end in the path", get("/a\r\nx: y"));
    row("a line end in the authority", get("/", "a\r\nx: y"));
    row("a pseudo field twice", with(get(), {{":path", "/b"}}));
    row("a pseudo field behind a field",
        {{":method", "GET"}, {":scheme", "http"}, {"x", "y"}, {":authority", "a"}, {":path", "/"}});
    row("an unknown pseudo field", with(get(), {{":colour", "red"}}));
    row("a response's pseudo field", with(get(), {{":status", "200"}}));
    row("a host that differs", with(get(), {{"host", "b.example"}}));
    row("two hosts", with(get(), {{"host", "a.example"}, {"host", "a.example"}}));
    row("upper case", with(get(), {{"Accept", "x"}}));
    row("a name with a space", with(get(), {{"a b", "x"}}));
    row("a name with a colon", with(get(), {{"a:b", "x"}}));
    row("an empty name", with(get(), {{"", "x"}}));
    row("a line end in a value", with(get(), {{"x", "a\r\nb: c"}}));
    row("a NUL in a value", with(get(), {{"x", std::string("a\0b", 3)}}));
    row("a value with a space in front", with(get(), {{"x", " a"}}));
    row("a value with a space behind", with(get(), {{"x", "a "}}));
    for (const char* name :
         {"connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"})
        row(name, with(get(), {{name, "x"}}));
    row("te other than trailers", with(get(), {{"te", "gzip"}}));
    row("CONNECT with a path", {{":method", "CONNECT"}, {":authority", "a:1"}, {":path", "/"}});
    row("protocol without CONNECT", with(get(), {{":protocol", "websocket"}}));
}

void TestHttp2Heads::refusesWhatHttp2DoesNotAllow()
{
    QFETCH(Fields, fields);
    HeadText head = made(fields);
    QCOMPARE(head.finish(true), HeadFault::Malformed);
    QCOMPARE(head.takeText(), std::string());
}

void TestHttp2Heads::limitsBytesAndFields()
{
    HeadText large = made(with(get(), {{"x", std::string(5000, 'a')}}));
    QCOMPARE(large.finish(true), HeadFault::TooLarge);
    Fields fields = get();
    for (int i = 0; i < 30; ++i)
        fields.push_back({"x", "y"});
    HeadText many = made(fields);
    QCOMPARE(many.finish(true), HeadFault::TooManyFields);
    QVERIFY(!many.absurd());
    for (int i = 0; i < 20; ++i)
        large.add("x", std::string(4000, 'a'));
    QVERIFY(large.absurd());
}

void TestHttp2Heads::anAnswerBecomesAnHttp1Head()
{
    const auto answer = HeadText::Kind::Answer;
    QCOMPARE(textOf({{":status", "200"}, {"x", "y"}}, false, answer),
             std::string("HTTP/1.1 200 \r\nx: y\r\ntransfer-encoding: chunked\r\n\r\n"));
    QCOMPARE(textOf({{":status", "103"}, {"link", "</a>"}}, false, answer),
             std::string("HTTP/1.1 103 \r\nlink: </a>\r\n\r\n"));
    QCOMPARE(textOf({{":status", "101"}}, false, answer), std::string("fault"));
    QCOMPARE(textOf({{":status", "20"}}, false, answer), std::string("fault"));
    QCOMPARE(textOf({{"x", "y"}}, false, answer), std::string("fault"));
}

void TestHttp2Heads::anAnswerWithoutABodySaysSo()
{
    const auto answer = HeadText::Kind::Answer;
    QCOMPARE(textOf({{":status", "200"}}, true, answer),
             std::string("HTTP/1.1 200 \r\ncontent-length: 0\r\n\r\n"));
    QCOMPARE(textOf({{":status", "204"}}, true, answer), std::string("HTTP/1.1 204 \r\n\r\n"));
    HeadText head = made({{":status", "200"}}, answer);
    head.expectNoBody();
    QCOMPARE(head.finish(true), HeadFault::None);
    QCOMPARE(head.takeText(), std::string("HTTP/1.1 200 \r\n\r\n"));
}

void TestHttp2Heads::trailersDropWhatFrames()
{
    QCOMPARE(textOf({{"grpc-status", "0"}, {"content-length", "3"}, {"host", "b"}}, true,
                    HeadText::Kind::Trailers),
             std::string("grpc-status: 0\r\n"));
    QCOMPARE(textOf({{":status", "0"}}, true, HeadText::Kind::Trailers), std::string("fault"));
}

void TestHttp2Heads::everyTextReadsStrictly()
{
    http::RequestReader reader;
    http::RequestHead head;
    const std::string text = textOf(with(get("/x"), {{"host", "A.example"}, {"cookie", "a=b"}}));
    QCOMPARE(reader.read(asBytes(text), head), http::ReadStatus::Complete);
    QCOMPARE(head.size, text.size());
    QCOMPARE(std::string(head.host.view()), std::string("a.example"));
    QVERIFY(head.body.empty());
}

QTEST_APPLESS_MAIN(TestHttp2Heads)
#include "tst_http2_heads.moc"
