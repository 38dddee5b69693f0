// The program with a relay: what it does while it runs, and how it ends.
#include "command_fixture.h"
#include "local_service.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <csignal>

using namespace sallyport;
using namespace sallyport::agent::test;

class TestAgentProgram : public CommandFixture
{
    Q_OBJECT

private slots:
    void init() { m_home = std::make_unique<QTemporaryDir>(); }

    void leavesWithThreeWhenTheRelayRefusesTheCredentials()
    {
        FakeRelay relay(m_io);
        relay.judge = [](const wire::Hello&) {
            return std::optional(wire::Refusal(wire::RefusalCode::BadCredentials));
        };
        const Outcome outcome =
            run({"http", "3000", "--relay", relayUrl(relay)}, {}, {{"SALLYPORT_TOKEN", "spt_x"}});
        QCOMPARE(outcome.code, 3);
        QVERIFY2(outcome.err.contains("no such credential") || outcome.err.contains("credential"),
                 outcome.err);
    }

    void leavesWithFourWhenItMayNotTryAgain()
    {
        const Outcome outcome = run({"http", "3000", "--no-retry", "--relay", "tcp://127.0.0.1:1"},
                                    {}, {{"SALLYPORT_TOKEN", "spt_x"}});
        QCOMPARE(outcome.code, 4);
    }

    void publishesAPortAndStopsWhenTold()
    {
        FakeRelay relay(m_io);
        LocalService service;
        auto process = start(
            {"http", QString::number(service.port()), "--name", "blog", "--relay", relayUrl(relay)},
            {}, {{"SALLYPORT_TOKEN", "spt_x"}});
        QByteArray seen;
        QVERIFY(says(*process, seen, "url=http://blog.example.com/"));
        const wire::TunnelRequest asked = relay.last().hello->tunnels.at(0);
        QCOMPARE(asked.name, std::optional<std::string>("blog"));
        RelayStream& stream = relay.last().visit(relay.idOf(asked.ref), "hello");
        QVERIFY(runUntil([&] { return service.received == "hello"; }));
        stream.reset();
        QVERIFY(runUntil([&] { return service.ended == 1; }));
        ::kill(pid_t(process->processId()), SIGTERM);
        QCOMPARE(finish(*process).code, 0);
    }

    void stopsAtOnceWhenToldTwice()
    {
        FakeRelay relay(m_io);
        LocalService service;
        auto process = start({"tcp", QString::number(service.port()), "--relay", relayUrl(relay)},
                             {}, {{"SALLYPORT_TOKEN", "spt_x"}});
        QByteArray seen;
        QVERIFY(says(*process, seen, "tunnel open"));
        relay.last().visit(relay.idOf(relay.last().hello->tunnels[0].ref), "hello");
        QVERIFY(runUntil([&] { return service.received == "hello"; }));
        ::kill(pid_t(process->processId()), SIGINT);
        QVERIFY(says(*process, seen, "stopping"));
        ::kill(pid_t(process->processId()), SIGINT);
        QCOMPARE(finish(*process).code, 0);
    }

    void readsItsFileAgainWhenItChanges()
    {
        FakeRelay relay(m_io);
        const QByteArray head = "relay: " + relayUrl(relay) + "\ntunnels:\n  web: {http: 3000}\n";
        const QString config = writeConfig(head);
        auto process = start({"up", "--config", config, "--log-format", "json"}, {},
                             {{"SALLYPORT_TOKEN", "spt_x"}});
        QByteArray seen;
        QVERIFY(says(*process, seen, "\"tunnel\":\"web\""));
        writeConfig(head + "  ssh: {tcp: 22}\n");
        QVERIFY(says(*process, seen, "\"tunnel\":\"ssh\""));
        QCOMPARE(relay.peers.size(), size_t(1));
        // A mistake changes nothing.
        writeConfig(head + "  ssh: {tcp: nonsense}\n");
        QVERIFY(says(*process, seen, "not used"));
        QVERIFY(relay.last().closes.empty());
        // And by signal.
        writeConfig(head);
        ::kill(pid_t(process->processId()), SIGHUP);
        QVERIFY(runUntil([&] { return relay.last().closes.size() == 1; }));
        ::kill(pid_t(process->processId()), SIGTERM);
        QCOMPARE(finish(*process).code, 0);
    }

