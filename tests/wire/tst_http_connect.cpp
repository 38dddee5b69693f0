#include <sallyport/wire/http_connect.h>

#include <QTest>

using namespace sallyport;
using namespace sallyport::wire;

class TestHttpConnect : public QObject
{
    Q_OBJECT

private slots:
    void asksForTheHostAndPort();
    void putsAnIpv6AddressInBrackets();
    void sendsBasicCredentials();
    void takesAnySuccessAtEverySplit();
    void leavesTheTunnelsBytesAlone();
    void readsOverInterimAnswers();
    void doesNotReadInterimAnswersForEver();
    void toldWhenCredentialsAreMissing();
    void tellsTheStatusOfARefusal();
    void refusesWhatIsNotHttp();
    void refusesAHeadWithoutEnd();
};

void TestHttpConnect::asksForTheHostAndPort()
{
    QCOMPARE(connectRequest("relay.example.com", 443),
             "CONNECT relay.example.com:443 HTTP/1.1\r\nHost: relay.example.com:443\r\n\r\n");
}

void TestHttpConnect::putsAnIpv6AddressInBrackets()
{
    QVERIFY(
        connectRequest("2001:db8::1", 7000).starts_with("CONNECT [2001:db8::1]:7000 HTTP/1.1\r\n"));
}

void TestHttpConnect::sendsBasicCredentials()
{
    // RFC 7617, section 2
    const std::string request =
        connectRequest("a", 1, ProxyCredentials{"Aladdin", Secret("open sesame")});
    QVERIFY(
        request.ends_with("\r\nProxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n"));
}

void TestHttpConnect::takesAnySuccessAtEverySplit()
{
    const std::string answer = "HTTP/1.0 299 Fine\r\nVia: x\r\n\r\n";
    for (size_t split = 0; split <= answer.size(); ++split) {
        ConnectResponse response;
        QCOMPARE(response.feed(asBytes(answer).first(split)).value(), split);
        QCOMPARE(response.feed(asBytes(answer).subspan(split)).value(), answer.size() - split);
        QVERIFY(response.done());
        QCOMPARE(response.status(), 299);
    }
}

void TestHttpConnect::leavesTheTunnelsBytesAlone()
{
    ConnectResponse response;
    const std::string head = "HTTP/1.1 200 OK\r\n\r\n";
    QCOMPARE(response.feed(asBytes(head + "\x16\x03\x01")).value(), head.size());
    QCOMPARE(response.feed(asBytes("more")).value(), 0u);
}

void TestHttpConnect::readsOverInterimAnswers()
{
    ConnectResponse response;
    const std::string answer =
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n";
    QCOMPARE(response.feed(asBytes(answer)).value(), answer.size());
    QVERIFY(response.done());
}

void TestHttpConnect::doesNotReadInterimAnswersForEver()
{
    ConnectResponse response;
    std::string answer;
    for (int i = 0; i < 9; ++i)
        answer += "HTTP/1.1 100 Continue\r\n\r\n";
    QVERIFY(response.feed(asBytes(answer)).error() == ConnectError::BadHead);
}

void TestHttpConnect::toldWhenCredentialsAreMissing()
{
    ConnectResponse response;
    const auto fed = response.feed(
        asBytes("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n"));
    QVERIFY(fed.error() == ConnectError::AuthRequired);
    QCOMPARE(response.status(), 407);
}

void TestHttpConnect::tellsTheStatusOfARefusal()
{
    for (const int status : {302, 403, 502, 503}) {
        ConnectResponse response;
        const std::string answer = "HTTP/1.1 " + std::to_string(status) + " No\r\n\r\n";
        QVERIFY(response.feed(asBytes(answer)).error() == ConnectError::Refused);
        QCOMPARE(response.status(), status);
        QVERIFY(!response.done());
    }
}

void TestHttpConnect::refusesWhatIsNotHttp()
{
    ConnectResponse response;
    QVERIFY(response.feed(asBytes("SSH-2.0-x\r\n\r\n")).error() == ConnectError::BadHead);
}

void TestHttpConnect::refusesAHeadWithoutEnd()
{
    ConnectResponse response;
    QVERIFY(response.feed(asBytes(std::string(MaxHandshakeHead, 'x'))).error() ==
            ConnectError::BadHead);
}

QTEST_APPLESS_MAIN(TestHttpConnect)
#include "tst_http_connect.moc"
