// The agent as a service, as the settings show it.
#include "desktop/service_world.h"
#include "fake_agent_control.h"
#include "service_model.h"
#include "session.h"

#include <sallyport/control/accounts.h>

#include <QSettings>
#include <QSignalSpy>
#include <QTest>

using namespace sallyport;
using namespace sallyport::gui;
using control::HandedTokens;
using desktop::CommandRunner;
using desktop::test::World;

namespace {

class FakeAgent : public demo::FakeAgentControl
{
public:
    FakeAgent() : FakeAgentControl(*demo::Scene::named("lively")) {}
    void standAside() override { ++stoodAside; }
    void takeOver(Done done) override
    {
        ++takenOver;
        done({});
    }
    int stoodAside = 0;
    int takenOver = 0;
};

// An app whose agent runs in this process, on a computer of its own.
struct App
{
    World world;
    QTemporaryDir home;
    QSettings file{home.filePath("app.ini"), QSettings::IniFormat};
    FakeAgent agent;
    Session session{agent, &file};
    Result<HandedTokens, agent::Problem> tokens = HandedTokens();
    std::unique_ptr<ServiceModel> service;

    App()
    {
        qputenv("XDG_CONFIG_HOME", home.path().toUtf8());
        (void)config::makeFolder(home.filePath("sallyport").toStdString());
        (void)config::writeFileAtomically(home.filePath("sallyport/agent.yaml").toStdString(),
                                          "relay: r.example.com\n");
        HandedTokens some;
        (void)some.put("r.example.com:7000", Secret("spt_s3cret"));
        tokens = some;
        make();
    }
    void make()
    {
        service = std::make_unique<ServiceModel>(
            session, world.installer(),
            [this](const std::string&, const auto& done) { done(tokens); });
    }
    // What root's side would do.
    void actAsRoot()
    {
        world.runner->answer = [this](const std::string& line) {
            auto places = world.places;
            places.root = true;
            desktop::ServiceInstaller installer(places,
                                                std::make_unique<desktop::test::ScriptedRunner>());
            desktop::ServiceInstaller::Installation what{
                home.filePath("sallyport/agent.yaml").toStdString(), Secret()};
            what.tokens = tokens->text();
            what.marks = tokens->marks();
            CommandRunner::End end{true, 0, {}};
            const auto done = [&](const Result<void, desktop::ServiceProblem>& result) {
                end.exitCode = result ? 0 : 1;
            };
            using Scope = desktop::ServiceInstaller::Scope;
            if (line.starts_with("pkexec") && line.find(" install ") != std::string::npos)
                installer.install(Scope::Person, what, done);
            else if (line.starts_with("pkexec"))
                installer.uninstall(Scope::Person, done);
            return end;
        };
    }
    void useAccount(const std::string& token) const
    {
        control::Accounts accounts = control::Accounts::read().value();
        control::KnownAccount known;
        known.relay = config::RelayAddress::parse("r.example.com").value();
        known.tokenMark = control::tokenMark(Secret(token));
        QVERIFY(accounts.put(known).ok());
        QVERIFY(accounts.write().ok());
    }
};

} // namespace

class TestServiceModel : public QObject
{
    Q_OBJECT

private slots:
    void installsForTheLoginWithoutAPassword()
    {
        App app;
        QVERIFY(!app.service->isInstalled());
        app.service->install();
        QVERIFY(app.service->isInstalled() && app.service->isRunning());
        QVERIFY(!app.service->startsWithComputer());
        QVERIFY(!app.service->isBusy());
        QVERIFY(app.world.runner->inputs[0].empty());
        // The one of this process made room for it.
        QCOMPARE(app.agent.stoodAside, 1);
    }

    void asksForThePasswordWhileTheDialogIsOpen()
    {
        App app;
        app.world.runner->holdBack = true;
        app.service->installWithComputer();
        QVERIFY(app.service->isBusy() && app.service->asksForPassword());
        QVERIFY(app.world.runner->lines.back().starts_with("pkexec "));
        QVERIFY(app.world.runner->lines.back().find("s3cret") == std::string::npos);
        QCOMPARE(app.world.runner->inputs.back(), std::string("r.example.com:7000 spt_s3cret\n"));
        app.service->installWithComputer(); // one dialog at a time
        app.service->uninstall();
        QCOMPARE(app.world.runner->lines.size(), size_t(1));
    }

