// The service that runs as one person from the computer's start on.
#include "service_world.h"
#include "startup/password_dialog.h"
#include "startup/service_unit.h"

#include <QTest>

#include <sys/stat.h>

#include <optional>

using namespace sallyport;
using namespace sallyport::desktop;
using namespace sallyport::desktop::test;
using Code = ServiceProblem::Code;
using Scope = ServiceInstaller::Scope;

namespace {

const char* const Unit = "/sallyport@ann.service";

ServiceInstaller::Installation ordinary(const World& world)
{
    ServiceInstaller::Installation installation{world.configFile(), Secret()};
    installation.tokens = Secret("r.example.com:7000 spt_s3cret\n");
    installation.marks = "r.example.com:7000 0123456789abcdef\n";
    return installation;
}

unsigned modeOf(const std::string& path)
{
    struct stat info = {};
    return ::lstat(path.c_str(), &info) == 0 ? info.st_mode & 07777U : 0;
}

} // namespace

class TstPersonService : public QObject
{
    Q_OBJECT

private slots:
    void asksForThePasswordAndHandsTheTokensOverByInput()
    {
        World world;
        const auto installer = world.installer();
        installer->install(Scope::Person, ordinary(world), world.done());
        QCOMPARE(world.error, std::string());
        QCOMPARE(world.runner->lines,
                 (std::vector<std::string>{"pkexec --disable-internal-agent /usr/bin/sallyport "
                                           "service install --system --user ann --token-stdin "
                                           "--config " +
                                           world.configFile()}));
        QCOMPARE(world.runner->inputs[0], std::string("r.example.com:7000 spt_s3cret\n"));
        QVERIFY(!exists(world.places.systemUnits + Unit));
    }

    void aTerminalMayBeAskedForThePasswordToo()
    {
        World world;
        world.places.terminal = true;
        const auto installer = world.installer();
        installer->install(Scope::Person, ordinary(world), world.done());
        QVERIFY(world.runner->lines[0].starts_with("pkexec /usr/bin/sallyport service install"));
    }

    void rootWritesTheUnitAndKeepsTheTokensToItself()
    {
        World world;
        world.places.root = true;
        const auto installer = world.installer();
        installer->install(Scope::Person, ordinary(world), world.done());
        QCOMPARE(world.error, std::string());
        QCOMPARE(world.runner->lines,
                 (std::vector<std::string>{"systemctl daemon-reload",
                                           "systemctl enable sallyport@ann.service",
                                           "systemctl restart sallyport@ann.service"}));
        const std::string kept = world.places.systemConfig + "/users/ann/";
        QCOMPARE(textOf(kept + "sallyport-tokens"), std::string("r.example.com:7000 spt_s3cret\n"));
        QCOMPARE(modeOf(kept + "sallyport-tokens"), 0600U);
        QCOMPARE(modeOf(kept + "handed"), 0600U);
        const std::string unit = textOf(world.places.systemUnits + Unit);
        QVERIFY(unit.find("s3cret") == std::string::npos);
        QVERIFY(unit.find("\nUser=ann\n") != std::string::npos);
        QVERIFY(unit.find("\nLoadCredential=sallyport-tokens:" + kept + "sallyport-tokens\n") !=
                std::string::npos);
    }

    void handsNewTokensOverInPlaceOfTheOldOnes()
    {
        World world;
        world.places.root = true;
        const auto installer = world.installer();
        installer->install(Scope::Person, ordinary(world), world.done());
        ServiceInstaller::Installation later = ordinary(world);
        later.tokens = Secret("r.example.com:7000 spt_n3w\n");
        later.marks = "r.example.com:7000 fedcba9876543210\n";
        installer->install(Scope::Person, later, world.done());
        QCOMPARE(world.error, std::string());
        QCOMPARE(world.runner->lines.back(),
                 std::string("systemctl restart sallyport@ann.service"));
        const std::string kept = world.places.systemConfig + "/users/ann/";
        QCOMPARE(textOf(kept + "sallyport-tokens"), std::string("r.example.com:7000 spt_n3w\n"));
        std::optional<ServiceInstaller::Status> status;
        installer->status(Scope::Person, [&](const auto& got) { status = got.value(); });
        QCOMPARE(status->handed, std::string("r.example.com:7000 fedcba9876543210\n"));
        // From a terminal, without any.
        later = {world.configFile(), Secret()};
        later.keepTokens = true;
        installer->install(Scope::Person, later, world.done());
        QCOMPARE(textOf(kept + "sallyport-tokens"), std::string("r.example.com:7000 spt_n3w\n"));
    }

