// Servers that ask for certificates: whom they take, and with which alert they refuse the others.
#include "own_ca.h"

#include <QTest>

#include <openssl/pem.h>

using namespace sallyport;
using namespace sallyport::tls;
using namespace sallyport::tls::test;

using Clients = std::optional<ClientTrust>;

static std::shared_ptr<const Context> serverFor(const ClientTrust& clients,
                                                Version minimum = Version::Tls13)
{
    ServerConfig config;
    config.keys = relayKeys();
    config.minimum = minimum;
    config.clients = clients;
    return Context::server(config).value();
}

static std::shared_ptr<const Context> clientWith(const std::optional<KeyPair>& keys)
{
    ClientConfig config = clientConfig();
    config.keys = keys;
    return Context::client(config).value();
}

class TestClientCertificates : public QObject
{
    Q_OBJECT

private slots:
    void takesACertificateOfTheAuthority();
    void takesClientsWithoutOneUnlessRequired();
    void takesACertificateOfAnAuthorityWithoutItsRoot();
    void refuses_data();
    void refuses();
    void wantsAListOfTheIssuerAlone();
    void resumesNothing();
    void boundsTheChain();
    void sendsNoMoreThanItsOwnChain();
    void refusesBadConfiguration_data();
    void refusesBadConfiguration();
};

void TestClientCertificates::takesACertificateOfTheAuthority()
{
    const OwnCa ca;
    const KeyPair alice = ca.client("alice");
    EnginePair pair(clientWith(alice), serverFor({ca.root.chainPem, ca.crl({}), true}));
    QVERIFY(pair.run().open());
    const auto certificate = pair.server.peerCertificate();
    QVERIFY(certificate);
    QCOMPARE(certificate->commonName, std::string("alice"));
    QCOMPARE(certificate->serial, Certificate::fromPem(alice.chainPem).value().serial);
    QCOMPARE(pair.server.version(), std::string_view("TLSv1.3"));
}

void TestClientCertificates::takesClientsWithoutOneUnlessRequired()
{
    const OwnCa ca;
    EnginePair pair(clientWith({}), serverFor({ca.root.chainPem, "", false}));
    QVERIFY(pair.run().open());
    QVERIFY(!pair.server.peerCertificate());

    EnginePair refused(clientWith({}), serverFor({ca.root.chainPem, "", true}));
    refused.run();
    QCOMPARE(refused.server.error().code, ErrorCode::CertificateMissing);
    QCOMPARE(refused.client.error().code, ErrorCode::CertificateRefused);
}

void TestClientCertificates::takesACertificateOfAnAuthorityWithoutItsRoot()
{
    const OwnCa ca;
    KeyPair alice = ca.client("alice");
    EnginePair pair(clientWith(alice), serverFor({ca.intermediate.chainPem, "", true}));
    QVERIFY(pair.run().open());
}

// What our own Authority refuses to make: a certificate signed by one that is no authority.
static KeyPair forgedUnder(const KeyPair& issuer)
{
    const auto keyOf = [](const std::string& pem) {
        BIO* in = BIO_new_mem_buf(pem.data(), int(pem.size()));
        EVP_PKEY* key = PEM_read_bio_PrivateKey(in, nullptr, nullptr, nullptr);
        BIO_free(in);
        return key;
    };
    KeyPair pair;
    pair.keyPem = makeKey().value();
    EVP_PKEY* signing = keyOf(issuer.keyPem);
    EVP_PKEY* own = keyOf(pair.keyPem);
    BIO* in = BIO_new_mem_buf(issuer.chainPem.data(), int(issuer.chainPem.size()));
    X509* above = PEM_read_bio_X509(in, nullptr, nullptr, nullptr);
    BIO_free(in);
    X509* x509 = X509_new();
    X509_set_version(x509, X509_VERSION_3);
    X509_gmtime_adj(X509_getm_notBefore(x509), -3600);
    X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
    X509_set_subject_name(x509, X509_get_subject_name(above));
    X509_set_issuer_name(x509, X509_get_subject_name(above));
    X509_set_pubkey(x509, own);
    X509_sign(x509, signing, EVP_sha256());
    BIO* out = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(out, x509);
    char* data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    pair.chainPem.assign(data, size_t(size));
    BIO_free(out);
    X509_free(x509);
    X509_free(above);
    EVP_PKEY_free(own);
    EVP_PKEY_free(signing);
    return pair;
}

