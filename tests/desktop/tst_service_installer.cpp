#include "service_world.h"
#include "startup/service_unit.h"

#include <QFile>
#include <QTest>

#include <optional>

using namespace sallyport;
using namespace sallyport::desktop;
using namespace sallyport::desktop::test;
using Scope = ServiceInstaller::Scope;

class TstServiceInstaller : public QObject
{
    Q_OBJECT

private slots:
    void installsAUsersService()
    {
        World world;
        const auto installer = world.installer();
        installer->install(Scope::User, {world.configFile(), {}}, world.done());
        QCOMPARE(world.error, std::string());
        const std::string unit =
            config::readFile(world.places.userUnits + "/sallyport.service")->text;
        QVERIFY(unit.find("ExecStart=\"/usr/bin/sallyport\" --config \"" + world.configFile() +
                          "\" up --wait\n") != std::string::npos);
        QCOMPARE(world.runner->lines,
                 (std::vector<std::string>{"systemctl --user daemon-reload",
                                           "systemctl --user enable --now sallyport.service"}));
    }

    void asksForThePasswordForASystemsService()
    {
        World world;
        const auto installer = world.installer();
        installer->install(Scope::System, {world.configFile(), Secret("spt_s3cret")}, world.done());
        QCOMPARE(world.error, std::string());
        QCOMPARE(world.runner->lines.size(), size_t(1));
        QVERIFY(world.runner->lines[0].starts_with("pkexec --disable-internal-agent "
                                                   "/usr/bin/sallyport service install --system "
                                                   "--token-stdin --config "));
        QVERIFY(world.runner->lines[0].find("s3cret") == std::string::npos);
        QCOMPARE(world.runner->inputs[0], std::string("spt_s3cret\n"));
        QVERIFY(!exists(world.places.systemUnits + "/sallyport.service"));
    }

    void saysWhenThePasswordWasNotGiven()
    {
        World world;
        const auto installer = world.installer();
        world.runner->end.exitCode = 126;
        installer->install(Scope::System, {world.configFile(), Secret("x")}, world.done());
        QVERIFY(world.error.starts_with("Nothing was changed"));
        world.runner->end = {};
        installer->install(Scope::System, {world.configFile(), Secret("x")}, world.done());
        QVERIFY(world.error.find("pkexec") != std::string::npos);
    }

    void keepsTheTokenFromTheUnit()
    {
        World world;
        world.places.root = true;
        const auto installer = world.installer();
        installer->install(Scope::System, {world.configFile(), Secret("spt_s3cret")}, world.done());
        QCOMPARE(world.error, std::string());
        const auto token = config::readFile(world.places.systemConfig + "/token");
        QCOMPARE(token->text, std::string("spt_s3cret"));
        QCOMPARE(token->mode, 0600U);
        const auto unit = config::readFile(world.places.systemUnits + "/sallyport.service");
        QVERIFY(unit->text.find("s3cret") == std::string::npos);
        QVERIFY(unit->text.find("LoadCredential=token:" + world.places.systemConfig + "/token\n") !=
                std::string::npos);
        QCOMPARE(config::readFile(world.places.systemConfig + "/agent.yaml")->text,
                 std::string("relay: r.example.com\n"));
    }

    void copiesNoConfigurationWithATokenInIt()
    {
        World world;
        world.places.root = true;
        (void)config::writeFileAtomically(world.configFile(), "token: spt_s3cret\n");
        const auto installer = world.installer();
        installer->install(Scope::System, {world.configFile(), Secret("x")}, world.done());
        QVERIFY(world.error.find("holds a token") != std::string::npos);
        QVERIFY(!exists(world.places.systemConfig + "/agent.yaml"));
    }

    void refusesClearly_data()
    {
        QTest::addColumn<QString>("missing");
        QTest::addColumn<QString>("said");
        QTest::newRow("systemd") << "systemd"
                                 << "does not run systemd";
        QTest::newRow("program") << "program"
                                 << "was not found";
        QTest::newRow("config") << "config"
                                << "does not exist";
    }
    void refusesClearly()
    {
        QFETCH(QString, missing);
        QFETCH(QString, said);
        World world;
        if (missing == "systemd")
            world.places.systemd = "/nonexistent";
        if (missing == "program")
            world.places.program.clear();
        if (missing == "config")
            QFile::remove(QString::fromStdString(world.configFile()));
        const auto installer = world.installer();
        installer->install(Scope::User, {world.configFile(), {}}, world.done());
        QVERIFY2(QString::fromStdString(world.error).contains(said), world.error.c_str());
        QVERIFY(world.runner->lines.empty());
    }

    void tellsWhatSystemctlSaid()
    {
        World world;
        const auto installer = world.installer();
        world.runner->end = {true, 1, "Failed to connect to bus\nmore"};
        installer->install(Scope::User, {world.configFile(), {}}, world.done());
        QCOMPARE(world.error,
                 std::string("systemctl daemon-reload failed: Failed to connect to bus"));
    }

    void removesAllThatItInstalled()
    {
        World world;
        world.places.root = true;
        const auto installer = world.installer();
        installer->install(Scope::System, {world.configFile(), Secret("x")}, world.done());
        std::optional<ServiceInstaller::Status> status;
        const auto keep = [&](const Result<ServiceInstaller::Status, ServiceProblem>& result) {
            status = result ? std::optional(result.value()) : std::nullopt;
        };
        installer->status(Scope::System, keep);
        QVERIFY(status && status->installed && status->running);
        installer->uninstall(Scope::System, world.done());
        QCOMPARE(world.error, std::string());
        QVERIFY(!exists(world.places.systemUnits + "/sallyport.service"));
        QVERIFY(!exists(world.places.systemConfig + "/token"));
        installer->status(Scope::System, keep);
        QVERIFY(status && !status->installed);
    }

    void quotesPathsInUnits()
    {
        const std::string unit = userServiceUnit("/a b/100%\"x", "/c $d");
        QVERIFY(unit.find("ExecStart=\"/a b/100%%\\\"x\" --config \"/c $$d\" up") !=
                std::string::npos);
    }

    void runsRealPrograms()
    {
        const auto runner = makeCommandRunner();
        std::optional<CommandRunner::End> end;
        const auto keep = [&](const CommandRunner::End& one) { end = one; };
        runner->run({"sh", {"-c", "read x; echo \"got $x\" >&2; exit 3"}, "hello\n"}, keep);
        QTRY_VERIFY(end);
        QCOMPARE(end->exitCode, 3);
        QCOMPARE(end->output, std::string("got hello\n"));
        end.reset();
        runner->run({"/nonexistent", {}, {}}, keep);
        QTRY_VERIFY(end);
        QVERIFY(!end->started);
        end.reset();
        runner->run({"sleep", {"1000"}, {}, std::chrono::seconds(0)}, keep);
        QTRY_VERIFY(end);
        QCOMPARE(end->exitCode, -1);
    }
};

QTEST_GUILESS_MAIN(TstServiceInstaller)
#include "tst_service_installer.moc"
