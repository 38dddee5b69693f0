#include "routes/registry.h"

#include <QTest>

#include <set>

using namespace sallyport;
using namespace sallyport::relay;
using namespace std::chrono_literals;
using wire::RefusalCode;

namespace {

class FakePorts : public PortHolder
{
public:
    bool openPort(uint16_t port) override
    {
        if (taken.contains(port))
            return false;
        open.insert(port);
        return true;
    }
    void closePort(uint16_t port) override { open.erase(port); }
    std::set<uint16_t> open;
    std::set<uint16_t> taken; // by other programs
};

auth::Grant grantFor(const std::string& tenant, auth::Permissions permissions = {})
{
    return auth::Grant("t_" + tenant, tenant, std::nullopt, permissions);
}

wire::TunnelRequest http(const std::string& ref, std::optional<std::string> name = {})
{
    wire::TunnelRequest request;
    request.ref = ref;
    request.name = std::move(name);
    return request;
}

wire::TunnelRequest hostname(const std::string& ref, const std::string& host)
{
    wire::TunnelRequest request;
    request.ref = ref;
    request.hostname = host;
    return request;
}

wire::TunnelRequest tcp(const std::string& ref, std::optional<uint16_t> port = {})
{
    wire::TunnelRequest request;
    request.ref = ref;
    request.kind = wire::TunnelKind::Tcp;
    request.remotePort = port;
    return request;
}

wire::TunnelRequest tls(const std::string& ref, std::optional<std::string> host = {},
                        std::optional<uint16_t> port = {})
{
    wire::TunnelRequest request;
    request.ref = ref;
    request.kind = wire::TunnelKind::Tls;
    request.hostname = std::move(host);
    request.remotePort = port;
    return request;
}

auth::Permissions anyHostname()
{
    auth::Permissions permissions;
    permissions.hostnames = auth::Patterns::all();
    return permissions;
}

std::string codeOf(const Registry::Answer& answer)
{
    const auto* refused = std::get_if<wire::TunnelRefused>(&answer);
    return refused ? refused->refusal.code : "";
}

const Registry::Granted& granted(const Registry::Answer& answer)
{
    return std::get<Registry::Granted>(answer);
}

} // namespace

class TestRegistry : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void servesANameUnderTheDomain();
    void choosesTheSameNameForTheSameAgentAndTunnel();
    void choosesAnotherNameWhenItIsHeldBySomebodyElse();
    void refusesANameOfAnotherTenant();
    void refusesANameOfAnotherTenantDuringItsGrace();
    void givesANameToAnotherTenantAfterItsGrace();
    void sameTenantTakesOverAndTheLoserHears();
    void sameAgentTakesOverItsStaleLink();
    void leavesALinkAloneThatWasToldToGo();
    void refusesTheSameNameTwiceOnOneLink();
    void refusesTheSameRefTwiceOnOneLink();
    void keepsRoutesWaitingThroughTheGrace();
    void forgetsTheOldestAwayAddressBeyondTheLimit();
    void treatsHostNamesBelowTheDomainAsNames();
    void refusesHostNamesThatTheCredentialDoesNotAllow();
    void refusesNamesWithoutADomain();
    void opensAndClosesPorts();
    void keepsAPortOpenThroughGraceAndTakeOver();
    void refusesPorts();
    void choosesAFreePortAndKeepsIt();
    void aCheckSaysWhatAClaimWouldAndHoldsNothing();
    void limitsLinksAndTunnels();
    void namesLinksWhoseCredentialFell();
    void aRenewedGrantClosesWhatItDoesNotAllow();
    void aRenewedGrantNeverWidensTheLink();
    void refusesAnotherTenantsGrantForALink();
    void honoursTheLimitsOfAGrant();
    void refusesKindsThatAreNotServed();
    void servesTlsByNameHostnameAndPort();
    void givesAHostToHttpOrToTlsNotToBoth();
    void opensNoPortForATlsTunnelWhoseHostIsRefused();
    void takesAHostOverWhateverItsKind();
    void refusesTlsByNameWithoutAListenerForIt();
    void givesItsHttpsPortToTlsAlone();

private:
    LinkRef addLink(const std::string& tenant, const std::string& agent,
                    auth::Permissions permissions = {})
    {
        LinkIdentity identity;
        identity.ref = {0, ++m_lastLink};
        identity.agentId = agent;
        const auto refused = m_registry->addLink(identity, grantFor(tenant, permissions), m_now);
        return refused ? LinkRef{-1, 0} : identity.ref;
    }
    RouteTable::RoutePtr find(const std::string& host)
    {
        return m_registry->table()->findHost(host);
    }
    void make(RegistryConfig config)
    {
        m_ports = FakePorts();
        m_registry.emplace(config, m_ports);
    }

    FakePorts m_ports;
    std::optional<Registry> m_registry;
    TimePoint m_now{};
    uint64_t m_lastLink = 0;
};

