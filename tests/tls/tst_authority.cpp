// Certificates, requests and revocation lists that our authority makes.
#include "own_ca.h"
#include "test_ca.h"

#include <sallyport/tls/private_key.h>
#include <sallyport/tls/signing_request.h>

#include <QTest>

#include <set>

using namespace sallyport;
using namespace sallyport::tls;
using namespace sallyport::tls::test;

class TestAuthority : public QObject
{
    Q_OBJECT

private slots:
    void certifiesAKeyForItsUse();
    void givesEachCertificateAnotherSerial();
    void cutsACertificateToTheAuthoritysEnd();
    void refusesACertificateThatWouldNeverBeValid();
    void refusesToSignWithWhatIsNoAuthority();
    void makesARequestThatProvesItsKey();
    void refusesRequests_data();
    void refusesRequests();
    void certifiesARequestByThePlanAlone();
    void listsWhatWasRevoked();
    void readsListsOfAnotherAuthorityWithoutMixingThemUp();
    void refusesRevocationLists_data();
    void refusesRevocationLists();
    void keepsAKeyUnderAPassphrase();
    void readsNamesAndAccounts();
    void readsAllCertificatesOfAText();
};

static SystemTime now()
{
    return std::chrono::system_clock::now();
}

static Certificate read(const std::string& pem)
{
    return Certificate::fromPem(pem).value();
}

void TestAuthority::certifiesAKeyForItsUse()
{
    const OwnCa ca;
    const KeyPair server = ca.issue(
        {CertificateUse::Server, "relay", {"relay.example.com", "127.0.0.1"}, aroundNow()});
    const auto checked = checkKeyPair(server, now());
    QVERIFY(checked.ok());
    QCOMPARE(checked.value().commonName, std::string("relay"));
    QCOMPARE(checked.value().issuer, std::string("CN=Test Intermediate"));
    const std::vector<std::string> names = {"relay.example.com", "127.0.0.1"};
    QVERIFY(checked.value().names == names);
    QVERIFY(!checked.value().isAuthority);
    const Certificate intermediate = read(ca.intermediate.chainPem);
    QVERIFY(intermediate.isAuthority);
    QVERIFY(!intermediate.isSelfIssued);
    QVERIFY(read(ca.root.chainPem).isAuthority);
    QVERIFY(read(ca.root.chainPem).isSelfIssued);
}

void TestAuthority::givesEachCertificateAnotherSerial()
{
    const OwnCa ca;
    std::set<std::string> serials;
    for (int i = 0; i < 50; ++i) {
        const std::string serial = read(ca.client("alice").chainPem).serial;
        QCOMPARE(serial.size(), size_t(32)); // 128 bits
        serials.insert(serial);
    }
    QCOMPARE(serials.size(), size_t(50));
}

