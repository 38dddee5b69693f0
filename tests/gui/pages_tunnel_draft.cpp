// From what a person typed to a tunnel's configuration.
#include "tunnel_draft.h"

#include <QTest>

using namespace sallyport::gui;
using sallyport::config::TunnelConfig;
using sallyport::config::TunnelKind;

namespace {

TunnelDraft web()
{
    TunnelDraft draft;
    draft.upstream = "3000";
    draft.name = "shop";
    return draft;
}

} // namespace

class TunnelDraftTest : public QObject
{
    Q_OBJECT

private slots:
    void aPortAndANameAreEnough()
    {
        const auto outcome = web().build();
        QVERIFY(outcome.config);
        QCOMPARE(outcome.config->upstream.text(), std::string("127.0.0.1:3000"));
        QCOMPARE(*outcome.config->name, std::string("shop"));
        QVERIFY(outcome.config->access.empty());
    }

    void whatIsMissingIsNoErrorYet()
    {
        TunnelDraft draft = web();
        draft.upstream.clear();
        const auto outcome = draft.build();
        QVERIFY(!outcome.config);
        QCOMPARE(outcome.errors, TunnelDraft::Errors{});
    }

    void eachWrongUpstreamHasItsOwnReason_data()
    {
        QTest::addColumn<QString>("upstream");
        QTest::addColumn<QString>("says");
        QTest::newRow("path") << "http://localhost:3000/path"
                              << "write http://localhost:3000";
        QTest::newRow("path without scheme") << "localhost:3000/path"
                                             << "write localhost:3000";
        QTest::newRow("path without port") << "localhost/path"
                                           << "write localhost:3000";
        QTest::newRow("https") << "https://localhost:8443"
                               << "HTTPS";
        QTest::newRow("no port") << "localhost"
                                 << "write localhost:3000";
        QTest::newRow("an address without port") << "192.168.1.20"
                                                 << "write 192.168.1.20:3000";
        QTest::newRow("IPv6") << "::1"
                              << "[::1]:3000";
        QTest::newRow("IPv6 without port") << "[::1]"
                                           << "write [::1]:3000";
        QTest::newRow("too large") << "70000"
                                   << "65535";
        QTest::newRow("zero") << "0"
                              << "65535";
        QTest::newRow("too large, with host") << "localhost:70000"
                                              << "65535";
        QTest::newRow("nonsense") << "my web site"
                                  << "192.168.1.20:8080";
    }
    void eachWrongUpstreamHasItsOwnReason()
    {
        QFETCH(QString, upstream);
        QFETCH(QString, says);
        TunnelDraft draft = web();
        draft.upstream = upstream;
        const auto outcome = draft.build();
        QVERIFY(!outcome.config);
        QVERIFY2(outcome.errors.upstream.contains(says), qPrintable(outcome.errors.upstream));
        QVERIFY(outcome.missing.isEmpty());
    }

    void whatIsMissingIsNamed()
    {
        TunnelDraft draft;
        QVERIFY(draft.build().missing.contains("service"));
        draft.upstream = "3000";
        QVERIFY(draft.build().missing.contains("name"));
        draft.name = "shop";
        QVERIFY(draft.build().missing.isEmpty());
        draft.access = TunnelDraft::Access::Password;
        QVERIFY(draft.build().missing.contains("user"));
        QVERIFY(draft.build().addressed); // the address is known all the same
        draft.user = "friend";
        QVERIFY(draft.build().missing.contains("password"));
        draft.access = TunnelDraft::Access::Networks;
        QVERIFY(draft.build().missing.contains("networks"));
    }

    void wrongTextsAreSaid_data()
    {
        QTest::addColumn<QString>("upstream");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("networks");
        QTest::newRow("port") << "70000"
                              << "shop"
                              << "";
        QTest::newRow("name") << "3000"
                              << "My Shop"
                              << "";
        QTest::newRow("network") << "3000"
                                 << "shop"
                                 << "10.0.0.0/8, nonsense";
    }
    void wrongTextsAreSaid()
    {
        QFETCH(QString, upstream);
        QFETCH(QString, name);
        QFETCH(QString, networks);
        TunnelDraft draft = web();
        draft.upstream = upstream;
        draft.name = name;
        draft.networks = networks;
        if (!networks.isEmpty())
            draft.access = TunnelDraft::Access::Networks;
        const auto outcome = draft.build();
        QVERIFY(!outcome.config);
        QVERIFY(outcome.errors != TunnelDraft::Errors{});
    }

    void aPasswordNeedsUserAndPassword()
    {
        TunnelDraft draft = web();
        draft.access = TunnelDraft::Access::Password;
        QVERIFY(!draft.build().config);
        draft.user = "friend";
        QVERIFY(!draft.build().config);
        draft.passwordGiven = true;
        QVERIFY(draft.build().config);
    }

    void aKnownPasswordNeedNotBeTypedAgain()
    {
        TunnelConfig config = *web().build().config;
        config.access.users = {{"friend", "$argon2id$v=19$m=19456,t=2,p=1$a$b"}};
        const auto outcome = TunnelDraft::from(config).build();
        QVERIFY(outcome.config);
        QCOMPARE(*outcome.config, config);
    }

    void atMostAHundredNetworks()
    {
        TunnelDraft draft = web();
        draft.access = TunnelDraft::Access::Networks;
        for (int i = 0; i < 100; ++i)
            draft.networks += QString("10.0.%1.0/24 ").arg(i);
        QVERIFY(draft.build().config);
        draft.networks += "10.1.0.0/24";
        QVERIFY(!draft.build().config);
    }

    void editingKeepsWhatTheFormDoesNotShow()
    {
        TunnelConfig config = *web().build().config;
        config.hostHeader = "localhost";
        config.access.tokenHashes = {"sha256:abc"};
        config.access.tokenQuery = "key";
        TunnelDraft draft = TunnelDraft::from(config);
        QCOMPARE(draft.access, TunnelDraft::Access::Kept);
        draft.upstream = "4000";
        const auto outcome = draft.build();
        QVERIFY(outcome.config);
        QCOMPARE(*outcome.config->hostHeader, std::string("localhost"));
        QCOMPARE(outcome.config->access, config.access);
    }

    void portsTakeNoPasswords()
    {
        TunnelDraft draft = web();
        draft.kind = TunnelKind::Tcp;
        draft.address = TunnelDraft::Address::Chosen;
        draft.access = TunnelDraft::Access::Password;
        draft.user = "friend";
        draft.passwordGiven = true;
        const auto outcome = draft.build();
        QVERIFY(!outcome.config);
        QVERIFY(!outcome.errors.access.isEmpty());
    }

    void aFreshRefIsTakenByNobody()
    {
        QCOMPARE(web().freshRef({}), std::string("shop"));
        QCOMPARE(web().freshRef({"shop", "shop-2"}), std::string("shop-3"));
        TunnelDraft port = web();
        port.kind = TunnelKind::Tcp;
        port.address = TunnelDraft::Address::Chosen;
        QCOMPARE(port.freshRef({}), std::string("tcp-3000"));
        TunnelDraft host = web();
        host.address = TunnelDraft::Address::Hostname;
        host.hostname = "*.acme.example";
        QCOMPARE(host.freshRef({}), std::string("acme"));
        TunnelDraft longest = web();
        longest.name = QString(63, 'a');
        QVERIFY(longest.freshRef({}).size() <= 60);
    }
};

QTEST_MAIN(TunnelDraftTest)
#include "pages_tunnel_draft.moc"
