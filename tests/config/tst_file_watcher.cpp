// Notices every way in which a file changes, once.
#include "config_folder.h"

#include <sallyport/config/file_watcher.h>
#include <sallyport/config/files.h>

#include <QSignalSpy>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

using namespace sallyport::config;

class TestFileWatcher : public QObject
{
    Q_OBJECT

    // The signal, and none after it while two periods of quiet pass.
    static void expectOne(QSignalSpy& spy)
    {
        QVERIFY(!spy.isEmpty() || spy.wait(5000));
        (void)spy.wait(2 * FileWatcher::QuietMilliseconds);
        QCOMPARE(spy.count(), 1);
        spy.clear();
    }

private slots:
    void noticesAWriteInPlace()
    {
        ConfigFolder folder("a.yaml");
        folder.write("a.yaml", "one");
        FileWatcher watcher;
        QSignalSpy spy(&watcher, &FileWatcher::changed);
        watcher.watch({folder.file()});
        folder.write("a.yaml", "other");
        expectOne(spy);
        folder.write("a.yaml", "third time");
        expectOne(spy);
    }

    void noticesARenameOverTheFileAgainAndAgain()
    {
        ConfigFolder folder("a.yaml");
        folder.write("a.yaml", "one");
        FileWatcher watcher;
        QSignalSpy spy(&watcher, &FileWatcher::changed);
        watcher.watch({folder.file()});
        for (const char* text : {"two", "six", "ten"}) {
            QVERIFY(writeFileAtomically(folder.file(), text));
            expectOne(spy);
        }
        folder.write("a.yaml", "in place after it");
        expectOne(spy);
    }

    void noticesCreationAndRemoval()
    {
        ConfigFolder folder("a.yaml");
        FileWatcher watcher;
        QSignalSpy spy(&watcher, &FileWatcher::changed);
        watcher.watch({folder.file()});
        folder.write("a.yaml", "here");
        expectOne(spy);
        QVERIFY(QFile::remove(QString::fromStdString(folder.file())));
        expectOne(spy);
        folder.write("a.yaml", "again");
        expectOne(spy);
    }

    void noticesTheSwapOfALinkedFolder()
    {
        // As Kubernetes updates a ConfigMap: a.yaml -> ..data/a.yaml, ..data -> ..1, then ..2.
        ConfigFolder folder("a.yaml");
        QVERIFY(makeFolder(folder.path("..1")));
        QVERIFY(makeFolder(folder.path("..2")));
        folder.write("..1/a.yaml", "one");
        folder.write("..2/a.yaml", "two");
        QCOMPARE(::symlink("..1", folder.path("..data").c_str()), 0);
        QCOMPARE(::symlink("..data/a.yaml", folder.file().c_str()), 0);
        FileWatcher watcher;
        QSignalSpy spy(&watcher, &FileWatcher::changed);
        watcher.watch({folder.file()});
        QCOMPARE(::symlink("..2", folder.path("..data_tmp").c_str()), 0);
        QCOMPARE(std::rename(folder.path("..data_tmp").c_str(), folder.path("..data").c_str()), 0);
        expectOne(spy);
    }

    void noticesAWriteToTheTargetOfALink()
    {
        ConfigFolder folder("a.yaml");
        QVERIFY(makeFolder(folder.path("real")));
        folder.write("real/b.yaml", "one");
        QCOMPARE(::symlink("real/b.yaml", folder.file().c_str()), 0);
        FileWatcher watcher;
        QSignalSpy spy(&watcher, &FileWatcher::changed);
        watcher.watch({folder.file()});
        QVERIFY(writeFileAtomically(folder.path("real/b.yaml"), "two"));
        expectOne(spy);
    }

    void noticesAChangeOfPermissions()
    {
        ConfigFolder folder("a.yaml");
        folder.write("a.yaml", "one");
        FileWatcher watcher;
        QSignalSpy spy(&watcher, &FileWatcher::changed);
        watcher.watch({folder.file()});
        QCOMPARE(::chmod(folder.file().c_str(), 0644), 0);
        expectOne(spy);
    }

    void makesOneSignalOfABurst()
    {
        ConfigFolder folder("a.yaml");
        folder.write("a.yaml", "0");
        folder.write("b.yaml", "0");
        FileWatcher watcher;
        QSignalSpy spy(&watcher, &FileWatcher::changed);
        watcher.watch({folder.file(), folder.path("b.yaml")});
        for (int i = 0; i < 20; ++i) {
            folder.write("a.yaml", std::string(size_t(i) + 2, 'x'));
            folder.write("b.yaml", std::string(size_t(i) + 2, 'y'));
            QCoreApplication::processEvents();
        }
        expectOne(spy);
    }

    void ignoresOtherFilesOfTheFolder()
    {
        ConfigFolder folder("a.yaml");
        folder.write("a.yaml", "one");
        FileWatcher watcher;
        QSignalSpy spy(&watcher, &FileWatcher::changed);
        watcher.watch({folder.file()});
        folder.write("other.txt", "x");
        QVERIFY(!spy.wait(3 * FileWatcher::QuietMilliseconds));
    }
};

QTEST_GUILESS_MAIN(TestFileWatcher)
#include "tst_file_watcher.moc"
