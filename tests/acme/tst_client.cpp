// Single conversations of the ACME client: nonces, accounts, challenges, and CAs that talk garbage.
#include "world.h"

#include <QTest>

using namespace sallyport;
using namespace sallyport::acme;
using namespace sallyport::acme::test;

class TestClient : public QObject
{
    Q_OBJECT

private slots:
    void walksThroughAnOrder();
    void asksForAnAccountOnce();
    void usesAKnownAccount();
    void makesAnAccountThatTheCaForgotAnew();
    void sendsContactAndExternalAccount();
    void saysThatAnExternalAccountIsNeeded();
    void replacesARefusedNonce();
    void givesUpOnACaThatRefusesEveryNonce();
    void repeatsAfterAServerFault();
    void doesNotRepeatSoonerThanAskedTo();
    void failsAnOrderThatHangs();
    void failsAnOrderWhoseChallengeIsNeverPublished();
    void tellsWhyAChallengeFailed();
    void provesWildcardsByDnsAlone();
    void saysThatAWildcardNeedsDns();
    void publishesBothValuesOfOneDnsName();
    void takesBackWhatItPublished();
    void failsWhenItCannotPublish();
    void refusesACertificateForAnotherKey();
    void finalizesAgainWhenTheOrderWasNotReady();
    void survivesGarbage_data();
    void survivesGarbage();
    void survivesGarbageAnywhere();
};

void TestClient::walksThroughAnOrder()
{
    World world;
    world.want("app.example.com");
    world.runFor(1min);
    const std::vector<std::string> expected = {
        "GET /dir",        "HEAD /nonce",     "POST /account",
        "POST /order",     "POST /authz/0/0", "POST /chall/0/0/http-01",
        "POST /authz/0/0", "POST /order/0",   "POST /finalize/0",
        "POST /order/0",   "POST /order/0",   "POST /cert/0"};
    QCOMPARE(world.ca.log, expected);
    const auto presents = world.all<PresentChallenge>();
    QCOMPARE(presents.size(), size_t(1));
    QCOMPARE(presents[0].challenge.token, std::string("token-0-0"));
    QVERIFY(presents[0].challenge.keyAuthorization.starts_with("token-0-0."));
}

void TestClient::asksForAnAccountOnce()
{
    World world;
    for (int i = 0; i < 4; ++i)
        world.want("n" + std::to_string(i) + ".example.com");
    world.runFor(1min);
    QCOMPARE(world.ca.accounts.size(), size_t(1));
    QVERIFY(world.ca.accounts[0].header.contains("jwk"));
    QVERIFY(!world.ca.accounts[0].header.contains("kid"));
    QCOMPARE(world.ca.issued, 4);
}

void TestClient::usesAKnownAccount()
{
    World world;
    world.config.client.accountUrl = "https://ca.test/account/1";
    world.want("app.example.com");
    world.runFor(1min);
    QCOMPARE(world.ca.accounts.size(), size_t(0));
    QCOMPARE(world.ca.issued, 1);
}

void TestClient::makesAnAccountThatTheCaForgotAnew()
{
    World world;
    world.config.client.accountUrl = "https://ca.test/account/old";
    world.ca.intercept = [&](const Request& request) -> std::optional<Response> {
        if (request.method == Method::Post &&
            Signed::of(request).header.value("kid", "").ends_with("/old"))
            return world.ca.problem(400, "accountDoesNotExist", "who?");
        return std::nullopt;
    };
    world.want("app.example.com");
    world.runFor(1min);
    QCOMPARE(world.ca.accounts.size(), size_t(1));
    QCOMPARE(world.ca.issued, 1);
    QCOMPARE(world.all<CertificateFailed>().size(), size_t(0));
}

void TestClient::sendsContactAndExternalAccount()
{
    World world;
    world.ca.external = true;
    world.config.client.email = "ops@example.com";
    world.config.client.externalAccount = ExternalAccount{"kid-1", Secret("c2VjcmV0LWtleQ==")};
    world.want("app.example.com");
    world.runFor(1min);
    const Json payload = world.ca.accounts.at(0).json();
    QCOMPARE(payload.at("contact").at(0).get<std::string>(), std::string("mailto:ops@example.com"));
    QVERIFY(payload.at("termsOfServiceAgreed").get<bool>());
    const Json& binding = payload.at("externalAccountBinding");
    const Json header = Json::parse(decoded(binding.at("protected")));
    QCOMPARE(header.at("alg").get<std::string>(), std::string("HS256"));
    QCOMPARE(header.at("kid").get<std::string>(), std::string("kid-1"));
    QCOMPARE(header.at("url").get<std::string>(), std::string("https://ca.test/account"));
    QVERIFY(Json::parse(decoded(binding.at("payload"))) == world.ca.accounts[0].header.at("jwk"));
    QCOMPARE(decoded(binding.at("signature")).size(), size_t(32));
    QCOMPARE(world.ca.issued, 1);
}