static RegistryConfig standardConfig()
{
    RegistryConfig config;
    config.domain = "example.com";
    config.tcpPorts = *config::PortRanges::parse("20000-20002");
    config.httpsPort = 443;
    config.linksLimit = 5;
    config.linksPerTenant = 3;
    config.tunnelsPerLink = 4;
    config.awayLimit = 2;
    return config;
}

void TestRegistry::init()
{
    m_now = TimePoint(1000s);
    make(standardConfig());
}

void TestRegistry::servesANameUnderTheDomain()
{
    const LinkRef link = addLink("alice", "a1");
    const auto answer = m_registry->openTunnel(link, http("web", "shop"));
    QCOMPARE(*granted(answer).grant.name, std::string("shop"));
    QCOMPARE(granted(answer).hosts, std::vector<std::string>{"shop.example.com"});
    QVERIFY(find("deep.shop.example.com")->link == link);
    QCOMPARE(find("shop.example.com")->state, Route::State::Up);
}

void TestRegistry::choosesTheSameNameForTheSameAgentAndTunnel()
{
    const auto first = m_registry->openTunnel(addLink("alice", "a1"), http("web"));
    make(standardConfig());
    const auto second = m_registry->openTunnel(addLink("alice", "a1"), http("web"));
    QCOMPARE(*granted(first).grant.name, *granted(second).grant.name);
    const auto other = m_registry->openTunnel(addLink("alice", "a2"), http("web"));
    QVERIFY(*granted(other).grant.name != *granted(first).grant.name);
}

void TestRegistry::choosesAnotherNameWhenItIsHeldBySomebodyElse()
{
    const auto wanted = m_registry->openTunnel(addLink("alice", "a1"), http("web"));
    make(standardConfig());
    const std::string name = *granted(wanted).grant.name;
    (void)m_registry->openTunnel(addLink("bob", "b1"), http("x", name));
    const auto answer = m_registry->openTunnel(addLink("alice", "a1"), http("web"));
    QVERIFY(*granted(answer).grant.name != name);
    QVERIFY(m_registry->takeDisplaced().empty());
}

void TestRegistry::refusesANameOfAnotherTenant()
{
    (void)m_registry->openTunnel(addLink("alice", "a1"), http("web", "shop"));
    const auto answer = m_registry->openTunnel(addLink("bob", "b1"), http("web", "shop"));
    QCOMPARE(codeOf(answer), std::string("name_taken"));
}

void TestRegistry::refusesANameOfAnotherTenantDuringItsGrace()
{
    const LinkRef link = addLink("alice", "a1");
    (void)m_registry->openTunnel(link, http("web", "shop"));
    m_registry->dropLink(link, m_now);
    const auto answer = m_registry->openTunnel(addLink("bob", "b1"), http("web", "shop"));
    QCOMPARE(codeOf(answer), std::string("name_taken"));
}

void TestRegistry::givesANameToAnotherTenantAfterItsGrace()
{
    const LinkRef link = addLink("alice", "a1");
    (void)m_registry->openTunnel(link, http("web", "shop"));
    m_registry->dropLink(link, m_now);
    QVERIFY(m_registry->expire(m_now + 4s));
    const LinkRef bob = addLink("bob", "b1");
    QCOMPARE(codeOf(m_registry->openTunnel(bob, http("web", "shop"))), std::string());
    QVERIFY(find("shop.example.com")->link == bob);
}

void TestRegistry::sameTenantTakesOverAndTheLoserHears()
{
    const LinkRef first = addLink("alice", "a1");
    (void)m_registry->openTunnel(first, http("web", "shop"));
    const LinkRef second = addLink("alice", "a2");
    QCOMPARE(codeOf(m_registry->openTunnel(second, http("web", "shop"))), std::string());
    QVERIFY(find("shop.example.com")->link == second);
    const auto displaced = m_registry->takeDisplaced();
    QCOMPARE(displaced.size(), size_t(1));
    QVERIFY(displaced[0].link == first);
    QCOMPARE(displaced[0].tunnel->refusal.code, std::string("taken_over"));
    // What the loser does afterwards must not touch the winner.
    m_registry->dropLink(first, m_now);
    QCOMPARE(find("shop.example.com")->state, Route::State::Up);
}

