// An agent that is shown ends: who runs it then.
#include "control_fixture.h"

#include <sallyport/control/agent_lock.h>
#include <sallyport/control/open_agent_control.h>
#include <sallyport/control/settings.h>
#include <sallyport/inspect/traffic_source.h>

#include <QSignalSpy>

using namespace sallyport;
using namespace sallyport::control;
using namespace sallyport::control::test;
using agent::LinkState;
using agent::test::FakeRelay;

class TestTakeOver : public QObject
{
    Q_OBJECT

    net::IoContext m_io;

private slots:
    void takesOverFromAnAgentThatDied()
    {
        Home home;
        FakeRelay relay(m_io);
        home.write(configFor(relay) + "tunnels: {web: {http: 3000}}\n");
        auto first = openAgentControl(quiet());
        HandOver soon;
        soon.grace = std::chrono::milliseconds(20);
        soon.lookAgain = std::chrono::milliseconds(5);
        const auto second = openAgentControl(quiet(), soon);
        QVERIFY(runUntil([&] { return second->snapshot().state == LinkState::Connected; }));
        QCOMPARE(second->place(), AgentControl::Place::Service);
        QSignalSpy removed(&second->traffic(), &inspect::TrafficSource::recordsRemoved);
        first.reset(); // while it was on
        QVERIFY(runUntil([&] { return second->place() == AgentControl::Place::InProcess; }));
        QVERIFY(runUntil([&] { return second->snapshot().state == LinkState::Connected; }));
        QVERIFY(find(*second, "web") != nullptr);
        QVERIFY(!removed.isEmpty());
        // Nobody else has the identity now.
        QCOMPARE(openAgentControl(quiet())->place(), AgentControl::Place::Detached);
    }

    // A window would show its welcome for a moment.
    void knowsItsRelayAllThroughATakeOver_data()
    {
        QTest::addColumn<bool>("byAccount");
        QTest::newRow("of agent.yaml") << false;
        QTest::newRow("of an account") << true;
    }
    void knowsItsRelayAllThroughATakeOver()
    {
        QFETCH(bool, byAccount);
        Home home;
        FakeRelay relay(m_io);
        if (byAccount) {
            home.write("token: spt_test\n");
            auto accounts = *Accounts::read();
            KnownAccount known;
            known.relay =
                *config::RelayAddress::parse("tcp://127.0.0.1:" + std::to_string(relay.port()));
            QVERIFY(accounts.put(known).ok());
            QVERIFY(accounts.write().ok());
        } else {
            home.write(configFor(relay));
        }
        auto first = openAgentControl(quiet());
        HandOver soon;
        soon.grace = std::chrono::milliseconds(1);
        soon.lookAgain = std::chrono::milliseconds(5);
        const auto second = openAgentControl(quiet(), soon);
        QVERIFY(runUntil([&] { return second->snapshot().state == LinkState::Connected; }));
        int looks = 0, ignorant = 0;
        const auto look = [&] {
            ++looks;
            ignorant += second->snapshot().relay.empty() && second->accounts().empty();
        };
        connect(second.get(), &AgentControl::placeChanged, this, look);
        connect(second.get(), &AgentControl::accountsChanged, this, look);
        connect(second.get(), &AgentControl::snapshotChanged, this, look);
        first.reset();
        QVERIFY(runUntil([&] { return second->place() == AgentControl::Place::InProcess; }));
        QVERIFY(runUntil([&] { return second->snapshot().state == LinkState::Connected; }));
        QVERIFY(looks > 0);
        QCOMPARE(ignorant, 0);
    }

    void leavesItToThePersonWhereAnAgentWasStopped()
    {
        Home home;
        FakeRelay relay(m_io);
        home.write(configFor(relay));
        auto lock = AgentLock::take(agentId(quiet().purpose()));
        auto first = std::make_unique<LocalAgentControl>(quiet(), std::move(*lock));
        QVERIFY(first->serve());
        first->start();
        HandOver soon;
        soon.grace = std::chrono::milliseconds(1);
        soon.lookAgain = std::chrono::milliseconds(5);
        const auto second = openAgentControl(quiet(), soon);
        QVERIFY(runUntil([&] { return second->snapshot().state == LinkState::Connected; }));
        first->stop();
        QVERIFY(runUntil([&] { return !second->snapshot().switchedOn; }));
        first.reset();
        QVERIFY(runUntil([&] { return second->place() == AgentControl::Place::Detached; }));
        QVERIFY(!second->takesOver());
        Answered taken;
        second->takeOver(taken.done());
        QVERIFY(taken.fine());
        QCOMPARE(second->place(), AgentControl::Place::InProcess);
        QVERIFY(runUntil([&] { return second->snapshot().state == LinkState::Connected; }));
    }

