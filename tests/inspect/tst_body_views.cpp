// Content codings undone within bounds, bodies laid out, and what differs.
#include "stream_decoder.h"

#include <sallyport/inspect/decode.h>
#include <sallyport/inspect/diff.h>

#include <QTest>

#include <zlib.h>

using namespace sallyport::inspect;

namespace {

std::string deflated(const std::string& bytes, int windowBits)
{
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY);
    std::string out(bytes.size() + 1024, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = uInt(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = uInt(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string zeros(size_t size)
{
    std::string result;
    result.resize(size);
    return result;
}

std::string text(const std::vector<DiffLine>& lines)
{
    std::string result;
    for (const DiffLine& line : lines)
        result += (line.kind == DiffLine::Kind::Same      ? ' '
                   : line.kind == DiffLine::Kind::Removed ? '-'
                                                          : '+') +
                  line.text + '|';
    return result;
}

} // namespace

class TestBodyViews : public QObject
{
    Q_OBJECT

private slots:
    void undoesContentCodings_data()
    {
        QTest::addColumn<std::string>("encoding");
        QTest::addColumn<std::string>("bytes");
        const std::string hello = "hello hello hello";
        QTest::newRow("none") << std::string() << hello;
        QTest::newRow("identity") << std::string("identity") << hello;
        QTest::newRow("gzip") << std::string("GZip") << deflated(hello, 31);
        QTest::newRow("deflate") << std::string("deflate") << deflated(hello, 15);
        QTest::newRow("bare deflate") << std::string("deflate") << deflated(hello, -15);
        QTest::newRow("two") << std::string("deflate, gzip") << deflated(deflated(hello, 15), 31);
        // Made by the brotli and zstd programs.
        QTest::newRow("br") << std::string("br")
                            << QByteArray::fromHex("1b10000024406a1064eaf09c1e").toStdString();
        QTest::newRow("zstd")
            << std::string("zstd")
            << QByteArray::fromHex("28b52ffd20116500003068656c6c6f200100314a11").toStdString();
    }

    void undoesContentCodings()
    {
        QFETCH(std::string, encoding);
        QFETCH(std::string, bytes);
        const Decoded decoded = decodeContent(encoding, bytes);
        QCOMPARE(decoded.problem, std::string());
        QCOMPARE(decoded.bytes, std::string("hello hello hello"));
        QVERIFY(!decoded.cut);
        if (encoding.empty() || encoding == "identity")
            return;
        const Decoded half =
            decodeContent(encoding, std::string_view(bytes).substr(0, bytes.size() - 5));
        QVERIFY(!half.problem.empty());
    }

    void cutsBombsAtTheLimit()
    {
        const std::string bomb = deflated(zeros(10'000'000), 31);
        QVERIFY(bomb.size() < 20'000);
        const Decoded decoded = decodeContent("gzip", bomb, 100'000);
        QVERIFY(decoded.cut);
        QCOMPARE(decoded.bytes.size(), size_t(100'000));
    }

    void undoesCodingsOfAStreamAsItComes_data() { undoesContentCodings_data(); }

    void undoesCodingsOfAStreamAsItComes()
    {
        QFETCH(std::string, encoding);
        QFETCH(std::string, bytes);
        const auto decoder = StreamDecoder::forCoding(encoding);
        const QByteArray row = QTest::currentDataTag();
        if (encoding.empty() || encoding == "identity" || row == "two") {
            QVERIFY(!decoder);
            return;
        }
        if (row == "bare deflate") {
            QVERIFY(!decoder->feed(bytes, [](std::string_view) {}));
            return;
        }
        std::string plain;
        for (const char byte : bytes)
            decoder->feed({&byte, 1}, [&plain](std::string_view more) { plain += more; });
        QCOMPARE(plain, std::string("hello hello hello"));
    }

    void givesUpAStreamThatIsABomb()
    {
        const std::string bomb = deflated(zeros(30'000'000), 31);
        const auto decoder = StreamDecoder::forCoding("gzip");
        uint64_t made = 0;
        const auto count = [&made](std::string_view more) { made += more.size(); };
        // A member ends, and so does what is read of the stream.
        QVERIFY(!decoder->feed(bomb, count));
        QCOMPARE(made, uint64_t(30'000'000));
        QVERIFY(!decoder->feed(bomb, count));
        QCOMPARE(made, uint64_t(30'000'000));

        const std::string endless = deflated(zeros(300'000'000), 31);
        made = 0;
        QVERIFY(!StreamDecoder::forCoding("gzip")->feed(endless, count));
        QVERIFY(made <= StreamDecoder::TotalLimit && made > StreamDecoder::TotalLimit / 2);
    }

    void saysWhichCodingIsNotKnown()
    {
        QVERIFY(decodeContent("lzma", "x").problem.find("lzma") != std::string::npos);
        QCOMPARE(decodeContent("lzma", "x").bytes, std::string("x"));
    }

    void laysJsonOutAsItWasWritten()
    {
        const PrettyBody pretty = prettyBody("application/json; charset=utf-8",
                                             R"({"a":1.00e5,"a":[ ],"b":[1,{"c":null}],"d":{}})");
        QCOMPARE(pretty.view, BodyView::Json);
        QCOMPARE(pretty.problem, std::string());
        QCOMPARE(pretty.text, std::string("{\n  \"a\": 1.00e5,\n  \"a\": [],\n  \"b\": [\n    1,\n"
                                          "    {\n      \"c\": null\n    }\n  ],\n  \"d\": {}\n}"));
    }

    void locatesTheMistakeInJson_data()
    {
        QTest::addColumn<std::string>("json");
        QTest::addColumn<std::string>("problem");
        const auto row = [](const std::string& json, const std::string& problem) {
            QTest::newRow(json.c_str()) << json << problem;
        };
        row("{\n \"a\":1,\n \"b\": }", "line 3, column 7: a value is missing");
        row("[1 2]", "line 1, column 4: a comma or \"]\" is missing");
        row("{\"a\" 1}", "line 1, column 6: a colon is missing");
        row("\"abc", "line 1, column 5: a text has no end");
        row("[01]", "line 1, column 4: this is not a number of JSON");
        row("1 x", "line 1, column 3: something follows the value");
        row("{", "line 1, column 2: a name in quotes is missing");
    }

    void locatesTheMistakeInJson()
    {
        QFETCH(std::string, json);
        QFETCH(std::string, problem);
        QCOMPARE(prettyBody("application/json", json).problem, problem);
    }

    void givesUpOnJsonThatIsNestedTooDeep()
    {
        QVERIFY(prettyBody("application/json", std::string(600, '[')).problem.find("too deep") !=
                std::string::npos);
    }

    void laysOtherKindsOut()
    {
        QCOMPARE(prettyBody("text/xml", "<a><b x=\"1\">t</b></a>").view, BodyView::Xml);
        QVERIFY(prettyBody("text/xml", "<a><b>t</b></a>").text.find("\n  <b>t</b>\n") !=
                std::string::npos);
        QVERIFY(prettyBody("text/xml", "<a><b></a>").problem.starts_with("line 1, column"));
        QCOMPARE(prettyBody("application/x-www-form-urlencoded", "a=1+2&b=%C3%A4").text,
                 std::string("a = 1 2\nb = \xc3\xa4\n"));
        QCOMPARE(prettyBody("image/png", "x").view, BodyView::Image);
        QCOMPARE(prettyBody("text/plain; charset=latin1", "\xe4").text, std::string("\xc3\xa4"));
        QCOMPARE(prettyBody("", std::string("\x00\x01", 2)).view, BodyView::Binary);
        QCOMPARE(prettyBody("text/plain", "").view, BodyView::Empty);
        QCOMPARE(prettyBody("text/html", "<p>").view, BodyView::Text);
    }

    void listsThePartsOfAForm()
    {
        const std::string body = "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n"
                                 "--XX\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n"
                                 "two\r\n--XX--\r\n";
        const PrettyBody pretty =
            prettyBody("multipart/form-data; boundary=\"XX\"", body, Redaction());
        QCOMPARE(pretty.view, BodyView::Multipart);
        QCOMPARE(pretty.problem, std::string());
        QVERIFY(pretty.text.find("part 1, 3 bytes") != std::string::npos);
        QVERIFY(pretty.text.find("one") != std::string::npos);
        QVERIFY(pretty.text.find("two") == std::string::npos);
    }

    void hidesSecretsOnScreen()
    {
        QCOMPARE(prettyBody("application/json", R"({"token":"x"})", Redaction()).text,
                 std::string("{\n  \"token\": \"***\"\n}"));
        QCOMPARE(prettyBody("application/x-www-form-urlencoded", "token=x", Redaction()).text,
                 std::string("token = ***\n"));
    }

    void findsTheShortestDifference()
    {
        QCOMPARE(text(diffLines("a\nb\nc\nd", "a\nx\nc\nd\ne")), std::string(" a|-b|+x| c| d|+e|"));
        QCOMPARE(text(diffLines("", "a")), std::string("+a|"));
        QCOMPARE(text(diffLines("a\r\nb", "a\nb")), std::string(" a| b|"));
        QCOMPARE(text(diffLines("a\nb\na\nb\na", "b\na\nb")), std::string("-a| b| a| b|-a|"));
    }

    void showsTextsThatDifferTooMuchAsAWhole()
    {
        std::string a = "same\n", b = "same\n";
        for (int i = 0; i < 50; ++i) {
            a += "a" + std::to_string(i) + '\n';
            b += "b" + std::to_string(i) + '\n';
        }
        const auto lines = diffLines(a + "end", b + "end", 10);
        QCOMPARE(lines.size(), size_t(102));
        QCOMPARE(lines.front().kind, DiffLine::Kind::Same);
        QCOMPARE(lines[1].kind, DiffLine::Kind::Removed);
        QCOMPARE(lines.back().text, std::string("end"));
    }

    void comparesHeads()
    {
        Exchange before, after;
        before.statusLine = "HTTP/1.1 200 OK";
        after.statusLine = "HTTP/1.1 500 No";
        before.responseHeaders = {
            {"A", "1", false}, {"Gone", "x", false}, {"Set-Cookie", "s", true}};
        after.responseHeaders = {{"a", "2", false}, {"Set-Cookie", "t", true}, {"New", "y", false}};
        QCOMPARE(text(diffHeads(before, after, Side::Response)),
                 std::string("-HTTP/1.1 200 OK|+HTTP/1.1 500 No|-A: 1|+a: 2|-Gone: x|"
                             "-Set-Cookie: ***|+Set-Cookie: ***|+New: y|"));
    }

    void whatIsSetForEachAnswerMakesNoDifference()
    {
        Exchange before, after;
        before.responseHeaders = {{"Date", "Mon", false}, {"X-Request-Id", "1", false}};
        after.responseHeaders = {{"x-request-id", "2", false}, {"date", "Tue", false}};
        QCOMPARE(text(diffHeads(before, after, Side::Response)),
                 std::string(" | date: Tue| x-request-id: 2|"));
        after.responseHeaders.pop_back();
        QCOMPARE(text(diffHeads(before, after, Side::Response)),
                 std::string(" |-Date: Mon| x-request-id: 2|"));
    }
};

QTEST_APPLESS_MAIN(TestBodyViews)
#include "tst_body_views.moc"
