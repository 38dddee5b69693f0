// What our authority makes, read by the openssl program, and the other way round.
#include "own_ca.h"

#include <sallyport/tls/private_key.h>

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace sallyport;
using namespace sallyport::tls;
using namespace sallyport::tls::test;

class TestAuthorityOpenssl : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void verifiesOurClientForItsPurposeAlone();
    void findsOurRevocation();
    void readsOurRequest();
    void opensOurKeyWithItsPassphrase();
    void makesRequestsThatWeCertify_data();
    void makesRequestsThatWeCertify();
    void revokesWithListsThatWeRead_data();
    void revokesWithListsThatWeRead();

private:
    QString file(const char* name) const { return m_folder.filePath(name); }
    void put(const char* name, const std::string& text) const
    {
        QFile out(file(name));
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(text.data(), qint64(text.size()));
    }
    std::string get(const char* name) const
    {
        QFile in(file(name));
        return in.open(QIODevice::ReadOnly) ? in.readAll().toStdString() : std::string();
    }
    // What it printed; fails the test when it fails.
    QByteArray run(const QStringList& arguments, bool succeeds = true) const
    {
        QProcess process;
        process.setWorkingDirectory(m_folder.path());
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(m_openssl, arguments);
        if (!process.waitForFinished(30'000))
            QTest::qFail("openssl does not end", __FILE__, __LINE__);
        const QByteArray output = process.readAll();
        if ((process.exitCode() == 0) != succeeds)
            QTest::qFail(output.constData(), __FILE__, __LINE__);
        return output;
    }

    QString m_openssl;
    QTemporaryDir m_folder;
};

void TestAuthorityOpenssl::initTestCase()
{
    m_openssl = QStandardPaths::findExecutable("openssl");
    if (m_openssl.isEmpty())
        QFAIL("the openssl program is missing: ./dev packages test");
}

void TestAuthorityOpenssl::verifiesOurClientForItsPurposeAlone()
{
    const OwnCa ca;
    put("root.pem", ca.root.chainPem);
    put("middle.pem", ca.intermediate.chainPem);
    put("leaf.pem", ca.client("alice").chainPem);
    const QStringList verify = {"verify",   "-x509_strict", "-CAfile",
                                "root.pem", "-untrusted",   "middle.pem"};
    run(verify + QStringList{"-purpose", "sslclient", "leaf.pem"});
    run(verify + QStringList{"-purpose", "sslserver", "leaf.pem"}, false);
    const QByteArray text = run({"x509", "-in", "middle.pem", "-noout", "-text"});
    QVERIFY2(text.contains("CA:TRUE, pathlen:0"), text.constData());
}

void TestAuthorityOpenssl::findsOurRevocation()
{
    const OwnCa ca;
    const KeyPair alice = ca.client("alice"), bob = ca.client("bob");
    put("root.pem", ca.root.chainPem);
    put("middle.pem", ca.intermediate.chainPem);
    put("alice.pem", alice.chainPem);
    put("bob.pem", bob.chainPem);
    put("crl.pem", ca.crl({alice}));
    const QStringList verify = {"verify",   "-crl_check", "-CAfile",    "root.pem",
                                "-CRLfile", "crl.pem",    "-untrusted", "middle.pem"};
    QVERIFY(run(verify + QStringList{"alice.pem"}, false).contains("certificate revoked"));
    run(verify + QStringList{"bob.pem"});
}

void TestAuthorityOpenssl::readsOurRequest()
{
    put("request.pem",
        makeSigningRequest(makeKey().value(), "alice", {"a.example", "10.0.0.1"}).value());
    const QByteArray text = run({"req", "-in", "request.pem", "-noout", "-verify", "-text"});
    QVERIFY2(text.contains("DNS:a.example, IP Address:10.0.0.1"), text.constData());
}

void TestAuthorityOpenssl::opensOurKeyWithItsPassphrase()
{
    const std::string key = makeKey().value();
    put("key.pem", encryptKey(key, Secret("correct horse")).value());
    put("pass", "correct horse\n");
    QCOMPARE(run({"pkey", "-in", "key.pem", "-passin", "file:pass"}).toStdString(), key);
}

void TestAuthorityOpenssl::makesRequestsThatWeCertify_data()
{
    QTest::addColumn<QStringList>("key");
    QTest::newRow("RSA") << QStringList{"rsa:2048"};
    QTest::newRow("P-384") << QStringList{"ec", "-pkeyopt", "ec_paramgen_curve:P-384"};
    QTest::newRow("Ed25519") << QStringList{"ed25519"};
}

void TestAuthorityOpenssl::makesRequestsThatWeCertify()
{
    QFETCH(QStringList, key);
    run(QStringList{"req", "-new", "-nodes", "-keyout", "key.pem", "-out", "request.pem", "-subj",
                    "/CN=alice", "-newkey"} +
        key);
    const OwnCa ca;
    const auto leaf = ca.signer().certifyRequest(
        get("request.pem"), {CertificateUse::Client, "alice", {}, aroundNow()});
    QVERIFY2(leaf.ok(), leaf.ok() ? "" : leaf.error().message.c_str());
    QVERIFY(checkKeyPair({*leaf, get("key.pem")}, std::chrono::system_clock::now()).ok());
}

void TestAuthorityOpenssl::revokesWithListsThatWeRead_data()
{
    QTest::addColumn<QString>("form");
    QTest::newRow("PEM") << "PEM";
    QTest::newRow("DER") << "DER";
}

void TestAuthorityOpenssl::revokesWithListsThatWeRead()
{
    QFETCH(QString, form);
    const OwnCa ca;
    const KeyPair alice = ca.client("alice"), bob = ca.client("bob");
    put("middle.pem", ca.intermediate.chainPem);
    put("middle.key", ca.intermediate.keyPem);
    put("alice.pem", alice.chainPem);
    put("index.txt", "");
    put("number", "01\n");
    put("ca.cnf", "[ca]\ndefault_ca=x\n[x]\ndatabase=index.txt\ncrlnumber=number\n"
                  "default_md=sha256\ndefault_crl_days=7\n");
    const QStringList authority = {"ca",         "-config",  "ca.cnf",    "-cert",
                                   "middle.pem", "-keyfile", "middle.key"};
    run(authority + QStringList{"-revoke", "alice.pem"});
    run(authority + QStringList{"-gencrl", "-out", "crl.pem"});
    run({"crl", "-in", "crl.pem", "-outform", form, "-out", "crl"});
    const auto lists = RevocationLists::fromText(get("crl"));
    QVERIFY(lists.ok());
    QVERIFY(lists.value()->isRevoked(Certificate::fromPem(alice.chainPem).value()));
    QVERIFY(!lists.value()->isRevoked(Certificate::fromPem(bob.chainPem).value()));
    // And during a handshake, after it went through our hands.
    ServerConfig config;
    config.keys = relayKeys();
    config.clients = ClientTrust{ca.root.chainPem, lists.value()->pem(), true};
    ClientConfig client = clientConfig();
    client.keys = alice;
    EnginePair pair(Context::client(client).value(), Context::server(config).value());
    pair.run();
    QCOMPARE(pair.server.error().code, ErrorCode::CertificateRevoked);
}

QTEST_APPLESS_MAIN(TestAuthorityOpenssl)
#include "tst_authority_openssl.moc"