void TestClient::saysThatAnExternalAccountIsNeeded()
{
    World world;
    world.ca.external = true;
    world.want("app.example.com");
    world.runFor(1min);
    QVERIFY(world.status("app.example.com").error.find("eab") != std::string::npos);
    QCOMPARE(world.ca.accounts.size(), size_t(0));
}

void TestClient::replacesARefusedNonce()
{
    World world;
    world.ca.badNonces = 5;
    world.want("app.example.com");
    world.runFor(1min);
    QCOMPARE(world.ca.issued, 1);
    QCOMPARE(world.count("HEAD /nonce"), size_t(1)); // refusals bring fresh ones
}

void TestClient::givesUpOnACaThatRefusesEveryNonce()
{
    World world;
    world.ca.badNonces = 1'000'000;
    world.want("app.example.com");
    world.runFor(10s);
    QCOMPARE(world.status("app.example.com").state, CertificateState::Failed);
    QVERIFY(world.ca.log.size() < 30);
}

void TestClient::repeatsAfterAServerFault()
{
    World world;
    int faults = 3;
    world.ca.intercept = [&](const Request& request) -> std::optional<Response> {
        if (request.url.ends_with("/order") && faults-- > 0)
            return Response{502, {}, "<html>bad gateway</html>"};
        return std::nullopt;
    };
    world.want("app.example.com");
    world.runFor(1min);
    QCOMPARE(world.ca.issued, 1);
    QCOMPARE(world.count("POST /order"), size_t(3 + 1 + 3)); // with the polls of /order/0
}

void TestClient::doesNotRepeatSoonerThanAskedTo()
{
    World world;
    world.ca.intercept = [&](const Request&) -> std::optional<Response> {
        return Response{503, {{"retry-after", "3600"}}, ""};
    };
    world.want("app.example.com");
    world.runFor(50min);
    QCOMPARE(world.ca.log.size(), size_t(1));
    world.ca.intercept = {};
    world.runFor(20min);
    QCOMPARE(world.ca.issued, 1);
}

void TestClient::failsAnOrderThatHangs()
{
    World world;
    world.ca.hang = true;
    world.want("app.example.com");
    world.runFor(11min);
    QVERIFY(world.status("app.example.com").error.find("issuing the certificate") !=
            std::string::npos);
    QVERIFY(world.count("POST /order/0") < 80); // polls grow apart
}

void TestClient::failsAnOrderWhoseChallengeIsNeverPublished()
{
    World world;
    world.present = false;
    world.want("app.example.com");
    world.runFor(11min);
    QVERIFY(world.status("app.example.com").error.find("timeout") != std::string::npos);
    QCOMPARE(world.all<CleanUpChallenge>().size(), size_t(1));
}

void TestClient::tellsWhyAChallengeFailed()
{
    World world;
    world.ca.invalidDetail = "10.0.0.1: Connection refused";
    world.want("app.example.com");
    world.runFor(10s);
    QCOMPARE(world.status("app.example.com").error,
             std::string("unauthorized: app.example.com, http-01: 10.0.0.1: Connection refused"));
}

void TestClient::provesWildcardsByDnsAlone()
{
    World world;
    world.want("*.example.com");
    world.runFor(1min);
    QCOMPARE(world.ca.issued, 1);
    const auto presents = world.all<PresentChallenge>();
    QCOMPARE(presents.size(), size_t(1));
    QCOMPARE(presents[0].challenge.type, ChallengeType::Dns01);
    QCOMPARE(presents[0].challenge.dnsName(), std::string("_acme-challenge.example.com"));
    QCOMPARE(presents[0].challenge.dnsValue().size(), size_t(43));
}

void TestClient::saysThatAWildcardNeedsDns()
{
    World world;
    world.config.challenges = {ChallengeType::Http01};
    world.want("*.example.com");
    world.runFor(10s);
    QVERIFY(world.status("*.example.com").error.find("dns-01") != std::string::npos);
}

void TestClient::publishesBothValuesOfOneDnsName()
{
    World world;
    world.config.challenges = {ChallengeType::Dns01};
    world.start();
    world.manager->want({"wild", {"example.com", "*.example.com"}, {}, {}}, world.now);
    world.runFor(1min);
    const auto presents = world.all<PresentChallenge>();
    QCOMPARE(presents.size(), size_t(2));
    QCOMPARE(presents[0].challenge.dnsName(), presents[1].challenge.dnsName());
    QVERIFY(presents[0].challenge.dnsValue() != presents[1].challenge.dnsValue());
    QCOMPARE(world.ca.issued, 1);
    QCOMPARE(tls::Certificate::fromPem(world.all<CertificateReady>().at(0).keys.chainPem)
                 .value()
                 .names.size(),
             size_t(2));
}

