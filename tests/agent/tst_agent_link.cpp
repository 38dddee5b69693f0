// The link to the relay: how it comes up, is lost, is refused, is replaced.
#include "fake_relay.h"
#include "net/net_test.h"

#include <QSignalSpy>

using namespace sallyport;
using namespace sallyport::agent;
using namespace sallyport::agent::test;
using sallyport::net::test::runUntil;

class TestAgentLink : public QObject
{
    Q_OBJECT

    net::IoContext m_io;

private slots:
    void saysWhoItIsAndConnects()
    {
        FakeRelay relay(m_io);
        Agent agent(optionsFor(relay));
        QCOMPARE(agent.state(), LinkState::Offline);
        agent.start();
        QVERIFY(runUntil([&] { return agent.state() == LinkState::Connected; }));
        const wire::Hello& hello = *relay.last().hello;
        QCOMPARE(hello.agent.id, std::string("test-agent"));
        QCOMPARE(hello.agent.name, std::string("tester"));
        QCOMPARE(hello.auth.token.reveal(), std::string("spt_test"));
        QCOMPARE(agent.status().session, std::string("s1"));
        QCOMPARE(agent.status().transport, std::string("tcp"));
    }

    void triesAgainUntilTheRelayIsThere()
    {
        FakeRelay relay(m_io);
        relay.stopListening();
        Agent agent(optionsFor(relay));
        agent.start();
        QVERIFY(runUntil([&] { return agent.status().failedTries >= 3; }));
        QVERIFY(!agent.status().problem.empty());
        relay.listenAgain();
        QVERIFY(runUntil([&] { return agent.state() == LinkState::Connected; }));
        QVERIFY(agent.status().problem.empty());
    }

    void waitsNoLongerWhenToldToTryNow()
    {
        FakeRelay relay(m_io);
        relay.stopListening();
        AgentOptions options = optionsFor(relay);
        options.reconnectMin = options.reconnectMax = std::chrono::hours(1);
        Agent agent(std::move(options));
        agent.start();
        QVERIFY(runUntil([&] { return agent.state() == LinkState::Waiting; }));
        relay.listenAgain();
        agent.retryNow();
        QVERIFY(runUntil([&] { return agent.state() == LinkState::Connected; }));
    }

    void connectsAgainWhenTheLinkBreaks()
    {
        FakeRelay relay(m_io);
        Agent agent(optionsFor(relay));
        agent.start();
        QVERIFY(runUntil([&] { return agent.state() == LinkState::Connected; }));
        relay.last().cut();
        QVERIFY(runUntil(
            [&] { return relay.welcomed() == 2 && agent.state() == LinkState::Connected; }));
    }

