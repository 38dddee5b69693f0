// Small files, read within a limit and replaced whole.
#include "config_folder.h"

#include <sallyport/config/files.h>

#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace sallyport;
using namespace sallyport::config;

class TestFiles : public QObject
{
    Q_OBJECT

    static unsigned modeOf(const std::string& path)
    {
        struct stat info
        {};
        return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
    }

private slots:
    void readsTextAndMode()
    {
        ConfigFolder folder("x");
        folder.write("x", "hello");
        QCOMPARE(::chmod(folder.file().c_str(), 0640), 0);
        const auto file = readFile(folder.file());
        QVERIFY(file);
        QCOMPARE(file->text, std::string("hello"));
        QCOMPARE(file->mode, 0640u);
        QVERIFY(file->mine);
    }

    void refusesAFileOverTheLimit()
    {
        ConfigFolder folder("x");
        folder.write("x", std::string(100, 'x'));
        QVERIFY(readFile(folder.file(), 100));
        QCOMPARE(readFile(folder.file(), 99).error(), FileError::TooLarge);
        folder.write("x", std::string(MaxFileSize + 1, 'x'));
        QCOMPARE(readFile(folder.file()).error(), FileError::TooLarge);
    }

    void refusesWhatIsNoFile()
    {
        ConfigFolder folder("x");
        QCOMPARE(readFile(folder.file()).error(), FileError::Missing);
        QCOMPARE(readFile(folder.folder()).error(), FileError::NotAFile);
        QCOMPARE(::mkfifo(folder.file().c_str(), 0600), 0);
        QCOMPARE(readFile(folder.file()).error(), FileError::NotAFile);
        QCOMPARE(writeFileAtomically(folder.file(), "x").error(), FileError::NotAFile);
    }

    void writesAFileThatItsOwnerAloneReads()
    {
        ConfigFolder folder("x");
        QVERIFY(writeFileAtomically(folder.file(), "one"));
        QCOMPARE(modeOf(folder.file()), 0600u);
        QVERIFY(writeFileAtomically(folder.file(), "two"));
        QCOMPARE(readFile(folder.file())->text, std::string("two"));
    }

    void neverWidensPermissions()
    {
        ConfigFolder folder("x");
        folder.write("x", "");
        QCOMPARE(::chmod(folder.file().c_str(), 0644), 0);
        QVERIFY(writeFileAtomically(folder.file(), "y", 0600));
        QCOMPARE(modeOf(folder.file()), 0600u);
        QVERIFY(writeFileAtomically(folder.file(), "y", 0644));
        QCOMPARE(modeOf(folder.file()), 0600u);
    }

    void leavesNothingBehind()
    {
        ConfigFolder folder("x");
        QVERIFY(writeFileAtomically(folder.file(), "one"));
        QCOMPARE(QDir(QString::fromStdString(folder.folder()))
                     .entryList(QDir::Files | QDir::Hidden)
                     .size(),
                 1);
        QCOMPARE(writeFileAtomically(folder.path("no/such"), "one").error(), FileError::Missing);
    }

    void followsSymbolicLinks()
    {
        ConfigFolder folder("x");
        folder.write("real", "one");
        QCOMPARE(::symlink("real", folder.path("link").c_str()), 0);
        QVERIFY(writeFileAtomically(folder.path("link"), "two"));
        QCOMPARE(readFile(folder.path("real"))->text, std::string("two"));
        QVERIFY(QFileInfo(QString::fromStdString(folder.path("link"))).isSymLink());
    }

    void makesFoldersWithTheirMode()
    {
        ConfigFolder folder("x");
        QVERIFY(makeFolder(folder.path("a/b/c"), 0700));
        QCOMPARE(modeOf(folder.path("a")), 0700u);
        QCOMPARE(modeOf(folder.path("a/b/c")), 0700u);
        QVERIFY(makeFolder(folder.path("a/b/c"), 0700));
        folder.write("file", "");
        QCOMPARE(makeFolder(folder.path("file")).error(), FileError::NotAFile);
    }
};

QTEST_GUILESS_MAIN(TestFiles)
#include "tst_files.moc"