void TestClient::takesBackWhatItPublished()
{
    World world;
    world.config.challenges = {ChallengeType::Dns01};
    world.ca.invalidDetail = "no";
    world.start();
    world.manager->want({"wild", {"example.com", "*.example.com"}, {}, {}}, world.now);
    world.runFor(10s);
    QCOMPARE(world.all<PresentChallenge>().size(), size_t(2));
    QCOMPARE(world.all<CleanUpChallenge>().size(), size_t(2));
}

void TestClient::failsWhenItCannotPublish()
{
    World world;
    world.presentTrouble = "the DNS provider refused the token";
    world.want("app.example.com");
    world.runFor(10s);
    QVERIFY(world.status("app.example.com").error.find("refused the token") != std::string::npos);
    QCOMPARE(world.count("POST /chall"), size_t(0));
}

void TestClient::refusesACertificateForAnotherKey()
{
    World other;
    other.want("app.example.com");
    other.runFor(1min);
    const std::string chain = other.all<CertificateReady>().at(0).keys.chainPem;
    World world;
    world.ca.intercept = [&](const Request& request) -> std::optional<Response> {
        if (request.url.find("/cert/") != std::string::npos)
            return Response{200, {}, chain};
        return std::nullopt;
    };
    world.want("app.example.com");
    world.runFor(1min);
    QVERIFY(world.status("app.example.com").error.find("another key") != std::string::npos);
}

void TestClient::finalizesAgainWhenTheOrderWasNotReady()
{
    World world;
    bool once = true;
    world.ca.intercept = [&](const Request& request) -> std::optional<Response> {
        if (request.url.find("/finalize/") != std::string::npos && std::exchange(once, false))
            return world.ca.problem(403, "orderNotReady", "a moment");
        return std::nullopt;
    };
    world.want("app.example.com");
    world.runFor(1min);
    QCOMPARE(world.ca.issued, 1);
}

void TestClient::survivesGarbage_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("html") << QByteArray("<html>hello</html>");
    QTest::newRow("list") << QByteArray("[]");
    QTest::newRow("number") << QByteArray("17");
    QTest::newRow("empty object") << QByteArray("{}");
    QTest::newRow("wrong types") << QByteArray(
        R"({"status":7,"authorizations":"x","finalize":[],"identifier":3,"newNonce":1})");
    QTest::newRow("deep") << QByteArray(200'000, '[');
    QTest::newRow("large") << QByteArray("{\"a\":\"") + QByteArray(300'000, 'x') + "\"}";
    QTest::newRow("not utf-8") << QByteArray("{\"status\":\"\xff\xfe\"}");
    QTest::newRow("no urls") << QByteArray(
        R"({"status":"pending","authorizations":["file:///etc/passwd"],"finalize":"javascript:1"})");
}

// Each kind of answer in turn is replaced; the order fails with a sentence, and nothing goes on for
// ever.
void TestClient::survivesGarbage()
{
    QFETCH(QByteArray, body);
    for (const char* where : {"/dir", "/account", "/order", "/authz/", "/finalize/", "/cert/"}) {
        for (const int status : {200, 400}) {
            World world;
            world.ca.intercept = [&](const Request& request) -> std::optional<Response> {
                if (request.url.find(where) == std::string::npos)
                    return std::nullopt;
                return Response{status,
                                {{"location", "nonsense"}, {"replay-nonce", "a b\r\n"}},
                                body.toStdString()};
            };
            world.want("app.example.com");
            world.runFor(11min);
            QVERIFY2(world.all<CertificateReady>().empty(), where);
            QVERIFY2(!world.status("app.example.com").error.empty(), where);
            QVERIFY2(world.ca.log.size() < 400, where);
        }
    }
}

void TestClient::survivesGarbageAnywhere()
{
    World world;
    world.start();
    world.manager->receive(99, {200, {}, "x"}, world.now); // nobody asked
    world.manager->requestFailed(98, "x", world.now);
    world.manager->presented({7, 3, {}}, world.now);
    world.manager->presentFailed({7, 3, {}}, "x", world.now);
    world.manager->unwant("nobody");
    world.manager->handleTimeout(world.now);
    QVERIFY(!world.manager->nextEvent());
    QVERIFY(!world.manager->takeRequest(world.now));
}

QTEST_APPLESS_MAIN(TestClient)
#include "tst_client.moc"
