#include "vectors.h"

#include <sallyport/jose/json.h>

#include <QtTest>

using namespace sallyport;
using namespace sallyport::jose;

class TestKey : public QObject
{
    Q_OBJECT

private slots:
    void verifiesTheExampleOfRfc8037();
    void aSecretServesWhatItIsLongEnoughFor();
    void refusesSecrets_data();
    void refusesSecrets();
    void refusesKeys_data();
    void refusesKeys();
    void readsPem();
    void aPrivateKeyInPemServesForChecking();
    void theKeysOwnAlgorithmNarrowsIt();
    void leavesOutKeysThatCannotBeUsed();
    void limitsTheNumberOfKeys();
};

namespace {

Result<Key, std::string> fromText(std::string_view jwk)
{
    return Key::fromJwk(*parseJson(jwk));
}

constexpr std::string_view EcPem = R"(-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV7
6e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==
-----END PUBLIC KEY-----
)";
constexpr std::string_view EdPrivatePem = R"(-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
)";
constexpr std::string_view EdMessage = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
constexpr std::string_view EdSignature =
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

} // namespace

void TestKey::verifiesTheExampleOfRfc8037()
{
    const auto key = fromText(RfcEdJwk);
    QVERIFY(key.ok());
    const std::string signature = *wire::fromBase64Url(EdSignature);
    QVERIFY(key->verify(Algorithm::EdDSA, EdMessage, signature));
    QVERIFY(!key->verify(Algorithm::EdDSA, std::string(EdMessage) + "x", signature));
    QVERIFY(!key->verify(Algorithm::ES256, EdMessage, signature));
    QVERIFY(!key->verify(Algorithm::EdDSA, EdMessage, signature.substr(1)));
}

void TestKey::aSecretServesWhatItIsLongEnoughFor()
{
    const auto serves = [](size_t size) {
        std::string secret;
        for (size_t i = 0; i < size; ++i)
            secret += char('0' + (i * i + i / 7) % 67);
        const auto key = Key::fromSecret(secret);
        std::string names;
        for (const Algorithm algorithm : AllAlgorithms)
            if (key.ok() && key->serves(algorithm))
                names += std::string(toText(algorithm)) + " ";
        return names;
    };
    QCOMPARE(serves(31), "");
    QCOMPARE(serves(32), "HS256 ");
    QCOMPARE(serves(48), "HS256 HS384 ");
    QCOMPARE(serves(64), "HS256 HS384 HS512 ");
    QCOMPARE(serves(4097), "");
}

void TestKey::refusesSecrets_data()
{
    QTest::addColumn<QByteArray>("secret");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("one character") << QByteArray(40, 'x');
    QTest::newRow("a word repeated") << QByteArray("secret").repeated(8);
    QTest::newRow("a default, filled up") << QByteArray("defaultjwtsecret0000000000000000");
    QTest::newRow("a default in capitals") << QByteArray("CHANGEME") + QByteArray(30, '.');
    QTest::newRow("a public key") << QByteArray(EcPem.data(), qsizetype(EcPem.size()));
}

void TestKey::refusesSecrets()
{
    QFETCH(QByteArray, secret);
    const auto key = Key::fromSecret(secret.toStdString());
    QVERIFY(!key.ok());
    // What was refused is not repeated.
    QVERIFY(secret.isEmpty() || key.error().find(secret.toStdString()) == std::string::npos);
}

