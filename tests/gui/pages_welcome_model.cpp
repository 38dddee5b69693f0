// Adding an account by join line, or by host and token.
#include "fake_agent_control.h"
#include "welcome_model.h"

#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <chrono>

using namespace sallyport::gui;
using demo::FakeAgentControl;
using demo::Scene;
using namespace std::chrono_literals;

namespace {

constexpr auto Line = "sallyport://spt_Qm7dExampleExampleExample@relay.example.org:7000";

struct Desk
{
    Desk() : control(*Scene::named("empty")), session(control) { model.setSession(&session); }

    FakeAgentControl control;
    Session session;
    WelcomeModel model;
};

} // namespace

class WelcomeModelTest : public QObject
{
    Q_OBJECT

private slots:
    void aJoinLineIsEnoughAndIsForgotten()
    {
        Desk desk;
        QSignalSpy added(&desk.model, &WelcomeModel::added);
        desk.model.setJoinLine(Line);
        QCOMPARE(desk.model.target(), "relay.example.org");
        QVERIFY(desk.model.isComplete());
        desk.model.start();
        QVERIFY(desk.model.isBusy());
        QVERIFY(added.wait());
        QVERIFY(desk.model.joinLine().isEmpty());
        QVERIFY(!desk.session.needsAccount());
    }

    // With the first account the welcome goes away before the try has ended.
    void theAccountStaysWhenTheWelcomeIsGone()
    {
        FakeAgentControl control(*Scene::named("empty"));
        Session session(control);
        auto model = std::make_unique<WelcomeModel>();
        model->setSession(&session);
        connect(&session, &Session::needsAccountChanged, this, [&model] { model.reset(); });
        model->setJoinLine(Line);
        model->start();
        QTRY_COMPARE(session.currentPage(), "publish");
        QVERIFY(!model);
        QCoreApplication::processEvents();
        QCOMPARE(control.accounts().size(), size_t(1));
    }

    void saysWhatIsWrongWithALineWithoutShowingIt()
    {
        Desk desk;
        desk.model.setJoinLine("https://spt_secret@relay.example.org");
        QVERIFY(!desk.model.isComplete());
        QVERIFY(!desk.model.joinLineError().isEmpty());
        QVERIFY(!desk.model.joinLineError().contains("spt_secret"));
    }

    void hostAndTokenAreBothNeeded()
    {
        Desk desk;
        desk.model.setByJoinLine(false);
        desk.model.setRelay("relay.example.org");
        QVERIFY(!desk.model.isComplete());
        desk.model.setToken("spt_secret");
        QVERIFY(desk.model.isComplete());
        desk.model.setRelay("not a host");
        QVERIFY(!desk.model.relayError().isEmpty());
        QVERIFY(!desk.model.isComplete());
    }

    void explainsARefusalAndKeepsWhatWasTyped()
    {
        Desk desk;
        desk.model.setJoinLine(Line);
        desk.control.failNext("The relay refuses the token.");
        desk.model.start();
        QTRY_COMPARE(desk.model.error(), "The relay refuses the token.");
        QCOMPARE(desk.model.joinLine(), Line);
        desk.model.setJoinLine(QString(Line) + " ");
        QVERIFY(desk.model.error().isEmpty());
    }

    void whatACancelledTryAddedIsTakenAway()
    {
        Desk desk;
        QSignalSpy added(&desk.model, &WelcomeModel::added);
        QSignalSpy accounts(&desk.control, &FakeAgentControl::accountsChanged);
        desk.model.setJoinLine(Line);
        desk.model.start();
        desk.model.cancel();
        QVERIFY(!desk.model.isBusy());
        QTRY_COMPARE(accounts.count(), 2); // came, and went
        QVERIFY(desk.control.accounts().empty());
        QCOMPARE(added.count(), 0);
    }

