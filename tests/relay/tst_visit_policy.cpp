// The chain of filters, from heads as they come to verdicts, with real hashes and a simulated
// clock.
#include "visitors/filters/basic_credentials.h"
#include "visitors/filters/gatekeeper.h"
#include "visitors/filters/visitor_address.h"

#include <sallyport/auth/password_hash.h>
#include <sallyport/http/head_reader.h>
#include <sallyport/http/head_writer.h>
#include <sallyport/wire/base64.h>

#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QTest>

#include <condition_variable>
#include <deque>
#include <mutex>

using namespace sallyport;
using namespace sallyport::relay;
using namespace std::chrono_literals;

namespace {

using Kind = VisitVerdict::Kind;

std::string hashOf(const char* password)
{
    return *auth::hashPassword(Secret(password));
}

std::string tokenHash(const char* token)
{
    return "sha256:" +
           QCryptographicHash::hash(token, QCryptographicHash::Sha256).toHex().toStdString();
}

std::string basic(const std::string& pair)
{
    return "Authorization: Basic " + wire::toBase64(asBytes(pair)) + "\r\n";
}

struct Waiter final : VerdictWaiter
{
    int told = 0;
    void verdictReady() override { ++told; }
};

class Lines : public observe::Sink
{
public:
    void write(std::string_view line) override { text += line; }
    std::string text;
};

} // namespace

class TestVisitPolicy : public QObject
{
    Q_OBJECT

    // A gatekeeper whose posts are run when the test says so.
    struct Door
    {
        explicit Door(config::RelayConfig config = {})
            : shared(std::move(config), observe::Log()),
              keeper(
                  shared,
                  [this](std::function<void(Gatekeeper&)> task) {
                      const std::lock_guard lock(mutex);
                      tasks.push_back(std::move(task));
                      posted.notify_one();
                  },
                  [this] { return now; })
        {
            shared.audit = AuditLog(
                audit, [] { return std::chrono::system_clock::time_point(); },
                [this] { return now; });
        }
        ~Door() { shared.passwords.stop(); }

        VisitVerdict ask(const std::shared_ptr<const VisitPolicy>& policy,
                         const std::string& fields, const std::string& target = "/",
                         const char* peer = "192.0.2.7", const std::string& method = "GET")
        {
            text =
                method + " " + target + " HTTP/1.1\r\nHost: app.example.com\r\n" + fields + "\r\n";
            http::RequestReader reader;
            if (reader.read(asBytes(text), head) != http::ReadStatus::Complete)
                qFatal("not a request: %s", text.c_str());
            const net::Address address = *net::Address::fromText(peer, 1234);
            return keeper.decide(*policy, head, address,
                                 isIn(shared.config.trustedProxies, *ipOf(address)), waiter);
        }
        // Asks, waits for the check, and asks again.
        VisitVerdict settle(const std::shared_ptr<const VisitPolicy>& policy,
                            const std::string& fields, const std::string& target = "/",
                            const char* peer = "192.0.2.7")
        {
            VisitVerdict verdict = ask(policy, fields, target, peer);
            if (verdict.kind != Kind::Wait)
                return verdict;
            runOne();
            return ask(policy, fields, target, peer);
        }
        void runOne()
        {
            std::unique_lock lock(mutex);
            posted.wait(lock, [this] { return !tasks.empty(); });
            auto task = std::move(tasks.front());
            tasks.pop_front();
            lock.unlock();
            task(keeper);
        }
        std::string forwarded()
        {
            std::string out;
            http::RequestForwarding forwarding;
            forwarding.peer = "192.0.2.7";
            http::writeRequestHead(head, forwarding, out);
            return out;
        }

        std::mutex mutex;
        std::condition_variable posted;
        std::deque<std::function<void(Gatekeeper&)>> tasks;
        TimePoint now{};
        std::shared_ptr<Lines> audit = std::make_shared<Lines>();
        SharedState shared;
        Gatekeeper keeper;
        Waiter waiter;
        http::RequestHead head;
        std::string text;
    };

