// What a credential allows.
#include <sallyport/auth/grant.h>

#include <QTest>

using namespace sallyport::auth;
using sallyport::config::PortRanges;
using sallyport::config::TunnelKind;

class TestGrant : public QObject
{
    Q_OBJECT

    static Grant grant(Permissions permissions)
    {
        return {"t_a", "alice", {}, std::move(permissions)};
    }

private slots:
    void aFreshGrantAllowsAllButHostNames()
    {
        const Grant fresh = grant({});
        for (const TunnelKind kind :
             {TunnelKind::Http, TunnelKind::Tls, TunnelKind::Tcp, TunnelKind::Udp})
            QVERIFY(fresh.mayUseKind(kind));
        QVERIFY(fresh.mayUseName("anything"));
        QVERIFY(fresh.mayUsePort(1));
        QVERIFY(fresh.mayUsePort(65535));
        QVERIFY(!fresh.mayUseHostname("api.acme.org"));
    }

    void restrictsKindsAndPorts()
    {
        Permissions permissions;
        permissions.kinds = {TunnelKind::Http};
        permissions.ports = *PortRanges::parse("20000-20099");
        const Grant some = grant(permissions);
        QVERIFY(some.mayUseKind(TunnelKind::Http));
        QVERIFY(!some.mayUseKind(TunnelKind::Tcp));
        QVERIFY(some.mayUsePort(20099));
        QVERIFY(!some.mayUsePort(20100));
    }

    void matchesNamesByPattern()
    {
        Permissions permissions;
        permissions.names.any = false;
        permissions.names.items = {"api", "pr-*", "*-staging"};
        const Grant some = grant(permissions);
        for (const char* name : {"api", "pr-1", "pr-", "x-staging"})
            QVERIFY2(some.mayUseName(name), name);
        for (const char* name : {"apis", "ap", "pr", "staging", "x-staging-y", ""})
            QVERIFY2(!some.mayUseName(name), name);
    }

    void matchesHostNamesLabelByLabel()
    {
        Permissions permissions;
        permissions.hostnames.items = {"api.acme.org", "*.shop.example"};
        const Grant some = grant(permissions);
        for (const char* host : {"api.acme.org", "a.shop.example", "*.shop.example"})
            QVERIFY2(some.mayUseHostname(host), host);
        for (const char* host :
             {"acme.org", "x.api.acme.org", "www.acme.org", "*.acme.org", "shop.example",
              "a.b.shop.example", ".shop.example", "ashop.example", "*.a.shop.example", ""})
            QVERIFY2(!some.mayUseHostname(host), host);
        permissions.hostnames = Patterns::all();
        QVERIFY(grant(permissions).mayUseHostname("whatever.example"));
    }

    void globsWithoutExploding()
    {
        QVERIFY(globMatches("*", ""));
        QVERIFY(globMatches("**", "abc"));
        QVERIFY(globMatches("a*c*e", "abcde"));
        QVERIFY(globMatches("*ab", "aab"));
        QVERIFY(!globMatches("a*c", "abcd"));
        QVERIFY(!globMatches("", "a"));
        const std::string stars = "*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b";
        QVERIFY(!globMatches(stars, std::string(5000, 'a')));
    }
};

QTEST_GUILESS_MAIN(TestGrant)
#include "tst_grant.moc"
