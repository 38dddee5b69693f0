#include <sallyport/http/body_reader.h>
#include <sallyport/http/error_response.h>
#include <sallyport/http/head_reader.h>

#include <QTest>

#include <string>

using namespace sallyport;
using namespace sallyport::http;
using namespace std::chrono_literals;

class TestErrorResponse : public QObject
{
    Q_OBJECT

private slots:
    void answersPlainTextInOneLine();
    void answersAPageToBrowsers();
    void isAValidResponse_data();
    void isAValidResponse();
    void escapesEverything();
    void sendsNoBodyToHead();
    void saysWhenToTryAgain();
    void saysWhetherTheConnectionStays();
    void tellsWhoseTurnItIs();
    void knowsWhoWantsHtml_data();
    void knowsWhoWantsHtml();
    void followsTheRequest();
};

static const ErrorAnswer Refused{502, "upstream-refused",
                                 "The service did not take the connection.", Side::Service};

static bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

void TestErrorResponse::answersPlainTextInOneLine()
{
    const std::string line = "502 upstream-refused: The service did not take the connection.\n";
    const std::string answer = errorResponse(Refused, {});
    QCOMPARE(
        answer,
        "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: " +
            std::to_string(line.size()) +
            "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
            "Sallyport-Error: upstream-refused\r\nConnection: close\r\n\r\n" +
            line);
}

void TestErrorResponse::answersAPageToBrowsers()
{
    ErrorOptions options;
    options.html = true;
    options.requestId = "id7";
    const std::string answer = errorResponse(Refused, options);
    for (const char* part :
         {"Content-Type: text/html", "Sallyport-Error: upstream-refused\r\n", "<!doctype html>",
          "The service did not take the connection.", "prefers-color-scheme:dark", "id7",
          "the service behind them", "Content-Security-Policy: default-src 'none'"})
        QVERIFY2(contains(answer, part), part);
    // Nothing to fetch, nothing to run.
    for (const char* part : {"http://", "https://", "<script", "<img", "<link", "src="})
        QVERIFY2(!contains(answer, part), part);
    QVERIFY(answer.size() < 2500);
}

void TestErrorResponse::isAValidResponse_data()
{
    QTest::addColumn<bool>("html");
    QTest::addColumn<bool>("close");
    for (int i = 0; i < 4; ++i)
        QTest::addRow("%d", i) << bool(i & 1) << bool(i & 2);
}

void TestErrorResponse::isAValidResponse()
{
    QFETCH(bool, html);
    QFETCH(bool, close);
    ErrorOptions options;
    options.html = html;
    options.close = close;
    for (unsigned status :
         {400u, 404u, 408u, 414u, 417u, 431u, 501u, 502u, 503u, 504u, 505u, 599u}) {
        ErrorAnswer answer = Refused;
        answer.status = status;
        const std::string bytes = errorResponse(answer, options);
        ResponseHead head;
        QCOMPARE(ResponseReader().read(asBytes(bytes), {}, head), ReadStatus::Complete);
        QCOMPARE(head.status, status);
        QCOMPARE(head.reason, statusText(status));
        QCOMPARE(head.keepAlive, !close);
        BodyReader body(head.body);
        QCOMPARE(body.pass(asBytes(bytes).subspan(head.size)), bytes.size() - head.size);
        QVERIFY(body.complete());
    }
}

void TestErrorResponse::escapesEverything()
{
    ErrorOptions options;
    options.html = true;
    options.requestId = "<i>";
    const std::string evil = "<script>\"x\" & 'y'\r\n\r\n";
    const std::string page = errorResponse({404, "no-host", evil, Side::Visitor, evil}, options);
    QVERIFY(!contains(page, "<script"));
    QVERIFY(!contains(page, "<i>"));
    QVERIFY(contains(page, "&lt;script&gt;&quot;x&quot; &amp; &#39;y&#39;"));
    const std::string plain = errorResponse({404, "no-host", evil, Side::Visitor, evil}, {});
    QCOMPARE(std::count(plain.begin() + static_cast<std::ptrdiff_t>(plain.find("\r\n\r\n")) + 4,
                        plain.end(), '\n'),
             std::ptrdiff_t(1));
}

