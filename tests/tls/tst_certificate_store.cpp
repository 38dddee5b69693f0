// Which certificate a name gets.
#include "engine_pair.h"

#include <sallyport/tls/certificate_store.h>

#include <QTest>

using namespace sallyport;
using namespace sallyport::tls;

class TestCertificateStore : public QObject
{
    Q_OBJECT

private slots:
    void findsByName_data();
    void findsByName();
    void hasNothingForOthersWithoutADefault();
    void keepsChallengesApart();
    void lastCertificateForANameStays();
};

static std::shared_ptr<const Context> context()
{
    return test::serverContext();
}

void TestCertificateStore::findsByName_data()
{
    QTest::addColumn<std::string>("name");
    QTest::addColumn<int>("which"); // 0: exact, 1: wildcard, 2: default
    QTest::addColumn<bool>("held");
    QTest::newRow("exact") << std::string("api.example.com") << 0 << true;
    QTest::newRow("exact in capitals") << std::string("API.Example.COM") << 0 << true;
    QTest::newRow("with a trailing dot") << std::string("api.example.com.") << 0 << true;
    QTest::newRow("wildcard") << std::string("shop.example.com") << 1 << true;
    QTest::newRow("wildcard in capitals") << std::string("SHOP.example.com") << 1 << true;
    QTest::newRow("two labels below a wildcard") << std::string("a.b.example.com") << 2 << false;
    QTest::newRow("the wildcard's parent") << std::string("example.com") << 2 << false;
    QTest::newRow("an asterisk from outside") << std::string("*.example.com") << 2 << false;
    QTest::newRow("nothing before the dot") << std::string(".example.com") << 2 << false;
    QTest::newRow("another") << std::string("other.org") << 2 << false;
    QTest::newRow("none") << std::string() << 2 << false;
    QTest::newRow("a dot") << std::string(".") << 2 << false;
    QTest::newRow("too long") << std::string(5000, 'a') << 2 << false;
}

void TestCertificateStore::findsByName()
{
    QFETCH(std::string, name);
    QFETCH(int, which);
    QFETCH(bool, held);
    const std::array contexts{context(), context(), context()};
    CertificateStore store;
    store.add("Api.example.com", contexts[0]);
    store.add("*.example.com", contexts[1]);
    store.setDefault(contexts[2]);
    QCOMPARE(store.find(name), contexts[size_t(which)]);
    QCOMPARE(store.holds(name), held);
}

void TestCertificateStore::hasNothingForOthersWithoutADefault()
{
    CertificateStore store;
    QVERIFY(store.empty());
    QVERIFY(!store.find(""));
    store.add("api.example.com", context());
    QVERIFY(!store.empty());
    QVERIFY(!store.find(""));
    QVERIFY(!store.find("other.example.com"));
}

void TestCertificateStore::keepsChallengesApart()
{
    CertificateStore store;
    const auto challenge = context();
    store.addChallenge("Api.example.com", challenge);
    QCOMPARE(store.findChallenge("api.example.com"), challenge);
    QVERIFY(!store.findChallenge("other.example.com"));
    QVERIFY(!store.find("api.example.com"));
}

void TestCertificateStore::lastCertificateForANameStays()
{
    CertificateStore store;
    const auto newer = context();
    store.add("api.example.com", context());
    store.add("api.example.com", newer);
    QCOMPARE(store.find("api.example.com"), newer);
    QCOMPARE(store.nameCount(), size_t(1));
}

QTEST_APPLESS_MAIN(TestCertificateStore)
#include "tst_certificate_store.moc"
