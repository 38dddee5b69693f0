#include "net_test.h"

#include <sallyport/net/address.h>

#include <sys/un.h>

#include <string>

using namespace sallyport;
using namespace sallyport::net;

class TestAddress : public QObject
{
    Q_OBJECT

private slots:
    void readsNumericAddresses_data();
    void readsNumericAddresses();
    void refusesWhatIsNoNumericAddress_data();
    void refusesWhatIsNoNumericAddress();
    void showsMappedAddressesAsIpv4();
    void holdsUnixPaths();
    void refusesUnixPathsThatDoNotFit();
    void copesWithUnnamedUnixSockets();
    void isNullByDefault();
};

void TestAddress::readsNumericAddresses_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("bytes");
    QTest::addColumn<bool>("loopback");
    QTest::newRow("ipv4") << "192.0.2.7"
                          << "192.0.2.7:80" << 4 << false;
    QTest::newRow("ipv4 loopback") << "127.8.9.1"
                                   << "127.8.9.1:80" << 4 << true;
    QTest::newRow("ipv6") << "2001:db8::1"
                          << "[2001:db8::1]:80" << 16 << false;
    QTest::newRow("ipv6 in brackets") << "[2001:DB8::1]"
                                      << "[2001:db8::1]:80" << 16 << false;
    QTest::newRow("ipv6 loopback") << "::1"
                                   << "[::1]:80" << 16 << true;
}

void TestAddress::readsNumericAddresses()
{
    QFETCH(QString, host);
    QFETCH(QString, text);
    const auto address = Address::fromText(host.toStdString(), 80);
    QVERIFY(address);
    QCOMPARE(address->toString(), text.toStdString());
    QCOMPARE(address->port(), uint16_t(80));
    QTEST(int(address->ipBytes().size()), "bytes");
    QTEST(address->isLoopback(), "loopback");
}

void TestAddress::refusesWhatIsNoNumericAddress_data()
{
    QTest::addColumn<QByteArray>("host");
    for (const char* host : {"", "localhost", "1.2.3", "1.2.3.4.5", "256.1.1.1", "[127.0.0.1]",
                             "[::1", "::1]", "127.0.0.1 ", "1:2"})
        QTest::newRow(host) << QByteArray(host);
    QTest::newRow("nul behind") << QByteArray("127.0.0.1\0x", 11);
}

void TestAddress::refusesWhatIsNoNumericAddress()
{
    QFETCH(QByteArray, host);
    QVERIFY(!Address::fromText(host.toStdString(), 80));
}

void TestAddress::showsMappedAddressesAsIpv4()
{
    const auto address = Address::fromText("::ffff:127.0.0.1", 80);
    QVERIFY(address);
    QCOMPARE(address->host(), std::string("127.0.0.1"));
    QCOMPARE(address->toString(), std::string("127.0.0.1:80"));
    QCOMPARE(address->ipBytes().size(), size_t(4));
    QVERIFY(address->isLoopback());
}

void TestAddress::holdsUnixPaths()
{
    const auto address = Address::unixPath("/run/app.sock");
    QVERIFY(address);
    QCOMPARE(address->family(), AF_UNIX);
    QCOMPARE(address->toString(), std::string("unix:/run/app.sock"));
    QVERIFY(address->isLoopback());
    QVERIFY(address->ipBytes().empty());
    QCOMPARE(address->port(), uint16_t(0));
}

void TestAddress::refusesUnixPathsThatDoNotFit()
{
    QVERIFY(!Address::unixPath(""));
    QVERIFY(Address::unixPath(std::string(107, 'p')));
    QVERIFY(!Address::unixPath(std::string(108, 'p')));
}

void TestAddress::copesWithUnnamedUnixSockets()
{
    auto [a, b] = test::socketPair();
    QCOMPARE(a.peerAddress().toString(), std::string("unix:"));
    QVERIFY(!a.peerAddress().isNull());
}

void TestAddress::isNullByDefault()
{
    const Address address;
    QVERIFY(address.isNull());
    QVERIFY(!address.isLoopback());
    QCOMPARE(address.toString(), std::string("(none)"));
}

QTEST_GUILESS_MAIN(TestAddress)
#include "tst_address.moc"