void TestRegistry::sameAgentTakesOverItsStaleLink()
{
    const LinkRef first = addLink("alice", "a1");
    (void)m_registry->openTunnel(first, http("web", "shop"));
    const LinkRef second = addLink("alice", "a1");
    const auto displaced = m_registry->takeDisplaced();
    QCOMPARE(displaced.size(), size_t(1));
    QVERIFY(displaced[0].link == first && !displaced[0].tunnel);
    // Until it claims again, requests wait.
    QCOMPARE(find("shop.example.com")->state, Route::State::Grace);
    (void)m_registry->openTunnel(second, http("web", "shop"));
    QCOMPARE(find("shop.example.com")->state, Route::State::Up);
}

void TestRegistry::leavesALinkAloneThatWasToldToGo()
{
    (void)addLink("alice", "a1");
    m_registry->markDraining();
    (void)addLink("alice", "a1");
    QVERIFY(m_registry->takeDisplaced().empty());
    QCOMPARE(m_registry->linkCount(), size_t(2));
}

void TestRegistry::refusesTheSameNameTwiceOnOneLink()
{
    const LinkRef link = addLink("alice", "a1");
    (void)m_registry->openTunnel(link, http("one", "shop"));
    QCOMPARE(codeOf(m_registry->openTunnel(link, http("two", "shop"))), std::string("name_taken"));
}

void TestRegistry::refusesTheSameRefTwiceOnOneLink()
{
    const LinkRef link = addLink("alice", "a1");
    (void)m_registry->openTunnel(link, http("one", "shop"));
    QCOMPARE(codeOf(m_registry->openTunnel(link, http("one", "other"))),
             std::string("duplicate_ref"));
}

void TestRegistry::keepsRoutesWaitingThroughTheGrace()
{
    const LinkRef link = addLink("alice", "a1");
    (void)m_registry->openTunnel(link, http("web", "shop"));
    m_registry->dropLink(link, m_now);
    QCOMPARE(find("shop.example.com")->state, Route::State::Grace);
    QVERIFY(*m_registry->nextDeadline() == m_now + 3s);
    QVERIFY(!m_registry->expire(m_now + 2s));
    QVERIFY(m_registry->expire(m_now + 3s));
    QCOMPARE(find("shop.example.com")->state, Route::State::Away);
    QVERIFY(!m_registry->nextDeadline());
}

void TestRegistry::forgetsTheOldestAwayAddressBeyondTheLimit()
{
    const LinkRef link = addLink("alice", "a1");
    for (const char* name : {"one", "two", "three"}) {
        const auto answer = m_registry->openTunnel(link, http(name, name));
        m_registry->closeTunnel(link, granted(answer).grant.id);
    }
    QVERIFY(!find("one.example.com"));
    QCOMPARE(find("two.example.com")->state, Route::State::Away);
    QCOMPARE(find("three.example.com")->state, Route::State::Away);
}

void TestRegistry::treatsHostNamesBelowTheDomainAsNames()
{
    const LinkRef link = addLink("alice", "a1");
    const auto answer = m_registry->openTunnel(link, hostname("web", "shop.example.com"));
    QCOMPARE(*granted(answer).grant.name, std::string("shop"));
    QCOMPARE(codeOf(m_registry->openTunnel(link, hostname("deep", "a.b.example.com"))),
             std::string("hostname_not_allowed"));
    QCOMPARE(codeOf(m_registry->openTunnel(link, hostname("apex", "example.com"))),
             std::string("hostname_not_allowed"));
}

void TestRegistry::refusesHostNamesThatTheCredentialDoesNotAllow()
{
    const LinkRef link = addLink("alice", "a1");
    QCOMPARE(codeOf(m_registry->openTunnel(link, hostname("web", "www.acme.org"))),
             std::string("hostname_not_allowed"));
    auth::Permissions permissions;
    permissions.hostnames = {false, {"*.acme.org"}};
    permissions.names = {false, {"pr-*"}};
    const LinkRef allowed = addLink("bob", "b1", permissions);
    QCOMPARE(codeOf(m_registry->openTunnel(allowed, hostname("web", "www.acme.org"))),
             std::string());
    QCOMPARE(codeOf(m_registry->openTunnel(allowed, http("x", "shop"))),
             std::string("name_not_allowed"));
    QCOMPARE(codeOf(m_registry->openTunnel(allowed, http("y", "pr-12"))), std::string());
}

void TestRegistry::refusesNamesWithoutADomain()
{
    RegistryConfig config = standardConfig();
    config.domain.clear();
    make(config);
    QCOMPARE(codeOf(m_registry->openTunnel(addLink("alice", "a1"), http("web", "shop"))),
             std::string("domain_missing"));
}