void TestErrorResponse::sendsNoBodyToHead()
{
    ErrorOptions options;
    const std::string get = errorResponse(Refused, options);
    options.headRequest = true;
    const std::string head = errorResponse(Refused, options);
    QVERIFY(head.ends_with("\r\n\r\n"));
    QVERIFY(get.starts_with(head));
}

void TestErrorResponse::saysWhenToTryAgain()
{
    ErrorAnswer answer{503, "agent-away", "x", Side::Agent, {}, 3s};
    QVERIFY(contains(errorResponse(answer, {}), "\r\nRetry-After: 3\r\n"));
    QVERIFY(!contains(errorResponse(Refused, {}), "Retry-After"));
}

void TestErrorResponse::saysWhetherTheConnectionStays()
{
    ErrorOptions options;
    QVERIFY(contains(errorResponse(Refused, options), "\r\nConnection: close\r\n"));
    options.close = false;
    QVERIFY(!contains(errorResponse(Refused, options), "\r\nConnection: "));
    options.visitorVersion = Version::Http10;
    QVERIFY(contains(errorResponse(Refused, options), "\r\nConnection: keep-alive\r\n"));
}

void TestErrorResponse::tellsWhoseTurnItIs()
{
    ErrorOptions options;
    options.html = true;
    std::vector<std::string> pages;
    for (Side side : {Side::Visitor, Side::Relay, Side::Agent, Side::Service}) {
        pages.push_back(errorResponse({500, "x", "y", side}, options));
        QVERIFY(std::count(pages.begin(), pages.end(), pages.back()) == 1);
    }
    QVERIFY(contains(errorResponse({500, "x", "y", Side::Relay, "Do this."}, options),
                     "<p>Do this.</p>"));
}

void TestErrorResponse::knowsWhoWantsHtml_data()
{
    QTest::addColumn<QByteArray>("accept");
    QTest::addColumn<bool>("html");
    const auto row = [](const char* accept, bool html) {
        QTest::newRow(accept) << QByteArray(accept) << html;
    };
    row("", false);
    row("*/*", false);
    row("text/*", false);
    row("application/json", false);
    row("text/html", true);
    row("TEXT/HTML;charset=utf-8", true);
    row("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", true);
    row("text/plain, text/html;q=0.5", false);
    row("text/plain;q=0.4, text/html; q=0.5", true);
    row("application/json, text/html", true);
    row("text/html;q=0", false);
    row("text/html;q=0.000", false);
    row("text/html;q=x", false);
    row("text/html;level=1;q=0.7, application/json;q=0.8", false);
}

void TestErrorResponse::knowsWhoWantsHtml()
{
    QFETCH(QByteArray, accept);
    QFETCH(bool, html);
    const std::string bytes =
        "GET / HTTP/1.1\r\nHost: a\r\nAccept: " + accept.toStdString() + "\r\n\r\n";
    RequestHead head;
    QCOMPARE(RequestReader().read(asBytes(bytes), head), ReadStatus::Complete);
    QCOMPARE(prefersHtml(head), html);
}

void TestErrorResponse::followsTheRequest()
{
    const auto optionsFor = [](const std::string& bytes) {
        RequestHead head;
        RequestReader().read(asBytes(bytes), head);
        return errorOptionsFor(head);
    };
    const ErrorOptions get = optionsFor("GET / HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\n\r\n");
    QVERIFY(get.html && !get.close && !get.headRequest && get.visitorVersion == Version::Http11);
    const ErrorOptions head = optionsFor("HEAD / HTTP/1.0\r\n\r\n");
    QVERIFY(!head.html && head.close && head.headRequest && head.visitorVersion == Version::Http10);
    QVERIFY(optionsFor("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n").close);
    QVERIFY(!optionsFor("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").close);
}

QTEST_APPLESS_MAIN(TestErrorResponse)
#include "tst_error_response.moc"