void TestAuthority::cutsACertificateToTheAuthoritysEnd()
{
    const OwnCa ca;
    const Certificate leaf = read(ca.client("alice", aroundNow(1, 50'000)).chainPem);
    QVERIFY(leaf.notAfter == read(ca.intermediate.chainPem).notAfter);
}

void TestAuthority::refusesACertificateThatWouldNeverBeValid()
{
    const OwnCa ca;
    Authority signer = ca.signer();
    const std::string key = makeKey().value();
    const auto refused =
        signer.certifyKey(key, {CertificateUse::Client, "a", {}, {daysAgo(-1), daysAgo(1)}});
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, ErrorCode::BadConfiguration);
}

void TestAuthority::refusesToSignWithWhatIsNoAuthority()
{
    const OwnCa ca, other;
    const auto leaf = Authority::fromKeyPair(ca.client("alice"), now());
    QVERIFY(!leaf.ok());
    QCOMPARE(leaf.error().code, ErrorCode::BadConfiguration);
    const auto foreign =
        Authority::fromKeyPair({ca.intermediate.chainPem, other.intermediate.keyPem}, now());
    QVERIFY(!foreign.ok());
    QCOMPARE(foreign.error().code, ErrorCode::KeyMismatch);
    const auto late = Authority::fromKeyPair(ca.intermediate, daysAgo(-20'000));
    QVERIFY(!late.ok());
    QCOMPARE(late.error().code, ErrorCode::CertificateExpired);
}

void TestAuthority::makesARequestThatProvesItsKey()
{
    const std::string key = makeKey().value();
    const auto pem = makeSigningRequest(key, "alice", {"a.example", "*.b.example", "10.0.0.1"});
    QVERIFY(pem.ok());
    const auto request = SigningRequest::fromPem(*pem);
    QVERIFY(request.ok());
    QCOMPARE(request.value().commonName, std::string("alice"));
    const std::vector<std::string> names = {"a.example", "*.b.example", "10.0.0.1"};
    QVERIFY(request.value().names == names);
    QCOMPARE(request.value().pem, *pem);
    QVERIFY(!signingRequestDer(*pem).value().empty());
    // Names alone serve too: what an ACME server wants.
    QVERIFY(SigningRequest::fromPem(makeSigningRequest(key, "", {"a.example"}).value()).ok());
    QVERIFY(!makeSigningRequest(key, "").ok());
}

static std::string withAnotherKey(const std::string& pem)
{
    // The request's last bytes are its signature.
    const size_t end = pem.find("\n-----END");
    std::string broken = pem;
    char& c = broken[end - 12];
    c = c == 'A' ? 'B' : 'A';
    return broken;
}

static std::string requestOf(EVP_PKEY* key)
{
    BIO* out = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
    char* data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    const std::string pem(data, static_cast<size_t>(size));
    BIO_free(out);
    EVP_PKEY_free(key);
    return makeSigningRequest(pem, "alice").value();
}

void TestAuthority::refusesRequests_data()
{
    QTest::addColumn<QByteArray>("pem");
    const std::string good = makeSigningRequest(makeKey().value(), "alice").value();
    const auto row = [](const char* name, const std::string& pem) {
        QTest::newRow(name) << QByteArray::fromStdString(pem);
    };
    row("nothing", "");
    row("a certificate", relayKeys().chainPem);
    row("cut", good.substr(0, good.size() / 2));
    row("signed by another key", withAnotherKey(good));
    row("too long", good + std::string(20'000, '\n'));
    row("RSA of 1024 bits", requestOf(EVP_RSA_gen(1024)));
    row("an odd curve", requestOf(EVP_EC_gen("secp256k1")));
}

void TestAuthority::refusesRequests()
{
    QFETCH(QByteArray, pem);
    const auto request = SigningRequest::fromPem(pem.toStdString());
    QVERIFY(!request.ok());
    QCOMPARE(request.error().code, ErrorCode::BadPem);
}

void TestAuthority::certifiesARequestByThePlanAlone()
{
    const OwnCa ca;
    const std::string key = makeKey().value();
    const std::string request = makeSigningRequest(key, "root", {"bank.example"}).value();
    const auto leaf =
        ca.signer().certifyRequest(request, {CertificateUse::Client, "alice", {}, aroundNow()});
    QVERIFY(leaf.ok());
    const auto checked = checkKeyPair({*leaf, key}, now());
    QVERIFY(checked.ok());
    QCOMPARE(checked.value().commonName, std::string("alice"));
    QVERIFY(checked.value().names.empty());
}

void TestAuthority::listsWhatWasRevoked()
{
    const OwnCa ca;
    const KeyPair alice = ca.client("alice"), bob = ca.client("bob"), carol = ca.client("carol");
    const auto lists = RevocationLists::fromText(ca.crl({carol, alice}));
    QVERIFY(lists.ok());
    QVERIFY(lists.value()->isRevoked(read(alice.chainPem)));
    QVERIFY(!lists.value()->isRevoked(read(bob.chainPem)));
    QVERIFY(lists.value()->isRevoked(read(carol.chainPem)));
    const auto issued = [](const KeyPair& pair) { return read(pair.chainPem); };
    QVERIFY(lists.value()->isRevoked(issued(alice).issuer, issued(alice).serial));
    QVERIFY(!lists.value()->isRevoked(issued(bob).issuer, issued(bob).serial));
    QVERIFY(!lists.value()->isRevoked("CN=Other", issued(alice).serial));
    QCOMPARE(lists.value()->revokedBy("CN=Test Intermediate").size(), size_t(2));
    const auto described = lists.value()->lists();
    QCOMPARE(described.size(), size_t(1));
    QCOMPARE(described[0].issuer, std::string("CN=Test Intermediate"));
    QCOMPARE(described[0].revoked, size_t(2));
    QVERIFY(described[0].nextUpdate > now());
    QVERIFY(RevocationLists::fromText(lists.value()->pem()).ok());
    QVERIFY(!ca.signer().makeCrl({{"not hex", daysAgo(0)}}, 1, aroundNow()).ok());
}

void TestAuthority::readsListsOfAnotherAuthorityWithoutMixingThemUp()
{
    const OwnCa ca("One"), other("Other");
    const KeyPair alice = ca.client("alice");
    // Another authority may have revoked a certificate of the same serial number.
    const std::string serial = read(alice.chainPem).serial;
    const std::string foreign =
        other.signer().makeCrl({{serial, daysAgo(0)}}, 1, aroundNow()).value();
    QVERIFY(!RevocationLists::fromText(foreign).value()->isRevoked(read(alice.chainPem)));
    const auto both = RevocationLists::fromText(foreign + ca.crl({alice}));
    QVERIFY(both.value()->isRevoked(read(alice.chainPem)));
}

void TestAuthority::refusesRevocationLists_data()
{
    QTest::addColumn<QByteArray>("text");
    const std::string good = OwnCa().crl({});
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("a certificate") << QByteArray::fromStdString(relayKeys().chainPem);
    QTest::newRow("cut") << QByteArray::fromStdString(good.substr(0, good.size() / 2));
    QTest::newRow("a good one, then a cut one") << QByteArray::fromStdString(
        good + good.substr(0, good.size() / 2) + "-----END X509 CRL-----\n");
    QTest::newRow("DER that is none") << QByteArray("\x30\x03\x01\x01\xff");
    QByteArray many;
    for (int i = 0; i < 65; ++i)
        many += QByteArray::fromStdString(good);
    QTest::newRow("too many") << many;
}

void TestAuthority::refusesRevocationLists()
{
    QFETCH(QByteArray, text);
    const auto lists = RevocationLists::fromText(text.toStdString());
    QVERIFY(!lists.ok());
    QCOMPARE(lists.error().code, ErrorCode::BadPem);
}

void TestAuthority::keepsAKeyUnderAPassphrase()
{
    const std::string key = makeKey().value();
    const auto sealed = encryptKey(key, Secret("correct horse"));
    QVERIFY(sealed.ok());
    QVERIFY(isEncryptedKey(*sealed));
    QVERIFY(!isEncryptedKey(key));
    QCOMPARE(decryptKey(*sealed, Secret("correct horse")).value(), key);
    const auto wrong = decryptKey(*sealed, Secret("battery staple"));
    QVERIFY(!wrong.ok());
    QCOMPARE(wrong.error().code, ErrorCode::EncryptedKey);
}

void TestAuthority::readsNamesAndAccounts()
{
    const TestCa ca;
    const KeyPair pair = ca.issue("DNS:a.example,email:alice@example.com,URI:spiffe://x/agent");
    const Certificate leaf = read(pair.chainPem);
    QCOMPARE(leaf.commonName, std::string("leaf"));
    QVERIFY(leaf.names == std::vector<std::string>{"a.example"});
    const std::vector<std::string> accounts = {"alice@example.com", "spiffe://x/agent"};
    QVERIFY(leaf.accounts == accounts);
}

void TestAuthority::readsAllCertificatesOfAText()
{
    const OwnCa ca;
    const auto all = certificatesFromPem(ca.client("alice").chainPem + ca.root.chainPem);
    QVERIFY(all.ok());
    QCOMPARE(all.value().size(), size_t(3));
    QCOMPARE(all.value()[2].commonName, std::string("Test Root"));
    QVERIFY(!certificatesFromPem("").ok());
}

QTEST_APPLESS_MAIN(TestAuthority)
#include "tst_authority.moc"
