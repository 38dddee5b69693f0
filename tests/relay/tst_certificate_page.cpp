// What visitors hear on plain HTTP while certificates are obtained.
#include "visitors/acme_answers.h"

#include <sallyport/http/head_reader.h>

#include <QTest>

using namespace sallyport;
using namespace sallyport::relay;
using namespace std::chrono_literals;

class TestCertificatePage : public QObject
{
    Q_OBJECT

private slots:
    void answersChallengesOfOurOwn_data();
    void answersChallengesOfOurOwn();
    void tellsHowLongItHasWaited();
    void tellsWhatTheAuthoritySaid();
};

void TestCertificatePage::answersChallengesOfOurOwn_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("ending"); // empty: not ours
    QTest::newRow("ours") << QByteArray("GET /.well-known/acme-challenge/tok HTTP/1.1")
                          << QByteArray("Content-Length: 11\r\n\r\ntok.account");
    QTest::newRow("head alone") << QByteArray("HEAD /.well-known/acme-challenge/tok HTTP/1.1")
                                << QByteArray("Content-Length: 11\r\n\r\n");
    QTest::newRow("HTTP/1.0") << QByteArray("GET /.well-known/acme-challenge/tok HTTP/1.0")
                              << QByteArray("Connection: close\r\n\r\ntok.account");
    QTest::newRow("another token")
        << QByteArray("GET /.well-known/acme-challenge/other HTTP/1.1") << QByteArray();
    QTest::newRow("no token") << QByteArray("GET /.well-known/acme-challenge/ HTTP/1.1")
                              << QByteArray();
    QTest::newRow("longer") << QByteArray("GET /.well-known/acme-challenge/tok/x HTTP/1.1")
                            << QByteArray();
    QTest::newRow("another method")
        << QByteArray("POST /.well-known/acme-challenge/tok HTTP/1.1") << QByteArray();
}

void TestCertificatePage::answersChallengesOfOurOwn()
{
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, ending);
    AcmeState state;
    state.answers["tok"] = "tok.account";
    const std::string text = line.toStdString() + "\r\nHost: app.example.com\r\n\r\n";
    http::RequestReader reader;
    http::RequestHead head;
    QVERIFY(reader.read(asBytes(text), head) == http::ReadStatus::Complete);
    const auto answer = challengeAnswer(state, head);
    QCOMPARE(answer.has_value(), !ending.isEmpty());
    if (answer)
        QVERIFY2(QByteArray::fromStdString(*answer).endsWith(ending), answer->c_str());
    QVERIFY(!challengeAnswer(AcmeState(), head));
}

void TestCertificatePage::tellsHowLongItHasWaited()
{
    const tls::SystemTime now{1'000'000s};
    const CertificatePage page({now - 17s, "", {}}, now);
    QCOMPARE(page.answer().status, 503u);
    QCOMPARE(page.answer().code, std::string_view("certificate-pending"));
    QVERIFY(page.answer().advice.find("17 seconds") != std::string_view::npos);
    QVERIFY(page.answer().retryAfter && page.answer().refresh);
    const std::string html = http::errorResponse(page.answer(), {.html = true});
    QVERIFY(html.find("<meta http-equiv=\"refresh\" content=\"2\">") != std::string::npos);
}

void TestCertificatePage::tellsWhatTheAuthoritySaid()
{
    const tls::SystemTime now{1'000'000s};
    const CertificatePage page({now - 1h, "rateLimited: too <many>", now + 10h}, now);
    QCOMPARE(page.answer().code, std::string_view("certificate-error"));
    QVERIFY(page.answer().advice.find("10 hours") != std::string_view::npos);
    QCOMPARE(page.answer().retryAfter->count(), 3600);
    QCOMPARE(page.answer().refresh->count(), 30);
    const std::string html = http::errorResponse(page.answer(), {.html = true});
    QVERIFY(html.find("too &lt;many&gt;") != std::string::npos);
    // A try that is due.
    QCOMPARE(CertificatePage({now, "x", now - 1s}, now).answer().retryAfter->count(), 2);
}

QTEST_APPLESS_MAIN(TestCertificatePage)
#include "tst_certificate_page.moc"