enum class Who {
    WrongCa,
    Expired,
    NotYetValid,
    ServerCertificate,
    Revoked,
    SelfSigned,
    IntermediateMissing,
    LeafAsAuthority,
    TooLongPath,
    ListOutOfDate,
    NoListOfIssuer,
};

void TestClientCertificates::refuses_data()
{
    QTest::addColumn<int>("who");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("alert");
    const auto row = [](const char* name, Who who, ErrorCode code, const char* alert) {
        QTest::newRow(name) << int(who) << int(code) << alert;
    };
    using E = ErrorCode;
    row("of another authority", Who::WrongCa, E::CertificateNotTrusted, "unknown CA");
    row("expired", Who::Expired, E::CertificateExpired, "certificate expired");
    row("not yet valid", Who::NotYetValid, E::CertificateNotYetValid, "bad certificate");
    row("for servers", Who::ServerCertificate, E::CertificateNotTrusted, "unsupported certificate");
    row("revoked", Who::Revoked, E::CertificateRevoked, "certificate revoked");
    row("self-signed", Who::SelfSigned, E::CertificateNotTrusted, "unknown CA");
    row("without the intermediate", Who::IntermediateMissing, E::CertificateNotTrusted,
        "unknown CA");
    row("signed by a client", Who::LeafAsAuthority, E::CertificateNotTrusted, "unknown CA");
    row("beyond the path length", Who::TooLongPath, E::CertificateNotTrusted, "unknown CA");
    row("the list is out of date", Who::ListOutOfDate, E::CertificateNotTrusted,
        "certificate expired");
    row("no list of the issuer", Who::NoListOfIssuer, E::CertificateNotTrusted, "unknown CA");
}

void TestClientCertificates::refuses()
{
    QFETCH(int, who);
    QFETCH(int, code);
    QFETCH(QString, alert);
    const OwnCa ca, other("Other");
    KeyPair client = ca.client("alice");
    std::string lists = ca.crl({});
    switch (Who(who)) {
    case Who::WrongCa:
        client = other.client("alice");
        break;
    case Who::Expired:
        client = ca.client("alice", {daysAgo(9), daysAgo(1)});
        break;
    case Who::NotYetValid:
        client = ca.client("alice", {daysAgo(-1), daysAgo(-9)});
        break;
    case Who::ServerCertificate:
        client = ca.issue({CertificateUse::Server, "alice", {}, aroundNow()});
        break;
    case Who::Revoked:
        lists = ca.crl({client});
        break;
    case Who::SelfSigned:
        client = keysFor({"alice"});
        break;
    case Who::IntermediateMissing:
        client = OwnCa::certified(ca.intermediate, {CertificateUse::Client, "a", {}, aroundNow()});
        break;
    case Who::LeafAsAuthority: {
        const KeyPair bob = ca.client("bob");
        client = forgedUnder(bob);
        client.chainPem += bob.chainPem;
        break;
    }
    case Who::TooLongPath: {
        const KeyPair below = OwnCa::under(ca.intermediate, "Below");
        client = OwnCa::certified(below, {CertificateUse::Client, "a", {}, aroundNow()});
        client.chainPem += below.chainPem + ca.intermediate.chainPem;
        break;
    }
    case Who::ListOutOfDate:
        lists = ca.crl({}, {daysAgo(9), daysAgo(1)});
        break;
    case Who::NoListOfIssuer:
        lists = other.crl({});
        break;
    }
    EnginePair pair(clientWith(client), serverFor({ca.root.chainPem, lists, false}));
    pair.run();
    QCOMPARE(pair.server.state(), State::Failed);
    QCOMPARE(int(pair.server.error().code), code);
    // TLS 1.3 tells the client after its own handshake is done.
    QCOMPARE(pair.client.state(), State::Failed);
    QCOMPARE(pair.client.error().code, ErrorCode::CertificateRefused);
    QVERIFY2(pair.client.error().message.find(alert.toStdString()) != std::string::npos,
             pair.client.error().message.c_str());
}