void TestKey::refusesKeys_data()
{
    QTest::addColumn<QByteArray>("jwk");
    QTest::newRow("no type") << QByteArray(R"({"n":"AQAB"})");
    QTest::newRow("another type") << QByteArray(R"({"kty":"dsa"})");
    QTest::newRow("RSA of 1024 bits")
        << QByteArray(R"({"kty":"RSA","e":"AQAB","n":")") + QByteArray(171, 'z') + "\"}";
    QTest::newRow("RSA of 16384 bits")
        << QByteArray(R"({"kty":"RSA","e":"AQAB","n":")") + QByteArray(2731, 'z') + "\"}";
    QTest::newRow("RSA with exponent 1")
        << QByteArray(R"({"kty":"RSA","e":"AQ","n":")") + QByteArray(342, 'z') + "\"}";
    QTest::newRow("a point off the curve") << QByteArray(
        R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"})");
    QTest::newRow("P-384") << QByteArray(R"({"kty":"EC","crv":"P-384","x":"AA","y":"AA"})");
    QTest::newRow("Ed448") << QByteArray(R"({"kty":"OKP","crv":"Ed448","x":"AA"})");
    QTest::newRow("padded base64") << QByteArray(
        R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo="})");
    QTest::newRow("for encryption") << QByteArray(
        R"({"kty":"OKP","crv":"Ed25519","use":"enc","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})");
    QTest::newRow("for another operation") << QByteArray(
        R"({"kty":"OKP","crv":"Ed25519","key_ops":["wrapKey"],"x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})");
    QTest::newRow("of another algorithm") << QByteArray(
        R"({"kty":"OKP","crv":"Ed25519","alg":"HS256","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})");
    QTest::newRow("a short secret") << QByteArray(R"({"kty":"oct","k":"c2hvcnQ"})");
}

void TestKey::refusesKeys()
{
    QFETCH(QByteArray, jwk);
    QVERIFY(!fromText(jwk.toStdString()).ok());
}

void TestKey::readsPem()
{
    const auto key = Key::fromPem(EcPem);
    QVERIFY(key.ok());
    QVERIFY(key->serves(Algorithm::ES256));
    QVERIFY(!key->serves(Algorithm::HS256));
    QVERIFY(!key->isSecret());
    const std::string text = std::string(RfcEsHeader) + "." + std::string(RfcPayload);
    QVERIFY(key->verify(Algorithm::ES256, text, *wire::fromBase64Url(RfcEsSignature)));
    // It signs nothing, least of all with itself as the secret.
    QVERIFY(key->sign(Algorithm::HS256, text).empty());
    QVERIFY(!Key::fromPem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n").ok());
    QVERIFY(!Key::fromPem("").ok());
}

void TestKey::aPrivateKeyInPemServesForChecking()
{
    const auto key = Key::fromPem(EdPrivatePem);
    QVERIFY(key.ok());
    QVERIFY(key->verify(Algorithm::EdDSA, EdMessage, *wire::fromBase64Url(EdSignature)));
}

void TestKey::theKeysOwnAlgorithmNarrowsIt()
{
    std::string jwk(RfcSecretJwk);
    jwk.insert(jwk.size() - 1, R"(,"alg":"HS512")");
    const auto key = fromText(jwk);
    QVERIFY(key.ok());
    QVERIFY(key->serves(Algorithm::HS512));
    QVERIFY(!key->serves(Algorithm::HS256));
}

void TestKey::leavesOutKeysThatCannotBeUsed()
{
    std::vector<std::string> leftOut;
    const auto set = KeySet::fromJwks(jwks(R"({"kty":"what"},)" + std::string(RfcEdJwk)), &leftOut);
    QVERIFY(set.ok());
    QCOMPARE(set->keys().size(), 1u);
    QCOMPARE(leftOut.size(), 1u);
    QVERIFY(!KeySet::fromJwks(jwks(R"({"kty":"what"})")).ok());
    QVERIFY(!KeySet::fromJwks(jwks("")).ok());
    QVERIFY(!KeySet::fromJwks("[]").ok());
    QVERIFY(!KeySet::fromJwks("<html>").ok());
}

void TestKey::limitsTheNumberOfKeys()
{
    std::string keys(RfcEdJwk);
    for (size_t i = 1; i < KeySet::MaxKeys; ++i)
        keys += "," + std::string(RfcEdJwk);
    QVERIFY(KeySet::fromJwks(jwks(keys)).ok());
    QVERIFY(!KeySet::fromJwks(jwks(keys + "," + std::string(RfcEdJwk))).ok());
    QVERIFY(!KeySet::fromJwks(std::string(KeySet::MaxBytes + 1, ' ')).ok());
}

QTEST_APPLESS_MAIN(TestKey)
#include "tst_key.moc"
