#include "vectors.h"

#include <sallyport/jose/jws.h>
#include <sallyport/jose/mint.h>

#include <QCryptographicHash>
#include <QMessageAuthenticationCode>
#include <QtTest>

using namespace sallyport;
using namespace sallyport::jose;

class TestJws : public QObject
{
    Q_OBJECT

private slots:
    void verifiesTheExamplesOfRfc7515_data();
    void verifiesTheExamplesOfRfc7515();
    void noticesEveryChangedBit();
    void theHeaderAloneNeverDecidesTheAlgorithm_data();
    void theHeaderAloneNeverDecidesTheAlgorithm();
    void aPublicKeyIsNoSharedSecret();
    void picksTheKeyById();
    void triesKeysWithoutAnId();
    void refusesGarbage_data();
    void refusesGarbage();
    void refusesSignaturesOfTheWrongForm();
    void mintsWhatItVerifies();
    void knowsAJwtByItsForm();
};

namespace {

Key secretKey()
{
    return *Key::fromSecret(Secret48);
}

TokenError errorOf(std::string_view token, const KeySet& keys)
{
    const auto result = verifyJws(token, keys);
    return result ? TokenError::Expired : result.error(); // Expired is none of verifyJws()
}

} // namespace

void TestJws::verifiesTheExamplesOfRfc7515_data()
{
    QTest::addColumn<QByteArray>("jwk");
    QTest::addColumn<QByteArray>("token");
    const auto row = [](const char* name, std::string_view jwk, std::string_view header,
                        std::string_view signature) {
        QTest::newRow(name) << QByteArray::fromStdString(std::string(jwk))
                            << QByteArray::fromStdString(joined(header, RfcPayload, signature));
    };
    row("A.1 HS256", RfcSecretJwk, RfcHsHeader, RfcHsSignature);
    row("A.2 RS256", RfcRsaJwk, RfcRsHeader, RfcRsSignature);
    row("A.3 ES256", RfcEcJwk, RfcEsHeader, RfcEsSignature);
}

void TestJws::verifiesTheExamplesOfRfc7515()
{
    QFETCH(QByteArray, jwk);
    QFETCH(QByteArray, token);
    const KeySet keys = keySet(jwk.toStdString());
    const auto verified = verifyJws(token.toStdString(), keys);
    QVERIFY(verified.ok());
    QCOMPARE(verified->payload.textOf("iss"), "joe");
    QVERIFY(keys.holds(verified->signedBy));
    // Every other key refuses it.
    for (const std::string_view other : {RfcSecretJwk, RfcRsaJwk, RfcEcJwk, RfcEdJwk})
        if (jwk.toStdString() != other)
            QVERIFY(!verifyJws(token.toStdString(), keySet(other)).ok());
}

void TestJws::noticesEveryChangedBit()
{
    const KeySet keys = keySet(RfcEcJwk);
    const std::string good = joined(RfcEsHeader, RfcPayload, RfcEsSignature);
    for (size_t i = 0; i < good.size(); ++i) {
        std::string bad = good;
        bad[i] = char(bad[i] ^ 1);
        QVERIFY2(!verifyJws(bad, keys).ok(), std::to_string(i).c_str());
        QVERIFY(!verifyJws(good.substr(0, i), keys).ok());
    }
    QVERIFY(!verifyJws(good + "A", keys).ok());
}

void TestJws::theHeaderAloneNeverDecidesTheAlgorithm_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::newRow("none") << QByteArray(R"({"alg":"none"})");
    QTest::newRow("None") << QByteArray(R"({"alg":"None"})");
    QTest::newRow("no alg") << QByteArray(R"({"typ":"JWT"})");
    QTest::newRow("empty") << QByteArray(R"({"alg":""})");
    QTest::newRow("a list") << QByteArray(R"({"alg":["HS256"]})");
    QTest::newRow("lower case") << QByteArray(R"({"alg":"hs256"})");
    QTest::newRow("unknown") << QByteArray(R"({"alg":"RS1"})");
    QTest::newRow("another family") << QByteArray(R"({"alg":"RS256"})");
    QTest::newRow("longer than the secret allows") << QByteArray(R"({"alg":"HS512"})");
}

void TestJws::theHeaderAloneNeverDecidesTheAlgorithm()
{
    QFETCH(QByteArray, header);
    const KeySet keys({secretKey()});
    const std::string payload = R"({"sub":"a"})";
    QCOMPARE(errorOf(signedWith(secretKey(), header.toStdString(), payload), keys),
             TokenError::BadAlgorithm);
    QVERIFY(!verifyJws(base64(header.toStdString()) + "." + base64(payload) + ".", keys).ok());
}

// The classic attack: HMAC with the text of the public key, which everybody knows.
void TestJws::aPublicKeyIsNoSharedSecret()
{
    const std::string pem = "-----BEGIN PUBLIC KEY-----\n"
                            "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
                            "-----END PUBLIC KEY-----\n";
    const auto key = Key::fromPem(pem);
    QVERIFY(key.ok());
    QVERIFY(!Key::fromSecret(pem).ok());
    // Signed by hand with it, since our Key refuses.
    const std::string text = base64(R"({"alg":"HS256"})") + "." + base64(R"({"sub":"a"})");
    const QByteArray mac = QMessageAuthenticationCode::hash(QByteArray::fromStdString(text),
                                                            QByteArray::fromStdString(pem),
                                                            QCryptographicHash::Sha256);
    QCOMPARE(errorOf(text + "." + base64(mac.toStdString()), KeySet({*key})),
             TokenError::BadAlgorithm);
    // Nor when a secret is known beside it.
    QCOMPARE(errorOf(text + "." + base64(mac.toStdString()), KeySet({*key, secretKey()})),
             TokenError::BadSignature);
}