void TestClientCertificates::wantsAListOfTheIssuerAlone()
{
    // There is no list of the root here, which says nothing about the intermediate.
    const OwnCa ca;
    const std::string lists = ca.crl({ca.client("bob")});
    EnginePair pair(clientWith(ca.client("alice")), serverFor({ca.root.chainPem, lists, true}));
    QVERIFY(pair.run().open());

    // When there is one, it counts.
    Authority root = Authority::fromKeyPair(ca.root, std::chrono::system_clock::now()).value();
    const std::string serial = Certificate::fromPem(ca.intermediate.chainPem).value().serial;
    const std::string above = root.makeCrl({{serial, daysAgo(0)}}, 1, aroundNow()).value();
    EnginePair cut(clientWith(ca.client("alice")),
                   serverFor({ca.root.chainPem, lists + above, true}));
    cut.run();
    QCOMPARE(cut.server.error().code, ErrorCode::CertificateRevoked);
}

void TestClientCertificates::resumesNothing()
{
    const OwnCa ca;
    for (const Version version : {Version::Tls12, Version::Tls13}) {
        EnginePair pair(clientWith(ca.client("alice")),
                        serverFor({ca.root.chainPem, "", true}, version));
        // All that a server would send behind its handshake is a ticket.
        QVERIFY(pair.run().open());
        QVERIFY(!pair.server.resumed());
    }
}

void TestClientCertificates::boundsTheChain()
{
    const OwnCa ca;
    KeyPair client = ca.client("alice");
    // What does not belong to the chain is passed over.
    std::string longest = client.chainPem;
    for (int i = 0; i < 13; ++i)
        longest +=
            OwnCa::certified(ca.root, {CertificateUse::Intermediate, "Of no use", {}, aroundNow()})
                .chainPem;
    EnginePair pair(clientWith(KeyPair{longest, client.keyPem}),
                    serverFor({ca.root.chainPem, "", true}));
    QVERIFY(pair.run().open());

    // A chain of more authorities than ChainDepth is refused, though each signature holds.
    KeyPair above = ca.root;
    std::string chain;
    for (int i = 0; i < ClientTrust::ChainDepth + 2; ++i) {
        KeyPair next = OwnCa::certified(
            above, {CertificateUse::Intermediate, "Level " + std::to_string(i), {}, aroundNow()});
        chain = next.chainPem + chain;
        above = next;
    }
    KeyPair deep = OwnCa::certified(above, {CertificateUse::Client, "deep", {}, aroundNow()});
    deep.chainPem += chain;
    EnginePair refused(clientWith(deep), serverFor({ca.root.chainPem, "", true}));
    refused.run();
    QCOMPARE(refused.server.error().code, ErrorCode::CertificateNotTrusted);
}

void TestClientCertificates::sendsNoMoreThanItsOwnChain()
{
    // A server whose own certificate is of the clients' authority does not add to its chain.
    const OwnCa ca;
    KeyPair relay = OwnCa::certified(
        ca.intermediate, {CertificateUse::Server, "relay", {"relay.example.com"}, aroundNow()});
    ServerConfig config;
    config.keys = relay;
    config.clients = ClientTrust{ca.root.chainPem + ca.intermediate.chainPem, "", false};
    ClientConfig client = clientConfig();
    client.trust = CaPem{ca.root.chainPem};
    EnginePair pair(Context::client(client).value(), Context::server(config).value());
    pair.run();
    QCOMPARE(pair.client.error().code, ErrorCode::CertificateNotTrusted);
}

void TestClientCertificates::refusesBadConfiguration_data()
{
    QTest::addColumn<QString>("authorities");
    QTest::addColumn<QString>("lists");
    QTest::newRow("no authority") << ""
                                  << "";
    QTest::newRow("a key") << QString::fromStdString(relayKeys().keyPem) << "";
    QTest::newRow("no list") << QString::fromStdString(OwnCa().root.chainPem) << "nothing";
}

void TestClientCertificates::refusesBadConfiguration()
{
    QFETCH(QString, authorities);
    QFETCH(QString, lists);
    ServerConfig config;
    config.keys = relayKeys();
    config.clients = ClientTrust{authorities.toStdString(), lists.toStdString(), false};
    QVERIFY(!Context::server(config).ok());
}

QTEST_APPLESS_MAIN(TestClientCertificates)
#include "tst_client_certificates.moc"
