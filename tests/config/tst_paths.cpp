// Where the programs keep their files (on Unix without macOS).
#include "config_folder.h"

#include <sallyport/config/paths.h>

#include <QTest>

using namespace sallyport::config;

class TestPaths : public QObject
{
    Q_OBJECT

    ConfigFolder m_folder{"relay.yaml"};
    PathContext user() const
    {
        PathContext context;
        context.environment["HOME"] = "/home/ann";
        context.systemFolder = m_folder.folder();
        return context;
    }

private slots:
    void initTestCase()
    {
#if defined(Q_OS_MACOS) || defined(Q_OS_WIN)
        QSKIP("other folders here");
#endif
    }

    void findsTheUsersFiles()
    {
        PathContext context = user();
        QCOMPARE(agentConfigFile(context), std::string("/home/ann/.config/sallyport/agent.yaml"));
        QCOMPARE(agentCredentialsFile(context),
                 std::string("/home/ann/.config/sallyport/credentials.yaml"));
        QCOMPARE(relayConfigFile(context), std::string("/home/ann/.config/sallyport/relay.yaml"));
        QCOMPARE(relayStateFolder(context), std::string("/home/ann/.local/state/sallyport"));
        context.environment["XDG_CONFIG_HOME"] = "/x/config";
        context.environment["XDG_STATE_HOME"] = "/x/state";
        QCOMPARE(agentConfigFile(context), std::string("/x/config/sallyport/agent.yaml"));
        QCOMPARE(relayStateFolder(context), std::string("/x/state/sallyport"));
        context.environment["XDG_CONFIG_HOME"] = "relative";
        QCOMPARE(agentConfigFile(context), std::string("/home/ann/.config/sallyport/agent.yaml"));
    }

    void findsTheSystemsFiles()
    {
        PathContext context = user();
        m_folder.write("relay.yaml", "");
        QCOMPARE(relayConfigFile(context), m_folder.file());
        context.root = true;
        QCOMPARE(relayStateFolder(context), std::string("/var/lib/sallyport"));
        QCOMPARE(agentConfigFile(context), std::string("/home/ann/.config/sallyport/agent.yaml"));
        m_folder.write("agent.yaml", "");
        QCOMPARE(agentConfigFile(context), m_folder.path("agent.yaml"));
        QFile::remove(QString::fromStdString(m_folder.file()));
        QCOMPARE(relayConfigFile(context), m_folder.file());
    }

    void takesTheStateFolderThatSystemdMade()
    {
        PathContext context = user();
        context.environment["STATE_DIRECTORY"] = "/var/lib/private/sallyport:/other";
        QCOMPARE(relayStateFolder(context), std::string("/var/lib/private/sallyport"));
    }
};

QTEST_GUILESS_MAIN(TestPaths)
#include "tst_paths.moc"
