// Whom a client believes, and how each refusal is told to both ends.
#include "engine_pair.h"
#include "test_ca.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace sallyport;
using namespace sallyport::tls;
using namespace sallyport::tls::test;

class TestEngineTrust : public QObject
{
    Q_OBJECT

private slots:
    void believesAChainToItsAuthority();
    void needsTheIntermediate();
    void readsAuthoritiesFromAFile();
    void believesNoOtherAuthority();
    void checksTheName_data();
    void checksTheName();
    void refusesCertificatesOutOfTheirTime_data();
    void refusesCertificatesOutOfTheirTime();
    void believesAPinnedKeyWhateverItsCertificateSays();
    void believesOneOfSeveralPins();
    void refusesAnotherKeyThanThePinned();
    void refusesAnotherKeyThoughItsCertificateIsTrusted();
    void sendsNothingToAServerItRefuses();
    void neverGoesWithoutTrust_data();
    void neverGoesWithoutTrust();
    void needsANameToCheck();
    void requiresAProtocolWhereAskedTo_data();
    void requiresAProtocolWhereAskedTo();
};

static std::shared_ptr<const Context> clientWith(Trust trust,
                                                 std::string name = "relay.example.com")
{
    ClientConfig config;
    config.serverName = std::move(name);
    config.trust = std::move(trust);
    return Context::client(config).value();
}

static SpkiPin pinOf(const KeyPair& keys)
{
    return spkiPin(keys.chainPem).value();
}

#define REFUSED(pair, expected)                                                                    \
    do {                                                                                           \
        QCOMPARE((pair).client.state(), State::Failed);                                            \
        QCOMPARE((pair).client.error().code, expected);                                            \
        QVERIFY(!(pair).client.error().message.empty());                                           \
        QCOMPARE((pair).server.state(), State::Failed);                                            \
        QCOMPARE((pair).server.error().code, ErrorCode::CertificateRefused);                       \
    } while (false)

void TestEngineTrust::believesAChainToItsAuthority()
{
    const TestCa ca;
    EnginePair pair(clientWith(CaPem{ca.rootPem()}),
                    serverContext(ca.issue("DNS:relay.example.com")));
    QVERIFY(pair.run().open());
    QCOMPARE(pair.client.peerCertificate()->issuer, std::string("CN=Test Intermediate"));
}

void TestEngineTrust::needsTheIntermediate()
{
    const TestCa ca;
    EnginePair pair(clientWith(CaPem{ca.rootPem()}),
                    serverContext(ca.issue("DNS:relay.example.com", false)));
    pair.run();
    REFUSED(pair, ErrorCode::CertificateNotTrusted);
}

void TestEngineTrust::readsAuthoritiesFromAFile()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath("ca.pem"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(relayKeys().chainPem.c_str());
    file.close();
    EnginePair pair(clientWith(CaFile{file.fileName().toStdString()}));
    QVERIFY(pair.run().open());
}

void TestEngineTrust::believesNoOtherAuthority()
{
    const TestCa ca, other("Other Root"), impostor;
    const KeyPair keys = ca.issue("DNS:relay.example.com");
    EnginePair foreign(clientWith(CaPem{other.rootPem()}), serverContext(keys));
    foreign.run();
    REFUSED(foreign, ErrorCode::CertificateNotTrusted);

    // An authority of the same name, but with another key: told as a bad signature.
    EnginePair sameName(clientWith(CaPem{impostor.rootPem()}), serverContext(keys));
    sameName.run();
    QCOMPARE(sameName.client.error().code, ErrorCode::CertificateNotTrusted);
    QCOMPARE(sameName.server.state(), State::Failed);

    EnginePair selfSigned(clientWith(SystemTrust{}));
    selfSigned.run();
    REFUSED(selfSigned, ErrorCode::CertificateNotTrusted);
}

void TestEngineTrust::checksTheName_data()
{
    QTest::addColumn<QString>("asked");
    QTest::addColumn<bool>("good");
    QTest::newRow("exact") << "relay.example.com" << true;
    QTest::newRow("case and final dot") << "Relay.Example.COM." << true;
    QTest::newRow("another name") << "relay.example.org" << false;
    QTest::newRow("below") << "a.relay.example.com" << false;
    QTest::newRow("wildcard") << "any.wild.example.com" << true;
    QTest::newRow("wildcard stands for one label") << "b.any.wild.example.com" << false;
    QTest::newRow("wildcard does not stand for none") << "wild.example.com" << false;
    QTest::newRow("address") << "192.0.2.7" << true;
    QTest::newRow("another address") << "192.0.2.8" << false;
    QTest::newRow("IPv6 address, other spelling") << "2001:db8:0:0::7" << true;
    QTest::newRow("common name is not a name") << "leaf" << false;
}

void TestEngineTrust::checksTheName()
{
    QFETCH(QString, asked);
    QFETCH(bool, good);
    const TestCa ca;
    const KeyPair keys =
        ca.issue("DNS:relay.example.com,DNS:*.wild.example.com,IP:192.0.2.7,IP:2001:db8::7");
    EnginePair pair(clientWith(CaPem{ca.rootPem()}), serverContext(keys), asked.toStdString());
    pair.run();
    if (good) {
        QVERIFY2(pair.open(), pair.client.error().message.c_str());
        return;
    }
    REFUSED(pair, ErrorCode::NameMismatch);
    QVERIFY(pair.client.error().message.find(asked.toStdString()) != std::string::npos);
    QVERIFY(pair.client.error().message.find("relay.example.com, *.wild.example.com, 192.0.2.7") !=
            std::string::npos);
}

