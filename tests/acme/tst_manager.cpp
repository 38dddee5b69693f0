// Certificates for a changing set of names: whole conversations with a CA on a simulated clock.
#include "world.h"

#include <sallyport/acme/renewal.h>

#include <QTest>

using namespace sallyport;
using namespace sallyport::acme;
using namespace sallyport::acme::test;

class TestManager : public QObject
{
    Q_OBJECT

private slots:
    void issuesWhatIsWanted();
    void usesWhatIsStored();
    void replacesWhatIsStoredButOver();
    void goesOnWithAnOrderOfAnEarlierRun();
    void placesAnewAnOrderThatTheCaForgot();
    void renewsAtTwoThirdsOfTheLifetime();
    void spreadsRenewals();
    void renewsWithinTheWindowThatTheCaSuggests();
    void renewsOnceADayAtMostWhateverTheCaSuggests();
    void namesTheCertificateThatIsReplaced();
    void keepsServingWhileRenewalFails();
    void doesNotRenewTooSoonWhateverTheClockSays();
    void waitsLongerAfterEachFailure();
    void honoursRetryAfterOfARateLimit_data();
    void honoursRetryAfterOfARateLimit();
    void waitsLongestAfterARefusalThatStays();
    void triesAnotherChallengeAfterAFailure();
    void runsAFewOrdersAtOnce();
    void servesNewNamesBeforeRenewals();
    void keepsAWaitThoughTheNameComesAndGoes();
    void finishesAnOrderWhoseNameIsNoLongerWanted();
    void refusesMoreThanItMayHold();
    void dropsWhatNobodyWantsWhenRoomIsNeeded();
    void survivesACaThatIsDown();
};

void TestManager::issuesWhatIsWanted()
{
    World world;
    world.want("app.example.com");
    world.run();
    QCOMPARE(world.status("app.example.com").state, CertificateState::Pending);
    QVERIFY(world.status("app.example.com").issuing);
    world.runFor(1min);
    const auto ready = world.all<CertificateReady>();
    QCOMPARE(ready.size(), size_t(1));
    QVERIFY(ready[0].fresh && !ready[0].renewed);
    QVERIFY(tls::checkKeyPair(ready[0].keys, world.now.wall).ok());
    QCOMPARE(tls::Certificate::fromPem(ready[0].keys.chainPem).value().names,
             std::vector<std::string>{"app.example.com"});
    QCOMPARE(world.status("app.example.com").state, CertificateState::Ready);
    QCOMPARE(world.all<CleanUpChallenge>().size(), size_t(1));
    QCOMPARE(world.all<StoreOrder>().size(), size_t(1));
    QCOMPARE(world.all<ForgetOrder>().size(), size_t(1));
    QCOMPARE(world.all<AccountReady>().size(), size_t(1));
}

static tls::KeyPair issuedPair(World& world, const std::string& name)
{
    world.want(name);
    world.runFor(1min);
    return world.all<CertificateReady>().at(0).keys;
}

void TestManager::usesWhatIsStored()
{
    World world;
    const tls::KeyPair stored = issuedPair(world, "app.example.com");
    World again;
    again.now = world.now;
    again.want("app.example.com", stored);
    again.runFor(30s);
    QCOMPARE(again.ca.log.size(), size_t(0));
    const auto ready = again.all<CertificateReady>();
    QCOMPARE(ready.size(), size_t(1));
    QVERIFY(!ready[0].fresh);
    QCOMPARE(ready[0].keys.keyPem, stored.keyPem);
}

void TestManager::replacesWhatIsStoredButOver()
{
    World world;
    const tls::KeyPair stored = issuedPair(world, "app.example.com");
    World again;
    again.now = world.now;
    again.pass(24h * 91);
    again.want("app.example.com", stored);
    again.runFor(1min);
    QCOMPARE(again.all<CertificateReady>().size(), size_t(1));
    QVERIFY(again.all<CertificateReady>()[0].fresh);
}