    void eachPersonHasAServiceOfTheirOwn()
    {
        World world;
        world.places.root = true;
        world.installer()->install(Scope::Person, ordinary(world), world.done());
        world.places.person.name = "relay"; // no other unit's name either
        const auto second = world.installer();
        second->install(Scope::Person, ordinary(world), world.done());
        QCOMPARE(world.error, std::string());
        QVERIFY(exists(world.places.systemUnits + Unit));
        QVERIFY(exists(world.places.systemUnits + "/sallyport@relay.service"));
        second->uninstall(Scope::Person, world.done());
        QVERIFY(exists(world.places.systemUnits + Unit));
        QVERIFY(exists(world.places.systemConfig + "/users/ann/sallyport-tokens"));
        QVERIFY(!exists(world.places.systemConfig + "/users/relay"));
    }

    void removalLeavesNothingBehind()
    {
        World world;
        world.places.root = true;
        const auto installer = world.installer();
        installer->install(Scope::Person, ordinary(world), world.done());
        QVERIFY(ServiceInstaller::isInstalled(world.places));
        installer->uninstall(Scope::Person, world.done());
        QCOMPARE(world.error, std::string());
        QCOMPARE(world.runner->lines[3],
                 std::string("systemctl disable --now sallyport@ann.service"));
        QVERIFY(!exists(world.places.systemUnits + Unit));
        QVERIFY(!exists(world.places.systemConfig));
        QVERIFY(!ServiceInstaller::isInstalled(world.places));
    }

    void removalAsksForThePassword()
    {
        World world;
        world.places.root = true;
        world.installer()->install(Scope::Person, ordinary(world), world.done());
        world.places.root = false;
        const auto installer = world.installer();
        installer->uninstall(Scope::Person, world.done());
        QCOMPARE(world.runner->lines,
                 (std::vector<std::string>{"pkexec --disable-internal-agent /usr/bin/sallyport "
                                           "service uninstall --system --user ann"}));
    }

    void putsNoSecretWhereOthersCanWrite()
    {
        World world;
        world.places.root = true;
        QDir().mkpath(QString::fromStdString(world.places.systemConfig));
        QVERIFY(::chmod(world.places.systemConfig.c_str(), 0777) == 0);
        const auto installer = world.installer();
        installer->install(Scope::Person, ordinary(world), world.done());
        QVERIFY2(world.error.find("can be changed by others") != std::string::npos,
                 world.error.c_str());
        QVERIFY(!exists(world.places.systemConfig + "/users"));
        QVERIFY(world.runner->lines.empty());
    }

    void followsNoLinkToAFolder()
    {
        World world;
        world.places.root = true;
        const QString elsewhere = world.folder.filePath("elsewhere");
        QDir().mkpath(elsewhere);
        QVERIFY(QFile::link(elsewhere, QString::fromStdString(world.places.systemConfig)));
        const auto installer = world.installer();
        installer->install(Scope::Person, ordinary(world), world.done());
        QVERIFY(!world.error.empty());
        QVERIFY(QDir(elsewhere).isEmpty());
    }

    void runsNoProgramAsRootThatOthersCanChange()
    {
        World world;
        world.places.anyProgram = false;
        world.places.program = world.folder.filePath("sallyport").toStdString();
        (void)config::writeFileAtomically(world.places.program, "#!/bin/sh\n", 0755);
        const auto installer = world.installer();
        installer->install(Scope::Person, ordinary(world), world.done());
        QCOMPARE(world.code, Code::ProgramUnsafe);
        QVERIFY(world.runner->lines.empty());
        QVERIFY(ServiceInstaller::isUnsafe("/nonexistent/sallyport"));
        QVERIFY(!ServiceInstaller::isUnsafe("/bin/sh"));
    }

