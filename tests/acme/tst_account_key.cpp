// The account's key, its signatures, certificate requests and challenge certificates.
#include <sallyport/acme/account_key.h>
#include <sallyport/acme/certificate_request.h>
#include <sallyport/acme/challenge.h>
#include <sallyport/acme/renewal.h>
#include <sallyport/tls/keys.h>
#include <sallyport/wire/base64.h>

#include <QTest>

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <nlohmann/json.hpp>

using namespace sallyport;
using namespace sallyport::acme;

class TestAccountKey : public QObject
{
    Q_OBJECT

private slots:
    void comesBackFromItsFile();
    void refusesOtherKeys_data();
    void refusesOtherKeys();
    void hasTheThumbprintOfItsPublicKey();
    void signsSoThatOpensslAgrees();
    void makesRequestsOfEveryKeyType_data();
    void makesRequestsOfEveryKeyType();
    void makesChallengeCertificates();
    void namesCertificatesAsTheRfcDoes();
};

void TestAccountKey::comesBackFromItsFile()
{
    const auto key = AccountKey::make();
    QVERIFY(key.ok());
    const auto again = AccountKey::fromPem(key->toPem().reveal());
    QVERIFY(again.ok());
    QCOMPARE(again->thumbprint(), key->thumbprint());
}

void TestAccountKey::refusesOtherKeys_data()
{
    QTest::addColumn<QString>("pem");
    const auto pem = [](KeyType type) {
        return QString::fromStdString(std::string(makeKey(type).value().reveal()));
    };
    QTest::newRow("nothing") << "";
    QTest::newRow("text") << "hello";
    QTest::newRow("P-384") << pem(KeyType::EcP384);
    QTest::newRow("RSA") << pem(KeyType::Rsa2048);
}

void TestAccountKey::refusesOtherKeys()
{
    QFETCH(QString, pem);
    QVERIFY(!AccountKey::fromPem(pem.toStdString()).ok());
}

void TestAccountKey::hasTheThumbprintOfItsPublicKey()
{
    const auto key = AccountKey::make().value();
    const auto json = nlohmann::json::parse(key.jwk());
    QCOMPARE(wire::fromBase64Url(json.at("x").get<std::string>())->size(), size_t(32));
    QCOMPARE(json.at("crv").get<std::string>(), std::string("P-256"));
    // RFC 7638: the members in lexicographic order, without blanks.
    QCOMPARE(json.dump(), key.jwk());
    QCOMPARE(key.keyAuthorization("tok"), "tok." + key.thumbprint());
    QCOMPARE(key.thumbprint().size(), size_t(43));
}

void TestAccountKey::signsSoThatOpensslAgrees()
{
    const auto key = AccountKey::make().value();
    const Secret pem = key.toPem();
    // Often enough to meet numbers with leading zeros.
    for (int i = 0; i < 300; ++i) {
        const auto jws = nlohmann::json::parse(key.sign("{\"n\":" + std::to_string(i) + "}", "p"));
        const std::string input =
            jws.at("protected").get<std::string>() + "." + jws.at("payload").get<std::string>();
        const std::string raw = *wire::fromBase64Url(jws.at("signature").get<std::string>());
        QCOMPARE(raw.size(), size_t(64));
        const auto* bytes = reinterpret_cast<const unsigned char*>(raw.data());
        ECDSA_SIG* signature = ECDSA_SIG_new();
        ECDSA_SIG_set0(signature, BN_bin2bn(bytes, 32, nullptr),
                       BN_bin2bn(bytes + 32, 32, nullptr));
        unsigned char* der = nullptr;
        const int size = i2d_ECDSA_SIG(signature, &der);
        ECDSA_SIG_free(signature);
        BIO* in = BIO_new_mem_buf(pem.reveal().data(), int(pem.reveal().size()));
        EVP_PKEY* pkey = PEM_read_bio_PrivateKey(in, nullptr, nullptr, nullptr);
        EVP_MD_CTX* context = EVP_MD_CTX_new();
        EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, pkey);
        const int good =
            EVP_DigestVerify(context, der, size_t(size),
                             reinterpret_cast<const unsigned char*>(input.data()), input.size());
        EVP_MD_CTX_free(context);
        EVP_PKEY_free(pkey);
        BIO_free(in);
        OPENSSL_free(der);
        QCOMPARE(good, 1);
    }
}

void TestAccountKey::makesRequestsOfEveryKeyType_data()
{
    QTest::addColumn<int>("type");
    QTest::newRow("P-256") << int(KeyType::EcP256);
    QTest::newRow("P-384") << int(KeyType::EcP384);
    QTest::newRow("RSA-2048") << int(KeyType::Rsa2048);
}

