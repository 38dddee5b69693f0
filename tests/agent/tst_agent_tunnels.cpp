// Which tunnels are open: asked for with the hello, and changed while the link is up.
#include "fake_relay.h"
#include "net/net_test.h"

#include <QSignalSpy>

using namespace sallyport;
using namespace sallyport::agent;
using namespace sallyport::agent::test;
using sallyport::net::test::runUntil;

class TestAgentTunnels : public QObject
{
    Q_OBJECT

    net::IoContext m_io;

    static TunnelStatus statusOf(const Agent& agent, const std::string& ref)
    {
        for (const TunnelStatus& tunnel : agent.status().tunnels)
            if (tunnel.ref == ref)
                return tunnel;
        return {};
    }

private slots:
    void asksForItsTunnelsWithTheHello()
    {
        FakeRelay relay(m_io);
        AgentOptions options = optionsFor(relay);
        options.tunnels["web"] = httpTunnel("3000");
        options.tunnels["web"].config.name = "blog";
        options.tunnels["ssh"] = tcpTunnel("22");
        options.tunnels["ssh"].config.remotePort = 2222;
        Agent agent(std::move(options));
        QSignalSpy opened(&agent, &Agent::tunnelOpened);
        agent.start();
        QVERIFY(runUntil([&] { return opened.count() == 2; }));
        const auto& asked = relay.last().hello->tunnels;
        QCOMPARE(asked.size(), size_t(2));
        QCOMPARE(asked[0].remotePort, std::optional<uint16_t>(2222));
        QCOMPARE(asked[1].name, std::optional<std::string>("blog"));
        QCOMPARE(statusOf(agent, "web").state, TunnelState::Open);
        QCOMPARE(statusOf(agent, "web").urls, std::vector<std::string>{"http://blog.example.com/"});
    }

    void asksWhetherAnAddressIsFree()
    {
        FakeRelay relay(m_io);
        Agent agent(optionsFor(relay));
        std::vector<std::string> answers;
        const auto answer = [&](Result<Agent::CheckedTunnel, std::string> got) {
            answers.push_back(!got        ? "error: " + got.error()
                              : got->free ? "free " + got->urls.at(0)
                                          : "taken: " + got->reason.text);
        };
        config::TunnelConfig tunnel = httpTunnel("3000").config;
        tunnel.name = "blog";
        agent.checkTunnel(tunnel, answer);
        QVERIFY(answers.at(0).starts_with("error: there is no connection"));
        agent.start();
        QVERIFY(runUntil([&] { return agent.state() == LinkState::Connected; }));
        for (int i = 0; i < 2; ++i)
            agent.checkTunnel(tunnel, answer);
        QVERIFY(runUntil([&] { return relay.last().checks.size() == 2; }));
        const wire::TunnelRequest asked = relay.last().checks[0].tunnel;
        QCOMPARE(asked.name, std::optional<std::string>("blog"));
        // In any order.
        relay.last().send(wire::TunnelChecked{relay.last().checks[1].tunnel.ref,
                                              false,
                                              {},
                                              wire::Refusal(wire::RefusalCode::NameTaken)});
        relay.last().send(wire::TunnelChecked{asked.ref, true, {"https://blog.example.com"}, {}});
        relay.last().send(wire::TunnelChecked{asked.ref, true, {}, {}}); // twice: ignored
        QVERIFY(runUntil([&] { return answers.size() == 3; }));
        QVERIFY(answers[1].starts_with("taken: "));
        QCOMPARE(answers[2], std::string("free https://blog.example.com"));

        for (size_t i = 0; i < Agent::MaxChecks + 1; ++i)
            agent.checkTunnel(tunnel, answer);
        QCOMPARE(answers.size(), size_t(4)); // the one too many
        relay.last().cut();
        QVERIFY(runUntil([&] { return answers.size() == 4 + Agent::MaxChecks; }));
        QVERIFY(answers.back().starts_with("error: "));
    }

    void saysThatAnOlderRelayCannotTellWhatIsFree()
    {
        FakeRelay relay(m_io);
        Agent agent(optionsFor(relay));
        agent.start();
        QVERIFY(runUntil([&] { return agent.state() == LinkState::Connected; }));
        std::optional<Problem> problem;
        agent.checkTunnel(httpTunnel("3000").config,
                          [&](const Result<Agent::CheckedTunnel, Problem>& got) {
                              QVERIFY(!got);
                              problem = got.error();
                          });
        QVERIFY(runUntil([&] { return relay.last().checks.size() == 1; }));
        relay.last().sendRaw(R"({"type":"unsupported","of":"tunnel.check"})");
        QVERIFY(runUntil([&] { return problem.has_value(); }));
        QCOMPARE(problem->code, ProblemCode::RelayTooOld);
        QCOMPARE(agent.state(), LinkState::Connected);
    }

