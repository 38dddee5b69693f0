#include "routes/route_table.h"

#include <QTest>

using namespace sallyport::relay;

class TestRouteTable : public QObject
{
    Q_OBJECT

private slots:
    void findsHosts_data();
    void findsHosts();
    void findsPorts();
};

static RouteTable::RoutePtr route(uint32_t id)
{
    Route r;
    r.tunnelId = id;
    return std::make_shared<const Route>(r);
}

void TestRouteTable::findsHosts_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<uint>("id"); // 0: nobody's
    QTest::newRow("a name") << "api.example.com" << 1u;
    QTest::newRow("any depth below a name") << "a.b.api.example.com" << 1u;
    QTest::newRow("the domain itself") << "example.com" << 0u;
    QTest::newRow("another domain with the same end") << "api.notexample.com" << 0u;
    QTest::newRow("an unknown name") << "web.example.com" << 0u;
    QTest::newRow("an exact host name") << "www.acme.org" << 2u;
    QTest::newRow("a wildcard covers one label") << "x.acme.org" << 3u;
    QTest::newRow("a wildcard does not cover two labels") << "y.x.acme.org" << 0u;
    QTest::newRow("a wildcard does not cover its own end") << "acme.org" << 0u;
    QTest::newRow("an exact name below the domain wins over its name") << "x.api.example.com" << 4u;
    QTest::newRow("empty") << "" << 0u;
    QTest::newRow("only the dot and the domain") << ".example.com" << 0u;
}

void TestRouteTable::findsHosts()
{
    QFETCH(QString, host);
    QFETCH(uint, id);
    RouteTable table("example.com");
    table.addName("api", route(1));
    table.addHostname("www.acme.org", route(2));
    table.addHostname("*.acme.org", route(3));
    table.addHostname("x.api.example.com", route(4));
    const auto found = table.findHost(host.toStdString());
    QCOMPARE(found ? found->tunnelId : 0u, id);
}

void TestRouteTable::findsPorts()
{
    RouteTable table("");
    table.addPort(2222, route(7));
    QCOMPARE(table.findPort(2222)->tunnelId, 7u);
    QVERIFY(!table.findPort(2223));
    QVERIFY(!table.findHost("anything"));
}

QTEST_APPLESS_MAIN(TestRouteTable)
#include "tst_route_table.moc"