void TestManager::goesOnWithAnOrderOfAnEarlierRun()
{
    World world;
    world.ca.hang = true;
    world.want("app.example.com");
    world.runFor(10s);
    const auto stored = world.all<StoreOrder>();
    QCOMPARE(stored.size(), size_t(1));
    // The program is killed here, and comes back with what it stored.
    world.ca.hang = false;
    world.manager.reset();
    world.events.clear();
    world.config.client.accountUrl = "https://ca.test/account/1";
    world.want("app.example.com", {}, stored[0].order);
    world.runFor(1min);
    QCOMPARE(world.all<CertificateReady>().size(), size_t(1));
    QCOMPARE(world.ca.issued, 1);
    QCOMPARE(world.ca.orders.size(), size_t(1));
    QVERIFY(tls::checkKeyPair(world.all<CertificateReady>()[0].keys, world.now.wall).ok());
}

void TestManager::placesAnewAnOrderThatTheCaForgot()
{
    World world;
    world.config.client.accountUrl = "https://ca.test/account/1";
    world.want("app.example.com", {},
               UnfinishedOrder{"https://ca.test/order/77", makeKey(KeyType::EcP256).value()});
    world.runFor(1min);
    QCOMPARE(world.all<CertificateReady>().size(), size_t(1));
    QCOMPARE(world.ca.orders.size(), size_t(1));
}

void TestManager::renewsAtTwoThirdsOfTheLifetime()
{
    World world;
    world.random = UINT32_MAX; // the latest
    world.want("app.example.com");
    world.runFor(24h * 59);
    QCOMPARE(world.ca.issued, 1);
    world.runFor(24h * 2);
    QCOMPARE(world.ca.issued, 2);
    QCOMPARE(world.all<CertificateReady>().size(), size_t(2));
    QVERIFY(world.all<CertificateReady>()[1].renewed);
    world.runFor(24h * 365);
    QCOMPARE(world.ca.issued, 8); // every 60 days, 426 days in all
}

void TestManager::spreadsRenewals()
{
    const tls::SystemTime from{}, until = from + 24h * 90;
    QCOMPARE(renewAt(from, until, UINT32_MAX) - from <= 24h * 60, true);
    QVERIFY(renewAt(from, until, 0) < renewAt(from, until, UINT32_MAX) - 24h * 4);
    QVERIFY(renewAt(from, until, 0) > from + 24h * 54);
}

void TestManager::renewsWithinTheWindowThatTheCaSuggests()
{
    World world;
    world.ca.renewalInfo = true;
    world.random = UINT32_MAX / 2;
    // 20,000 days after 1970-01-01 are 2024-10-04; the window is ten days later.
    world.ca.window = {{"start", "2024-10-14T00:00:00Z"}, {"end", "2024-10-15T00:00:00.5+00:00"}};
    world.want("app.example.com");
    world.runFor(24h * 9);
    QCOMPARE(world.ca.issued, 1);
    QVERIFY(world.count("GET /ari/") >= 30); // every six hours
    world.runFor(24h * 2);
    QCOMPARE(world.ca.issued, 2);
}

// A window that stays in the past is a fault of the CA's, not a reason to order without end.
void TestManager::renewsOnceADayAtMostWhateverTheCaSuggests()
{
    World world;
    world.ca.renewalInfo = true;
    world.ca.window = {{"start", "2024-01-01T00:00:00Z"}, {"end", "2024-01-02T00:00:00Z"}};
    world.want("app.example.com");
    world.runFor(24h * 10);
    QVERIFY(world.ca.issued >= 5 && world.ca.issued <= 11);
}