void TestAccountKey::makesRequestsOfEveryKeyType()
{
    QFETCH(int, type);
    const Secret key = makeKey(KeyType(type)).value();
    const std::string longName = std::string(60, 'a') + "." + std::string(60, 'b') + ".example";
    const auto text = makeRequest(key, {"*.example.com", longName});
    QVERIFY(text.ok());
    const std::string der = *wire::fromBase64Url(*text);
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    X509_REQ* request = d2i_X509_REQ(nullptr, &at, long(der.size()));
    QVERIFY(request);
    QCOMPARE(X509_REQ_verify(request, X509_REQ_get0_pubkey(request)), 1);
    auto* extensions = X509_REQ_get_extensions(request);
    auto* names = static_cast<GENERAL_NAMES*>(
        X509V3_get_d2i(extensions, NID_subject_alt_name, nullptr, nullptr));
    QCOMPARE(sk_GENERAL_NAME_num(names), 2);
    GENERAL_NAMES_free(names);
    sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
    X509_REQ_free(request);
}

void TestAccountKey::makesChallengeCertificates()
{
    const auto key = AccountKey::make().value();
    const Challenge challenge{ChallengeType::TlsAlpn01, "app.example.com", "tok",
                              key.keyAuthorization("tok")};
    const auto now = std::chrono::system_clock::now();
    const auto pair = challenge.certificate(now);
    QVERIFY(pair.ok());
    const auto leaf = tls::checkKeyPair(*pair, now);
    QVERIFY(leaf.ok());
    QCOMPARE(leaf.value().names, std::vector<std::string>{"app.example.com"});
    BIO* in = BIO_new_mem_buf(pair->chainPem.data(), -1);
    X509* x509 = PEM_read_bio_X509(in, nullptr, nullptr, nullptr);
    ASN1_OBJECT* id = OBJ_txt2obj("1.3.6.1.5.5.7.1.31", 1);
    const int place = X509_get_ext_by_OBJ(x509, id, -1);
    QVERIFY(place >= 0);
    X509_EXTENSION* extension = X509_get_ext(x509, place);
    QCOMPARE(X509_EXTENSION_get_critical(extension), 1);
    const ASN1_OCTET_STRING* value = X509_EXTENSION_get_data(extension);
    QCOMPARE(ASN1_STRING_length(value), 34);
    const auto digest = *wire::fromBase64Url(challenge.dnsValue()); // the same digest
    QCOMPARE(std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)) + 2, 32),
             digest);
    ASN1_OBJECT_free(id);
    X509_free(x509);
    BIO_free(in);
}

// The certificate and identifier of RFC 9773, appendix A.
void TestAccountKey::namesCertificatesAsTheRfcDoes()
{
    const std::string pem = "-----BEGIN CERTIFICATE-----\n"
                            "MIIBQzCB66ADAgECAgUAh2VDITAKBggqhkjOPQQDAjAVMRMwEQYDVQQDEwpFeGFt\n"
                            "cGxlIENBMCIYDzAwMDEwMTAxMDAwMDAwWhgPMDAwMTAxMDEwMDAwMDBaMBYxFDAS\n"
                            "BgNVBAMTC2V4YW1wbGUuY29tMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEeBZu\n"
                            "7cbpAYNXZLbbh8rNIzuOoqOOtmxA1v7cRm//AwyMwWxyHz4zfwmBhcSrf47NUAFf\n"
                            "qzLQ2PPQxdTXREYEnKMjMCEwHwYDVR0jBBgwFoAUaYhba4dGQEHhs3uEe6CuLN4B\n"
                            "yNQwCgYIKoZIzj0EAwIDRwAwRAIge09+S5TZAlw5tgtiVvuERV6cT4mfutXIlwTb\n"
                            "+FYN/8oCIClDsqBklhB9KAelFiYt9+6FDj3z4KGVelYM5MdsO3pK\n"
                            "-----END CERTIFICATE-----\n";
    QCOMPARE(certificateId(pem).value_or(""), std::string("aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE"));
    QVERIFY(!certificateId("nonsense"));
    // A self-signed certificate of ours names no issuer's key.
    tls::SelfSignedOptions options;
    options.notBefore = std::chrono::system_clock::now();
    QVERIFY(!certificateId(tls::makeSelfSigned(options).value().chainPem));
}

QTEST_APPLESS_MAIN(TestAccountKey)
#include "tst_account_key.moc"
