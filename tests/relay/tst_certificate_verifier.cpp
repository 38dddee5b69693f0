// From a certificate that the handshake took to a tenant, or a refusal.
#include "identity/certificate_verifier.h"

#include <sallyport/tls/authority.h>

#include <QTest>

using namespace sallyport;
using namespace sallyport::relay;
using auth::Timestamp;
using std::chrono::hours;
using wire::RefusalCode;

class TestCertificateVerifier : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void namesTheTenantOfACertificate();
    void refuses_data();
    void refuses();
    void rechecksAStandingLink();
    void goesByTheSubjectOrByOtherNames();
    void takesAnotherAuthoritysRevocations();

private:
    Verdict verify() const
    {
        Proof proof;
        proof.auth.scheme = "mtls";
        proof.certificate = m_certificate;
        return CertificateVerifier(m_trust).verify(proof, m_now);
    }
    // "" when a grant was given.
    std::string codeOf(const Verdict& verdict) const
    {
        const auto* refusal = std::get_if<wire::Refusal>(&verdict);
        return refusal ? refusal->code : std::string();
    }
    void publish(CertificateTrust trust)
    {
        m_trust.publish(std::make_shared<const CertificateTrust>(std::move(trust)));
    }
    CertificateTrust own() const
    {
        CertificateTrust trust;
        trust.authority = CertificateTrust::Authority::Own;
        trust.index.add({"abc1", "alice", m_now, m_now + hours(24), std::nullopt});
        auth::Tenant tenant;
        tenant.name = "alice";
        tenant.permissions.names = auth::Patterns::none();
        trust.tenants = auth::TenantSet({tenant});
        return trust;
    }

    Timestamp m_now{std::chrono::seconds(1'800'000'000)};
    std::optional<tls::Certificate> m_certificate;
    Published<CertificateTrust> m_trust{std::make_shared<const CertificateTrust>()};
};

void TestCertificateVerifier::init()
{
    m_certificate.emplace();
    m_certificate->commonName = "alice";
    m_certificate->subject = "CN=alice";
    m_certificate->issuer = "CN=Agents,O=Acme";
    m_certificate->serial = "abc1";
    m_certificate->notAfter = m_now + hours(24);
    publish(own());
}

void TestCertificateVerifier::namesTheTenantOfACertificate()
{
    const Verdict verdict = verify();
    const auto* grant = std::get_if<auth::Grant>(&verdict);
    QVERIFY(grant);
    QCOMPARE(grant->tenant(), std::string("alice"));
    QVERIFY(grant->source() == auth::Source::Certificate);
    QVERIFY(*grant->expires() == m_now + hours(24));
    QVERIFY(!grant->mayUseName("web"));
    QCOMPARE(CertificateVerifier::serialOf(*grant), std::string_view("abc1"));
}

void TestCertificateVerifier::refuses_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("code");
    QTest::newRow("no authority") << "authority"
                                  << "unsupported_auth";
    QTest::newRow("no certificate") << "certificate"
                                    << "bad_credentials";
    QTest::newRow("not issued here") << "serial"
                                     << "bad_credentials";
    QTest::newRow("revoked") << "revoked"
                             << "revoked";
    QTest::newRow("expired") << "expired"
                             << "expired";
    QTest::newRow("nobody's") << "tenant"
                              << "bad_credentials";
    QTest::newRow("nameless") << "name"
                              << "bad_credentials";
}

void TestCertificateVerifier::refuses()
{
    QFETCH(QString, what);
    QFETCH(QString, code);
    CertificateTrust trust = own();
    if (what == "authority")
        trust.authority = CertificateTrust::Authority::None;
    else if (what == "certificate")
        m_certificate.reset();
    else if (what == "serial")
        m_certificate->serial = "abc2";
    else if (what == "revoked")
        trust.index.revoke("alice", m_now);
    else if (what == "expired")
        m_certificate->notAfter = m_now;
    else if (what == "tenant")
        trust.tenants = {};
    else if (what == "name")
        m_certificate->commonName.clear();
    publish(std::move(trust));
    QCOMPARE(codeOf(verify()), code.toStdString());
}

void TestCertificateVerifier::rechecksAStandingLink()
{
    const CertificateVerifier verifier(m_trust);
    const auth::Grant grant = std::get<auth::Grant>(verify());
    QVERIFY(!verifier.recheck(grant, m_now));
    QVERIFY(verifier.recheck(grant, m_now + hours(25))->is(RefusalCode::Expired));
    CertificateTrust trust = own();
    trust.index.revoke("abc1", m_now);
    publish(std::move(trust));
    QVERIFY(verifier.recheck(grant, m_now)->is(RefusalCode::Revoked));
    trust = own();
    trust.tenants = {};
    publish(std::move(trust));
    QVERIFY(verifier.recheck(grant, m_now)->is(RefusalCode::Revoked));
}

void TestCertificateVerifier::goesByTheSubjectOrByOtherNames()
{
    CertificateTrust trust = own();
    trust.authority = CertificateTrust::Authority::External;
    auth::Tenant build;
    build.name = "build";
    build.identities = {"spiffe://acme/build"};
    trust.tenants = auth::TenantSet({build});
    m_certificate->accounts = {"spiffe://acme/other", "spiffe://acme/build"};
    publish(trust);
    QCOMPARE(codeOf(verify()), std::string("bad_credentials"));
    trust.identity = config::MtlsConfig::Identity::San;
    publish(trust);
    QCOMPARE(std::get<auth::Grant>(verify()).tenant(), std::string("build"));
}

void TestCertificateVerifier::takesAnotherAuthoritysRevocations()
{
    const auto now = std::chrono::system_clock::now();
    const tls::Validity validity{now - hours(1), now + hours(24)};
    auto authority =
        tls::Authority::fromKeyPair(tls::makeRootAuthority("Acme", validity).value(), now);
    const std::string list = authority.value().makeCrl({{"abc1", now}}, 1, validity).value();
    CertificateTrust trust = own();
    trust.authority = CertificateTrust::Authority::External;
    trust.lists = tls::RevocationLists::fromText(list).value();
    publish(trust);
    // The same serial number of another issuer means nothing.
    QCOMPARE(codeOf(verify()), std::string());
    m_certificate->issuer = "CN=Acme";
    QCOMPARE(codeOf(verify()), std::string("revoked"));
}

QTEST_APPLESS_MAIN(TestCertificateVerifier)
#include "tst_certificate_verifier.moc"