    // The first try hangs; its answer comes after the second one's.
    void aCancelledTryTakesNothingOfALaterOneAway()
    {
        Desk desk;
        QSignalSpy added(&desk.model, &WelcomeModel::added);
        QSignalSpy accounts(&desk.control, &FakeAgentControl::accountsChanged);
        desk.control.setTrialTime(200ms);
        desk.model.setJoinLine("sallyport://spt_Qm7dExampleExampleExample@slow.example.org:7000");
        desk.model.start();
        desk.model.cancel();
        desk.control.setTrialTime(0ms);
        desk.model.setJoinLine(Line);
        desk.model.start();
        QVERIFY(added.wait());
        QTRY_COMPARE(accounts.count(), 4); // one came; the other came, was left and went
        QCOMPARE(desk.control.accounts().size(), size_t(1));
        QCOMPARE(desk.control.accounts()[0].id, "relay.example.org:7000");
        QVERIFY(desk.control.accounts()[0].inUse);
    }

    void aTokenIsReplacedByAllButItself()
    {
        FakeAgentControl control(*Scene::named("refused"));
        Session session(control);
        WelcomeModel model;
        model.setSession(&session);
        model.replaceTokenOf("tunnel.example.com:7000");
        QVERIFY(model.isReplacing() && !model.isByJoinLine() && !model.isComplete());
        QCOMPARE(model.relay(), "tunnel.example.com:7000");
        QVERIFY(model.pin().startsWith("sha256:"));
        model.setToken("spt_new");
        model.start();
        QTRY_COMPARE(session.currentPage(), "accounts");
        QCOMPARE(control.accounts().size(), size_t(2));
    }

    void anotherTokenOfARelayThatIsKnownMakesAnotherAccount()
    {
        FakeAgentControl control(*Scene::named("lively"));
        Session session(control);
        WelcomeModel model;
        model.setSession(&session);
        model.setJoinLine("sallyport://spt_Qm7dExampleExampleExample@relay.acme.example:443");
        model.start();
        QTRY_COMPARE(session.currentPage(), "publish");
        QCOMPARE(control.accounts().size(), size_t(3));
        QCOMPARE(control.accounts()[2].id, "relay.acme.example:443#2");
        QVERIFY(control.accounts()[2].inUse);
    }

    void aCancelledTryTakesTheSecondAccountOfARelayAwayAgain()
    {
        FakeAgentControl control(*Scene::named("lively"));
        Session session(control);
        WelcomeModel model;
        model.setSession(&session);
        QSignalSpy accounts(&control, &FakeAgentControl::accountsChanged);
        model.setJoinLine("sallyport://spt_Qm7dExampleExampleExample@relay.acme.example:443");
        model.start();
        model.cancel();
        QTRY_COMPARE(accounts.count(), 3); // it came; what was in use is so again; it went
        QCOMPARE(control.accounts().size(), size_t(2));
        QVERIFY(control.accounts()[0].inUse);
    }

    void anotherRelayInThatFormIsAnotherAccount()
    {
        FakeAgentControl control(*Scene::named("refused"));
        Session session(control);
        WelcomeModel model;
        model.setSession(&session);
        model.replaceTokenOf("tunnel.example.com:7000");
        model.setRelay("tunnel.example.org");
        model.setToken("spt_new");
        model.start();
        QTRY_COMPARE(session.currentPage(), "publish");
        QCOMPARE(control.accounts().size(), size_t(3));
    }

    void aCancelledTryLeavesTheAccountThatWasThereBefore()
    {
        FakeAgentControl control(*Scene::named("lively"));
        Session session(control);
        WelcomeModel model;
        model.setSession(&session);
        QSignalSpy accounts(&control, &FakeAgentControl::accountsChanged);
        model.setJoinLine("sallyport://spt_9fKxExampleExampleExample@relay.acme.example:443");
        model.start();
        model.cancel();
        QTRY_VERIFY(accounts.count() >= 2);
        QCOMPARE(control.accounts().size(), size_t(2));
        QVERIFY(std::any_of(control.accounts().begin(), control.accounts().end(), [](auto& one) {
            return one.id == "tunnel.example.com:7000" && one.inUse;
        }));
    }
};

QTEST_MAIN(WelcomeModelTest)
#include "pages_welcome_model.moc"
