// Ports, and hosts that are published by TLS.
#include "registry_fixture.h"

using namespace sallyport;
using namespace sallyport::relay;
using namespace sallyport::relay::test;

class TestRegistryPorts : public RegistryFixture
{
    Q_OBJECT

private slots:
    void init() { reset(); }
    void opensAndClosesPorts();
    void keepsAPortOpenThroughGraceAndTakeOver();
    void refusesPorts();
    void choosesAFreePortAndKeepsIt();
    void refusesKindsThatAreNotServed();
    void servesTlsByNameHostnameAndPort();
    void givesAHostToHttpOrToTlsNotToBoth();
    void opensNoPortForATlsTunnelWhoseHostIsRefused();
    void takesAHostOverWhateverItsKind();
    void refusesTlsByNameWithoutAListenerForIt();
    void givesItsHttpsPortToTlsAlone();
};

void TestRegistryPorts::opensAndClosesPorts()
{
    const LinkRef link = addLink("alice", "a1");
    const auto answer = m_registry->openTunnel(link, tcp("ssh", 20001));
    QCOMPARE(*granted(answer).port, uint16_t(20001));
    QVERIFY(m_registry->table()->findPort(20001)->link == link);
    m_registry->closeTunnel(link, granted(answer).grant.id);
    QVERIFY(m_ports.open.empty());
    QVERIFY(!m_registry->table()->findPort(20001));
}

void TestRegistryPorts::keepsAPortOpenThroughGraceAndTakeOver()
{
    const LinkRef link = addLink("alice", "a1");
    (void)m_registry->openTunnel(link, tcp("ssh", 20001));
    m_registry->dropLink(link, m_now);
    QVERIFY(m_ports.open.contains(20001));
    QCOMPARE(m_registry->table()->findPort(20001)->state, Route::State::Grace);
    m_ports.taken.insert(20001); // it cannot be opened anew: it must be handed on
    const LinkRef next = addLink("alice", "a1");
    QCOMPARE(codeOf(m_registry->openTunnel(next, tcp("ssh", 20001))), std::string());
    QVERIFY(m_ports.open.contains(20001));
    m_registry->dropLink(next, m_now);
    m_registry->expire(m_now + 10s);
    QVERIFY(m_ports.open.empty());
}

void TestRegistryPorts::refusesPorts()
{
    auth::Permissions permissions;
    permissions.ports = *config::PortRanges::parse("20002");
    const LinkRef link = addLink("alice", "a1", permissions);
    QCOMPARE(codeOf(m_registry->openTunnel(link, tcp("a", 80))), std::string("port_not_allowed"));
    QCOMPARE(codeOf(m_registry->openTunnel(link, tcp("b", 20001))),
             std::string("port_not_allowed"));
    m_ports.taken.insert(20002);
    QCOMPARE(codeOf(m_registry->openTunnel(link, tcp("c", 20002))), std::string("port_taken"));
    QCOMPARE(codeOf(m_registry->openTunnel(link, tcp("d"))), std::string("no_free_port"));
}

void TestRegistryPorts::choosesAFreePortAndKeepsIt()
{
    m_ports.taken.insert(20000);
    const LinkRef link = addLink("alice", "a1");
    QCOMPARE(*granted(m_registry->openTunnel(link, tcp("one"))).port, uint16_t(20001));
    QCOMPARE(*granted(m_registry->openTunnel(link, tcp("two"))).port, uint16_t(20002));
    m_registry->dropLink(link, m_now);
    const LinkRef next = addLink("alice", "a1");
    QCOMPARE(*granted(m_registry->openTunnel(next, tcp("two"))).port, uint16_t(20002));
}

void TestRegistryPorts::refusesKindsThatAreNotServed()
{
    wire::TunnelRequest request = http("web", "shop");
    request.kind = wire::TunnelKind::Udp;
    QCOMPARE(codeOf(m_registry->openTunnel(addLink("alice", "a1"), request)),
             std::string("unsupported_kind"));
    auth::Permissions permissions;
    permissions.kinds = {config::TunnelKind::Tcp};
    QCOMPARE(codeOf(m_registry->openTunnel(addLink("bob", "b1", permissions), http("web", "x"))),
             std::string("kind_not_allowed"));
}

