#include "discovery/desktop_entries.h"
#include "discovery/known_programs.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace sallyport::desktop;

class TstProcessNames : public QObject
{
    Q_OBJECT

private slots:
    void namesAProcessByItsProgram_data()
    {
        QTest::addColumn<QByteArray>("commandLine"); // with | for the zero bytes
        QTest::addColumn<QString>("process");
        QTest::addColumn<QString>("program");
        QTest::newRow("path") << QByteArray("/usr/sbin/sshd|-D|") << "sshd"
                              << "";
        QTest::newRow("its own title")
            << QByteArray("nginx: master process /usr/sbin/nginx|") << "nginx"
            << "";
        QTest::newRow("kernel's name") << QByteArray() << "short"
                                       << "";
        QTest::newRow("login shell") << QByteArray("-bash|") << "bash"
                                     << "";
        QTest::newRow("django") << QByteArray("python3|manage.py|runserver|") << "python3"
                                << "manage.py";
        QTest::newRow("module") << QByteArray("python3|-m|http.server|8000|") << "python3"
                                << "http.server";
        QTest::newRow("vite") << QByteArray("node|/app/node_modules/vite/bin/vite.js|") << "node"
                              << "vite";
        QTest::newRow("secret") << QByteArray("mytool|--password=vite-1|") << "mytool"
                                << "";
        QTest::newRow("control bytes") << QByteArray("/bin/a\x1b[2Jb|") << "a?[2Jb"
                                       << "";
    }
    void namesAProcessByItsProgram()
    {
        QFETCH(QByteArray, commandLine);
        commandLine.replace('|', '\0');
        const std::string text = commandLine.toStdString();
        QTEST(QString::fromStdString(processName(text, "short\n")), "process");
        QTEST(QString::fromStdString(knownProgram(text)), "program");
    }

    void cutsLongNames()
    {
        QCOMPARE(processName(std::string(500, 'a') + '\0', "").size(), size_t(64));
    }

    void readsDesktopEntries_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("program");
        QTest::addColumn<QString>("icon");
        QTest::newRow("plain") << QByteArray("[Desktop Entry]\nExec=/usr/bin/app %U\nIcon=app\n")
                               << "app"
                               << "app";
        QTest::newRow("env") << QByteArray("[Desktop Entry]\nExec=env A=b app --x\nIcon=i\n")
                             << "app"
                             << "i";
        QTest::newRow("other group")
            << QByteArray("[Desktop Action new]\nExec=other\n[Desktop Entry]\nExec=\"app\"\n")
            << "app"
            << "";
        QTest::newRow("hidden") << QByteArray("[Desktop Entry]\nExec=app\nIcon=i\nHidden=true\n")
                                << ""
                                << "";
    }
    void readsDesktopEntries()
    {
        QFETCH(QByteArray, text);
        const DesktopEntry entry = parseDesktopEntry(text.toStdString());
        QTEST(QString::fromStdString(entry.program), "program");
        QTEST(QString::fromStdString(entry.icon), "icon");
    }

    void findsIconsByProgram()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath("org.example.App.desktop"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("[Desktop Entry]\nExec=example-app\nIcon=org.example.App\n");
        file.close();
        const auto entries = DesktopEntries::read({"/nonexistent", folder.path().toStdString()});
        QCOMPARE(entries.iconOf("example-app"), std::string("org.example.App"));
        QCOMPARE(entries.iconOf("other"), std::string());
    }
};

QTEST_GUILESS_MAIN(TstProcessNames)
#include "tst_process_names.moc"
