// The program from outside: what it says and which code it leaves with.
#include "fake_relay.h"
#include "local_service.h"
#include "net/net_test.h"

#include <sallyport/auth/token.h>

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <csignal>

using namespace sallyport;
using namespace sallyport::agent::test;
using sallyport::net::test::runUntil;

class TestCommandLine : public QObject
{
    Q_OBJECT

    net::IoContext m_io;
    std::unique_ptr<QTemporaryDir> m_home;

    // A person's empty home, so that nothing of this machine is seen or changed.
    std::unique_ptr<QProcess> start(const QStringList& arguments, const QByteArray& input = {},
                                    const QMap<QString, QString>& more = {})
    {
        auto process = std::make_unique<QProcess>();
        QProcessEnvironment environment;
        environment.insert("HOME", m_home->path());
        environment.insert("USER", "tester");
        environment.insert("XDG_RUNTIME_DIR", m_home->path());
        for (auto i = more.begin(); i != more.end(); ++i)
            environment.insert(i.key(), i.value());
        process->setProcessEnvironment(environment);
        process->start(SALLYPORT_BINARY, arguments);
        process->write(input);
        process->closeWriteChannel();
        return process;
    }

    struct Outcome
    {
        int code = -1;
        QByteArray out;
        QByteArray err;
    };
    static Outcome finish(QProcess& process)
    {
        if (!runUntil([&] { return process.state() == QProcess::NotRunning; }))
            return {};
        return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2,
                process.readAllStandardOutput(), process.readAllStandardError()};
    }
    Outcome run(const QStringList& arguments, const QByteArray& input = {},
                const QMap<QString, QString>& more = {})
    {
        return finish(*start(arguments, input, more));
    }
    QString writeConfig(const QByteArray& text)
    {
        const QString path = m_home->filePath("agent.yaml");
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly))
            qFatal("no config");
        file.write(text);
        return path;
    }
    static QByteArray relayUrl(const FakeRelay& relay)
    {
        return "tcp://127.0.0.1:" + QByteArray::number(relay.port());
    }
    static QByteArray newToken()
    {
        return QByteArray::fromStdString(std::string(auth::Token::generate()->reveal()));
    }
    // Lines on standard error so far.
    static bool says(QProcess& process, QByteArray& seen, const QByteArray& wanted)
    {
        return runUntil([&] {
            seen += process.readAllStandardError();
            return seen.contains(wanted);
        });
    }

