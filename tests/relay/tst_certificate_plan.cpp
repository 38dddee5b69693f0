// Which certificates the relay wants.
#include "certificates/certificate_plan.h"

#include <QTest>

using sallyport::relay::CertificatePlan;
using Names = std::vector<std::string>;

class TestCertificatePlan : public QObject
{
    Q_OBJECT

private slots:
    void wantsItsOwnNameAndThoseOfTunnels();
    void wantsOneWildcardWithDns();
    void leavesOutWhatNoAuthoritySigns();
};

void TestCertificatePlan::wantsItsOwnNameAndThoseOfTunnels()
{
    const CertificatePlan plan{"example.com", "relay.example.com", false};
    const auto wanted = plan.wanted({"app.example.com", "api.acme.org"});
    QCOMPARE(wanted.size(), size_t(4));
    for (const auto& [id, names] : wanted)
        QCOMPARE(names, Names{id});
    QVERIFY(wanted.contains("example.com") && wanted.contains("relay.example.com") &&
            wanted.contains("app.example.com") && wanted.contains("api.acme.org"));
}

void TestCertificatePlan::wantsOneWildcardWithDns()
{
    const CertificatePlan plan{"example.com", "relay.example.com", true};
    const auto wanted =
        plan.wanted({"app.example.com", "a.b.example.com", "notexample.com", "*.acme.org"});
    QCOMPARE(wanted.at("*.example.com"), (Names{"example.com", "*.example.com"}));
    QVERIFY(!wanted.contains("app.example.com") && !wanted.contains("example.com"));
    // Deeper names, and those of others, are not covered.
    QCOMPARE(wanted.at("a.b.example.com"), Names{"a.b.example.com"});
    QCOMPARE(wanted.at("notexample.com"), Names{"notexample.com"});
    QCOMPARE(wanted.at("*.acme.org"), Names{"*.acme.org"});
    QCOMPARE(wanted.size(), size_t(4));
}

void TestCertificatePlan::leavesOutWhatNoAuthoritySigns()
{
    QVERIFY((CertificatePlan{"localhost", "192.0.2.1", true}.wanted({}).empty()));
    QVERIFY((CertificatePlan{"localhost", "2001:db8::1", false}.wanted({"localhost"}).empty()));
    QVERIFY((CertificatePlan{"", "", true}.wanted({}).empty()));
}

QTEST_APPLESS_MAIN(TestCertificatePlan)
#include "tst_certificate_plan.moc"