void TestJws::picksTheKeyById()
{
    std::string first(RfcSecretJwk);
    first.insert(first.size() - 1, R"(,"kid":"one")");
    KeySet keys = keySet(first);
    const Key key = keys.keys().front();
    const std::string payload = R"({"sub":"a"})";
    QVERIFY(verifyJws(signedWith(key, R"({"alg":"HS256","kid":"one"})", payload), keys).ok());
    QVERIFY(verifyJws(signedWith(key, R"({"alg":"HS256"})", payload), keys).ok());
    QCOMPARE(errorOf(signedWith(key, R"({"alg":"HS256","kid":"two"})", payload), keys),
             TokenError::UnknownKey);
    QCOMPARE(errorOf(signedWith(key, R"({"alg":"HS256","kid":1})", payload), keys),
             TokenError::Malformed);
}

void TestJws::triesKeysWithoutAnId()
{
    KeySet keys = keySet(RfcSecretJwk);
    keys.add(KeySet({secretKey()}));
    QVERIFY(verifyJws(signedWith(secretKey(), R"({"alg":"HS256","kid":"any"})", "{}"), keys).ok());
}

void TestJws::refusesGarbage_data()
{
    QTest::addColumn<QByteArray>("token");
    const auto row = [](const char* name, const std::string& token) {
        QTest::newRow(name) << QByteArray::fromStdString(token);
    };
    const std::string header = R"({"alg":"HS256"})";
    const auto made = [&](std::string_view h, std::string_view p) {
        return signedWith(secretKey(), h, p);
    };
    row("nothing", "");
    row("dots", "..");
    row("two parts", base64(header) + "." + base64("{}"));
    row("four parts", made(header, "{}") + ".AAAA");
    row("five parts, as encrypted tokens have", "a.b.c.d.e");
    row("a header that is no JSON", made("hello", "{}"));
    row("a header that is a list", made("[]", "{}"));
    row("alg twice", made(R"({"alg":"none","alg":"HS256"})", "{}"));
    row("a payload that is no object", made(header, "[1]"));
    row("a payload with a member twice", made(header, R"({"sub":"a","sub":"b"})"));
    row("crit", made(R"({"alg":"HS256","crit":["x"],"x":1})", "{}"));
    row("padding", made(header, "{}") + "=");
    row("standard base64", "+/+/.+/+/.+/+/");
    row("a line end", made(header, "{}") + "\n");
    row("a huge token", made(header, "{\"a\":\"" + std::string(20'000, 'x') + "\"}"));
    row("a huge header", made(R"({"alg":"HS256","a":")" + std::string(3000, 'x') + "\"}", "{}"));
    row("a deep payload",
        made(header, "{\"a\":" + std::string(30, '[') + std::string(30, ']') + "}"));
}

void TestJws::refusesGarbage()
{
    QFETCH(QByteArray, token);
    QCOMPARE(errorOf(token.toStdString(), KeySet({secretKey()})), TokenError::Malformed);
}

void TestJws::refusesSignaturesOfTheWrongForm()
{
    const KeySet keys = keySet(RfcEcJwk);
    const std::string raw = *wire::fromBase64Url(RfcEsSignature);
    // DER instead of r and s; zeroes; too long; empty.
    const std::string der = "\x30\x44\x02\x20" + raw.substr(0, 32) + "\x02\x20" + raw.substr(32);
    for (const std::string& bad :
         {der, std::string(64, '\0'), raw + "x", raw.substr(0, 63), std::string()})
        QCOMPARE(errorOf(joined(RfcEsHeader, RfcPayload, base64(bad)), keys),
                 TokenError::BadSignature);
}

void TestJws::mintsWhatItVerifies()
{
    const auto token = mint(secretKey(), {{"sub", Json(std::string("alice"))}});
    QVERIFY(token);
    const auto verified = verifyJws(token->reveal(), KeySet({secretKey()}));
    QVERIFY(verified.ok());
    QCOMPARE(verified->payload.textOf("sub"), "alice");
    QVERIFY(!mint(*Key::fromJwk(*parseJson(RfcEdJwk)), {}));
}

void TestJws::knowsAJwtByItsForm()
{
    QVERIFY(looksLikeJwt(joined(RfcEsHeader, RfcPayload, RfcEsSignature)));
    QVERIFY(!looksLikeJwt("spt_abcdef"));
    QVERIFY(!looksLikeJwt("a.b.c"));
    QVERIFY(!looksLikeJwt("ey.b."));
    QVERIFY(!looksLikeJwt("ey.b.c.d"));
    QVERIFY(!looksLikeJwt("eyJ.b c.d"));
}

QTEST_APPLESS_MAIN(TestJws)
#include "tst_jws.moc"