void TestManager::namesTheCertificateThatIsReplaced()
{
    World world;
    world.want("app.example.com");
    world.runFor(1min);
    const auto first = certificateId(world.all<CertificateReady>().at(0).keys.chainPem);
    QVERIFY(first);
    QVERIFY(!world.ca.orders[0].contains("replaces"));
    world.ca.intercept = [&, refused = false](const Request& request) mutable {
        const bool order = request.url.ends_with("/order") && !refused;
        refused = refused || order;
        return order ? std::optional(world.ca.problem(409, "alreadyReplaced", "by another"))
                     : std::nullopt;
    };
    world.ca.renewalInfo = true;
    world.runFor(24h * 61);
    // The first try named it, was refused, and the order went on without.
    QCOMPARE(world.ca.issued, 2);
    QCOMPARE(world.ca.orders.size(), size_t(2));
    QVERIFY(!world.ca.orders[1].contains("replaces"));
    world.ca.intercept = {};
    world.runFor(24h * 61);
    QVERIFY(world.ca.orders[2].contains("replaces"));
}

void TestManager::keepsServingWhileRenewalFails()
{
    World world;
    world.want("app.example.com");
    world.runFor(1min);
    world.ca.invalidDetail = "we saw another answer";
    world.runFor(24h * 70);
    QCOMPARE(world.status("app.example.com").state, CertificateState::Ready);
    QVERIFY(world.status("app.example.com").error.find("another answer") != std::string::npos);
    world.ca.invalidDetail.clear();
    world.runFor(24h);
    QCOMPARE(world.ca.issued, 2);
    QVERIFY(world.status("app.example.com").error.empty());
}

void TestManager::doesNotRenewTooSoonWhateverTheClockSays()
{
    World world;
    world.want("app.example.com");
    world.runFor(1min);
    // The CA's clock is months behind: what it issues is always old.
    world.pass(24h * 61);
    world.ca.intercept = [&](const Request&) {
        world.ca.now = world.now.wall - 24h * 80;
        return std::nullopt;
    };
    world.runFor(24h * 5);
    QVERIFY(world.ca.issued <= 3);
}

void TestManager::waitsLongerAfterEachFailure()
{
    World world;
    world.random = UINT32_MAX;
    world.ca.invalidDetail = "no";
    world.want("app.example.com");
    world.runFor(1min);
    QCOMPARE(world.ca.orders.size(), size_t(1));
    QCOMPARE(world.status("app.example.com").state, CertificateState::Failed);
    world.runFor(1h);
    QCOMPARE(world.ca.orders.size(), size_t(5)); // after 2, 6, 14, 30 minutes
    world.runFor(24h * 10);
    QVERIFY(world.ca.orders.size() <= 5 + 4 + 40); // every six hours in the end
    QVERIFY(world.ca.orders.size() >= 40);
}

void TestManager::honoursRetryAfterOfARateLimit_data()
{
    QTest::addColumn<QString>("header");
    QTest::newRow("seconds") << "36000";
    QTest::newRow("date") << "Fri, 04 Oct 2024 10:00:00 GMT";
}

void TestManager::honoursRetryAfterOfARateLimit()
{
    QFETCH(QString, header);
    World world;
    bool limited = true;
    world.ca.intercept = [&](const Request& request) {
        return limited && request.url.ends_with("/order")
                   ? std::optional(world.ca.problem(429, "rateLimited", "too many certificates",
                                                    {{"retry-after", header.toStdString()}}))
                   : std::nullopt;
    };
    world.want("app.example.com");
    world.runFor(9h);
    QCOMPARE(world.count("POST /order"), size_t(1));
    QVERIFY(world.status("app.example.com").error.find("too many certificates") !=
            std::string::npos);
    limited = false;
    world.runFor(2h);
    QCOMPARE(world.ca.issued, 1);
}

void TestManager::waitsLongestAfterARefusalThatStays()
{
    World world;
    world.ca.intercept = [&](const Request& request) {
        return request.url.ends_with("/order")
                   ? std::optional(world.ca.problem(400, "rejectedIdentifier", "not this name"))
                   : std::nullopt;
    };
    world.want("app.example.com");
    world.runFor(5h);
    QCOMPARE(world.count("POST /order"), size_t(1));
}

