// What a credential allows, and how much of it.
#include "registry_fixture.h"

using namespace sallyport;
using namespace sallyport::relay;
using namespace sallyport::relay::test;

class TestRegistryGrants : public RegistryFixture
{
    Q_OBJECT

private slots:
    void init() { reset(); }
    void refusesHostNamesThatTheCredentialDoesNotAllow();
    void limitsLinksAndTunnels();
    void namesLinksWhoseCredentialFell();
    void aRenewedGrantClosesWhatItDoesNotAllow();
    void aRenewedGrantNeverWidensTheLink();
    void refusesAnotherTenantsGrantForALink();
    void honoursTheLimitsOfAGrant();
};

void TestRegistryGrants::refusesHostNamesThatTheCredentialDoesNotAllow()
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

void TestRegistryGrants::limitsLinksAndTunnels()
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

void TestRegistryGrants::namesLinksWhoseCredentialFell()
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

void TestRegistryGrants::aRenewedGrantClosesWhatItDoesNotAllow()
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

void TestRegistryGrants::aRenewedGrantNeverWidensTheLink()
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

void TestRegistryGrants::refusesAnotherTenantsGrantForALink()
{
    const LinkRef link = addLink("alice", "a1");
    const auto renewal = m_registry->renewGrant(link, grantFor("bob"));
    QVERIFY(renewal.refused && renewal.refused->is(RefusalCode::BadCredentials));
    QVERIFY(!m_registry->renewGrant(LinkRef{0, 999}, grantFor("bob")).refused); // gone already
}

void TestRegistryGrants::honoursTheLimitsOfAGrant()
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

QTEST_APPLESS_MAIN(TestRegistryGrants)
#include "tst_registry_grants.moc"
