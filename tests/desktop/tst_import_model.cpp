#include "application.h"
#include "fake_agent_control.h"
#include "import_model.h"

#include <sallyport/auth/password_hash.h>

#include <QFile>
#include <QQmlComponent>
#include <QQmlEngine>
#include <QQuickItem>
#include <QQuickWindow>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace sallyport;
using namespace sallyport::gui;

namespace {

class World
{
public:
    World() { model.setSession(&session); }

    void load(const QByteArray& text, const QString& name = "frpc.toml")
    {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.close();
        model.load(QUrl::fromLocalFile(file.fileName()));
    }
    QVariant value(int row, ImportModel::Role role) { return model.data(model.index(row), role); }

    QTemporaryDir folder;
    demo::FakeAgentControl control{*demo::Scene::named("empty")};
    Session session{control};
    ImportModel model;
};

constexpr const char* twoProxies = "serverAddr = \"x\"\nauth.token = \"s3cret\"\n"
                                   "[[proxies]]\nname = \"ssh\"\ntype = \"tcp\"\nlocalPort = 22\n"
                                   "remotePort = 6000\n"
                                   "[[proxies]]\nname = \"web\"\ntype = \"http\"\nlocalPort = 80\n"
                                   "customDomains = [\"a.example.com\"]\n";

} // namespace

class TstImportModel : public QObject
{
    Q_OBJECT

private slots:
    void showsWhatAFileWouldBecome()
    {
        World world;
        world.load(twoProxies);
        QVERIFY(world.model.isLoaded());
        QCOMPARE(world.model.source(), QString("frpc.toml (frp)"));
        QCOMPARE(world.model.count(), 2);
        QCOMPARE(world.value(0, ImportModel::RefRole).toString(), QString("ssh"));
        QCOMPARE(world.value(0, ImportModel::SummaryRole).toString(), QString("tcp 127.0.0.1:22"));
        QCOMPARE(world.value(1, ImportModel::AddressRole).toString(), QString("a.example.com"));
        QCOMPARE(world.model.notes().size(), 1);
        QVERIFY(!world.model.notes().join(' ').contains("s3cret"));
    }

    void addsTheChosenOnes()
    {
        World world;
        world.load(twoProxies);
        world.model.setChosen(0, false);
        QCOMPARE(world.model.chosenCount(), 1);
        QSignalSpy added(&world.model, &ImportModel::added);
        world.model.add();
        QVERIFY(world.model.isBusy());
        QTRY_COMPARE(added.count(), 1);
        QCOMPARE(added[0][0].toInt(), 1);
        QVERIFY(world.control.tunnel("web"));
        QVERIFY(!world.control.tunnel("ssh"));
        QCOMPARE(world.model.chosenCount(), 0);
    }

    void replacesNoTunnelThatIsThere()
    {
        World world;
        bool done = false;
        config::TunnelConfig mine;
        mine.upstream = config::Upstream::parse("1", mine.kind).value();
        world.control.putTunnel("web", mine, [&](const auto&) { done = true; });
        QTRY_VERIFY(done);
        world.load(twoProxies);
        QCOMPARE(world.value(1, ImportModel::RefRole).toString(), QString("web-2"));
    }

    void stopsAtATunnelThatIsRefused()
    {
        World world;
        world.load(twoProxies);
        world.control.failNext("The file cannot be written.");
        world.model.add();
        QTRY_VERIFY(!world.model.isBusy());
        QCOMPARE(world.model.error(), QString("ssh: The file cannot be written."));
        QCOMPARE(world.model.chosenCount(), 2);
    }