    void opensMoreTunnelsThanOneMessageHolds()
    {
        FakeRelay relay(m_io);
        AgentOptions options = optionsFor(relay);
        for (size_t i = 0; i < config::AgentConfig::MaxTunnels; ++i) {
            const std::string ref = "t" + std::to_string(i);
            options.tunnels[ref] = httpTunnel("3000");
            options.tunnels[ref].config.name = std::string(50, 'a') + std::to_string(i);
        }
        Agent agent(std::move(options));
        QSignalSpy opened(&agent, &Agent::tunnelOpened);
        agent.start();
        QVERIFY(runUntil([&] { return opened.count() == int(config::AgentConfig::MaxTunnels); }));
        QCOMPARE(relay.peers.size(), size_t(1));
    }

    void saysWhichTunnelWasRefusedAndKeepsTheOthers()
    {
        FakeRelay relay(m_io);
        relay.judgeTunnel = [](const wire::TunnelRequest& request) -> std::optional<wire::Refusal> {
            if (request.ref != "ssh")
                return std::nullopt;
            return wire::Refusal(wire::RefusalCode::PortNotAllowed);
        };
        AgentOptions options = optionsFor(relay);
        options.tunnels["web"] = httpTunnel("3000");
        options.tunnels["ssh"] = tcpTunnel("22");
        Agent agent(std::move(options));
        QSignalSpy refused(&agent, &Agent::tunnelRefused);
        agent.start();
        QVERIFY(runUntil([&] { return refused.count() == 1; }));
        QVERIFY(runUntil([&] { return statusOf(agent, "web").state == TunnelState::Open; }));
        QCOMPARE(statusOf(agent, "ssh").state, TunnelState::Refused);
        QCOMPARE(statusOf(agent, "ssh").refusalCode, std::string("port_not_allowed"));
        QVERIFY(statusOf(agent, "ssh").refusalIsFinal);
    }

    void touchesOnlyWhatAChangeTouches()
    {
        FakeRelay relay(m_io);
        AgentOptions options = optionsFor(relay);
        options.tunnels["keep"] = httpTunnel("3000");
        options.tunnels["move"] = httpTunnel("3001");
        options.tunnels["rename"] = httpTunnel("3002");
        options.tunnels["drop"] = httpTunnel("3003");
        TunnelSpecs tunnels = options.tunnels;
        Agent agent(std::move(options));
        agent.start();
        QVERIFY(runUntil([&] { return statusOf(agent, "rename").state == TunnelState::Open; }));
        const uint32_t dropped = relay.idOf("drop");
        const uint32_t renamed = relay.idOf("rename");

        tunnels.erase("drop");
        tunnels["move"] = httpTunnel("4001"); // only where it leads: the relay need not know
        tunnels["rename"].config.name = "other";
        tunnels["new"] = httpTunnel("3004");
        agent.applyTunnels(tunnels);
        QVERIFY(runUntil([&] {
            return statusOf(agent, "new").state == TunnelState::Open &&
                   statusOf(agent, "rename").state == TunnelState::Open;
        }));
        RelayPeer& peer = relay.last();
        QCOMPARE(peer.closes.size(), size_t(2));
        QCOMPARE(peer.closes[0].id, dropped);
        QCOMPARE(peer.closes[1].id, renamed);
        QCOMPARE(peer.opens.size(), size_t(2));
        QCOMPARE(peer.opens[0].tunnel.ref, std::string("new"));
        QCOMPARE(peer.opens[1].tunnel.name, std::optional<std::string>("other"));
        QCOMPARE(statusOf(agent, "move").config.upstream.endpoint.port, uint16_t(4001));
        QCOMPARE(relay.peers.size(), size_t(1));
    }

    void settlesAChangeThatCameBeforeTheWelcome()
    {
        FakeRelay relay(m_io);
        AgentOptions options = optionsFor(relay);
        options.tunnels["web"] = httpTunnel("3000");
        TunnelSpecs tunnels = options.tunnels;
        Agent agent(std::move(options));
        bool changed = false;
        connect(&agent, &Agent::stateChanged, this, [&](LinkState state) {
            // The hello is made; the welcome is not read yet.
            if (state == LinkState::Connecting && !changed) {
                changed = true;
                tunnels["web"].config.name = "late";
                QMetaObject::invokeMethod(
                    this, [&] { agent.applyTunnels(tunnels); }, Qt::QueuedConnection);
            }
        });
        agent.start();
        QVERIFY(runUntil([&] {
            const TunnelStatus web = statusOf(agent, "web");
            return web.state == TunnelState::Open &&
                   web.urls == std::vector<std::string>{"http://late.example.com/"};
        }));
    }

