// What every page is given: the agent's state in words, and the way between pages.
#include "fake_agent_control.h"
#include "problem_text.h"
#include "session.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace sallyport::gui;
using demo::FakeAgentControl;
using demo::Scene;

class SessionTest : public QObject
{
    Q_OBJECT

private slots:
    void saysTheStateOfEachScene_data()
    {
        QTest::addColumn<QString>("scene");
        QTest::addColumn<Session::State>("state");
        QTest::addColumn<bool>("hasProblem");
        QTest::newRow("connected") << "lively" << Session::State::Connected << false;
        QTest::newRow("connecting") << "connecting" << Session::State::Connecting << false;
        QTest::newRow("waiting") << "problem" << Session::State::Waiting << true;
        QTest::newRow("refused") << "refused" << Session::State::Refused << true;
        QTest::newRow("nothing yet") << "empty" << Session::State::Off << false;
    }
    void saysTheStateOfEachScene()
    {
        QFETCH(QString, scene);
        FakeAgentControl control(*Scene::named(scene));
        Session session(control);
        QTEST(session.state(), "state");
        QFETCH(bool, hasProblem);
        QCOMPARE(!session.problem().isEmpty(), hasProblem);
        QVERIFY(!session.stateText().isEmpty());
    }

    void publishesNoMoreThanSoManyAtOnce()
    {
        FakeAgentControl control(*Scene::named("fresh"));
        Session session(control);
        QObject page;
        size_t good = 0;
        size_t refused = 0;
        for (size_t i = 0; i <= Publisher::MaxOrders; ++i) {
            Publisher::Order order;
            order.ref = "t" + std::to_string(i);
            session.publisher().publish(std::move(order), &page,
                                        [&](const auto& result) { ++(result ? good : refused); });
        }
        QCOMPARE(refused, size_t(1)); // at once
        QTRY_COMPARE(good, Publisher::MaxOrders);
        QVERIFY(session.publisher().refs().empty());
    }

    void saysFirstWhatToDoAlsoInEnglish()
    {
        using sallyport::agent::ProblemCode;
        const QString away =
            problemText({ProblemCode::NotARelay, "h:1: the peer does not speak TLS"});
        QVERIFY2(away.startsWith("Something answers"), qPrintable(away));
        // The relay's own words name what is allowed.
        const QString refused =
            problemText({ProblemCode::AddressNotAllowed, "Your token allows only dev-*."});
        QVERIFY2(refused.startsWith("The token") &&
                     refused.endsWith("“Your token allows only dev-*.”"),
                 qPrintable(refused));
        QCOMPARE(problemText({ProblemCode::Other, "as it is"}), QString("as it is"));
    }

    void saysWhatCantBeWrittenAndWhenItCanAgain()
    {
        FakeAgentControl control(*Scene::named("lively"));
        Session session(control);
        QCOMPARE(session.storageProblem(), QString());
        QSignalSpy changed(&session, &Session::changed);
        using Problem = sallyport::inspect::StorageProblem;
        control.traffic().setStorageProblem({Problem::Kind::Full, "/home/ann/history", "full"});
        QVERIFY(session.storageProblem().contains("/home/ann/history"));
        QVERIFY(session.storageProblem().contains("Make room"));
        control.traffic().setStorageProblem({});
        QCOMPARE(session.storageProblem(), QString());
        QCOMPARE(changed.count(), 2);
    }

    void needsAnAccountUntilThereIsOne()
    {
        FakeAgentControl control(*Scene::named("empty"));
        Session session(control);
        QVERIFY(session.needsAccount());
        QSignalSpy changed(&session, &Session::needsAccountChanged);
        sallyport::control::NewAccount account;
        account.relay = "relay.example.org";
        account.token = sallyport::Secret("spt_secret");
        control.addAccount(account, [](const auto&) {});
        QTRY_COMPARE(changed.count(), 1);
        QVERIFY(!session.needsAccount());
    }

    void aServiceThatIsAwayIsAStateOfItsOwn()
    {
        FakeAgentControl control(*Scene::named("lively"));
        Session session(control);
        control.setPlace(sallyport::control::AgentControl::Place::Detached);
        QCOMPARE(session.state(), Session::State::ServiceAway);
        QVERIFY(!session.problem().isEmpty());
        QVERIFY(!session.needsAccount());
    }

    void leadsToAPageWithAnArgumentThatIsTakenOnce()
    {
        FakeAgentControl control(*Scene::named("lively"));
        Session session(control);
        session.open("publish", "edit:shop");
        QCOMPARE(session.currentPage(), "publish");
        QCOMPARE(session.takeArgument(), "edit:shop");
        QCOMPARE(session.takeArgument(), QString());
        session.open("no such page");
        QCOMPARE(session.currentPage(), "publish");
    }

    void copiesAndSaysSo()
    {
        FakeAgentControl control(*Scene::named("lively"));
        Session session(control);
        QSignalSpy toast(&session, &Session::toast);
        session.copy("https://shop.tunnel.example.com", "Address copied");
        QCOMPARE(QGuiApplication::clipboard()->text(), "https://shop.tunnel.example.com");
        QCOMPARE(toast.count(), 1);
        QCOMPARE(toast[0][0].toString(), "Address copied");
    }

    void opensOnlyWebAddresses()
    {
        FakeAgentControl control(*Scene::named("lively"));
        Session session(control);
        QSignalSpy toast(&session, &Session::toast);
        session.openUrl("file:///etc/passwd");
        QCOMPARE(toast.count(), 1);
    }

    void saysWhatACommandFailedWith()
    {
        FakeAgentControl control(*Scene::named("lively"));
        Session session(control);
        QSignalSpy toast(&session, &Session::toast);
        control.failNext("agent.yaml can't be written: the disk is full.");
        session.switchOn(false);
        QVERIFY(toast.wait());
        QCOMPARE(toast[0][0].toString(), "agent.yaml can't be written: the disk is full.");
    }

    void remembersTheChosenTheme()
    {
        QTemporaryDir folder;
        QSettings settings(folder.filePath("s.ini"), QSettings::IniFormat);
        {
            Appearance appearance(&settings);
            QCOMPARE(appearance.mode(), Appearance::Mode::System);
            appearance.setMode(Appearance::Mode::Dark);
            QVERIFY(appearance.isDark());
        }
        Appearance again(&settings);
        QCOMPARE(again.mode(), Appearance::Mode::Dark);
    }
};

QTEST_MAIN(SessionTest)
#include "pages_session.moc"
