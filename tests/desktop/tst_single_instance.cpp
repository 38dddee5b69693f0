#include <sallyport/desktop/single_instance.h>

#include <QFile>
#include <QFileInfo>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <thread>

using namespace sallyport::desktop;
using Claim = SingleInstance::Claim;

namespace {

// The second start, which waits for the first, in a thread: the first answers in this one.
Claim claimBeside(const std::string& folder, std::chrono::milliseconds patience)
{
    std::atomic<bool> ended = false;
    Claim result = Claim::Unknown;
    std::thread other([&] {
        SingleInstance second(folder);
        result = second.claim(patience);
        ended = true;
    });
    [&] { QTRY_VERIFY(ended); }();
    other.join();
    return result;
}

} // namespace

class TstSingleInstance : public QObject
{
    Q_OBJECT

private slots:
    void asksTheFirstToShowItself()
    {
        QTemporaryDir folder;
        const std::string path = folder.filePath("sallyport").toStdString();
        SingleInstance first(path);
        QSignalSpy raised(&first, &SingleInstance::raiseRequested);
        QCOMPARE(first.claim(), Claim::First);
        QCOMPARE(claimBeside(path, std::chrono::seconds(5)), Claim::Other);
        QCOMPARE(raised.count(), 1);
        QCOMPARE(claimBeside(path, std::chrono::seconds(5)), Claim::Other);
        QCOMPARE(raised.count(), 2);
    }

    void takesOverFromOneThatEnded()
    {
        QTemporaryDir folder;
        {
            SingleInstance first(folder.path().toStdString());
            QCOMPARE(first.claim(), Claim::First);
        }
        SingleInstance next(folder.path().toStdString());
        QCOMPARE(next.claim(), Claim::First);
    }

    void isNotStoppedByWhatACrashLeftBehind()
    {
        QTemporaryDir folder;
        for (const char* name : {"gui.socket", "gui.lock"}) {
            QFile file(folder.filePath(name));
            QVERIFY(file.open(QIODevice::WriteOnly));
            // A process number that no process has.
            file.write("4194399\nsallyport-gui\n" + QSysInfo::machineHostName().toUtf8() + "\n");
        }
        SingleInstance first(folder.path().toStdString());
        QCOMPARE(first.claim(), Claim::First);
        QCOMPARE(claimBeside(folder.path().toStdString(), std::chrono::seconds(5)), Claim::Other);
    }

    void runsAllTheSameWhereNothingCanBeWritten()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath("x"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        SingleInstance first(folder.filePath("x/y").toStdString());
        QCOMPARE(first.claim(), Claim::Unknown);
    }

    void endsAConnectionThatSendsNonsense()
    {
        QTemporaryDir folder;
        SingleInstance first(folder.path().toStdString());
        QSignalSpy raised(&first, &SingleInstance::raiseRequested);
        QCOMPARE(first.claim(), Claim::First);
        QLocalSocket socket;
        socket.connectToServer(folder.filePath("gui.socket"));
        socket.write(QByteArray(100, 'x'));
        QTRY_COMPARE(socket.state(), QLocalSocket::UnconnectedState);
        QCOMPARE(raised.count(), 0);
    }

    void keepsItsSocketToTheUser()
    {
        QTemporaryDir folder;
        SingleInstance first(folder.path().toStdString());
        QCOMPARE(first.claim(), Claim::First);
        const auto others =
            QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
        QVERIFY(!(QFileInfo(folder.filePath("gui.socket")).permissions() & others));
    }
};

QTEST_GUILESS_MAIN(TstSingleInstance)
#include "tst_single_instance.moc"