    void asksForAllTunnelsAgainOnANewLink()
    {
        FakeRelay relay(m_io);
        AgentOptions options = optionsFor(relay);
        options.tunnels["web"] = httpTunnel("3000");
        Agent agent(std::move(options));
        agent.start();
        QVERIFY(runUntil([&] { return statusOf(agent, "web").state == TunnelState::Open; }));
        relay.last().cut();
        QVERIFY(runUntil([&] { return statusOf(agent, "web").state == TunnelState::Pending; }));
        QVERIFY(runUntil([&] { return statusOf(agent, "web").state == TunnelState::Open; }));
        QCOMPARE(relay.last().hello->tunnels.size(), size_t(1));
    }

    void noticesThatTheRelayTakesAnOpenTunnelBack()
    {
        FakeRelay relay(m_io);
        AgentOptions options = optionsFor(relay);
        options.tunnels["web"] = httpTunnel("3000");
        Agent agent(std::move(options));
        agent.start();
        QVERIFY(runUntil([&] { return statusOf(agent, "web").state == TunnelState::Open; }));
        relay.last().send(
            wire::TunnelRefused{"web", wire::Refusal(wire::RefusalCode::NameNotAllowed)});
        QVERIFY(runUntil([&] { return statusOf(agent, "web").state == TunnelState::Refused; }));
        RelayStream& stream = relay.last().visit(relay.idOf("web"), "x");
        QVERIFY(runUntil([&] { return !relay.last().failures.empty(); }));
        QCOMPARE(relay.last().failures[0].code, wire::StreamFailure::UnknownTunnel);
        QVERIFY(stream.broken);
    }

    void connectsAnewWhenTheRelayChanges()
    {
        FakeRelay first(m_io);
        FakeRelay second(m_io);
        AgentOptions options = optionsFor(first);
        options.tunnels["web"] = httpTunnel("3000");
        Agent agent(options);
        agent.start();
        QVERIFY(runUntil([&] { return agent.state() == LinkState::Connected; }));
        options.relay = optionsFor(second).relay;
        agent.applyOptions(options);
        QVERIFY(runUntil([&] {
            return statusOf(agent, "web").state == TunnelState::Open && second.welcomed() == 1;
        }));
        QVERIFY(runUntil([&] { return first.last().gone; }));
    }

    void asksAnOpenTunnelForOtherVisitorsWithoutClosingIt()
    {
        FakeRelay relay(m_io);
        AgentOptions options = optionsFor(relay);
        options.tunnels["web"] = httpTunnel("3000");
        TunnelSpecs changed = options.tunnels;
        changed["web"].config.access.allow = {"10.0.0.0/8"};
        Agent agent(std::move(options));
        QSignalSpy opened(&agent, &Agent::tunnelOpened);
        agent.start();
        QVERIFY(runUntil([&] { return opened.count() == 1; }));
        agent.applyTunnels(changed);
        // The next change waits for the answer to this one, and then comes.
        changed["web"].config.access.allow = {"10.0.0.0/16"};
        agent.applyTunnels(changed);
        QVERIFY(runUntil([&] { return relay.last().updates.size() == 2; }));
        QCOMPARE(relay.last().updates[0].id, relay.idOf("web"));
        QCOMPARE(relay.last().updates[0].access.allow, std::vector<std::string>{"10.0.0.0/8"});
        QCOMPARE(relay.last().updates[1].access.allow, std::vector<std::string>{"10.0.0.0/16"});
        changed["web"].config.access = {};
        agent.applyTunnels(changed);
        QVERIFY(runUntil([&] { return relay.last().updates.size() == 3; }));
        QCOMPARE(statusOf(agent, "web").state, TunnelState::Open);
        QVERIFY(relay.last().closes.empty());
        QVERIFY(relay.last().opens.empty());
        QCOMPARE(opened.count(), 1);
    }

    void closesAGuardedTunnelThatTheRelayDoesNotGuard()
    {
        FakeRelay relay(m_io);
        relay.ignoresAccess = true;
        AgentOptions options = optionsFor(relay);
        options.tunnels["web"] = httpTunnel("3000");
        options.tunnels["web"].config.access.allow = {"10.0.0.0/8"};
        Agent agent(std::move(options));
        QSignalSpy opened(&agent, &Agent::tunnelOpened);
        QSignalSpy refused(&agent, &Agent::tunnelRefused);
        agent.start();
        QVERIFY(runUntil([&] { return refused.count() == 1 && !relay.last().closes.empty(); }));
        QCOMPARE(relay.last().closes[0].id, relay.idOf("web"));
        QCOMPARE(opened.count(), 0);
        QCOMPARE(statusOf(agent, "web").state, TunnelState::Refused);
        QCOMPARE(statusOf(agent, "web").refusalCode, std::string("access_unsupported"));
        QVERIFY(statusOf(agent, "web").refusalIsFinal);
    }
};

SALLYPORT_NET_TEST_MAIN(TestAgentTunnels)
#include "tst_agent_tunnels.moc"