    void givesUpWhenTryingAgainCannotHelp_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<int>("kind");
        QTest::newRow("bad credentials")
            << int(wire::RefusalCode::BadCredentials) << int(AgentFailure::Kind::Credentials);
        QTest::newRow("expired") << int(wire::RefusalCode::Expired)
                                 << int(AgentFailure::Kind::Credentials);
        QTest::newRow("revoked") << int(wire::RefusalCode::Revoked)
                                 << int(AgentFailure::Kind::Credentials);
        QTest::newRow("protocol") << int(wire::RefusalCode::ProtocolVersion)
                                  << int(AgentFailure::Kind::Refused);
    }
    void givesUpWhenTryingAgainCannotHelp()
    {
        QFETCH(int, code);
        QFETCH(int, kind);
        FakeRelay relay(m_io);
        relay.judge = [code](const wire::Hello&) {
            return std::optional(wire::Refusal(wire::RefusalCode(code)));
        };
        Agent agent(optionsFor(relay));
        std::optional<AgentFailure> failure;
        connect(&agent, &Agent::failed, this, [&](const AgentFailure& f) { failure = f; });
        agent.start();
        QVERIFY(runUntil([&] { return failure.has_value(); }));
        QCOMPARE(int(failure->kind), kind);
        QCOMPARE(failure->code, std::string(wire::codeText(wire::RefusalCode(code))));
        QCOMPARE(agent.state(), LinkState::Refused);
        QCOMPARE(relay.peers.size(), size_t(1));
    }

    void triesAgainWhenARefusalMayPass()
    {
        FakeRelay relay(m_io);
        int refusals = 0;
        relay.judge = [&](const wire::Hello&) -> std::optional<wire::Refusal> {
            if (++refusals > 2)
                return std::nullopt;
            return wire::Refusal(wire::RefusalCode::TooManyLinks);
        };
        Agent agent(optionsFor(relay));
        agent.start();
        QVERIFY(runUntil([&] { return agent.state() == LinkState::Connected; }));
        QCOMPARE(refusals, 3);
    }

    void doesNotFightANewerAgentWithTheSameId()
    {
        FakeRelay relay(m_io);
        Agent agent(optionsFor(relay));
        QSignalSpy failed(&agent, &Agent::failed);
        agent.start();
        QVERIFY(runUntil([&] { return agent.state() == LinkState::Connected; }));
        relay.last().refuse(wire::Refusal(wire::RefusalCode::TakenOver));
        QVERIFY(runUntil([&] { return failed.count() == 1; }));
        QCOMPARE(agent.state(), LinkState::Refused);
        QCOMPARE(agent.status().failure->kind, AgentFailure::Kind::TakenOver);
    }

    void stopsWithASentenceWhenARevokedTokenEndsItsLink()
    {
        FakeRelay relay(m_io);
        Agent agent(optionsFor(relay));
        QSignalSpy failed(&agent, &Agent::failed);
        agent.start();
        QVERIFY(runUntil([&] { return agent.state() == LinkState::Connected; }));
        relay.last().refuse(wire::Refusal(wire::RefusalCode::Revoked));
        QVERIFY(runUntil([&] { return failed.count() == 1; }));
        QVERIFY(!agent.status().failure->text.empty());
    }

    void triesAgainWhenTheTokenIsNotToBeHad()
    {
        FakeRelay relay(m_io);
        AgentOptions options = optionsFor(relay);
        int asked = 0;
        options.token = [&](const TokenQuestion&, const TokenReady& ready) {
            if (++asked == 1)
                return ready(Failure(std::string("the keychain is locked")));
            ready(Secret("spt_later"));
        };
        Agent agent(std::move(options));
        agent.start();
        QCOMPARE(agent.state(), LinkState::Waiting);
        QCOMPARE(agent.status().problem, std::string("the keychain is locked"));
        QVERIFY(runUntil([&] { return agent.state() == LinkState::Connected; }));
        QCOMPARE(relay.last().hello->auth.token.reveal(), std::string("spt_later"));
    }

    void answersAChallengeWithAFreshToken()
    {
        FakeRelay relay(m_io);
        Agent agent(optionsFor(relay));
        agent.start();
        QVERIFY(runUntil([&] { return agent.state() == LinkState::Connected; }));
        relay.last().send(wire::Challenge{});
        QVERIFY(runUntil([&] { return !relay.last().reauths.empty(); }));
        QCOMPARE(relay.last().reauths[0].auth.token.reveal(), std::string("spt_test"));
    }

    void makesANewLinkBeforeADrainedOneGoes()
    {
        FakeRelay relay(m_io);
        AgentOptions options = optionsFor(relay);
        options.tunnels["web"].handler = [](const IncomingConnection&) {
            return ConnectDecision::take([](std::unique_ptr<StreamDevice> device) {
                StreamDevice* raw = device.release();
                connect(raw, &QIODevice::readyRead, raw, [raw] { raw->write(raw->readAll()); });
                connect(raw, &StreamDevice::aborted, raw, &QObject::deleteLater);
            });
        };
        Agent agent(std::move(options));
        agent.start();
        QVERIFY(runUntil([&] { return agent.state() == LinkState::Connected; }));
        RelayPeer& old = relay.last();
        RelayStream& stream = old.visit(relay.idOf("web"), "one");
        QVERIFY(runUntil([&] { return stream.received == "one"; }));

        old.send(wire::Drain{60'000});
        QVERIFY(runUntil(
            [&] { return relay.welcomed() == 2 && agent.state() == LinkState::Connected; }));
        // The standing connection goes on over the old link.
        stream.send("two");
        QVERIFY(runUntil([&] { return stream.received == "onetwo"; }));
        QVERIFY(!old.gone);
        // And once it has ended, the old link goes.
        stream.reset();
        QVERIFY(runUntil([&] { return old.gone; }));
        QCOMPARE(agent.state(), LinkState::Connected);
    }

    void cutsADrainedLinkAtItsDeadline()
    {
        FakeRelay relay(m_io);
        AgentOptions options = optionsFor(relay);
        std::vector<std::unique_ptr<StreamDevice>> devices;
        options.tunnels["web"].handler = [&](const IncomingConnection&) {
            return ConnectDecision::take([&](std::unique_ptr<StreamDevice> device) {
                devices.push_back(std::move(device));
            });
        };
        Agent agent(std::move(options));
        agent.start();
        QVERIFY(runUntil([&] { return agent.state() == LinkState::Connected; }));
        RelayPeer& old = relay.last();
        RelayStream& stream = old.visit(relay.idOf("web"), "one");
        QVERIFY(runUntil([&] { return devices.size() == 1; }));
        old.send(wire::Drain{1});
        QVERIFY(runUntil([&] { return old.gone && stream.broken; }));
    }

    void stopsAtOnceWithoutConnections()
    {
        FakeRelay relay(m_io);
        Agent agent(optionsFor(relay));
        QSignalSpy stopped(&agent, &Agent::stopped);
        agent.start();
        QVERIFY(runUntil([&] { return agent.state() == LinkState::Connected; }));
        agent.stop();
        QVERIFY(runUntil([&] { return stopped.count() == 1 && relay.last().gone; }));
        QCOMPARE(agent.state(), LinkState::Stopped);
    }

    void stopsWhileItWaits()
    {
        FakeRelay relay(m_io);
        relay.stopListening();
        Agent agent(optionsFor(relay));
        QSignalSpy stopped(&agent, &Agent::stopped);
        agent.start();
        QVERIFY(runUntil([&] { return agent.state() == LinkState::Waiting; }));
        agent.stop();
        QCOMPARE(stopped.count(), 1);
        QCOMPARE(agent.state(), LinkState::Stopped);
    }

    void letsConnectionsEndBeforeItStops()
    {
        FakeRelay relay(m_io);
        AgentOptions options = optionsFor(relay);
        std::unique_ptr<StreamDevice> device;
        options.tunnels["web"].handler = [&](const IncomingConnection&) {
            return ConnectDecision::take(
                [&](std::unique_ptr<StreamDevice> given) { device = std::move(given); });
        };
        Agent agent(std::move(options));
        QSignalSpy stopped(&agent, &Agent::stopped);
        agent.start();
        QVERIFY(runUntil([&] { return agent.state() == LinkState::Connected; }));
        RelayStream& stream = relay.last().visit(relay.idOf("web"), "one");
        QVERIFY(runUntil([&] { return device != nullptr; }));
        agent.stop(std::chrono::hours(1));
        QVERIFY(runUntil([&] { return relay.last().closes.size() == 1; }));
        QVERIFY(relay.last().agentIsLeaving);
        QCOMPARE(stopped.count(), 0);
        device->write("bye");
        device->close();
        stream.finish();
        QVERIFY(runUntil([&] { return stopped.count() == 1; }));
        QVERIFY(runUntil([&] { return stream.closed || stream.broken; }));
        QCOMPARE(stream.received, std::string("bye"));
    }

    void refusesOptionsThatCannotWork()
    {
        AgentOptions options;
        options.id = std::string("x"); // GCC 12 sees an overlap in assigning the literal
        Agent agent(std::move(options));
        QSignalSpy failed(&agent, &Agent::failed);
        agent.start();
        QCOMPARE(failed.count(), 1);
        QCOMPARE(agent.status().failure->kind, AgentFailure::Kind::Options);
    }
};

SALLYPORT_NET_TEST_MAIN(TestAgentLink)
#include "tst_agent_link.moc"