void TestRegistry::opensAndClosesPorts()
{
    const LinkRef link = addLink("alice", "a1");
    const auto answer = m_registry->openTunnel(link, tcp("ssh", 20001));
    QCOMPARE(*granted(answer).port, uint16_t(20001));
    QVERIFY(m_registry->table()->findPort(20001)->link == link);
    m_registry->closeTunnel(link, granted(answer).grant.id);
    QVERIFY(m_ports.open.empty());
    QVERIFY(!m_registry->table()->findPort(20001));
}

void TestRegistry::keepsAPortOpenThroughGraceAndTakeOver()
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

void TestRegistry::refusesPorts()
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

void TestRegistry::aCheckSaysWhatAClaimWouldAndHoldsNothing()
{
    const LinkRef alice = addLink("alice", "a1");
    const LinkRef bob = addLink("bob", "b1");
    const auto check = [&](const wire::TunnelRequest& request) {
        return m_registry->checkTunnel(bob, request);
    };
    QCOMPARE(granted(check(http("?", "shop"))).hosts, std::vector<std::string>{"shop.example.com"});
    QCOMPARE(*granted(check(tcp("?", 20001))).port, uint16_t(20001));
    QVERIFY(granted(check(http("?"))).hosts.empty()); // chosen by the tunnel's own ref
    QVERIFY(!granted(check(tcp("?"))).port);
    QVERIFY(m_ports.open.empty());
    QVERIFY(!find("shop.example.com"));

    (void)m_registry->openTunnel(alice, http("web", "shop"));
    (void)m_registry->openTunnel(alice, tcp("ssh", 20001));
    QCOMPARE(codeOf(check(http("?", "shop"))), std::string("name_taken"));
    QCOMPARE(codeOf(check(tcp("?", 20001))), std::string("port_taken"));
    QCOMPARE(codeOf(check(tcp("?", 80))), std::string("port_not_allowed"));
    QCOMPARE(codeOf(check(hostname("?", "a.example.org"))), std::string("hostname_not_allowed"));
    QCOMPARE(codeOf(m_registry->checkTunnel({0, 99}, http("?", "free"))), std::string("internal"));
    QVERIFY(find("shop.example.com")->link == alice);
    QVERIFY(m_registry->takeDisplaced().empty());
}

void TestRegistry::choosesAFreePortAndKeepsIt()
{
    m_ports.taken.insert(20000);
    const LinkRef link = addLink("alice", "a1");
    QCOMPARE(*granted(m_registry->openTunnel(link, tcp("one"))).port, uint16_t(20001));
    QCOMPARE(*granted(m_registry->openTunnel(link, tcp("two"))).port, uint16_t(20002));
    m_registry->dropLink(link, m_now);
    const LinkRef next = addLink("alice", "a1");
    QCOMPARE(*granted(m_registry->openTunnel(next, tcp("two"))).port, uint16_t(20002));
}

void TestRegistry::limitsLinksAndTunnels()
{
    const LinkRef link = addLink("alice", "a1");
    for (int i = 0; i < 4; ++i)
        QCOMPARE(codeOf(m_registry->openTunnel(link, http(std::to_string(i)))), std::string());
    QCOMPARE(codeOf(m_registry->openTunnel(link, http("one-too-many"))),
             std::string("too_many_tunnels"));
    (void)addLink("alice", "a2");
    (void)addLink("alice", "a3");
    QCOMPARE(addLink("alice", "a4").worker, -1); // per tenant
    (void)addLink("bob", "b1");
    (void)addLink("bob", "b2");
    QCOMPARE(addLink("carol", "c1").worker, -1); // in all
    QCOMPARE(m_registry->linkCount(), size_t(5));
}

void TestRegistry::namesLinksWhoseCredentialFell()
{
    const LinkRef alice = addLink("alice", "a1");
    (void)addLink("bob", "b1");
    const auto fallen = m_registry->recheck([](const auth::Grant& grant) {
        return grant.tenant() == "alice" ? std::optional(wire::Refusal(RefusalCode::Revoked))
                                         : std::nullopt;
    });
    QCOMPARE(fallen.size(), size_t(1));
    QVERIFY(fallen[0].first == alice);
}

