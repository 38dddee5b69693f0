// What the program says of its command line, and which code it leaves with.
#include "command_fixture.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>

using namespace sallyport;
using namespace sallyport::agent::test;

class TestCommandLine : public CommandFixture
{
    Q_OBJECT

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

    void importsWhatWouldBeOpenToEverybodyOnlyWhenTold()
    {
        const QString agentYaml = m_home->filePath("agent.yaml");
        QFile file(m_home->filePath("ngrok.yml"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("version: 2\ntunnels:\n  admin: {addr: 3000, oauth: {provider: x}}\n"
                   "  shop: {addr: 3001, auth: 'me:s3cret'}\n");
        file.close();
        const QStringList arguments = {"import", file.fileName(), "--config", agentYaml};
        const auto content = [&] {
            QFile config(agentYaml);
            return config.open(QIODevice::ReadOnly) ? config.readAll() : QByteArray();
        };
        const Outcome careful = run(arguments);
        QCOMPARE(careful.code, 0);
        QVERIFY2(careful.out.contains("skip  admin  http 127.0.0.1:3000"), careful.out);
        QVERIFY2(careful.out.contains("oauth can't be taken over"), careful.out);
        QVERIFY2(careful.out.contains("with its password"), careful.out);
        QVERIFY2(careful.err.contains("1 tunnel is not added") &&
                     careful.err.contains("--unprotected"),
                 careful.err);
        QVERIFY2(content().contains("shop") && content().contains("$argon2id$"), content());
        QVERIFY(!content().contains("admin"));
        QVERIFY(!(careful.out + careful.err + content()).contains("s3cret"));

        QVERIFY(QFile::remove(agentYaml));
        const Outcome told = run(arguments + QStringList{"--unprotected"});
        QCOMPARE(told.code, 0);
        QVERIFY2(told.out.contains("add   admin"), told.out);
        QVERIFY(content().contains("admin"));
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
};

SALLYPORT_NET_TEST_MAIN(TestCommandLine)
#include "tst_command_line.moc"