    void takesNothingOverFromAnAgentThatLives()
    {
        Home home;
        FakeRelay relay(m_io);
        home.write(configFor(relay));
        HandOver soon;
        soon.grace = std::chrono::milliseconds(1);
        soon.lookAgain = std::chrono::milliseconds(5);
        // Another process's, which has the lock and does not answer.
        auto held = AgentLock::take(agentId(quiet().purpose()));
        QVERIFY(held.ok());
        const auto second = openAgentControl(quiet(), soon);
        Answered taken;
        second->takeOver(taken.done());
        QVERIFY(taken.error().find("still runs this agent") != std::string::npos);
        QCOMPARE(second->place(), AgentControl::Place::Detached);
        // It comes back by itself where it can.
        held->reset();
        auto back = openAgentControl(quiet());
        QVERIFY(runUntil([&] { return second->place() == AgentControl::Place::Service; }));
    }

    void standsAsideForAServiceThatWaits()
    {
        Home home;
        FakeRelay relay(m_io);
        home.write(configFor(relay) + "tunnels: {web: {http: 3000}}\n");
        HandOver installed;
        installed.byItself = [] { return false; };
        installed.lookAgain = std::chrono::milliseconds(5);
        const auto app = openAgentControl(quiet(), installed);
        QVERIFY(runUntil([&] { return app->snapshot().state == LinkState::Connected; }));
        QCOMPARE(app->place(), AgentControl::Place::InProcess);
        app->standAside();
        QCOMPARE(app->place(), AgentControl::Place::Detached);
        QVERIFY(find(*app, "web") != nullptr); // what was shown stays, muted
        QVERIFY(app->snapshot().state != LinkState::Connected);
        auto lock = AgentLock::take(agentId(quiet().purpose()));
        QVERIFY(lock.ok());
        auto service = std::make_unique<LocalAgentControl>(quiet(), std::move(*lock));
        QVERIFY(service->serve());
        service->start();
        QVERIFY(runUntil([&] { return app->place() == AgentControl::Place::Service; }));
        QVERIFY(runUntil([&] { return app->snapshot().state == LinkState::Connected; }));
        app->standAside(); // nothing to stand aside with
        QCOMPARE(app->place(), AgentControl::Place::Service);
    }

    void comesBackWhereNoServiceComes()
    {
        Home home;
        FakeRelay relay(m_io);
        home.write(configFor(relay));
        HandOver soon;
        soon.grace = std::chrono::milliseconds(1);
        soon.lookAgain = std::chrono::milliseconds(5);
        const auto app = openAgentControl(quiet(), soon);
        QVERIFY(runUntil([&] { return app->snapshot().state == LinkState::Connected; }));
        app->standAside();
        QVERIFY(runUntil([&] { return app->place() == AgentControl::Place::InProcess; }));
        QVERIFY(runUntil([&] { return app->snapshot().state == LinkState::Connected; }));
    }

    void promisesNothingWhileTheIdentityIsHeld()
    {
        Home home;
        FakeRelay relay(m_io);
        home.write(configFor(relay));
        auto held = AgentLock::take(agentId(quiet().purpose()));
        QVERIFY(held.ok());
        auto first = std::make_unique<LocalAgentControl>(quiet(), nullptr);
        QVERIFY(first->serve());
        first->start();
        HandOver soon;
        soon.grace = std::chrono::milliseconds(20);
        soon.lookAgain = std::chrono::milliseconds(5);
        const auto second = openAgentControl(quiet(), soon);
        QVERIFY(runUntil([&] { return second->snapshot().state == LinkState::Connected; }));
        bool promised = false;
        connect(second.get(), &AgentControl::placeChanged, this,
                [&] { promised = promised || second->takesOver(); });
        first.reset(); // its process hangs, and keeps the lock
        QVERIFY(runUntil([&] { return promised && !second->takesOver(); }));
        QCOMPARE(second->place(), AgentControl::Place::Detached);
        held->reset();
        QVERIFY(runUntil([&] { return second->place() == AgentControl::Place::InProcess; }));
    }
};

SALLYPORT_NET_TEST_MAIN(TestTakeOver)
#include "tst_take_over.moc"