void TestRegistry::aRenewedGrantClosesWhatItDoesNotAllow()
{
    const LinkRef link = addLink("alice", "a1");
    const auto shop = granted(m_registry->openTunnel(link, http("web", "shop")));
    (void)m_registry->openTunnel(link, tcp("ssh", 20000));
    auth::Permissions narrower;
    narrower.names.any = false;
    narrower.names.items = {"blog"};
    const auto renewal = m_registry->renewGrant(link, grantFor("alice", narrower));
    QVERIFY(!renewal.refused && !renewal.goesBeyond);
    QCOMPARE(renewal.lost.size(), size_t(1));
    QCOMPARE(renewal.lost[0].first, shop.grant.id);
    QCOMPARE(renewal.lost[0].second.ref, "web");
    QCOMPARE(renewal.lost[0].second.refusal.code, "name_not_allowed");
    QVERIFY(find("shop.example.com")->state == Route::State::Away);
    QVERIFY(m_registry->table()->findPort(20000));
    QCOMPARE(codeOf(m_registry->openTunnel(link, http("again", "shop"))), "name_not_allowed");
    QCOMPARE(codeOf(m_registry->openTunnel(link, http("other", "blog"))), "");
}

void TestRegistry::aRenewedGrantNeverWidensTheLink()
{
    auth::Permissions first;
    first.names.any = false;
    first.names.items = {"a", "b"};
    first.ports = *config::PortRanges::parse("20000");
    const LinkRef link = addLink("alice", "a1", first);
    QVERIFY(m_registry->renewGrant(link, grantFor("alice")).goesBeyond);
    QCOMPARE(codeOf(m_registry->openTunnel(link, http("c", "c"))), "name_not_allowed");
    QCOMPARE(codeOf(m_registry->openTunnel(link, tcp("p", 20001))), "port_not_allowed");
    QCOMPARE(codeOf(m_registry->openTunnel(link, http("a", "a"))), "");
    // Less, and then as much as at first, is no widening.
    auth::Permissions less = first;
    less.names.items = {"a"};
    QVERIFY(!m_registry->renewGrant(link, grantFor("alice", less)).goesBeyond);
    QCOMPARE(codeOf(m_registry->openTunnel(link, http("b", "b"))), "name_not_allowed");
    QVERIFY(!m_registry->renewGrant(link, grantFor("alice", first)).goesBeyond);
    QCOMPARE(codeOf(m_registry->openTunnel(link, http("b", "b"))), "");
}

void TestRegistry::refusesAnotherTenantsGrantForALink()
{
    const LinkRef link = addLink("alice", "a1");
    const auto renewal = m_registry->renewGrant(link, grantFor("bob"));
    QVERIFY(renewal.refused && renewal.refused->is(RefusalCode::BadCredentials));
    QVERIFY(!m_registry->renewGrant(LinkRef{0, 999}, grantFor("bob")).refused); // gone already
}

void TestRegistry::honoursTheLimitsOfAGrant()
{
    auth::Grant grant = grantFor("alice");
    auth::Terms terms;
    terms.maxTunnels = 1;
    terms.maxLinks = 1;
    grant.setTerms(terms);
    LinkIdentity identity;
    identity.ref = {0, 77};
    identity.agentId = "a1";
    QVERIFY(!m_registry->addLink(identity, grant, m_now));
    QCOMPARE(codeOf(m_registry->openTunnel(identity.ref, http("a", "a"))), "");
    QCOMPARE(codeOf(m_registry->openTunnel(identity.ref, http("b", "b"))), "too_many_tunnels");
    identity.ref = {0, 78};
    identity.agentId = "a2";
    QVERIFY(m_registry->addLink(identity, grant, m_now)->is(RefusalCode::TooManyLinks));
}

void TestRegistry::refusesKindsThatAreNotServed()
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

void TestRegistry::servesTlsByNameHostnameAndPort()
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

void TestRegistry::givesAHostToHttpOrToTlsNotToBoth()
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

void TestRegistry::opensNoPortForATlsTunnelWhoseHostIsRefused()
{
    const LinkRef link = addLink("acme", "a1");
    QCOMPARE(codeOf(m_registry->openTunnel(link, tls("site", "app.acme.org", 20001))),
             "hostname_not_allowed");
    QVERIFY(m_ports.open.empty());
}

void TestRegistry::refusesTlsByNameWithoutAListenerForIt()
{
    RegistryConfig config = standardConfig();
    config.httpsPort = 0;
    make(config);
    const LinkRef link = addLink("acme", "a1");
    QCOMPARE(codeOf(m_registry->openTunnel(link, tls("site"))), "unsupported_kind");
    QCOMPARE(granted(m_registry->openTunnel(link, tls("port", {}, 20001))).port,
             std::optional<uint16_t>(20001));
}

void TestRegistry::givesItsHttpsPortToTlsAlone()
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

void TestRegistry::takesAHostOverWhateverItsKind()
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

QTEST_APPLESS_MAIN(TestRegistry)
#include "tst_registry.moc"