private slots:
    void init() { m_home = std::make_unique<QTemporaryDir>(); }

    void leavesWithTwoAfterWrongUsage_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char* name, const QStringList& arguments, const char* says) {
            QTest::newRow(name) << arguments << QByteArray(says);
        };
        row("nothing", {}, "Usage");
        row("unknown command", {"fly"}, "fly");
        row("unknown flag", {"http", "3000", "--token", "x"}, "--token");
        row("no port", {"http"}, "upstream");
        row("no relay", {"http", "3000"}, "no relay is given");
        row("bad port", {"http", "70000", "--relay", "r"}, "70000");
        row("bad name", {"http", "3000", "--relay", "r", "--name", "a_b"}, "--name");
        row("bad log level", {"http", "3000", "--relay", "r", "--log-level", "loud"}, "loud");
        row("tls without port", {"tls", "--hostname", "x"}, "upstream");
        row("tls with a URL", {"tls", "https://app", "--relay", "r"}, "write HOST:PORT");
        row("tls with a bad upstream for http",
            {"tls", "8443", "--relay", "r", "--http-upstream", "99999"}, "--http-upstream");
        row("udp", {"udp", "53"}, "not in this version");
        row("missing config", {"up", "--config", "/nonexistent/agent.yaml"}, "/nonexistent");
        row("no token", {"http", "3000", "--relay", "tcp://127.0.0.1:1"}, "no token");
        row("unknown shell", {"completion", "tcsh"}, "tcsh");
    }
    void leavesWithTwoAfterWrongUsage()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, says);
        const Outcome outcome = run(arguments);
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.err.contains(says), outcome.err);
        QVERIFY2(outcome.out.isEmpty(), outcome.out);
    }

    void takesOverAnotherProgramsTunnels()
    {
        const QString agentYaml = writeConfig("# mine\ntunnels:\n  web: {http: 80} # the site\n");
        const QString frpc = m_home->filePath("frpc.toml");
        QFile file(frpc);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("serverAddr = \"frp.example.com\"\nauth.token = \"secret-of-frp\"\n"
                   "[[proxies]]\nname = \"web\"\ntype = \"http\"\nlocalPort = 3000\n"
                   "subdomain = \"shop\"\n"
                   "[[proxies]]\nname = \"dns\"\ntype = \"udp\"\nlocalPort = 53\n");
        file.close();
        const auto content = [&] {
            QFile config(agentYaml);
            return config.open(QIODevice::ReadOnly) ? config.readAll() : QByteArray();
        };
        const QByteArray before = content();
        const QStringList arguments = {"import", frpc, "--config", agentYaml};

        const Outcome dry = run(arguments + QStringList{"--dry-run"});
        QCOMPARE(dry.code, 0);
        QVERIFY2(dry.out.contains("add   web-2  http 127.0.0.1:3000 as the name shop"), dry.out);
        QVERIFY2(dry.out.contains("note  proxies[1]"), dry.out);
        QVERIFY2(dry.err.contains("nothing was changed"), dry.err);
        QCOMPARE(content(), before);

        const QJsonObject json =
            QJsonDocument::fromJson(run(arguments + QStringList{"--dry-run", "--json"}).out)
                .object();
        QCOMPARE(json["added"].toArray().size(), 1);
        QCOMPARE(json["written"].toBool(true), false);

        const Outcome outcome = run(arguments);
        QCOMPARE(outcome.code, 0);
        QCOMPARE(content(), before + "  web-2: {http: 3000, name: shop}\n");
        QVERIFY(!(outcome.out + outcome.err).contains("secret-of-frp"));
    }

    void refusesToImportWhatItCannotUse_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("says");
        QTest::addColumn<int>("code");
        QTest::newRow("broken") << QByteArray("tunnels: {web: [") << QByteArray("other.yml:1") << 2;
        QTest::newRow("something else")
            << QByteArray("hello: world\n") << QByteArray("not a configuration that is known") << 2;
        QTest::newRow("ours") << QByteArray("relay: a.example\n") << QByteArray("itself") << 2;
        QTest::newRow("nothing to take")
            << QByteArray("version: 2\ntunnels: {}\n") << QByteArray("could be taken over") << 1;
        QTest::newRow("too large")
            << QByteArray(2 * 1024 * 1024, '#') << QByteArray("other.yml is too large") << 2;
    }
    void refusesToImportWhatItCannotUse()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, says);
        QFETCH(int, code);
        const QString agentYaml = m_home->filePath("agent.yaml");
        QFile file(m_home->filePath("other.yml"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.close();
        const Outcome outcome = run({"import", file.fileName(), "--config", agentYaml});
        QVERIFY2(outcome.err.contains(says), outcome.err);
        QCOMPARE(outcome.code, code);
        QVERIFY(!QFile::exists(agentYaml));
        QCOMPARE(run({"import", "/nonexistent", "--config", agentYaml}).code, 2);
    }

    void printsItsVersionAlone()
    {
        const Outcome plain = run({"version", "--short"});
        QCOMPARE(plain.code, 0);
        QVERIFY(plain.out.endsWith("\n") && !plain.out.contains(' '));
        QVERIFY(QJsonDocument::fromJson(run({"version", "--json"}).out).isObject());
    }

    void printsCompletionScriptsThatTheShellTakes()
    {
        for (const char* shell : {"bash", "zsh", "fish"}) {
            const Outcome outcome = run({"completion", shell});
            QCOMPARE(outcome.code, 0);
            QVERIFY(outcome.out.contains("doctor") && outcome.out.contains("remote-port"));
            if (QStandardPaths::findExecutable(shell).isEmpty())
                continue;
            QProcess check;
            check.start(shell, {"-n"});
            check.write(outcome.out);
            check.closeWriteChannel();
            QVERIFY(check.waitForFinished());
            QVERIFY2(check.exitCode() == 0, check.readAllStandardError());
        }
    }

    void refusesASecretOnTheCommandLine_data()
    {
        QTest::addColumn<QString>("secret");
        QTest::newRow("token") << "spt_0123456789";
        QTest::newRow("join line") << "sallyport://spt_0123456789@relay:7000";
    }
    void refusesASecretOnTheCommandLine()
    {
        QFETCH(QString, secret);
        const Outcome outcome = run({"login", secret});
        QCOMPARE(outcome.code, 2);
        QVERIFY(outcome.err.contains("Revoke it"));
        QVERIFY(!outcome.err.contains("0123456789"));
    }

    void namesTheTunnelsWhenOneIsUnknown()
    {
        const QString config = writeConfig(
            "relay: tcp://127.0.0.1:1\ntunnels:\n  web: {http: 3000}\n  ssh: {tcp: 22}\n");
        const Outcome outcome = run({"up", "wbe", "--config", config});
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.err.contains("\"wbe\"") && outcome.err.contains("ssh, web"), outcome.err);
    }

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

SALLYPORT_NET_TEST_MAIN(TestCommandLine)
#include "tst_command_line.moc"
