#include <sallyport/jose/claims.h>

#include <QtTest>

using namespace sallyport;
using namespace sallyport::jose;
using std::chrono::seconds;

class TestClaims : public QObject
{
    Q_OBJECT

private slots:
    void judges_data();
    void judges();
    void expiryMayBeLeftOutWhereThatIsConfigured();
    void givesTheTimes();
    void limitsTheLifetime();

private:
    const Seconds m_now{seconds(1'000'000)};
};

namespace {

ClaimRules rules()
{
    ClaimRules rules;
    rules.issuers = {"idp", "other"};
    rules.audiences = {"sallyport"};
    return rules;
}

} // namespace

void TestClaims::judges_data()
{
    QTest::addColumn<QByteArray>("payload");
    QTest::addColumn<QByteArray>("answer");
    const auto row = [](const char* payload, const char* answer) {
        QTest::newRow(payload) << QByteArray(payload) << QByteArray(answer);
    };
    row(R"({"iss":"idp","aud":"sallyport","exp":1000060})", "good");
    row(R"({"iss":"other","aud":["x","sallyport"],"exp":1000060.5})", "good");
    row(R"({"iss":"idp","aud":"sallyport","exp":999971})", "good"); // within the skew
    row(R"({"iss":"idp","aud":"sallyport","exp":999970})", "expired");
    row(R"({"iss":"idp","aud":"sallyport","exp":0})", "expired");
    row(R"({"iss":"idp","aud":"sallyport","exp":-1})", "expired");
    row(R"({"iss":"idp","aud":"sallyport"})", "missing_expiry");
    row(R"({"iss":"idp","aud":"sallyport","exp":null})", "missing_expiry");
    row(R"({"iss":"idp","aud":"sallyport","exp":"1000060"})", "bad_claims");
    row(R"({"iss":"idp","aud":"sallyport","exp":1e300})", "bad_claims");
    row(R"({"iss":"idp","aud":"sallyport","exp":9223372036854775807})", "bad_claims");
    row(R"({"iss":"idp","aud":"sallyport","exp":true})", "bad_claims");
    row(R"({"iss":"idp","aud":"sallyport","exp":1000060,"nbf":1000030})", "good");
    row(R"({"iss":"idp","aud":"sallyport","exp":1000060,"nbf":1000031})", "not_yet_valid");
    row(R"({"iss":"idp","aud":"sallyport","exp":1000060,"nbf":"x"})", "bad_claims");
    row(R"({"iss":"evil","aud":"sallyport","exp":1000060})", "bad_issuer");
    row(R"({"iss":["idp"],"aud":"sallyport","exp":1000060})", "bad_issuer");
    row(R"({"aud":"sallyport","exp":1000060})", "bad_issuer");
    row(R"({"iss":"idp","aud":"else","exp":1000060})", "bad_audience");
    row(R"({"iss":"idp","aud":[],"exp":1000060})", "bad_audience");
    row(R"({"iss":"idp","aud":[1],"exp":1000060})", "bad_audience");
    row(R"({"iss":"idp","exp":1000060})", "bad_audience");
}

void TestClaims::judges()
{
    QFETCH(QByteArray, payload);
    QFETCH(QByteArray, answer);
    const auto result = checkClaims(*parseJson(payload.toStdString()), rules(), m_now);
    QCOMPARE(result ? std::string_view("good") : code(result.error()), answer.toStdString());
}

void TestClaims::expiryMayBeLeftOutWhereThatIsConfigured()
{
    ClaimRules lax;
    lax.expiryRequired = false;
    QVERIFY(checkClaims(*parseJson("{}"), lax, m_now).ok());
    // One that is there still counts.
    QVERIFY(!checkClaims(*parseJson(R"({"exp":1})"), lax, m_now).ok());
}

void TestClaims::givesTheTimes()
{
    const auto times =
        checkClaims(*parseJson(R"({"exp":1000060,"iat":999000})"), ClaimRules(), m_now);
    QVERIFY(times.ok());
    QVERIFY(times->expires == m_now + seconds(60));
    QVERIFY(times->issued == m_now - seconds(1000));
}

void TestClaims::limitsTheLifetime()
{
    ClaimRules strict;
    strict.maxLifetime = seconds(3600);
    const auto good = [&](const char* payload) {
        return checkClaims(*parseJson(payload), strict, m_now).ok();
    };
    QVERIFY(good(R"({"exp":1003600})"));
    QVERIFY(!good(R"({"exp":1003601})"));
    QVERIFY(good(R"({"iat":999000,"exp":1002600})"));
    QVERIFY(!good(R"({"iat":999000,"exp":1002601})"));
    // Made in the future, to hide how long it lives.
    QVERIFY(!good(R"({"iat":1003000,"exp":1006000})"));
}

QTEST_APPLESS_MAIN(TestClaims)
#include "tst_claims.moc"
