// Requests to a CA: answers whole, too long, too late, or none.
#include "http_stub.h"

#include <sallyport/certificates/web_client.h>

#include <QTest>

using namespace sallyport::certificates;

class TestWebClient : public QObject
{
    Q_OBJECT

private slots:
    void getsAnAnswer();
    void postsABody();
    void doesNotWaitForABodyAfterHead();
    void givesErrorsTheirBody();
    void doesNotFollowRedirections();
    void endsAnAnswerThatIsTooLong();
    void endsAnAnswerThatComesTooLate();
    void saysThatNobodyIsThere();
    void refusesAFileWithoutAuthorities();
    void refusesAnUnknownAuthority();

private:
    WebAnswer ask(WebClient& client, const WebRequest& request)
    {
        std::optional<WebAnswer> got;
        client.send(request, [&](const WebAnswer& answer) { got = answer; });
        if (!QTest::qWaitFor([&] { return got.has_value(); }, 20'000))
            return {"nothing came", 0, {}, {}};
        return *got;
    }
};

void TestWebClient::getsAnAnswer()
{
    HttpStub server([](const StubRequest&) {
        return "HTTP/1.1 200 OK\r\nReplay-Nonce: abc\r\nContent-Length: 2\r\n\r\nhi";
    });
    WebClient client({});
    const WebAnswer answer = ask(client, {"GET", server.url() + "/x?y=1", {}, {{"X-A", "b"}}});
    QCOMPARE(answer.trouble, std::string());
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.body, std::string("hi"));
    const std::pair<std::string, std::string> nonce{"replay-nonce", "abc"};
    QVERIFY(std::find(answer.headers.begin(), answer.headers.end(), nonce) != answer.headers.end());
    QCOMPARE(server.requests.at(0).path, std::string("/x?y=1"));
}

void TestWebClient::postsABody()
{
    HttpStub server(
        [](const StubRequest& request) { return HttpStub::json(201, "got " + request.body); });
    WebClient client({});
    const WebAnswer answer =
        ask(client, {"POST", server.url(), "{}", {{"Content-Type", "application/jose+json"}}});
    QCOMPARE(answer.body, std::string("got {}"));
    QVERIFY(server.requests.at(0).headers.find("application/jose+json") != std::string::npos);
}

void TestWebClient::doesNotWaitForABodyAfterHead()
{
    HttpStub server([](const StubRequest&) {
        return "HTTP/1.1 200 OK\r\nReplay-Nonce: abc\r\nContent-Length: 1000\r\n\r\n";
    });
    WebClient client({});
    QCOMPARE(ask(client, {"HEAD", server.url(), {}, {}}).status, 200);
}

void TestWebClient::givesErrorsTheirBody()
{
    for (const int status : {400, 401, 403, 404, 409, 429, 500, 503}) {
        HttpStub server([&](const StubRequest&) { return HttpStub::json(status, "{\"a\":1}"); });
        WebClient client({});
        const WebAnswer answer = ask(client, {"POST", server.url(), "{}", {}});
        QCOMPARE(answer.trouble, std::string());
        QCOMPARE(answer.status, status);
        QCOMPARE(answer.body, std::string("{\"a\":1}"));
    }
}

void TestWebClient::doesNotFollowRedirections()
{
    HttpStub server([](const StubRequest&) {
        return "HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n";
    });
    WebClient client({});
    QCOMPARE(ask(client, {"GET", server.url(), {}, {}}).status, 302);
    QCOMPARE(server.requests.size(), size_t(1));
}

void TestWebClient::endsAnAnswerThatIsTooLong()
{
    HttpStub server([](const StubRequest&) {
        return "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + std::string(200'000, 'x');
    });
    WebClient client({{}, "test", std::chrono::seconds(30), 100'000});
    QCOMPARE(ask(client, {"GET", server.url(), {}, {}}).trouble,
             std::string("the answer is too long"));
}

void TestWebClient::endsAnAnswerThatComesTooLate()
{
    HttpStub server([](const StubRequest&) { return std::string(); });
    WebClient client({{}, "test", std::chrono::milliseconds(200)});
    QCOMPARE(ask(client, {"GET", server.url(), {}, {}}).trouble, std::string("no answer in time"));
}

void TestWebClient::saysThatNobodyIsThere()
{
    std::string url;
    {
        HttpStub server([](const StubRequest&) { return std::string(); });
        url = server.url();
    }
    WebClient client({});
    QVERIFY(!ask(client, {"GET", url, {}, {}}).trouble.empty());
    QVERIFY(!ask(client, {"GET", "nonsense", {}, {}}).trouble.empty());
}

void TestWebClient::refusesAFileWithoutAuthorities()
{
    WebClient missing({"/nonexistent/ca.pem", "test"});
    QVERIFY(missing.prepare().value_or("").find("/nonexistent/ca.pem") != std::string::npos);
    WebClient none({});
    QVERIFY(!none.prepare());
}

// Plain TCP behind an https URL: no handshake, no answer.
void TestWebClient::refusesAnUnknownAuthority()
{
    HttpStub server([](const StubRequest&) { return std::string(); });
    WebClient client({{}, "test", std::chrono::seconds(2)});
    std::string url = server.url();
    url.replace(0, 4, "https");
    QVERIFY(!ask(client, {"GET", url, {}, {}}).trouble.empty());
}

QTEST_GUILESS_MAIN(TestWebClient)
#include "tst_web_client.moc"
