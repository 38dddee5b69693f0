// Names: who holds one, who takes it over, and what is left when a link went.
#include "registry_fixture.h"

using namespace sallyport;
using namespace sallyport::relay;
using namespace sallyport::relay::test;

class TestRegistry : public RegistryFixture
{
    Q_OBJECT

private slots:
    void init() { reset(); }
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
    void refusesNamesWithoutADomain();
    void aCheckSaysWhatAClaimWouldAndHoldsNothing();
};

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

void TestRegistry::refusesNamesWithoutADomain()
{
    RegistryConfig config = standardConfig();
    config.domain.clear();
    make(config);
    QCOMPARE(codeOf(m_registry->openTunnel(addLink("alice", "a1"), http("web", "shop"))),
             std::string("domain_missing"));
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

QTEST_APPLESS_MAIN(TestRegistry)
#include "tst_registry.moc"