void TestEngineTrust::refusesCertificatesOutOfTheirTime_data()
{
    QTest::addColumn<int>("madeDaysAgo");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("expired") << 20 << ErrorCode::CertificateExpired;
    QTest::newRow("not yet valid") << -20 << ErrorCode::CertificateNotYetValid;
}

void TestEngineTrust::refusesCertificatesOutOfTheirTime()
{
    QFETCH(int, madeDaysAgo);
    QFETCH(ErrorCode, code);
    const KeyPair keys =
        keysFor({"relay.example.com"}, daysAgo(madeDaysAgo), std::chrono::hours(24 * 10));
    EnginePair pair(clientWith(CaPem{keys.chainPem}), serverContext(keys));
    pair.run();
    REFUSED(pair, code);
}

void TestEngineTrust::believesAPinnedKeyWhateverItsCertificateSays()
{
    const KeyPair keys = keysFor({"elsewhere.example"}, daysAgo(100), std::chrono::hours(24));
    EnginePair pair(clientWith(PinnedKeys{{pinOf(keys)}}), serverContext(keys));
    QVERIFY2(pair.run().open(), pair.client.error().message.c_str());
    QCOMPARE(pair.server.serverName(), std::string("relay.example.com"));

    EnginePair nameless(clientWith(PinnedKeys{{pinOf(keys)}}, ""), serverContext(keys));
    QVERIFY(nameless.run().open());
    QCOMPARE(nameless.server.serverName(), std::string());
}

void TestEngineTrust::believesOneOfSeveralPins()
{
    const KeyPair next = keysFor({});
    EnginePair pair(clientWith(PinnedKeys{{pinOf(next), pinOf(relayKeys())}}));
    QVERIFY(pair.run().open());
}

void TestEngineTrust::refusesAnotherKeyThanThePinned()
{
    EnginePair pair(clientWith(PinnedKeys{{pinOf(keysFor({}))}}));
    pair.run();
    REFUSED(pair, ErrorCode::PinMismatch);
    QVERIFY(pair.client.error().message.find(pinOf(relayKeys()).toString()) != std::string::npos);
}

void TestEngineTrust::refusesAnotherKeyThoughItsCertificateIsTrusted()
{
    const TestCa ca;
    const KeyPair real = ca.issue("DNS:relay.example.com");
    const KeyPair other = ca.issue("DNS:relay.example.com");
    // The pinned certificate itself in the chain of another key's proves nothing.
    KeyPair disguised = other;
    disguised.chainPem += real.chainPem;
    for (const KeyPair& keys : {other, disguised}) {
        EnginePair pair(clientWith(PinnedKeys{{pinOf(real)}}), serverContext(keys));
        pair.run();
        REFUSED(pair, ErrorCode::PinMismatch);
    }
}

void TestEngineTrust::sendsNothingToAServerItRefuses()
{
    EnginePair pair(clientWith(PinnedKeys{{pinOf(keysFor({}))}}));
    pair.run();
    ByteQueue secret(pair.pool);
    secret.append(asBytes("token"));
    QCOMPARE(pair.client.write(secret), size_t(0));
    QCOMPARE(pair.client.write(asBytes("token")), size_t(0));
    QVERIFY(pair.client.output().empty());
    QVERIFY(!pair.client.handshakeDone());
}

void TestEngineTrust::neverGoesWithoutTrust_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("no pins") << 0;
    QTest::newRow("no authorities") << 1;
    QTest::newRow("no file") << 2;
}

void TestEngineTrust::neverGoesWithoutTrust()
{
    QFETCH(int, kind);
    ClientConfig config;
    config.serverName = "relay.example.com";
    if (kind == 0)
        config.trust = PinnedKeys{};
    else if (kind == 1)
        config.trust = CaPem{};
    else
        config.trust = CaFile{"/nowhere/ca.pem"};
    const auto context = Context::client(config);
    QVERIFY(!context.ok());
    QVERIFY(!context.error().message.empty());
}

void TestEngineTrust::needsANameToCheck()
{
    BufferPool pool;
    for (const char* name : {"", "no spaces", "-hyphen", "a..b", "1.2.3.4.5:6"}) {
        Engine client(clientWith(CaPem{relayKeys().chainPem}, ""), pool, name);
        QCOMPARE(client.state(), State::Failed);
        QCOMPARE(client.error().code, ErrorCode::BadConfiguration);
        QVERIFY(client.output().empty());
    }
}

void TestEngineTrust::requiresAProtocolWhereAskedTo_data()
{
    QTest::addColumn<bool>("clientRequires");
    QTest::addColumn<bool>("serverRequires");
    QTest::newRow("client") << true << false;
    QTest::newRow("server") << false << true;
}

void TestEngineTrust::requiresAProtocolWhereAskedTo()
{
    QFETCH(bool, clientRequires);
    QFETCH(bool, serverRequires);
    ClientConfig client = clientConfig({"sallyport/1"});
    client.requireAlpn = clientRequires;
    ServerConfig server;
    server.keys = relayKeys();
    server.alpn = {"http/1.1"};
    server.requireAlpn = serverRequires;
    EnginePair pair(Context::client(client).value(), Context::server(server).value());
    pair.run();
    QCOMPARE(pair.client.state(), State::Failed);
    QCOMPARE(pair.client.error().code, ErrorCode::NoAlpnOverlap);
    QCOMPARE(pair.client.write(asBytes("secret")), size_t(0));
    if (serverRequires) {
        QCOMPARE(pair.server.error().code, ErrorCode::NoAlpnOverlap);
    } else {
        QCOMPARE(pair.server.state(), State::PeerClosed);
    }
}

QTEST_APPLESS_MAIN(TestEngineTrust)
#include "tst_engine_trust.moc"