    void aDismissedDialogChangesNothing()
    {
        App app;
        app.world.runner->end = {true, 126, "Request dismissed"};
        app.service->installWithComputer();
        QVERIFY(!app.service->isBusy() && !app.service->asksForPassword());
        QVERIFY(!app.service->isInstalled());
        QVERIFY2(app.service->problem().startsWith("Nothing was changed"),
                 qPrintable(app.service->problem()));
        QCOMPARE(app.agent.stoodAside, 0);
    }

    void takesThePlaceOfTheOneForTheLogin()
    {
        App app;
        app.service->install();
        app.actAsRoot();
        app.service->installWithComputer();
        QCOMPARE(app.service->problem(), QString());
        QVERIFY(app.service->startsWithComputer());
        QVERIFY(!desktop::test::exists(app.world.places.userUnits + "/sallyport.service"));
        app.service->uninstall();
        QVERIFY(!app.service->isInstalled());
        QVERIFY(!desktop::test::exists(app.world.places.systemConfig));
    }

    void publishesFromHereWhenTheServiceIsGone()
    {
        App app;
        app.service->install();
        app.agent.setPlace(control::AgentControl::Place::Service);
        app.world.runner->holdBack = true;
        app.service->uninstall();
        // It was stopped in good order, which this process learns later.
        app.agent.setSwitchedOn(false, [](const auto&) {});
        while (app.service->isBusy())
            app.world.runner->letGo();
        QCOMPARE(app.agent.takenOver, 0);
        app.agent.setPlace(control::AgentControl::Place::Detached);
        QCOMPARE(app.agent.takenOver, 1);
        app.agent.setPlace(control::AgentControl::Place::Detached);
        QCOMPARE(app.agent.takenOver, 1);
    }

    void whatWasOffStaysOffWhenTheServiceIsGone()
    {
        App app;
        app.service->install();
        app.agent.setPlace(control::AgentControl::Place::Service);
        bool off = false;
        app.agent.setSwitchedOn(false, [&](const auto&) { off = true; });
        QTRY_VERIFY(off);
        app.service->uninstall();
        app.agent.setPlace(control::AgentControl::Place::Detached);
        QCOMPARE(app.agent.takenOver, 0);
    }

    void tellsWhenTheTokenIsAnotherOneByNow()
    {
        App app;
        app.actAsRoot();
        app.useAccount("spt_s3cret");
        app.service->installWithComputer();
        QVERIFY(!app.service->lacksToken());
        app.useAccount("spt_n3w");
        QSignalSpy changed(app.service.get(), &ServiceModel::changed);
        emit app.agent.accountsChanged();
        QVERIFY(app.service->lacksToken());
        QCOMPARE(changed.size(), 1);
        HandedTokens newer;
        (void)newer.put("r.example.com:7000", Secret("spt_n3w"));
        app.tokens = newer;
        app.service->installWithComputer();
        QVERIFY(!app.service->lacksToken());
        QCOMPARE(app.world.runner->inputs.back().find("s3cret"), std::string::npos);
    }

    void saysWhyThereIsNoTokenToHandOver()
    {
        App app;
        app.tokens = Failure(agent::Problem(agent::ProblemCode::KeychainLocked, "it is locked"));
        app.service->installWithComputer();
        QVERIFY(app.service->problem().startsWith("The keychain"));
        QVERIFY(app.world.runner->lines.empty());
        QVERIFY(!app.service->isBusy());
    }

    void aDemonstrationInstallsNothing()
    {
        FakeAgent agent;
        Session session(agent);
        World world;
        auto installer = world.installer();
        ServiceModel service(session, std::move(installer), [](const auto&, const auto&) {});
        service.install();
        service.installWithComputer();
        QVERIFY(world.runner->lines.empty());
    }
};

QTEST_MAIN(TestServiceModel)
#include "pages_service_model.moc"