    static std::shared_ptr<const VisitPolicy> compiled(const wire::AccessPolicy& access,
                                                       bool http = true)
    {
        auto policy = VisitPolicy::compile(access, http, "alice", "web");
        if (!policy)
            qFatal("%s", policy.error().c_str());
        return *policy;
    }
    wire::AccessPolicy password() const
    {
        wire::AccessPolicy access;
        access.users = {{"Aladdin", m_sesame}, {"test", m_pound}};
        return access;
    }
    std::string m_sesame, m_pound;

private slots:
    void initTestCase()
    {
        m_sesame = hashOf("open sesame");
        m_pound = hashOf("123\xc2\xa3");
    }

    // --- RFC 7617 ---

    void readsTheExamplesOfRfc7617()
    {
        const auto aladdin = BasicCredentials::parse("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        QVERIFY(aladdin);
        QCOMPARE(aladdin->user, std::string("Aladdin"));
        QVERIFY(aladdin->password.reveal() == "open sesame");
        const auto pound = BasicCredentials::parse("Basic dGVzdDoxMjPCow==");
        QVERIFY(pound && pound->user == "test" && pound->password.reveal() == "123\xc2\xa3");
    }

    void readsCredentials_data()
    {
        QTest::addColumn<QByteArray>("field");
        QTest::addColumn<bool>("good");
        const auto of = [](const char* pair) {
            return "Basic " + QByteArray::fromStdString(wire::toBase64(asBytes(pair)));
        };
        QTest::newRow("colons in the password") << of("a:b:c") << true;
        QTest::newRow("no password") << of("a:") << true;
        QTest::newRow("no user") << of(":b") << true;
        QTest::newRow("case of the scheme") << QByteArray("bAsIc YTpi") << true;
        QTest::newRow("blanks behind the scheme") << QByteArray("Basic   YTpi") << true;
        QTest::newRow("no colon") << of("ab") << false;
        QTest::newRow("control character") << of("a:b\nc") << false;
        QTest::newRow("tab") << of("a\tb:c") << false;
        QTest::newRow("no padding") << QByteArray("Basic YTo") << false;
        QTest::newRow("bad padding") << QByteArray("Basic YTpi=") << false;
        QTest::newRow("not base64") << QByteArray("Basic !!!!") << false;
        QTest::newRow("url alphabet") << QByteArray("Basic Pz8_Oj8_") << false;
        QTest::newRow("something behind") << QByteArray("Basic YTpi x") << false;
        QTest::newRow("nothing") << QByteArray("Basic ") << false;
        QTest::newRow("scheme alone") << QByteArray("Basic") << false;
        QTest::newRow("glued") << QByteArray("BasicYTpi") << false;
        QTest::newRow("another scheme") << QByteArray("Digest YTpi") << false;
        QTest::newRow("long user") << of((std::string(129, 'u') + ":p").c_str()) << false;
        QTest::newRow("long password") << of(("u:" + std::string(1025, 'p')).c_str()) << false;
        QTest::newRow("longest")
            << of((std::string(128, 'u') + ":" + std::string(1024, 'p')).c_str()) << true;
    }
    void readsCredentials()
    {
        QFETCH(QByteArray, field);
        QTEST(BasicCredentials::parse(field.toStdString()).has_value(), "good");
    }

    // --- passwords ---

    void asksForThePasswordAndTakesIt()
    {
        Door door;
        const auto policy = compiled(password());
        const VisitVerdict asked = door.ask(policy, "");
        QCOMPARE(asked.kind, Kind::Answer);
        QCOMPARE(asked.answer.status, 401u);
        QVERIFY(asked.answer.challenge == "Basic realm=\"web\", charset=\"UTF-8\"");
        QCOMPARE(door.settle(policy, basic("Aladdin:open sesame")).kind, Kind::Pass);
        QCOMPARE(door.waiter.told, 1);
        QCOMPARE(door.settle(policy, basic("test:123\xc2\xa3")).kind, Kind::Pass);
        // Known by now: at once.
        QCOMPARE(door.ask(policy, basic("Aladdin:open sesame")).kind, Kind::Pass);
    }

    void refusesWrongOnesAndNotesThem()
    {
        Door door;
        const auto policy = compiled(password());
        for (const char* pair :
             {"Aladdin:open", "Aladdin:", "nobody:open sesame", "test:open sesame"}) {
            const VisitVerdict verdict = door.settle(policy, basic(pair));
            QCOMPARE(verdict.answer.status, 401u);
            QVERIFY(verdict.answer.code == "credentials-wrong");
        }
        QCOMPARE(door.ask(policy, "Authorization: Basic nonsense\r\n").answer.status, 401u);
        QCOMPARE(std::count(door.audit->text.begin(), door.audit->text.end(), '\n'), 4);
        QVERIFY(door.audit->text.find("sesame") == std::string::npos);
        QVERIFY(door.audit->text.find("192.0.2.7") != std::string::npos);
    }

    void twoAuthorizationFieldsAreNone()
    {
        Door door;
        const auto policy = compiled(password());
        QCOMPARE(door.settle(policy, basic("Aladdin:open sesame")).kind, Kind::Pass);
        QCOMPARE(door.ask(policy, basic("Aladdin:open sesame") + basic("a:b")).answer.status, 401u);
        QCOMPARE(door.ask(policy, basic("a:b") + basic("Aladdin:open sesame")).answer.status, 401u);
    }

    void whatWasAcceptedStaysBehind()
    {
        Door door;
        wire::AccessPolicy access = password();
        QCOMPARE(door.settle(compiled(access), basic("Aladdin:open sesame")).kind, Kind::Pass);
        QVERIFY(door.forwarded().find("Authorization") == std::string::npos);
        QVERIFY(door.forwarded().find("Host: app.example.com\r\n") != std::string::npos);
        access.passCredentials = true;
        QCOMPARE(door.settle(compiled(access), basic("Aladdin:open sesame")).kind, Kind::Pass);
        QVERIFY(door.forwarded().find("Authorization") != std::string::npos);
    }

    void aChangedPolicyForgetsWhatWasProven()
    {
        Door door;
        QCOMPARE(door.settle(compiled(password()), basic("Aladdin:open sesame")).kind, Kind::Pass);
        wire::AccessPolicy changed = password();
        changed.users[0].hash = hashOf("another");
        const auto policy = compiled(changed);
        QCOMPARE(door.ask(policy, basic("Aladdin:open sesame")).kind, Kind::Wait);
        door.runOne();
        QCOMPARE(door.ask(policy, basic("Aladdin:open sesame")).answer.status, 401u);
    }

    void aProofRunsOut()
    {
        Door door;
        const auto policy = compiled(password());
        QCOMPARE(door.settle(policy, basic("Aladdin:open sesame")).kind, Kind::Pass);
        door.now += Gatekeeper::ProvenFor;
        QCOMPARE(door.ask(policy, basic("Aladdin:open sesame")).kind, Kind::Wait);
        door.runOne();
    }

    void theSameCredentialIsCheckedOnceForAllWhoWait()
    {
        Door door;
        const auto policy = compiled(password());
        for (int i = 0; i < 20; ++i)
            QCOMPARE(door.ask(policy, basic("Aladdin:open sesame")).kind, Kind::Wait);
        QVERIFY(door.shared.passwords.waiting() <= 1);
        QCOMPARE(door.keeper.waitingCount(), size_t(1)); // all of one waiter
        door.runOne();
        QCOMPARE(door.waiter.told, 1);
        QCOMPARE(door.keeper.waitingCount(), size_t(0));
        QCOMPARE(door.shared.waiting.value(), 0);
    }

    void whoIsForgottenHearsNothing()
    {
        Door door;
        const auto policy = compiled(password());
        QCOMPARE(door.ask(policy, basic("Aladdin:open sesame")).kind, Kind::Wait);
        door.keeper.forget(door.waiter);
        QCOMPARE(door.shared.waiting.value(), 0);
        door.runOne();
        QCOMPARE(door.waiter.told, 0);
    }

    void guessesAreSlowedWhoeverWasRightGoesOn()
    {
        Door door;
        const auto policy = compiled(password());
        QCOMPARE(door.settle(policy, basic("Aladdin:open sesame")).kind, Kind::Pass);
        for (uint32_t i = 0; i < AttemptThrottle::Free; ++i)
            QCOMPARE(door.settle(policy, basic("Aladdin:guess" + std::to_string(i))).answer.status,
                     401u);
        const VisitVerdict slowed = door.ask(policy, basic("Aladdin:one more"));
        QCOMPARE(slowed.answer.status, 429u);
        QVERIFY(slowed.answer.retryAfter && slowed.answer.retryAfter->count() >= 1);
        // The right password of somebody else who was not here yet has to wait too, from this
        // address.
        QCOMPARE(door.ask(policy, basic("test:123\xc2\xa3")).answer.status, 429u);
        QCOMPARE(door.ask(policy, basic("Aladdin:open sesame")).kind, Kind::Pass);
        QCOMPARE(door.settle(policy, basic("test:123\xc2\xa3"), "/", "192.0.2.8").kind, Kind::Pass);
        door.now += 1s;
        QCOMPARE(door.settle(policy, basic("Aladdin:one more")).answer.status, 401u);
        QCOMPARE(door.ask(policy, basic("Aladdin:yet one")).answer.status, 429u);
    }

    void guessesAtOnceAreNoWayAroundIt()
    {
        Door door;
        const auto policy = compiled(password());
        int waits = 0;
        int slowed = 0;
        std::vector<std::unique_ptr<Waiter>> waiters;
        for (int i = 0; i < 20; ++i) {
            const VisitVerdict verdict = door.ask(policy, basic("Aladdin:" + std::to_string(i)));
            waits += verdict.kind == Kind::Wait;
            slowed += verdict.answer.status == 429;
            door.keeper.forget(door.waiter);
        }
        QCOMPARE(waits, int(AttemptThrottle::Free));
        QCOMPARE(slowed, 20 - waits);
        for (int i = 0; i < waits; ++i)
            door.runOne();
    }

    void anIpv6NetworkCountsAsOneAddress()
    {
        Door door;
        const auto policy = compiled(password());
        for (uint32_t i = 0; i < AttemptThrottle::Free; ++i)
            QCOMPARE(door.settle(policy, basic("a:" + std::to_string(i)), "/",
                                 ("2001:db8:1:2::" + std::to_string(i + 1)).c_str())
                         .answer.status,
                     401u);
        QCOMPARE(door.ask(policy, basic("a:x"), "/", "2001:db8:1:2::99").answer.status, 429u);
        QCOMPARE(door.settle(policy, basic("a:x"), "/", "2001:db8:1:3::99").answer.status, 401u);
    }

    // --- tokens ---

    void takesATokenFromItsPlacesAndTakesItOut()
    {
        Door door;
        wire::AccessPolicy access;
        access.tokenHashes = {tokenHash("other"), tokenHash("s3cret+/=")};
        access.tokenHeader = "X-Token";
        access.tokenQuery = "token";
        const auto policy = compiled(access);
        const VisitVerdict asked = door.ask(policy, "");
        QCOMPARE(asked.answer.status, 401u);
        QVERIFY(asked.answer.challenge == "Bearer realm=\"web\"");
        QCOMPARE(door.ask(policy, "x-TOKEN: s3cret+/=\r\nOther: 1\r\n").kind, Kind::Pass);
        QVERIFY(door.forwarded().find("s3cret") == std::string::npos);
        QVERIFY(door.forwarded().find("Other: 1\r\n") != std::string::npos);
        QCOMPARE(door.ask(policy, "", "/a?x=1&token=s3cret%2B%2F%3D&y=2").kind, Kind::Pass);
        QVERIFY(door.forwarded().starts_with("GET /a?x=1&y=2 HTTP/1.1\r\n"));
        QCOMPARE(door.ask(policy, "", "/a?token=s3cret%2B/=").kind, Kind::Pass);
        QVERIFY(door.forwarded().starts_with("GET /a HTTP/1.1\r\n"));
        // One of several is enough, and all go.
        QCOMPARE(door.ask(policy, "", "/a?token=other&token=wrong&token2=x").kind, Kind::Pass);
        QVERIFY(door.forwarded().starts_with("GET /a?token2=x HTTP/1.1\r\n"));
        for (const char* wrong : {"/?token=", "/?token", "/?tokens=other", "/?Token=other"})
            QCOMPARE(door.ask(policy, "", wrong).answer.status, 401u);
        QCOMPARE(door.ask(policy, "X-Token: othe\r\n").answer.status, 401u);
        QCOMPARE(door.ask(policy, "X-Token: \r\n").answer.status, 401u);
    }

    void takesABearerBesideAPassword()
    {
        Door door;
        wire::AccessPolicy access = password();
        access.tokenHashes = {tokenHash("abc")};
        access.tokenHeader = "Authorization";
        const auto policy = compiled(access);
        QCOMPARE(door.ask(policy, "Authorization: Bearer abc\r\n").kind, Kind::Pass);
        QVERIFY(door.forwarded().find("abc") == std::string::npos);
        QCOMPARE(door.settle(policy, basic("Aladdin:open sesame")).kind, Kind::Pass);
        QCOMPARE(door.ask(policy, "Authorization: Bearer abd\r\n").answer.status, 401u);
        QCOMPARE(door.ask(policy, "Authorization: abc\r\n").answer.status, 401u);
    }

    // --- exceptions ---

    void exceptionsOpenTheirPathsAlone()
    {
        Door door;
        wire::AccessPolicy access = password();
        access.except = {"/public/*", "/hook"};
        const auto policy = compiled(access);
        QCOMPARE(door.ask(policy, "", "/public/x").kind, Kind::Pass);
        QCOMPARE(door.ask(policy, "", "/hook?x=y").kind, Kind::Pass);
        QCOMPARE(door.ask(policy, "", "http://app.example.com/hook").kind, Kind::Pass);
        for (const char* closed :
             {"/", "/admin", "/public", "/public/../admin", "/public/%2e%2e/admin",
              "/public/..;/admin", "/hook/", "/HOOK", "//hook"})
            QCOMPARE(door.ask(policy, "", closed).answer.status, 401u);
        QCOMPARE(door.ask(policy, "", "*", "192.0.2.7", "OPTIONS").answer.status, 401u);
    }

    void anExceptionIsNotWidenedByHeadersThatNameAnotherPath()
    {
        Door door;
        wire::AccessPolicy access = password();
        access.except = {"/public/*"};
        QCOMPARE(door.ask(compiled(access), "X-Original-URL: /admin\r\nX_Rewrite_Url: /admin\r\n",
                          "/public/x")
                     .kind,
                 Kind::Pass);
        QVERIFY(door.forwarded().find("/admin") == std::string::npos);
    }

    void aPreflightIsAskedForThePasswordLikeAnyRequest()
    {
        Door door;
        QCOMPARE(door.ask(compiled(password()),
                          "Origin: https://x\r\nAccess-Control-Request-Method: PUT\r\n", "/",
                          "192.0.2.7", "OPTIONS")
                     .answer.status,
                 401u);
    }

    // --- networks ---

    void networks_data()
    {
        QTest::addColumn<QStringList>("allow");
        QTest::addColumn<QStringList>("deny");
        QTest::addColumn<QByteArray>("peer");
        QTest::addColumn<bool>("in");
        const QStringList none;
        QTest::newRow("allowed") << QStringList{"192.0.2.0/24"} << none << QByteArray("192.0.2.7")
                                 << true;
        QTest::newRow("not allowed")
            << QStringList{"192.0.2.0/24"} << none << QByteArray("192.0.3.7") << false;
        QTest::newRow("one address")
            << QStringList{"192.0.2.7"} << none << QByteArray("192.0.2.7") << true;
        QTest::newRow("denied") << none << QStringList{"192.0.2.0/24"} << QByteArray("192.0.2.7")
                                << false;
        QTest::newRow("not denied")
            << none << QStringList{"192.0.2.0/24"} << QByteArray("192.0.3.7") << true;
        QTest::newRow("deny wins") << QStringList{"192.0.0.0/16"} << QStringList{"192.0.2.7"}
                                   << QByteArray("192.0.2.7") << false;
        QTest::newRow("v6") << QStringList{"2001:db8::/32"} << none << QByteArray("2001:db8::1")
                            << true;
        QTest::newRow("v4 through a v6 socket")
            << QStringList{"192.0.2.0/24"} << none << QByteArray("::ffff:192.0.2.7") << true;
        QTest::newRow("v6 is not v4")
            << QStringList{"0.0.0.0/0"} << none << QByteArray("2001:db8::1") << false;
    }
    void networks()
    {
        QFETCH(QStringList, allow);
        QFETCH(QStringList, deny);
        QFETCH(QByteArray, peer);
        QFETCH(bool, in);
        wire::AccessPolicy access;
        for (const QString& text : allow)
            access.allow.push_back(text.toStdString());
        for (const QString& text : deny)
            access.deny.push_back(text.toStdString());
        const VisitVerdict verdict = Door().ask(compiled(access), "", "/", peer.constData());
        QCOMPARE(verdict.kind == Kind::Pass, in);
        if (!in)
            QCOMPARE(verdict.answer.status, 403u);
        const auto tcp = compiled(access, false);
        QCOMPARE(tcp->admits(ipOf(*net::Address::fromText(peer.toStdString(), 1))), in);
    }

    void networksComeBeforeThePassword()
    {
        Door door;
        wire::AccessPolicy access = password();
        access.deny = {"192.0.2.0/24"};
        access.except = {"/open"};
        QCOMPARE(door.ask(compiled(access), basic("Aladdin:open sesame")).answer.status, 403u);
        QCOMPARE(door.ask(compiled(access), "", "/open").answer.status, 403u);
    }

    void forwardedAddresses_data()
    {
        QTest::addColumn<QByteArray>("peer");
        QTest::addColumn<QByteArray>("fields");
        QTest::addColumn<QByteArray>("visitor");
        const auto row = [](const char* name, const char* peer, const char* fields,
                            const char* visitor) {
            QTest::newRow(name) << QByteArray(peer) << QByteArray(fields) << QByteArray(visitor);
        };
        // 10.0.0.0/8 are the proxies.
        row("a stranger's claim", "203.0.113.9", "X-Forwarded-For: 10.9.9.9\r\n", "203.0.113.9");
        row("a proxy's word", "10.0.0.1", "X-Forwarded-For: 203.0.113.9\r\n", "203.0.113.9");
        row("the visitor's claim before it", "10.0.0.1",
            "X-Forwarded-For: 192.0.2.1, 203.0.113.9\r\n", "203.0.113.9");
        row("two proxies", "10.0.0.1", "X-Forwarded-For: 192.0.2.1, 203.0.113.9, 10.0.0.2\r\n",
            "203.0.113.9");
        row("two fields", "10.0.0.1",
            "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 203.0.113.9,10.0.0.2\r\n",
            "203.0.113.9");
        row("proxies alone", "10.0.0.1", "X-Forwarded-For: 10.0.0.3, 10.0.0.2\r\n", "10.0.0.3");
        row("a proxy that says nothing", "10.0.0.1", "", "10.0.0.1");
        row("with a port", "10.0.0.1", "X-Forwarded-For: 203.0.113.9:443\r\n", "203.0.113.9");
        row("v6", "10.0.0.1", "X-Forwarded-For: 2001:db8::1\r\n", "2001:db8::1");
        row("v6 with a port", "10.0.0.1", "X-Forwarded-For: [2001:db8::1]:443\r\n", "2001:db8::1");
        row("v4 as v6", "10.0.0.1", "X-Forwarded-For: ::ffff:203.0.113.9\r\n", "203.0.113.9");
        row("no address", "10.0.0.1", "X-Forwarded-For: 192.0.2.1, unknown\r\n", "");
        row("an empty entry", "10.0.0.1", "X-Forwarded-For: 192.0.2.1,\r\n", "");
    }
    void forwardedAddresses()
    {
        QFETCH(QByteArray, peer);
        QFETCH(QByteArray, fields);
        QFETCH(QByteArray, visitor);
        const std::vector<config::Network> proxies{*config::Network::parse("10.0.0.0/8")};
        const std::string text = "GET / HTTP/1.1\r\nHost: a.b\r\n" + fields.toStdString() + "\r\n";
        http::RequestHead head;
        http::RequestReader reader;
        QCOMPARE(reader.read(asBytes(text), head), http::ReadStatus::Complete);
        const net::Address address = *net::Address::fromText(peer.toStdString(), 1);
        const auto found = visitorAddress(address, isIn(proxies, *ipOf(address)), head, proxies);
        QCOMPARE(found ? found->text() : std::string(), visitor.toStdString());
    }

    void whoseAddressCannotBeKnownMeetsNoRule()
    {
        config::RelayConfig config;
        config.trustedProxies = {*config::Network::parse("10.0.0.0/8")};
        wire::AccessPolicy access;
        access.deny = {"192.0.2.0/24"};
        Door door(config);
        QCOMPARE(door.ask(compiled(access), "X-Forwarded-For: unknown\r\n", "/", "10.0.0.1")
                     .answer.status,
                 403u);
    }

    // --- what cannot be compiled ---

    void refusesWhatItCannotEnforce_data()
    {
        QTest::addColumn<QString>("what");
        for (const char* what : {"allow", "deny", "except", "header", "query", "place", "tokens",
                                 "hash", "costly", "realm", "tcp"})
            QTest::newRow(what) << QString(what);
    }
    void refusesWhatItCannotEnforce()
    {
        QFETCH(QString, what);
        wire::AccessPolicy access = password();
        if (what == "allow")
            access.allow = {"10.0.0.1/8"};
        if (what == "deny")
            access.deny = {"nonsense"};
        if (what == "except")
            access.except = {"/a/../b"};
        if (what == "header" || what == "query")
            access.tokenHashes = {tokenHash("x")};
        if (what == "header")
            access.tokenHeader = "Host";
        if (what == "query")
            access.tokenQuery = "a&b";
        if (what == "place")
            access.tokenHeader = "X-Token";
        if (what == "tokens")
            access.tokenHashes = {tokenHash("x")};
        if (what == "hash")
            access.users[0].hash = "plain";
        if (what == "costly")
            access.users[0].hash.replace(access.users[0].hash.find("m=19456"), 7, "m=9999999");
        if (what == "realm")
            access.realm = "\"";
        QVERIFY(!VisitPolicy::compile(access, what != "tcp", "alice", "web"));
    }

    void anEmptyPolicyIsNone() { QVERIFY(!compiled({})); }

    // --- bounds ---

    void theThrottlesTableIsBounded()
    {
        AttemptThrottle throttle(100);
        TimePoint now{};
        for (int i = 0; i < 10'000; ++i)
            throttle.begun("address" + std::to_string(i), now);
        QCOMPARE(throttle.size(), size_t(100));
    }

    void theThrottleDoublesUpToAMinuteAndForgets()
    {
        AttemptThrottle throttle;
        TimePoint now{};
        for (uint32_t i = 0; i + 1 < AttemptThrottle::Free; ++i)
            throttle.begun("a", now);
        QVERIFY(!throttle.blockedFor("a", now));
        for (const auto wait : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
            throttle.begun("a", now);
            QCOMPARE(throttle.blockedFor("a", now), std::optional<Duration>(wait));
            now += wait;
            QVERIFY(!throttle.blockedFor("a", now));
        }
        now += AttemptThrottle::Memory + 1s;
        throttle.begun("a", now);
        QVERIFY(!throttle.blockedFor("a", now));
        throttle.succeeded("a");
        QCOMPARE(throttle.size(), size_t(0));
    }

    void rememberedTagsAreBounded()
    {
        const CredentialTagger tagger;
        RecentTags tags(1min, 10);
        TimePoint now{};
        for (int i = 0; i < 100; ++i)
            tags.add(tagger.tag({std::to_string(i)}), now);
        QCOMPARE(tags.size(), size_t(10));
        QVERIFY(tags.contains(tagger.tag({"99"}), now));
        QVERIFY(!tags.contains(tagger.tag({"1"}), now));
        QVERIFY(!tags.contains(tagger.tag({"99"}), now + 1min));
        // Parts are framed.
        QVERIFY(tagger.tag({"ab", "c"}) != tagger.tag({"a", "bc"}));
        QVERIFY(CredentialTagger().tag({"a"}) != tagger.tag({"a"}));
    }

    void theCheckersQueueIsBoundedAndPoliciesTakeTurns()
    {
        PasswordChecker checker(8);
        std::mutex mutex;
        std::condition_variable changed;
        std::vector<std::string> order;
        bool gate = false;
        const auto job = [&](const std::string& policy, bool first = false) {
            PasswordChecker::Job made;
            made.policy = policy;
            made.done = [&, policy, first](bool) {
                std::unique_lock lock(mutex);
                if (first)
                    changed.wait(lock, [&] { return gate; });
                order.push_back(policy);
                changed.notify_all();
            };
            return made;
        };
        QVERIFY(checker.submit(job("flood", true)));
        // The first is being checked, or is about to be: it stands in nobody's way.
        while (checker.waiting() > 0)
            QThread::yieldCurrentThread();
        QVERIFY(checker.submit(job("flood")));
        QVERIFY(checker.submit(job("flood")));
        QVERIFY(!checker.submit(job("flood"))); // a quarter of eight
        QVERIFY(checker.submit(job("quiet")));
        {
            std::unique_lock lock(mutex);
            gate = true;
            changed.notify_all();
            changed.wait(lock, [&] { return order.size() == 4; });
        }
        QCOMPARE(order, (std::vector<std::string>{"flood", "quiet", "flood", "flood"}));
        for (int i = 0; i < 20; ++i)
            (void)checker.submit(job("p" + std::to_string(i)));
        QVERIFY(checker.waiting() <= 8);
        checker.stop();
        QVERIFY(!checker.submit(job("late")));
    }

    void busyIsSaidWhenTooManyWait()
    {
        config::RelayConfig config;
        config.limits.pendingRequests = 0;
        Door door(config);
        const VisitVerdict verdict = door.ask(compiled(password()), basic("Aladdin:open sesame"));
        QCOMPARE(verdict.answer.status, 503u);
        QVERIFY(verdict.answer.retryAfter);
    }

    void aKnownPasswordCostsLittle()
    {
        Door door;
        const auto policy = compiled(password());
        const std::string fields = basic("Aladdin:open sesame");
        QCOMPARE(door.settle(policy, fields).kind, Kind::Pass);
        QBENCHMARK
        {
            QCOMPARE(door.ask(policy, fields).kind, Kind::Pass);
        }
    }
};

QTEST_APPLESS_MAIN(TestVisitPolicy)
#include "tst_visit_policy.moc"
