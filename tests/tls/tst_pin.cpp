// Pins as text.
#include <sallyport/tls/certificate.h>

#include <QTest>

using namespace sallyport;
using namespace sallyport::tls;

class TestPin : public QObject
{
    Q_OBJECT

private slots:
    void isHashedOverTheWholePublicKeyInfo();
    void survivesTheWayThroughText();
    void refusesOtherText_data();
    void refusesOtherText();
};

// Made with `openssl req -x509 -newkey ec ...`; its pin with `openssl x509 -pubkey -noout |
// openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | basenc --base64url`.
static const char* const Known = R"(-----BEGIN CERTIFICATE-----
MIIBdTCCARugAwIBAgIUdM5GxDowgOtKCqi0T2MCCFnT2hgwCgYIKoZIzj0EAwIw
EDEOMAwGA1UEAwwFa25vd24wHhcNMjYxMTIxMDk0MzMzWhcNMzYxMTE4MDk0MzMz
WjAQMQ4wDAYDVQQDDAVrbm93bjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABKGa
Zxli7dz+aTSaHIIoyYqT+AjNYatl+ubuhP7BuwI49l6ik4vHMCD3XLm4OB/SEKoe
i6CP1Q7SC7pFaXCqlrijUzBRMB0GA1UdDgQWBBTtyg8nlkVf09c3gR5516Yijo0a
BTAfBgNVHSMEGDAWgBTtyg8nlkVf09c3gR5516Yijo0aBTAPBgNVHRMBAf8EBTAD
AQH/MAoGCCqGSM49BAMCA0gAMEUCIQD/p16wBNk9tZzeRZdT24lfv9HJyIGeDf45
EO7X3D4zqgIgXPTjpT66xFiXWliiEWqEmiXZT30Y4t5u9FiWhV4WL3Q=
-----END CERTIFICATE-----
)";

void TestPin::isHashedOverTheWholePublicKeyInfo()
{
    QCOMPARE(spkiPin(Known).value().toString(),
             std::string("sha256:3fBjyLUU8Nn9MioS6eZ3pjAOqBK9jfzHubw1_hmUdsk"));
}

void TestPin::survivesTheWayThroughText()
{
    SpkiPin pin;
    for (size_t i = 0; i < pin.sha256.size(); ++i)
        pin.sha256[i] = static_cast<std::byte>(i * 37 + 200);
    const std::string text = pin.toString();
    QCOMPARE(text.size(), size_t(50));
    QVERIFY(SpkiPin::fromString(text) == pin);
    QCOMPARE(SpkiPin().toString(), "sha256:" + std::string(43, 'A'));
}

void TestPin::refusesOtherText_data()
{
    QTest::addColumn<QString>("text");
    const QString good(43, 'A');
    QTest::newRow("empty") << "";
    QTest::newRow("no prefix") << good;
    QTest::newRow("another hash") << "sha512:" + good;
    QTest::newRow("short") << "sha256:" + good.left(42);
    QTest::newRow("long") << "sha256:" + good + "A";
    QTest::newRow("padded") << "sha256:" + good + "=";
    QTest::newRow("plain base64") << "sha256:" + good.left(42) + "/";
    QTest::newRow("space") << "sha256:" + good.left(42) + " ";
    QTest::newRow("bits left over") << "sha256:" + good.left(42) + "B";
    QTest::newRow("upper case") << "SHA256:" + good;
}

void TestPin::refusesOtherText()
{
    QFETCH(QString, text);
    QVERIFY(!SpkiPin::fromString(text.toStdString()).has_value());
}

QTEST_APPLESS_MAIN(TestPin)
#include "tst_pin.moc"
