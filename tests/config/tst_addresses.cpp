// IP addresses, networks, listeners, endpoints and sets of ports.
#include <sallyport/config/addresses.h>
#include <sallyport/config/ports.h>

#include <QTest>

using namespace sallyport;
using namespace sallyport::config;

class TestAddresses : public QObject
{
    Q_OBJECT
private slots:
    void showsAddressesInTheirCanonicalForm_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("shown");
        QTest::newRow("v4") << "192.0.2.1"
                            << "192.0.2.1";
        QTest::newRow("loopback") << "::1"
                                  << "::1";
        QTest::newRow("any") << "::"
                             << "::";
        QTest::newRow("full") << "2001:0DB8:0:0:0:0:0:1"
                              << "2001:db8::1";
        QTest::newRow("longest run") << "2001:0:0:1:0:0:0:1"
                                     << "2001:0:0:1::1";
        QTest::newRow("one zero stays") << "2001:db8:0:1:1:1:1:1"
                                        << "2001:db8:0:1:1:1:1:1";
        QTest::newRow("run at the end") << "2001:db8:0:0:1:0:0:0"
                                        << "2001:db8:0:0:1::";
        QTest::newRow("mapped is v4") << "::ffff:192.0.2.1"
                                      << "192.0.2.1";
        QTest::newRow("v4 tail") << "64:ff9b::192.0.2.33"
                                 << "64:ff9b::c000:221";
    }
    void showsAddressesInTheirCanonicalForm()
    {
        QFETCH(QString, text);
        QFETCH(QString, shown);
        const auto address = IpAddress::parse(text.toStdString());
        QVERIFY(address);
        QCOMPARE(QString::fromStdString(address->text()), shown);
    }

    void refusesWhatIsNoAddress_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text : {"",
                                 "1.2.3",
                                 "1.2.3.4.5",
                                 "256.1.1.1",
                                 "01.2.3.4",
                                 "1.2.3.4 ",
                                 "1..2.3",
                                 "a.b.c.d",
                                 ":",
                                 ":::",
                                 "1::2::3",
                                 "12345::",
                                 "1:2:3:4:5:6:7",
                                 "1:2:3:4:5:6:7:8:9",
                                 "1:2:3:4:5:6:7::8",
                                 "fe80::1%eth0",
                                 "1.2.3.4::",
                                 "::1.2.3",
                                 "::1.2.3.4:5",
                                 "[::1]",
                                 "1:",
                                 "g::"})
            QTest::newRow(*text ? text : "empty") << text;
    }
    void refusesWhatIsNoAddress()
    {
        QFETCH(QString, text);
        QVERIFY(!IpAddress::parse(text.toStdString()));
    }

    void knowsLoopback()
    {
        QVERIFY(IpAddress::parse("127.0.0.1")->isLoopback());
        QVERIFY(IpAddress::parse("127.9.9.9")->isLoopback());
        QVERIFY(IpAddress::parse("::1")->isLoopback());
        QVERIFY(IpAddress::parse("::ffff:127.0.0.1")->isLoopback());
        QVERIFY(!IpAddress::parse("128.0.0.1")->isLoopback());
        QVERIFY(!IpAddress::parse("::2")->isLoopback());
    }

    void networkContainsItsAddressesAndNoOthers_data()
    {
        QTest::addColumn<QString>("network");
        QTest::addColumn<QString>("address");
        QTest::addColumn<bool>("inside");
        QTest::newRow("first") << "10.0.0.0/8"
                               << "10.0.0.0" << true;
        QTest::newRow("last") << "10.0.0.0/8"
                              << "10.255.255.255" << true;
        QTest::newRow("beyond") << "10.0.0.0/8"
                                << "11.0.0.0" << false;
        QTest::newRow("odd prefix in") << "10.8.0.0/13"
                                       << "10.15.255.255" << true;
        QTest::newRow("odd prefix out") << "10.8.0.0/13"
                                        << "10.16.0.0" << false;
        QTest::newRow("single") << "192.0.2.7"
                                << "192.0.2.7" << true;
        QTest::newRow("single other") << "192.0.2.7"
                                      << "192.0.2.8" << false;
        QTest::newRow("everything") << "0.0.0.0/0"
                                    << "203.0.113.9" << true;
        QTest::newRow("v6") << "fd00::/8"
                            << "fdff::1" << true;
        QTest::newRow("v6 out") << "fd00::/8"
                                << "fe00::1" << false;
        QTest::newRow("other family") << "0.0.0.0/0"
                                      << "::1" << false;
        QTest::newRow("mapped") << "10.0.0.0/8"
                                << "::ffff:10.1.2.3" << true;
    }
    void networkContainsItsAddressesAndNoOthers()
    {
        QFETCH(QString, network);
        QFETCH(QString, address);
        QFETCH(bool, inside);
        const auto net = Network::parse(network.toStdString());
        QVERIFY(net);
        QCOMPARE(net->contains(*IpAddress::parse(address.toStdString())), inside);
        QCOMPARE(QString::fromStdString(net->text()), network);
    }

    void refusesNetworksThatAreNone()
    {
        for (const char* text : {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8",
                                 "::/129", "10.0.0/8", "example.com", "10.0.0.0/08x"})
            QVERIFY2(!Network::parse(text), text);
        const auto host = Network::parse("10.1.2.3/8");
        QVERIFY(!host);
        QVERIFY(host.error().find("behind its prefix") != std::string::npos);
    }

    void readsListeners_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("host");
        QTest::addColumn<int>("port");
        QTest::newRow("v4") << "127.0.0.1:7500"
                            << "127.0.0.1" << 7500;
        QTest::newRow("all") << ":80"
                             << "" << 80;
        QTest::newRow("star") << "*:80"
                              << "" << 80;
        QTest::newRow("v6") << "[::1]:80"
                            << "::1" << 80;
        QTest::newRow("all of v6") << "[::]:80"
                                   << "::" << 80;
        QTest::newRow("any port") << "127.0.0.1:0"
                                  << "127.0.0.1" << 0;
    }
    void readsListeners()
    {
        QFETCH(QString, text);
        QFETCH(QString, host);
        QFETCH(int, port);
        const auto address = ListenAddress::parse(text.toStdString());
        QVERIFY(address);
        QCOMPARE(QString::fromStdString(address->host), host);
        QCOMPARE(int(address->port), port);
    }

    void refusesListenersWithAHint_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("hint");
        QTest::newRow("port alone") << "80"
                                    << "write :80";
        QTest::newRow("no port") << "127.0.0.1"
                                 << "has no port";
        QTest::newRow("localhost") << "localhost:80"
                                   << "127.0.0.1 or [::1]";
        QTest::newRow("name") << "example.com:80"
                              << "needs an IP address";
        QTest::newRow("bare v6") << "::1:80"
                                 << "in brackets";
        QTest::newRow("port too large") << ":65536"
                                        << "valid port";
        QTest::newRow("port negative") << ":-1"
                                       << "valid port";
        QTest::newRow("bracket") << "[::1:80"
                                 << "without its ]";
        QTest::newRow("v4 in brackets") << "[1.2.3.4]:80"
                                        << "IPv6 address between";
        QTest::newRow("junk behind") << "[::1]x:80"
                                     << "behind the ]";
    }
    void refusesListenersWithAHint()
    {
        QFETCH(QString, text);
        QFETCH(QString, hint);
        const auto address = ListenAddress::parse(text.toStdString());
        QVERIFY(!address);
        QVERIFY2(QString::fromStdString(address.error()).contains(hint), address.error().c_str());
    }

    void tellsLoopbackListeners()
    {
        QVERIFY(ListenAddress::parse("127.0.0.1:1")->isLoopback());
        QVERIFY(ListenAddress::parse("[::1]:1")->isLoopback());
        QVERIFY(!ListenAddress::parse(":1")->isLoopback());
        QVERIFY(!ListenAddress::parse("0.0.0.0:1")->isLoopback());
    }

    void readsEndpoints()
    {
        QCOMPARE(Endpoint::parse("Example.com:80")->host, std::string("example.com"));
        QCOMPARE(Endpoint::parse("my_app:3000")->host, std::string("my_app"));
        QCOMPARE(Endpoint::parse("[2001:db8::1]:80")->text(), std::string("[2001:db8::1]:80"));
        QCOMPARE(Endpoint::parse("2001:db8::1", 7000)->text(), std::string("[2001:db8::1]:7000"));
        QCOMPARE(int(Endpoint::parse("example.com", 7000)->port), 7000);
        for (const char* text : {"example.com", ":80", "example.com:0", "example.com:x",
                                 "exam ple:80", "a..b:1", "-a:1", ".a:1", "a/b:1"})
            QVERIFY2(!Endpoint::parse(text), text);
    }

    void readsSetsOfPorts()
    {
        const auto ports = PortRanges::parse("20000-29999, 31000,22");
        QVERIFY(ports);
        for (const uint16_t port : {22, 20000, 25000, 29999, 31000})
            QVERIFY(ports->contains(port));
        for (const uint16_t port : {0, 21, 23, 19999, 30000, 30999, 31001, 65535})
            QVERIFY(!ports->contains(port));
        QCOMPARE(ports->count(), size_t(10'002));
        QCOMPARE(ports->text(), std::string("22,20000-29999,31000"));
    }

    void joinsRangesThatTouchOrOverlap()
    {
        QCOMPARE(PortRanges::parse("5-9,1-4,8-12,13")->text(), std::string("1-13"));
        QCOMPARE(PortRanges::parse("60000-65535,65535")->text(), std::string("60000-65535"));
        QCOMPARE(PortRanges::parse("1-65535")->text(), std::string("any"));
    }

    void knowsTheEmptyAndTheFullSet()
    {
        QVERIFY(PortRanges::parse("none")->empty());
        QVERIFY(PortRanges::parse("")->empty());
        QCOMPARE(PortRanges().text(), std::string("none"));
        QVERIFY(PortRanges::parse("any")->contains(1));
        QVERIFY(PortRanges::all().contains(65535));
        QVERIFY(!PortRanges::all().contains(0));
    }

    void refusesSetsOfPortsThatAreNone()
    {
        for (const char* text : {"0", "65536", "1-", "-1", "1-2-3", "1,,2", "1,", "a", "http"})
            QVERIFY2(!PortRanges::parse(text), text);
        QCOMPARE(PortRanges::parse("30-20").error(),
                 std::string("has a range that runs backwards: write 20-30"));
    }

    void refusesMoreRangesThanTheLimit()
    {
        std::string text = "1";
        for (size_t i = 1; i < PortRanges::MaxRanges; ++i)
            text += "," + std::to_string(1 + 2 * i);
        QVERIFY(PortRanges::parse(text));
        QVERIFY(!PortRanges::parse(text + ",60000"));
    }
};

QTEST_GUILESS_MAIN(TestAddresses)
#include "tst_addresses.moc"
