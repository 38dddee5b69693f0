// Making, reading and refusing keys and certificates.
#include "engine_pair.h"
#include "test_ca.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace sallyport;
using namespace sallyport::tls;
using namespace sallyport::tls::test;

class TestKeys : public QObject
{
    Q_OBJECT

private slots:
    void makesAKeyWithItsCertificate();
    void makesAnotherKeyEachTime();
    void refusesBadNames_data();
    void refusesBadNames();
    void readsACertificate();
    void holdsTimesBeyondTheClocksRange();
    void acceptsAChainWithItsKey();
    void refusesPairs_data();
    void refusesPairs();
    void refusesAPairOutOfItsTime();
    void loadsFilesAndNamesTheBadOne();
    void boundsWhatItReads();
    void givesNoContextWithoutGoodKeys();
};

static SystemTime now()
{
    return std::chrono::system_clock::now();
}

void TestKeys::makesAKeyWithItsCertificate()
{
    SelfSignedOptions options;
    options.commonName = "Relay, of \"Example\"";
    options.names = {"relay.example.com", "*.example.com", "127.0.0.1", "2001:db8::7"};
    options.notBefore = daysAgo(0);
    const auto pair = makeSelfSigned(options);
    QVERIFY(pair.ok());
    const auto leaf = checkKeyPair(pair.value(), now());
    QVERIFY(leaf.ok());
    const Certificate& certificate = leaf.value();
    QCOMPARE(certificate.subject, std::string("CN=Relay\\, of \\\"Example\\\""));
    QCOMPARE(certificate.issuer, certificate.subject);
    const std::vector<std::string> names = {"relay.example.com", "*.example.com", "127.0.0.1",
                                            "2001:db8:0:0:0:0:0:7"};
    QVERIFY(certificate.names == names);
    const auto days =
        std::chrono::duration_cast<std::chrono::hours>(certificate.notAfter - certificate.notBefore)
            .count() /
        24;
    QCOMPARE(days, 3652);
}

void TestKeys::makesAnotherKeyEachTime()
{
    const KeyPair one = keysFor({}), two = keysFor({});
    QVERIFY(spkiPin(one.chainPem).value() != spkiPin(two.chainPem).value());
    QVERIFY(one.keyPem != two.keyPem);
}

void TestKeys::refusesBadNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("empty") << "";
    QTest::newRow("space") << "a b";
    QTest::newRow("more of OpenSSL's syntax") << "a.example,DNS:b.example";
    QTest::newRow("two dots") << "a..example";
    QTest::newRow("star inside") << "a.*.example";
    QTest::newRow("long label") << QString(64, 'a');
    QTest::newRow("long name") << QString("a.").repeated(130) + "a";
    QTest::newRow("port") << "a.example:443";
}

void TestKeys::refusesBadNames()
{
    QFETCH(QString, name);
    SelfSignedOptions options;
    options.names = {name.toStdString()};
    options.notBefore = now();
    const auto pair = makeSelfSigned(options);
    QVERIFY(!pair.ok());
    QCOMPARE(pair.error().code, ErrorCode::BadConfiguration);
}

void TestKeys::readsACertificate()
{
    const TestCa ca;
    const auto certificate = Certificate::fromPem(ca.issue("DNS:a.example,IP:192.0.2.1").chainPem);
    QVERIFY(certificate.ok());
    QCOMPARE(certificate.value().subject, std::string("CN=leaf"));
    QCOMPARE(certificate.value().issuer, std::string("CN=Test Intermediate"));
    QVERIFY(certificate.value().notBefore < now() && now() < certificate.value().notAfter);
    QVERIFY(certificate.value().der.size() > 200);
    QVERIFY(!Certificate::fromPem("").ok());
    QVERIFY(!spkiPin("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").ok());
}

void TestKeys::holdsTimesBeyondTheClocksRange()
{
    // RFC 5280 section 4.1.2.5: this stands for "no end".
    const KeyPair pair = keysFor({});
    BIO* in = BIO_new_mem_buf(pair.chainPem.data(), static_cast<int>(pair.chainPem.size()));
    X509* x509 = PEM_read_bio_X509(in, nullptr, nullptr, nullptr);
    ASN1_TIME_set_string_X509(X509_getm_notAfter(x509), "99991231235959Z");
    const auto certificate = Certificate::fromX509(x509);
    X509_free(x509);
    BIO_free(in);
    QVERIFY(certificate.has_value());
    QVERIFY(certificate->notAfter > SystemTime::max() - std::chrono::hours(1));
}

void TestKeys::acceptsAChainWithItsKey()
{
    const TestCa ca;
    QVERIFY(checkKeyPair(ca.issue("DNS:a.example"), now()).ok());
}

