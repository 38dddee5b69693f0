// The bounds of what is kept, and what becomes of files that can't be used.
#include "body_files.h"
#include "history.h"
#include "observe/memory_sink.h"
#include "temporary_folder.h"
#include "traffic_world.h"

#include <QDir>
#include <QSqlDatabase>
#include <QSqlQuery>

using namespace sallyport;
using namespace sallyport::inspect;
using namespace sallyport::inspect::test;

class TestHistory : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    CaptureSettings settings() const
    {
        CaptureSettings settings;
        settings.folder = m_folder->path().toStdString();
        return settings;
    }
    QStringList setAside() const
    {
        return QDir(m_folder->path()).entryList({"history-*-damaged"}, QDir::Dirs);
    }
    uint64_t bytesInFolder(const QString& below) const
    {
        uint64_t sum = 0;
        for (const QFileInfo& file : QDir(m_folder->filePath(below)).entryInfoList(QDir::Files))
            sum += uint64_t(file.size());
        return sum;
    }
    void write(const QString& name, const QByteArray& bytes) const
    {
        QFile file(m_folder->filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void keepsNoMoreRowsThanItMay()
    {
        CaptureSettings few = settings();
        few.rows = 100;
        LocalTraffic traffic(few);
        QSignalSpy removed(&traffic, &TrafficSource::recordsRemoved);
        for (int i = 0; i < 250; ++i)
            pass(traffic, get("/" + std::to_string(i)), answerWith("x"));
        QTRY_VERIFY(!waitForRecords(traffic, 99).empty() &&
                    waitForRecords(traffic, 99).front().path == "/249");
        const auto records = waitForRecords(traffic, 99);
        QVERIFY(records.size() <= 100);
        QVERIFY(!removed.isEmpty());
        QCOMPARE(records.back().id, removed.last().at(0).value<RecordId>() + 1);
    }

    void keepsNoMoreBytesOfBodiesThanItMay()
    {
        CaptureSettings tight = settings();
        tight.bodyBudget = 1024 * 1024;
        LocalTraffic traffic(tight);
        for (int i = 0; i < 40; ++i)
            pass(traffic, get("/" + std::to_string(i)), answerWith(std::string(100'000, 'x')));
        const auto records = waitForRecords(traffic, 40);
        QCOMPARE(records.size(), size_t(40)); // rows stay
        QVERIFY(bytesInFolder("bodies") <= tight.bodyBudget);
        QVERIFY(bytesInFolder("bodies") > tight.bodyBudget / 2);
        QCOMPARE(bodyOf(traffic, records.front().id, Side::Response).size(), size_t(100'000));
        QCOMPARE(bodyOf(traffic, records.back().id, Side::Response).size(), size_t(0));
        const Exchange oldest =
            await<Exchange>([&](auto done) { traffic.exchange(records.back().id, done); }).value();
        QVERIFY(oldest.responseBody.cut());

        tight.bodyBudget = 200'000;
        traffic.setSettings(tight);
        QTRY_VERIFY(bytesInFolder("bodies") <= tight.bodyBudget);
    }

    void cutsABodyAtItsLimit()
    {
        CaptureSettings tight = settings();
        tight.bodyLimit = 30'000;
        LocalTraffic traffic(tight);
        pass(traffic, get("/"), answerWith(std::string(100'000, 'x')));
        const auto records = waitForRecords(traffic, 1);
        QCOMPARE(records.at(0).responseBytes, uint64_t(100'000));
        QCOMPARE(bodyOf(traffic, 1, Side::Response).size(), size_t(30'000));
    }

    // Room is made for what the file holds, not for what might be asked: the machine need not have
    // that.
    void readsABodyWithoutRoomForMoreThanItHas()
    {
        BodyFiles files;
        QVERIFY(files.open(m_folder->path().toStdString()));
        QVERIFY(files.append(1, Side::Response, "0123456789"));
        QCOMPARE(files.read(1, Side::Response, UINT64_MAX), std::string("0123456789"));
        QCOMPARE(files.read(1, Side::Response, 4), std::string("0123"));
        QCOMPARE(files.read(1, Side::Request, UINT64_MAX), std::string());
    }

    void setsADamagedHistoryAside()
    {
        write("history.db", QByteArray(8192, 'z'));
        auto sink = std::make_shared<MemorySink>();
        LocalTraffic traffic(settings(),
                             observe::Log(sink, observe::Format::Text, observe::Level::Info));
        pass(traffic, get("/"), answerWith("x"));
        QCOMPARE(waitForRecords(traffic, 1).size(), size_t(1));
        QCOMPARE(setAside().size(), 1);
        QFile old(m_folder->filePath(setAside()[0] + "/history.db"));
        QVERIFY(old.open(QIODevice::ReadOnly));
        QCOMPARE(old.readAll(), QByteArray(8192, 'z'));
        QVERIFY(sink->take().find("moved aside") != std::string::npos);
    }

    void setsAHistoryOfALaterVersionAside()
    {
        {
            LocalTraffic traffic(settings());
            pass(traffic, get("/old"), answerWith("x"));
            waitForRecords(traffic, 1);
        }
        {
            QSqlDatabase later = QSqlDatabase::addDatabase("QSQLITE", "later");
            later.setDatabaseName(m_folder->filePath("history.db"));
            QVERIFY(later.open());
            QVERIFY(QSqlQuery(later).exec("PRAGMA user_version = 99"));
        }
        QSqlDatabase::removeDatabase("later");
        LocalTraffic traffic(settings());
        QCOMPARE(waitForRecords(traffic, 0).size(), size_t(0));
        QTRY_COMPARE(setAside().size(), 1);
    }

    void leavesAHistoryThatAnotherUsesAlone()
    {
        LocalTraffic first(settings());
        pass(first, get("/first"), answerWith("x"));
        waitForRecords(first, 1);
        auto sink = std::make_shared<MemorySink>();
        LocalTraffic second(settings(),
                            observe::Log(sink, observe::Format::Text, observe::Level::Info));
        pass(second, get("/second"), answerWith("x"));
        QCOMPARE(waitForRecords(second, 1).at(0).path, std::string("/second"));
        QCOMPARE(waitForRecords(first, 1).size(), size_t(1));
        QVERIFY(sink->take().find("another program uses the history") != std::string::npos);
    }

    void removesBodiesOfAProcessThatBrokeOff()
    {
        QVERIFY(QDir(m_folder->path()).mkdir("bodies"));
        write("bodies/77.response", "left over");
        write("bodies/notes.txt", "not ours");
        LocalTraffic traffic(settings());
        waitForRecords(traffic, 0);
        QVERIFY(!QFile::exists(m_folder->filePath("bodies/77.response")));
        QVERIFY(QFile::exists(m_folder->filePath("bodies/notes.txt")));
    }

    void goesOnCountingWhenAHistoryWasSetAside()
    {
        RecordId last = 0;
        for (int start = 0; start < 3; ++start) {
            {
                LocalTraffic traffic(settings());
                pass(traffic, get("/"), answerWith("x"));
                const RecordId id = waitForRecords(traffic, 1).at(0).id;
                QVERIFY(id > last);
                last = id;
            }
            write("history.db", QByteArray(8192, 'z'));
        }
    }

    void removesTheTemporaryFolderOfAProgramThatWasKilled()
    {
        const QDir temporary(QDir::tempPath());
        const QString abandoned = temporary.filePath("sallyport-traffic-test-abandoned");
        const QString unlocked = temporary.filePath("sallyport-traffic-test-unlocked");
        QVERIFY(temporary.mkpath(abandoned + "/bodies") && temporary.mkpath(unlocked));
        // As QLockFile leaves it: of a process number that nobody has.
        QFile lock(abandoned + "/lock");
        QVERIFY(lock.open(QIODevice::WriteOnly));
        lock.write("2147483646\nsallyport-gui\n" + QSysInfo::machineHostName().toUtf8() + "\n\n\n");
        lock.close();
        const TemporaryFolder used;
        CaptureSettings forgetful;
        forgetful.keepHistory = false;
        LocalTraffic traffic(forgetful);
        waitForRecords(traffic, 0);
        QVERIFY(!QDir(abandoned).exists());
        QVERIFY(QDir(unlocked).exists());
        QVERIFY(QDir(QString::fromStdString(used.path())).exists());
        QVERIFY(QDir(unlocked).removeRecursively());
    }

    void warnsOfMissedRequestsOnceInAWhile()
    {
        auto sink = std::make_shared<MemorySink>();
        TimePoint now{};
        auto ring = std::make_shared<CaptureRing>();
        auto recorder = std::make_shared<Recorder>(ring, [] {});
        History history(ring, settings(),
                        observe::Log(sink, observe::Format::Text, observe::Level::Info),
                        [&now] { return now; });
        history.setRecorder(recorder);
        history.open();
        // More than the ring takes, and nobody empties it meanwhile.
        const auto overflow = [&](size_t missed) {
            const auto watch = recorder->watch(web());
            const std::string request = get("/");
            while (!ring->isOver(Recorder::BegunLimit))
                recorder->watch(web())->bytesToSocket(asBytes(request));
            for (size_t i = 0; i < missed; ++i)
                recorder->watch(web())->bytesToSocket(asBytes(request));
            while (ring->isOver(1))
                history.drain();
        };
        overflow(3);
        QVERIFY(sink->take().find("missed=3") != std::string::npos);
        overflow(4);
        now += History::WarnEach - std::chrono::seconds(1);
        overflow(5);
        QCOMPARE(sink->take(), std::string());
        now += std::chrono::seconds(1);
        history.drain();
        QVERIFY(sink->take().find("missed=9") != std::string::npos);
        history.close();
    }

    void neverGivesAnIdTwice()
    {
        RecordId last = 0;
        for (int start = 0; start < 3; ++start) {
            LocalTraffic traffic(settings());
            pass(traffic, get("/"), answerWith("x"));
            Query newest;
            newest.limit = 1;
            const auto records = waitForRecords(traffic, 1, newest);
            QTRY_VERIFY(waitForRecords(traffic, 1, newest).at(0).id > last);
            last = waitForRecords(traffic, 1, newest).at(0).id;
            QVERIFY(await<bool>([&](auto done) { traffic.clear(done); }).ok());
        }
    }
};

QTEST_GUILESS_MAIN(TestHistory)
#include "tst_history.moc"
