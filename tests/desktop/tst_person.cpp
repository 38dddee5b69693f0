// What root's side takes from whom: names, callers and paths that somebody hostile could give.
#include <sallyport/desktop/person.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace sallyport;
using namespace sallyport::desktop;

namespace {

std::optional<Person> find(const std::string& name)
{
    if (name == "ann")
        return Person{"ann", 1001, 1001, "/home/ann"};
    if (name == "bob")
        return Person{"bob", 1002, 1002, "/home/bob"};
    if (name == "toor")
        return Person{"toor", 0, 0, "/root"};
    return std::nullopt;
}

// Who can't be told from whom this test runs as, but for root, who can be anybody.
Person nobody()
{
    if (::geteuid() == 0)
        return {"nobody", 65534, 65534, "/"};
    return {"me", ::geteuid(), ::getegid(), "/"};
}

std::string write(const QTemporaryDir& folder, const QString& name, mode_t mode)
{
    QFile file(folder.filePath(name));
    if (file.open(QIODevice::WriteOnly))
        file.write("relay: r.example.com\n");
    file.close();
    const std::string path = file.fileName().toStdString();
    ::chmod(path.c_str(), mode);
    return path;
}

} // namespace

class TstPerson : public QObject
{
    Q_OBJECT

private slots:
    void servesWhoAskedForIt_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("pkexec");
        QTest::addColumn<int>("sudo");
        QTest::addColumn<bool>("served");
        QTest::newRow("by pkexec") << "ann" << 1001 << -1 << true;
        QTest::newRow("by sudo") << "ann" << -1 << 1001 << true;
        QTest::newRow("root's own shell") << "ann" << -1 << -1 << true;
        QTest::newRow("another one's by pkexec") << "bob" << 1001 << -1 << false;
        QTest::newRow("another one's by sudo") << "bob" << -1 << 1001 << false;
        QTest::newRow("the two disagree") << "ann" << 1001 << 1002 << false;
        QTest::newRow("root's by another name") << "toor" << -1 << -1 << false;
        QTest::newRow("nobody's") << "carl" << -1 << -1 << false;
    }
    void servesWhoAskedForIt()
    {
        QFETCH(QString, name);
        QFETCH(int, pkexec);
        QFETCH(int, sudo);
        QFETCH(bool, served);
        Caller caller;
        if (pkexec >= 0)
            caller.pkexec = unsigned(pkexec);
        if (sudo >= 0)
            caller.sudo = unsigned(sudo);
        const auto person = personToServe(name.toStdString(), caller, find);
        QCOMPARE(person.ok(), served);
        if (!served)
            QCOMPARE(person.error().code, ServiceProblem::Code::Refused);
    }

    void takesOrdinaryNamesAlone_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<bool>("plain");
        QTest::newRow("short") << QByteArray("a") << true;
        QTest::newRow("dots") << QByteArray("ann.lee-2_x") << true;
        QTest::newRow("64") << QByteArray(64, 'a') << true;
        QTest::newRow("65") << QByteArray(65, 'a') << false;
        QTest::newRow("empty") << QByteArray() << false;
        QTest::newRow("up") << QByteArray("..") << false;
        QTest::newRow("path") << QByteArray("../relay") << false;
        QTest::newRow("folder") << QByteArray("a/b") << false;
        QTest::newRow("option") << QByteArray("--now") << false;
        QTest::newRow("line") << QByteArray("ann\nExecStart=/bin/sh") << false;
        QTest::newRow("specifier") << QByteArray("%i") << false;
        QTest::newRow("blank") << QByteArray("ann lee") << false;
        QTest::newRow("machine") << QByteArray("host$") << false;
        QTest::newRow("zero") << QByteArray("ann\0x", 5) << false;
        QTest::newRow("letters of elsewhere") << QByteArray("änne") << false;
    }
    void takesOrdinaryNamesAlone()
    {
        QFETCH(QByteArray, name);
        QFETCH(bool, plain);
        const std::string text = name.toStdString();
        QCOMPARE(isPlainName(text), plain);
        const FindPerson everybody = [](const std::string& one) { return Person{one, 7, 7, "/"}; };
        QCOMPARE(personToServe(text, {}, everybody).ok(), plain);
    }

    void aCallerThatCantBeReadIsNobody()
    {
        qputenv("PKEXEC_UID", "1001x");
        const Caller caller = Caller::ofThisProcess();
        qunsetenv("PKEXEC_UID");
        QVERIFY(caller.pkexec.has_value());
        QVERIFY(!personToServe("ann", caller, find));
    }

    void readsTheConfigurationWithThePersonsRightsAlone()
    {
        QTemporaryDir folder;
        ::chmod(folder.path().toStdString().c_str(), 0755);
        QVERIFY(checkConfigFile(nobody(), write(folder, "open.yaml", 0644)).ok());
        const std::string closed = write(folder, "closed.yaml", ::geteuid() == 0 ? 0600 : 0000);
        QVERIFY(!checkConfigFile(nobody(), closed));
        // A link of theirs leads no further than they can go.
        const QString link = folder.filePath("link.yaml");
        QVERIFY(QFile::link(QString::fromStdString(closed), link));
        QVERIFY(!checkConfigFile(nobody(), link.toStdString()));
        if (::geteuid() == 0)
            QVERIFY(!checkConfigFile(nobody(), "/etc/shadow"));
    }

    void takesNoPathButThatOfAFile_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("relative") << QByteArray("agent.yaml");
        QTest::newRow("missing") << QByteArray("/nonexistent/agent.yaml");
        QTest::newRow("folder") << QByteArray("/etc");
        QTest::newRow("device") << QByteArray("/dev/zero");
        QTest::newRow("line") << QByteArray("/etc/passwd\nUser=root");
        QTest::newRow("zero") << QByteArray("/etc/passwd\0/x", 14);
        QTest::newRow("escape") << QByteArray("/etc/\x1b[2Jpasswd");
        QTest::newRow("no UTF-8") << QByteArray("/etc/\xff\xfe");
        QTest::newRow("endless") << "/" + QByteArray(5000, 'a');
    }
    void takesNoPathButThatOfAFile()
    {
        QFETCH(QByteArray, path);
        const auto checked = checkConfigFile(nobody(), path.toStdString());
        QVERIFY(!checked);
        QCOMPARE(checked.error().code, ServiceProblem::Code::Refused);
    }

    void waitsForNoPipe()
    {
        QTemporaryDir folder;
        ::chmod(folder.path().toStdString().c_str(), 0755);
        const std::string pipe = folder.filePath("pipe").toStdString();
        QCOMPARE(::mkfifo(pipe.c_str(), 0644), 0);
        QVERIFY(!checkConfigFile(nobody(), pipe));
    }
};

QTEST_GUILESS_MAIN(TstPerson)
#include "tst_person.moc"
