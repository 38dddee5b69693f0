// A disk that is full and a folder that can't be written hold nothing up and lose nothing that is
// stored.
#include "history.h"
#include "traffic_world.h"

#include <QDir>

#include <sys/resource.h>

#include <csignal>

using namespace sallyport;
using namespace sallyport::inspect;
using namespace sallyport::inspect::test;

class TestHistoryPlace : public QObject
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

    struct World
    {
        std::shared_ptr<CaptureRing> ring = std::make_shared<CaptureRing>();
        std::shared_ptr<Recorder> recorder = std::make_shared<Recorder>(ring, [] {});
        History history;

        explicit World(const CaptureSettings& settings)
            : history(ring, settings, {}, &Clock::now, std::chrono::milliseconds(1))
        {
            recorder->setRecording(true);
            recorder->setBodyLimit(settings.bodyLimit);
            history.setRecorder(recorder);
            history.open();
        }
        void pass(const std::string& path, const std::string& body = "x")
        {
            const auto watch = recorder->watch(web());
            watch->bytesToSocket(asBytes(get(path)));
            watch->bytesFromSocket(asBytes(answerWith(body)));
            watch->ended(net::WatchEnd::Clean);
            history.drain();
        }
        QStringList paths()
        {
            QStringList paths;
            for (const Record& record : history.query({}))
                paths.append(QString::fromStdString(record.path));
            return paths;
        }
    };
    // No file grows any more: what a full disk does, without one.
    class NoRoom
    {
    public:
        NoRoom()
        {
            std::signal(SIGXFSZ, SIG_IGN);
            getrlimit(RLIMIT_FSIZE, &m_before);
            const rlimit none{0, m_before.rlim_max};
            setrlimit(RLIMIT_FSIZE, &none);
        }
        ~NoRoom() { end(); }
        NoRoom(const NoRoom&) = delete;
        NoRoom& operator=(const NoRoom&) = delete;
        void end() { setrlimit(RLIMIT_FSIZE, &m_before); }

    private:
        rlimit m_before{};
    };

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void keepsInMemoryWhatAFullDiskDoesNotTake()
    {
        World world(settings());
        world.pass("/before");
        QSignalSpy storage(&world.history, &History::storageChanged);
        NoRoom noRoom;
        for (int i = 0; i < 5; ++i)
            world.pass("/meanwhile", "held");
        QTRY_COMPARE(storage.size(), 1); // at the next commit
        QCOMPARE(world.paths().size(), 6);
        const auto found = world.history.find(world.history.query({}).front().id);
        QVERIFY(found.has_value());
        QCOMPARE(world.history.readBody(*found, Side::Response, 100), std::string("held"));
        noRoom.end();
        QTRY_COMPARE(storage.size(), 2);
        world.pass("/after");
        world.history.close();
        World again(settings());
        QCOMPARE(again.paths().size(), 7);
        QCOMPARE(again.paths().front(), "/after");
        QCOMPARE(again.paths().back(), "/before");
    }

    void takesNoGoodHistoryForADamagedOneOnAFullDisk()
    {
        {
            World world(settings());
            world.pass("/stored");
            world.history.close();
        }
        NoRoom noRoom;
        World world(settings());
        QCOMPARE(setAside(), QStringList());
        QCOMPARE(world.paths(), QStringList{"/stored"});
        world.pass("/new");
        QCOMPARE(world.paths(), (QStringList{"/new", "/stored"}));
        QSignalSpy storage(&world.history, &History::storageChanged);
        noRoom.end();
        QTRY_COMPARE(storage.size(), 1);
        world.history.close();
        World again(settings());
        QCOMPARE(again.paths(), (QStringList{"/new", "/stored"}));
    }

    void readsOnAFullDiskWhatIsStillInTheLog()
    {
        World first(settings());
        first.pass("/stored");
        NoRoom noRoom;
        first.history.close(); // nothing can be moved out of the log
        QVERIFY(bytesInFolder(".") > 0 && QFile::exists(m_folder->filePath("history.db-wal")));
        World world(settings());
        QCOMPARE(world.paths(), QStringList{"/stored"});
    }

    void showsAndKeepsAHistoryThatCantBeWritten()
    {
        {
            World world(settings());
            world.pass("/stored", std::string(200'000, 'b'));
            world.history.close();
        }
        // Root may write everywhere, but not where a file is.
        const QString bodies = m_folder->filePath("bodies");
        QVERIFY(QDir().rename(bodies, m_folder->filePath("away")));
        write("bodies", "");
        World world(settings());
        world.pass("/new");
        QCOMPARE(world.paths(), (QStringList{"/new", "/stored"}));
        QVERIFY(!world.history.clear() || world.paths().isEmpty());
    }

    void losesNoBodyThatIsStoredForOneThatHasNoRoom()
    {
        CaptureSettings tight = settings();
        tight.bodyBudget = 1'000'000;
        World world(tight);
        world.pass("/stored", std::string(600'000, 'b'));
        {
            NoRoom noRoom;
            for (int i = 0; i < 20; ++i)
                world.pass("/lost", std::string(200'000, 'c'));
        }
        world.history.drain();
        const auto records = world.history.query({});
        QCOMPARE(records.size(), size_t(21));
        const auto stored = world.history.find(records.back().id);
        QCOMPARE(world.history.readBody(*stored, Side::Response, UINT32_MAX).size(),
                 size_t(600'000));
        const auto lost = world.history.find(records.front().id);
        const auto kept = world.history.readBody(*lost, Side::Response, UINT32_MAX);
        QCOMPARE(kept.size(), size_t(lost->response.kept)); // shown as cut
    }

    void keepsNoMoreInMemoryThanItMay()
    {
        World world(settings());
        NoRoom noRoom;
        for (int i = 0; i < 2'400; ++i)
            world.pass("/" + std::to_string(i), std::string(8'000, 'd'));
        Query all;
        all.limit = 5'000;
        const auto kept = world.history.query(all);
        QVERIFY2(kept.size() < Database::UnwrittenLimit / 8'000 && kept.size() > 1'900,
                 qPrintable(QString::number(kept.size())));
        QCOMPARE(kept.front().path, std::string("/2399"));
    }
};

QTEST_GUILESS_MAIN(TestHistoryPlace)
#include "tst_history_place.moc"
