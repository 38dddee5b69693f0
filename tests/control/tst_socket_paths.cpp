// Where agents of one user find each other: in a login, before it, and without one.
#include <sallyport/control/agent_lock.h>
#include <sallyport/control/socket_paths.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

using namespace sallyport;
using namespace sallyport::control;

namespace {

// A /run of its own, with the folders that the system makes for this user.
struct Run
{
    QTemporaryDir folder;
    std::string path = folder.path().toStdString();
    std::string login = path + "/user/" + std::to_string(::geteuid());
    std::string service = serviceRuntimeFolder(::geteuid(), path);

    Run()
    {
        ::mkdir((path + "/user").c_str(), 0755);
        ::mkdir(login.c_str(), 0700);
        ::mkdir(service.c_str(), 0700);
    }
    static void enter(const std::string& runtime)
    {
        qputenv("XDG_RUNTIME_DIR", QByteArray::fromStdString(runtime));
        QVERIFY(prepareControlFolder());
    }
    bool sees(const std::string& runtime) const
    {
        const std::vector<std::string> all = controlFolders(path);
        return std::find(all.begin(), all.end(), runtime + "/sallyport") != all.end();
    }
};

} // namespace

class TestSocketPaths : public QObject
{
    Q_OBJECT

private slots:
    void aLoginAndTheServiceSeeEachOther()
    {
        Run run;
        Run::enter(run.service);
        Run::enter(run.login);
        QCOMPARE(controlFolders(run.path).front(), run.login + "/sallyport");
        QVERIFY(run.sees(run.service));
        Run::enter(run.service);
        QVERIFY(run.sees(run.login));
    }

    void aProgramWithoutALoginSeesBoth()
    {
        Run run;
        Run::enter(run.service);
        Run::enter(run.login);
        qunsetenv("XDG_RUNTIME_DIR");
        QVERIFY(run.sees(run.service));
        QVERIFY(run.sees(run.login));
    }

    void aRuntimeFolderOfAnotherKindIsAWorldOfItsOwn()
    {
        Run run;
        Run::enter(run.service);
        QTemporaryDir elsewhere;
        Run::enter(elsewhere.path().toStdString());
        QCOMPARE(controlFolders(run.path),
                 std::vector<std::string>{elsewhere.path().toStdString() + "/sallyport"});
    }

    void trustsNoFolderThatOthersCanEnter_data()
    {
        QTest::addColumn<QString>("below"); // of the service's
        QTest::addColumn<int>("mode");
        QTest::newRow("runtime folder") << "" << 0755;
        QTest::newRow("its folder") << "/sallyport" << 0750;
    }
    void trustsNoFolderThatOthersCanEnter()
    {
        QFETCH(QString, below);
        QFETCH(int, mode);
        Run run;
        Run::enter(run.service);
        Run::enter(run.login);
        ::chmod((run.service + below.toStdString()).c_str(), mode_t(mode));
        QVERIFY(!run.sees(run.service));
    }

    void trustsNoFolderOfSomebodyElse()
    {
        if (::geteuid() != 0)
            QSKIP("only root can make such a folder");
        Run run;
        Run::enter(run.service);
        Run::enter(run.login);
        QCOMPARE(::chown(run.service.c_str(), 65534, 65534), 0);
        QVERIFY(!run.sees(run.service));
        QCOMPARE(::chown(run.service.c_str(), 0, 0), 0);
        QCOMPARE(::chown((run.service + "/sallyport").c_str(), 65534, 65534), 0);
        QVERIFY(!run.sees(run.service));
    }

    void followsNoLink()
    {
        Run run;
        Run::enter(run.service);
        Run::enter(run.login);
        const QString real = QString::fromStdString(run.service);
        QVERIFY(QDir().rename(real, real + "-moved"));
        QVERIFY(QFile::link(real + "-moved", real));
        QVERIFY(!run.sees(run.service));
    }

    void oneIdentityIsUsedOnceInAllOfThem()
    {
        Run run;
        Run::enter(run.service);
        auto service = AgentLock::take("id", run.path);
        QVERIFY(service.ok());
        Run::enter(run.login);
        const auto login = AgentLock::take("id", run.path);
        QVERIFY(!login);
        QCOMPARE(login.error().pid, long(::getpid()));
        QVERIFY(AgentLock::take("other", run.path).ok());
        service->reset();
        QVERIFY(AgentLock::take("id", run.path).ok());
    }

    void theServiceFindsTheAgentOfALogin()
    {
        Run run;
        Run::enter(run.login);
        auto login = AgentLock::take("id", run.path);
        Run::enter(run.service); // which was not there yet
        QVERIFY(!AgentLock::take("id", run.path));
        login->reset();
        QVERIFY(AgentLock::take("id", run.path).ok());
    }
};

QTEST_GUILESS_MAIN(TestSocketPaths)
#include "tst_socket_paths.moc"