void TestManager::triesAnotherChallengeAfterAFailure()
{
    World world;
    world.ca.invalidDetail = "no";
    world.want("app.example.com");
    world.runFor(30min);
    const auto presents = world.all<PresentChallenge>();
    QVERIFY(presents.size() >= 3);
    QCOMPARE(presents[0].challenge.type, ChallengeType::Http01);
    QCOMPARE(presents[1].challenge.type, ChallengeType::TlsAlpn01);
    QCOMPARE(presents[2].challenge.type, ChallengeType::Dns01);
}

void TestManager::runsAFewOrdersAtOnce()
{
    World world;
    world.present = false;
    for (int i = 0; i < 20; ++i)
        world.want("n" + std::to_string(i) + ".example.com");
    world.run();
    QCOMPARE(world.all<PresentChallenge>().size(), size_t(4));
    world.present = true;
    world.runFor(1h);
    // The first four timed out; all were served in the end.
    QCOMPARE(world.ca.issued, 20);
}

void TestManager::servesNewNamesBeforeRenewals()
{
    World world;
    world.config.concurrent = 1;
    world.want("a.example.com");
    world.runFor(1min);
    world.ca.hang = true;
    world.pass(24h * 65);
    world.want("z.example.com");
    world.run();
    QVERIFY(world.status("z.example.com").issuing || world.status("a.example.com").issuing);
    QVERIFY(world.status("z.example.com").issuing);
}

void TestManager::keepsAWaitThoughTheNameComesAndGoes()
{
    World world;
    world.ca.invalidDetail = "no";
    world.want("app.example.com");
    world.runFor(30s);
    for (int i = 0; i < 5; ++i) {
        world.manager->unwant("app.example.com");
        world.run();
        world.want("app.example.com");
        world.run();
    }
    QCOMPARE(world.ca.orders.size(), size_t(1));
}

void TestManager::finishesAnOrderWhoseNameIsNoLongerWanted()
{
    World world;
    world.present = false;
    world.want("app.example.com");
    world.run();
    world.manager->unwant("app.example.com");
    world.manager->presented(world.all<PresentChallenge>().at(0), world.now);
    world.runFor(1min);
    QCOMPARE(world.all<CertificateReady>().size(), size_t(1));
    world.runFor(24h * 100);
    QCOMPARE(world.ca.issued, 1); // not renewed
}

void TestManager::refusesMoreThanItMayHold()
{
    World world;
    world.config.certificates = 2;
    world.start();
    QVERIFY(world.manager->want({"a", {"a.test"}, {}, {}}, world.now));
    QVERIFY(world.manager->want({"b", {"b.test"}, {}, {}}, world.now));
    QVERIFY(!world.manager->want({"c", {"c.test"}, {}, {}}, world.now));
    QVERIFY(world.manager->want({"b", {"b.test"}, {}, {}}, world.now));
}

void TestManager::dropsWhatNobodyWantsWhenRoomIsNeeded()
{
    World world;
    world.config.certificates = 2;
    world.want("a.example.com");
    world.want("b.example.com");
    world.runFor(1min);
    world.manager->unwant("a.example.com");
    QVERIFY(world.manager->knows("a.example.com"));
    world.want("c.example.com");
    world.runFor(1min);
    QCOMPARE(world.all<CertificateDropped>().size(), size_t(1));
    QCOMPARE(world.all<CertificateDropped>()[0].id, std::string("a.example.com"));
    QCOMPARE(world.status("c.example.com").state, CertificateState::Ready);
}

void TestManager::survivesACaThatIsDown()
{
    World world;
    world.unreachable = true;
    world.want("app.example.com");
    world.runFor(1h);
    QCOMPARE(world.status("app.example.com").state, CertificateState::Failed);
    QVERIFY(world.status("app.example.com").error.find("connection refused") != std::string::npos);
    world.unreachable = false;
    world.runFor(2h);
    QCOMPARE(world.ca.issued, 1);
}

QTEST_APPLESS_MAIN(TestManager)
#include "tst_manager.moc"