void TestRegistryPorts::servesTlsByNameHostnameAndPort()
{
    const LinkRef link = addLink("acme", "a1", anyHostname());
    const auto chosen = m_registry->openTunnel(link, tls("chosen"));
    QCOMPARE(granted(chosen).hosts.size(), size_t(1));
    QVERIFY(!granted(chosen).port);
    QVERIFY(find(granted(chosen).hosts.front())->kind == wire::TunnelKind::Tls);

    wire::TunnelRequest request = tls("site", "*.acme.org", 20001);
    request.options.plainHttp = true;
    const auto site = m_registry->openTunnel(link, request);
    QCOMPARE(granted(site).hosts, std::vector<std::string>{"*.acme.org"});
    QCOMPARE(granted(site).port, std::optional<uint16_t>(20001));
    QVERIFY(m_ports.open.contains(20001));
    QVERIFY(find("app.acme.org")->kind == wire::TunnelKind::Tls);
    QVERIFY(find("app.acme.org")->plainHttp);
    QVERIFY(m_registry->table()->findPort(20001)->kind == wire::TunnelKind::Tls);

    // A port alone asks for no name.
    const auto port = m_registry->openTunnel(link, tls("port", {}, 20002));
    QVERIFY(granted(port).hosts.empty());
    QCOMPARE(granted(port).port, std::optional<uint16_t>(20002));
}

void TestRegistryPorts::givesAHostToHttpOrToTlsNotToBoth()
{
    const auth::Permissions any = anyHostname();
    const LinkRef acme = addLink("acme", "a1", any);
    const LinkRef other = addLink("other", "o1", any);
    QVERIFY(std::holds_alternative<Registry::Granted>(
        m_registry->openTunnel(acme, hostname("web", "app.acme.org"))));
    QCOMPARE(codeOf(m_registry->openTunnel(acme, tls("site", "app.acme.org"))), "hostname_taken");
    QCOMPARE(codeOf(m_registry->openTunnel(other, tls("site", "app.acme.org"))), "hostname_taken");
    QVERIFY(find("app.acme.org")->kind == wire::TunnelKind::Http);
}

void TestRegistryPorts::opensNoPortForATlsTunnelWhoseHostIsRefused()
{
    const LinkRef link = addLink("acme", "a1");
    QCOMPARE(codeOf(m_registry->openTunnel(link, tls("site", "app.acme.org", 20001))),
             "hostname_not_allowed");
    QVERIFY(m_ports.open.empty());
}

void TestRegistryPorts::takesAHostOverWhateverItsKind()
{
    const auth::Permissions any = anyHostname();
    const LinkRef first = addLink("acme", "a1", any);
    (void)m_registry->openTunnel(first, hostname("web", "app.acme.org"));
    const LinkRef second = addLink("acme", "a2", any);
    QVERIFY(std::holds_alternative<Registry::Granted>(
        m_registry->openTunnel(second, tls("site", "app.acme.org"))));
    QVERIFY(find("app.acme.org")->kind == wire::TunnelKind::Tls);
    QCOMPARE(m_registry->takeDisplaced().size(), size_t(1));
}

void TestRegistryPorts::refusesTlsByNameWithoutAListenerForIt()
{
    RegistryConfig config = standardConfig();
    config.httpsPort = 0;
    make(config);
    const LinkRef link = addLink("acme", "a1");
    QCOMPARE(codeOf(m_registry->openTunnel(link, tls("site"))), "unsupported_kind");
    QCOMPARE(granted(m_registry->openTunnel(link, tls("port", {}, 20001))).port,
             std::optional<uint16_t>(20001));
}

void TestRegistryPorts::givesItsHttpsPortToTlsAlone()
{
    RegistryConfig config = standardConfig();
    config.tcpPorts = *config::PortRanges::parse("443-444");
    make(config);
    const LinkRef link = addLink("acme", "a1");
    QCOMPARE(codeOf(m_registry->openTunnel(link, tcp("raw", 443))), "port_not_allowed");
    QCOMPARE(granted(m_registry->openTunnel(link, tcp("chosen"))).port,
             std::optional<uint16_t>(444));
    QCOMPARE(granted(m_registry->openTunnel(link, tls("all", {}, 443))).port,
             std::optional<uint16_t>(443));
}

QTEST_APPLESS_MAIN(TestRegistryPorts)
#include "tst_registry_ports.moc"