    void saysWhyTheDialogGaveNothing_data()
    {
        QTest::addColumn<bool>("started");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QString>("output");
        QTest::addColumn<int>("code");
        QTest::newRow("dismissed") << true << 126
                                   << "Error executing command as another user: "
                                      "Request dismissed"
                                   << int(Code::NotAuthorised);
        QTest::newRow("wrong") << true << 127
                               << "Error executing command as another user: Not authorized"
                               << int(Code::NotAuthorised);
        QTest::newRow("nobody there") << true << -1 << "" << int(Code::NotAuthorised);
        QTest::newRow("no agent") << true << 127
                                  << "Error executing command as another user: No authentication "
                                     "agent found."
                                  << int(Code::DialogNotShown);
        QTest::newRow("no terminal")
            << true << 127 << "Error creating textual authentication agent: Error opening"
            << int(Code::DialogNotShown);
        QTest::newRow("no polkit")
            << true << 127 << "Error getting authority: Error initializing authority"
            << int(Code::DialogNotShown);
        QTest::newRow("no pkexec") << false << -1 << "" << int(Code::DialogMissing);
        QTest::newRow("refused") << true << 1 << "sallyport: There is no user ann on this computer."
                                 << int(Code::Failed);
    }
    void saysWhyTheDialogGaveNothing()
    {
        QFETCH(bool, started);
        QFETCH(int, exitCode);
        QFETCH(QString, output);
        QFETCH(int, code);
        const auto outcome = outcomeOfDialog({started, exitCode, output.toStdString()});
        QVERIFY(!outcome);
        QCOMPARE(int(outcome.error().code), code);
        QVERIFY(outcome.error().text.size() > 20);
    }

    void theUnitSaysWhatHolds()
    {
        const Person ann{"ann", 1001, 1002, "/home/ann"};
        QCOMPARE(personServiceUnit(ann, "/usr/bin/sallyport",
                                   "/home/ann/.config/sallyport/agent.yaml",
                                   "/etc/sallyport/users/ann/sallyport-tokens"),
                 std::string("[Unit]\n"
                             "Description=Sallyport agent of ann\n"
                             "Wants=network-online.target\n"
                             "After=network-online.target\n"
                             "RequiresMountsFor=\"/home/ann/.config/sallyport/agent.yaml\"\n"
                             "\n"
                             "[Service]\n"
                             "User=ann\n"
                             "ExecStart=\"/usr/bin/sallyport\" --config "
                             "\"/home/ann/.config/sallyport/agent.yaml\" up --wait\n"
                             "Environment=\"XDG_CONFIG_HOME=/home/ann/.config\"\n"
                             "LoadCredential=sallyport-tokens:/etc/sallyport/users/ann/"
                             "sallyport-tokens\n"
                             "RuntimeDirectory=sallyport-1001\n"
                             "RuntimeDirectoryMode=0700\n"
                             "Environment=XDG_RUNTIME_DIR=/run/sallyport-1001\n"
                             "UMask=0077\n"
                             "ExecReload=kill -HUP $MAINPID\n"
                             "Restart=on-failure\n"
                             "RestartSec=5\n"
                             "RestartPreventExitStatus=2 3\n"
                             "NoNewPrivileges=yes\n"
                             "\n"
                             "[Install]\n"
                             "WantedBy=multi-user.target\n"));
    }

    void aPathCanSayNothingElseInTheUnit()
    {
        const Person ann{"ann", 1001, 1002, "/home/ann"};
        const std::string unit = personServiceUnit(
            ann, "/usr/bin/sallyport", "/x/a\" up\\$HOME %h/sallyport/agent.yaml", "/t");
        QVERIFY(
            unit.find("--config \"/x/a\\\" up\\\\$$HOME %%h/sallyport/agent.yaml\" up --wait\n") !=
            std::string::npos);
        QVERIFY(unit.find("\"XDG_CONFIG_HOME=/x/a\\\" up\\\\$HOME %%h\"\n") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TstPersonService)
#include "tst_person_service.moc"