    void whatWouldBeOpenToEverybodyComesFirstAndIsOff()
    {
        World world;
        world.load("version: 2\ntunnels:\n  a: {addr: 80}\n"
                   "  b: {addr: 81, auth: 'me:s3cret'}\n  c: {addr: 82, oauth: {provider: x}}\n",
                   "ngrok.yml");
        QCOMPARE(world.value(0, ImportModel::RefRole).toString(), QString("c"));
        QVERIFY(!world.value(0, ImportModel::ChosenRole).toBool());
        QVERIFY(world.value(0, ImportModel::WarningRole).toString().contains("oauth"));
        QVERIFY(world.model.notes().isEmpty()); // said once
        QVERIFY(world.value(1, ImportModel::WarningRole).toString().isEmpty());
        QCOMPARE(world.value(2, ImportModel::ProtectionRole).toString(), QString("Password"));
        QSignalSpy added(&world.model, &ImportModel::added);
        world.model.add();
        QVERIFY(added.wait(20'000));
        QCOMPARE(added[0][0].toInt(), 2);
        const auto& users = world.control.tunnel("b")->access.users;
        QCOMPARE(users.size(), size_t(1));
        QVERIFY(auth::passwordMatches(users[0].hash, Secret("s3cret")));
        QVERIFY(!world.control.tunnel("c"));
    }

    void anAnswerAfterAnotherFileIsNotThatFiles_data()
    {
        QTest::addColumn<QByteArray>("reason");
        QTest::newRow("fine") << QByteArray();
        QTest::newRow("failed") << QByteArray("The disk is full.");
    }

    void anAnswerAfterAnotherFileIsNotThatFiles()
    {
        QFETCH(QByteArray, reason);
        World world;
        world.load(twoProxies);
        QSignalSpy added(&world.model, &ImportModel::added);
        QSignalSpy toasts(&world.session, &Session::toast);
        world.control.failNext(reason.toStdString());
        world.model.add();
        world.model.clear();
        QVERIFY(!world.model.isBusy());
        QTRY_COMPARE(toasts.size(), 1); // what became of the one under way
        QCOMPARE(world.model.error(), QString());
        world.load("serverAddr = \"x\"\n[[proxies]]\nname = \"other\"\ntype = \"tcp\"\n"
                   "localPort = 1\n");
        QCOMPARE(world.model.chosenCount(), 1);
        QCOMPARE(added.size(), 0);
        QVERIFY(!world.control.tunnel("other"));
        QVERIFY(!world.control.tunnel("web"));
    }

    void stopsAfterTheOneUnderWay()
    {
        World world;
        world.load(twoProxies);
        QSignalSpy added(&world.model, &ImportModel::added);
        world.model.add();
        world.model.stop();
        QTRY_COMPARE(added.size(), 1);
        QCOMPARE(added[0][0].toInt(), 1);
        QVERIFY(world.control.tunnel("ssh"));
        QVERIFY(!world.control.tunnel("web"));
        world.model.add(); // goes on with the rest
        QTRY_COMPARE(added.size(), 2);
        QVERIFY(world.control.tunnel("web"));
    }

    void saysWhyAFileCannotBeTakenOver()
    {
        World world;
        world.load("x", "notes.toml");
        QVERIFY(world.model.error().startsWith("notes.toml"));
        QVERIFY(!world.model.isLoaded());
        world.model.load(QUrl::fromLocalFile(world.folder.filePath("missing")));
        QVERIFY(world.model.error().contains("does not exist"));
        world.model.clear();
        QCOMPARE(world.model.error(), QString());
    }

    void opensAsADialog()
    {
        World world;
        Application application(world.control, nullptr);
        QQuickWindow* window = application.load();
        QVERIFY(window);
        window->show();
        QQmlComponent component(qmlEngine(window));
        component.setData("import Sallyport.Import\nImportDialog {}", QUrl());
        QVERIFY2(component.isReady(), qPrintable(component.errorString()));
        std::unique_ptr<QObject> dialog(component.createWithInitialProperties(
            {{"session", QVariant::fromValue(&world.session)},
             {"parent", QVariant::fromValue(window->contentItem())}}));
        QVERIFY2(dialog, qPrintable(component.errorString()));
        QVERIFY(QMetaObject::invokeMethod(dialog.get(), "open"));
        QTRY_VERIFY(dialog->property("opened").toBool());
        auto* model = dialog->findChild<ImportModel*>();
        QVERIFY(model);
    }
};

QTEST_MAIN(TstImportModel)
#include "tst_import_model.moc"
