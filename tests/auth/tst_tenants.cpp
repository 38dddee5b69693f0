// tenants.yaml: who a certificate's holder is, and what it may claim.
#include <sallyport/auth/tenants.h>

#include <QTest>

using namespace sallyport;
using namespace sallyport::auth;

class TestTenants : public QObject
{
    Q_OBJECT

private slots:
    void readsTenants();
    void findsTenantsByIdentity();
    void namesTheLineOfWhatIsWrong_data();
    void namesTheLineOfWhatIsWrong();
    void addsATenantToAnEmptyFile();
    void keepsCommentsWhenATenantChanges();
    void writesAnewWhatItCannotEdit();
    void leavesAFileAloneThatSaysTheSame();
    void boundsTheNumberOfTenants();
};

void TestTenants::readsTenants()
{
    const auto tenants = parseTenants("tenants:\n"
                                      "  - name: alice\n"
                                      "  - name: build\n"
                                      "    identities: [\"Build Farm\", spiffe://x/build]\n"
                                      "    kinds: [tcp]\n"
                                      "    names: none\n"
                                      "    hostnames: [\"*.acme.org\"]\n"
                                      "    ports: 20000-20009\n",
                                      "tenants.yaml");
    QVERIFY(tenants.ok());
    QCOMPARE(tenants.value().size(), size_t(2));
    QVERIFY(tenants.value()[0].permissions == Permissions());
    const Tenant& build = tenants.value()[1];
    QCOMPARE(build.identities.size(), size_t(2));
    QCOMPARE(build.permissions.kinds.size(), size_t(1));
    QVERIFY(build.permissions.names == Patterns::none());
    QCOMPARE(build.permissions.ports.text(), std::string("20000-20009"));
}

void TestTenants::findsTenantsByIdentity()
{
    Tenant alice, build;
    alice.name = "alice";
    build.name = "build";
    build.identities = {"Build Farm"};
    const TenantSet set({alice, build});
    QCOMPARE(set.byIdentity("alice")->name, std::string("alice"));
    QCOMPARE(set.byIdentity("Build Farm")->name, std::string("build"));
    QVERIFY(!set.byIdentity("build"));
    QVERIFY(!set.byIdentity("Alice"));
    QVERIFY(!set.byIdentity(""));
    QVERIFY(set.byName("build"));
}

void TestTenants::namesTheLineOfWhatIsWrong_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("problem");
    QTest::newRow("unknown key") << "tenants:\n  - name: a\n    hostname: [a.b]\n"
                                 << "t.yaml:3: tenants[0].hostname: unknown key";
    QTest::newRow("no name") << "tenants:\n  - ports: any\n"
                             << "t.yaml:2: tenants[0]: name is missing";
    QTest::newRow("bad name") << "tenants:\n  - name: \"a b\"\n"
                              << "t.yaml:2: tenants[0].name";
    QTest::newRow("twice") << "tenants:\n  - name: a\n  - name: a\n"
                           << "t.yaml:3: tenants[1].name \"a\": is the name of an earlier";
    QTest::newRow("one identity of two")
        << "tenants:\n  - name: a\n  - name: b\n    identities: [a]\n"
        << "is the identity of an earlier";
    QTest::newRow("bad hostname") << "tenants:\n  - name: a\n    hostnames: [a_b]\n"
                                  << "t.yaml:3: tenants[0].hostnames[0]";
    QTest::newRow("another root") << "tokens:\n"
                                  << "t.yaml:1: tokens: unknown key";
    QTest::newRow("a list at once") << "- name: a\n"
                                    << "must hold one key, tenants";
}

void TestTenants::namesTheLineOfWhatIsWrong()
{
    QFETCH(QString, text);
    QFETCH(QString, problem);
    const auto tenants = parseTenants(text.toStdString(), "t.yaml");
    QVERIFY(!tenants.ok());
    QVERIFY2(QString::fromStdString(tenants.error().text()).contains(problem),
             tenants.error().text().c_str());
}

void TestTenants::addsATenantToAnEmptyFile()
{
    Tenant alice;
    alice.name = "alice";
    alice.permissions.hostnames = {false, {"api.acme.org"}};
    const auto text = tenantsWith("", alice);
    QVERIFY(text.ok());
    QVERIFY(parseTenants(*text, "").value() == std::vector<Tenant>{alice});
}

void TestTenants::keepsCommentsWhenATenantChanges()
{
    const std::string before = "# ours\n"
                               "tenants:\n"
                               "  # the boss\n"
                               "  - name: alice\n"
                               "  # builds\n"
                               "  - name: build\n";
    Tenant build;
    build.name = "build";
    build.permissions.ports = config::PortRanges::parse("20000").value();
    const auto text = tenantsWith(before, build);
    QVERIFY(text.ok());
    QVERIFY2(text.value().starts_with("# ours\ntenants:\n  # the boss\n  - name: alice\n"),
             text.value().c_str());
    QVERIFY(parseTenants(*text, "").value()[1] == build);
}

void TestTenants::writesAnewWhatItCannotEdit()
{
    Tenant build;
    build.name = "build";
    const auto text = tenantsWith("tenants: [{name: alice}]\n", build);
    QVERIFY(text.ok());
    QCOMPARE(parseTenants(*text, "").value().size(), size_t(2));
    QVERIFY(!tenantsWith("tenants: 7\n", build).ok());
}

void TestTenants::leavesAFileAloneThatSaysTheSame()
{
    const std::string before = "tenants:\n  - {name: alice}   # as it is\n";
    Tenant alice;
    alice.name = "alice";
    QCOMPARE(tenantsWith(before, alice).value(), before);
}

void TestTenants::boundsTheNumberOfTenants()
{
    std::string text = "tenants:\n";
    for (size_t i = 0; i <= TenantSet::MaxTenants; ++i)
        text += "  - name: t" + std::to_string(i) + "\n";
    QVERIFY(!parseTenants(text, "t.yaml").ok());
}

QTEST_APPLESS_MAIN(TestTenants)
#include "tst_tenants.moc"