void TestKeys::refusesPairs_data()
{
    QTest::addColumn<QByteArray>("chain");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QByteArray>("says");
    const KeyPair good = keysFor({"a.example"}), other = keysFor({});
    const QByteArray chain(good.chainPem.c_str()), key(good.keyPem.c_str());
    const TestCa ca;
    const KeyPair issued = ca.issue("DNS:a.example", false);

    QTest::newRow("another key") << chain << QByteArray(other.keyPem.c_str())
                                 << ErrorCode::KeyMismatch << QByteArray("does not belong");
    QTest::newRow("chain in the wrong order")
        << QByteArray((ca.rootPem() + issued.chainPem).c_str()) << QByteArray(issued.keyPem.c_str())
        << ErrorCode::KeyMismatch << QByteArray("must begin with");
    QTest::newRow("files swapped") << key << chain << ErrorCode::BadPem
                                   << QByteArray("expected a certificate, found a private key");
    QTest::newRow("certificate twice") << chain << chain << ErrorCode::BadPem
                                       << QByteArray("expected a private key, found a certificate");
    QTest::newRow("empty certificate")
        << QByteArray() << key << ErrorCode::BadPem << QByteArray("no PEM block");
    QTest::newRow("empty key") << chain << QByteArray() << ErrorCode::BadPem
                               << QByteArray("no PEM block");
    QTest::newRow("damaged certificate") << QByteArray(chain).replace(100, 4, "!!!!") << key
                                         << ErrorCode::BadPem << QByteArray("damaged");
    QTest::newRow("damaged second certificate")
        << chain + QByteArray(chain).replace(100, 4, "!!!!") << key << ErrorCode::BadPem
        << QByteArray("certificate number 2");
    QTest::newRow("damaged key") << chain << QByteArray(key).replace(40, 8, "AAAAAAAA")
                                 << ErrorCode::BadPem << QByteArray("damaged");
    QTest::newRow("request") << QByteArray("-----BEGIN CERTIFICATE REQUEST-----\nAA==\n"
                                           "-----END CERTIFICATE REQUEST-----\n")
                             << key << ErrorCode::BadPem << QByteArray("request");
    QTest::newRow("encrypted key") << chain
                                   << QByteArray("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n"
                                                 "-----END ENCRYPTED PRIVATE KEY-----\n")
                                   << ErrorCode::EncryptedKey << QByteArray("pass phrase");
    QTest::newRow("endless chain")
        << chain.repeated(17) << key << ErrorCode::BadPem << QByteArray("more than 16");
}

void TestKeys::refusesPairs()
{
    QFETCH(QByteArray, chain);
    QFETCH(QByteArray, key);
    QFETCH(ErrorCode, code);
    QFETCH(QByteArray, says);
    const auto checked = checkKeyPair({chain.toStdString(), key.toStdString()}, now());
    QVERIFY(!checked.ok());
    QCOMPARE(checked.error().code, code);
    QVERIFY2(checked.error().message.find(says.toStdString()) != std::string::npos,
             checked.error().message.c_str());
}

void TestKeys::refusesAPairOutOfItsTime()
{
    const KeyPair pair = keysFor({}, daysAgo(1), std::chrono::hours(48));
    QVERIFY(checkKeyPair(pair, now()).ok());
    QCOMPARE(checkKeyPair(pair, daysAgo(-3)).error().code, ErrorCode::CertificateExpired);
    QCOMPARE(checkKeyPair(pair, daysAgo(3)).error().code, ErrorCode::CertificateNotYetValid);
}

void TestKeys::loadsFilesAndNamesTheBadOne()
{
    const QTemporaryDir folder;
    const auto put = [&](const char* name, const std::string& text) {
        QFile file(folder.filePath(name));
        if (file.open(QIODevice::WriteOnly))
            file.write(text.c_str(), static_cast<qint64>(text.size()));
        return file.fileName().toStdString();
    };
    const KeyPair pair = keysFor({});
    const std::string chain = put("chain.pem", pair.chainPem), key = put("key.pem", pair.keyPem);
    const auto loaded = loadKeyPair(chain, key, now());
    QVERIFY(loaded.ok());
    QCOMPARE(loaded.value().chainPem, pair.chainPem);

    const auto names = [](const Result<KeyPair, Error>& result, const std::string& file) {
        return !result.ok() && result.error().message.starts_with(file + ": ");
    };
    const std::string missing = chain + ".not";
    QVERIFY(names(loadKeyPair(missing, key, now()), missing));
    QCOMPARE(loadKeyPair(missing, key, now()).error().code, ErrorCode::Unreadable);
    QVERIFY(names(loadKeyPair(chain, chain, now()), chain));
    const std::string directory = folder.path().toStdString();
    QVERIFY(names(loadKeyPair(chain, directory, now()), directory));
    const std::string other = put("other.pem", keysFor({}).keyPem);
    QCOMPARE(loadKeyPair(chain, other, now()).error().code, ErrorCode::KeyMismatch);
    const std::string huge = put("huge.pem", std::string(1024 * 1024 + 1, 'x'));
    QVERIFY(names(loadKeyPair(huge, key, now()), huge));
}

void TestKeys::boundsWhatItReads()
{
    const std::string huge(1024 * 1024 + 1, 'x');
    QCOMPARE(checkKeyPair({huge, huge}, now()).error().code, ErrorCode::BadPem);
    QCOMPARE(checkKeyPair({relayKeys().chainPem, huge}, now()).error().code, ErrorCode::BadPem);
}

void TestKeys::givesNoContextWithoutGoodKeys()
{
    ServerConfig config;
    QCOMPARE(Context::server(config).error().code, ErrorCode::BadPem);
    config.keys = {relayKeys().chainPem, keysFor({}).keyPem};
    QCOMPARE(Context::server(config).error().code, ErrorCode::KeyMismatch);
    config.keys = relayKeys();
    config.requireAlpn = true;
    QCOMPARE(Context::server(config).error().code, ErrorCode::BadConfiguration);
    config.alpn = {std::string(256, 'x')};
    QCOMPARE(Context::server(config).error().code, ErrorCode::BadConfiguration);
    config.alpn = {"sallyport/1"};
    QVERIFY(Context::server(config).ok());
}

QTEST_APPLESS_MAIN(TestKeys)
#include "tst_keys.moc"
