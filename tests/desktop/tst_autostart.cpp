#include "startup/autostart_entry.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace sallyport::desktop;

class TstAutostart : public QObject
{
    Q_OBJECT

private slots:
    void writesAnEntryOfTheSpecification()
    {
        const std::string entry = autostartEntry({"/opt/my apps/sallyport-gui", {"--minimised"}});
        QVERIFY(entry.starts_with("[Desktop Entry]\nType=Application\n"));
        QVERIFY(entry.find("\nExec=\"/opt/my apps/sallyport-gui\" \"--minimised\"\n") !=
                std::string::npos);
    }

    void quotesWhatADesktopWouldExpand()
    {
        const std::string entry = autostartEntry({"/a\"b$c`d%e\\f", {}});
        QVERIFY(entry.find("Exec=\"/a\\\\\"b\\\\$c\\\\`d%%e\\\\\\\\f\"") != std::string::npos);
    }

    void knowsItsEntryAgain()
    {
        const Autostart::Program program{"/usr/bin/sallyport-gui", {"--minimised"}};
        const std::string entry = autostartEntry(program);
        QVERIFY(startsProgram(entry, program));
        QVERIFY(!startsProgram(entry, {"/other", {}}));
        QVERIFY(!startsProgram(entry + "Hidden=true\n", program));
        QVERIFY(!startsProgram("", program));
    }

    void escapesALaunchAgent()
    {
        const std::string agent = launchAgent({"/Applications/A&B.app", {"<x>"}});
        QVERIFY(agent.find("<string>/Applications/A&amp;B.app</string>") != std::string::npos);
        QVERIFY(agent.find("<string>&lt;x&gt;</string>") != std::string::npos);
    }

#ifdef Q_OS_LINUX
    void turnsItselfOnAndOff()
    {
        QTemporaryDir home;
        const std::string folder = home.filePath("config/autostart").toStdString();
        Autostart autostart({"/usr/bin/sallyport-gui"}, folder);
        QVERIFY(!autostart.isOn());
        QVERIFY(autostart.setOn(false).ok());
        QVERIFY(autostart.setOn(true).ok());
        QVERIFY(autostart.isOn());
        QVERIFY(!Autostart({"/elsewhere/sallyport-gui"}, folder).isOn());
        QVERIFY(autostart.setOn(false).ok());
        QVERIFY(!autostart.isOn());
    }

    void saysWhichFileCouldNotBeWritten()
    {
        QTemporaryDir home;
        QFile file(home.filePath("autostart"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.close();
        Autostart autostart({"/usr/bin/x"}, home.filePath("autostart").toStdString());
        const auto result = autostart.setOn(true);
        QVERIFY(!result.ok());
        QVERIFY(result.error().find("autostart") != std::string::npos);
    }
#endif
};

QTEST_GUILESS_MAIN(TstAutostart)
#include "tst_autostart.moc"