    void tellsWhatRunningAgentsDo()
    {
        QCOMPARE(run({"status"}).code, 1);
        FakeRelay relay(m_io);
        auto process =
            start({"http", "3000", "--relay", relayUrl(relay)}, {}, {{"SALLYPORT_TOKEN", "spt_x"}});
        QByteArray seen;
        QVERIFY(says(*process, seen, "tunnel open"));
        const Outcome text = run({"status"});
        QCOMPARE(text.code, 0);
        QVERIFY2(text.out.contains("http://brave-otter.example.com/ -> 127.0.0.1:3000"), text.out);
        const Outcome json = run({"status", "--json"});
        QCOMPARE(QJsonDocument::fromJson(json.out)["agents"][0]["state"].toString(),
                 QString("connected"));
        process->kill();
        finish(*process);
        QCOMPARE(run({"status"}).code, 1);
    }

    void keepsAJoinLineThatWorksAndUsesItLater()
    {
        FakeRelay relay(m_io);
        const Outcome tried = run({"login", QString(relayUrl(relay))}, "not a token\n");
        QCOMPARE(tried.code, 2);
        const QByteArray token = newToken();
        const Outcome login = run({"login", "--file", QString(relayUrl(relay))}, token + "\n");
        QVERIFY2(login.code == 0, login.err);
        QVERIFY(!login.err.contains(token) && login.out.isEmpty());
        const QString kept = m_home->filePath(".config/sallyport/credentials.yaml");
        QCOMPARE(QFile::permissions(kept) &
                     (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
                 QFile::Permissions());

        auto process = start({"http", "3000"});
        QByteArray seen;
        QVERIFY(says(*process, seen, "tunnel open"));
        QCOMPARE(QByteArray::fromStdString(std::string(relay.last().hello->auth.token.reveal())),
                 token);
        process->kill();
        finish(*process);

        QCOMPARE(run({"logout"}).code, 0);
        QCOMPARE(run({"http", "3000"}).code, 2);
    }

    void keepsNothingThatTheRelayRefuses()
    {
        FakeRelay relay(m_io);
        relay.judge = [](const wire::Hello&) {
            return std::optional(wire::Refusal(wire::RefusalCode::BadCredentials));
        };
        const Outcome login = run({"login", "--file", QString(relayUrl(relay))}, newToken() + "\n");
        QCOMPARE(login.code, 3);
        QVERIFY(!QFile::exists(m_home->filePath(".config/sallyport/credentials.yaml")));
    }

    void examinesTheWayToTheRelay()
    {
        FakeRelay relay(m_io);
        LocalService service;
        const QString config =
            writeConfig("relay: " + relayUrl(relay) +
                        "\ntunnels:\n  web: {http: " + QByteArray::number(service.port()) + "}\n");
        const Outcome fine =
            run({"doctor", "--config", config}, {}, {{"SALLYPORT_TOKEN", "spt_x"}});
        QVERIFY2(fine.code == 0, fine.out);
        QVERIFY2(fine.out.contains("[ OK ]  Link"), fine.out);
        QVERIFY2(fine.out.contains("[ OK ]  Upstreams    web"), fine.out);
        QVERIFY(!fine.out.contains("spt_x"));
        relay.stopListening();
        const Outcome dead =
            run({"doctor", "--json", "--config", config}, {}, {{"SALLYPORT_TOKEN", "spt_x"}});
        QCOMPARE(dead.code, 1);
        QCOMPARE(QJsonDocument::fromJson(dead.out)["ok"].toBool(true), false);
    }
};

SALLYPORT_NET_TEST_MAIN(TestAgentProgram)
#include "tst_agent_program.moc"
