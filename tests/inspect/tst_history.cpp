// The bounds of what is kept, and what becomes of files that can't be used.
#include "database.h"
#include "database_rows.h"
#include "observe/memory_sink.h"
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

    static CapturedExchange sample(RecordId id)
    {
        CapturedExchange one;
        one.record.id = id;
        one.record.outcome = id % 7 == 0 ? Outcome::UpstreamRefused : Outcome::Done;
        one.record.tunnel = id % 2 ? "web" : "api";
        one.record.method = id % 3 ? "GET" : "post";
        one.record.path = id % 5 ? "/Items_" + std::to_string(id) : "/100%/" + std::to_string(id);
        one.record.status = id % 7 == 0 ? 0 : unsigned(200 + (id * 37) % 400);
        one.record.host = id % 11 ? "example.com" : "other.example.net";
        one.record.ended = std::chrono::microseconds(id * 13 % 5000);
        one.requestHead = "GET / HTTP/1.1\r\n\r\n";
        return one;
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

    void answersQueriesAsTheFilterSays_data()
    {
        QTest::addColumn<Filter>("filter");
        const auto row = [](const char* name, auto change) {
            Filter filter;
            change(filter);
            QTest::newRow(name) << filter;
        };
        row("all", [](Filter&) {});
        row("tunnel", [](Filter& f) { f.tunnel = "web"; });
        row("method", [](Filter& f) { f.method = "POST"; });
        row("path", [](Filter& f) { f.path = "ITEMS_1"; });
        row("path with percent", [](Filter& f) { f.path = "0%/"; });
        row("status", [](Filter& f) { f.statusMin = 300, f.statusMax = 399; });
        row("failed", [](Filter& f) { f.failedOnly = true; });
        row("slow", [](Filter& f) { f.minDuration = std::chrono::microseconds(2500); });
        row("text", [](Filter& f) { f.text = "Other."; });
        row("several", [](Filter& f) { f.tunnel = "api", f.method = "get", f.path = "9"; });
    }

    void answersQueriesAsTheFilterSays()
    {
        QFETCH(Filter, filter);
        Database database;
        QVERIFY(database.open(m_folder->filePath("history.db").toStdString()).ok());
        std::vector<Record> expected;
        database.begin();
        for (RecordId id = 1; id <= 500; ++id) {
            const CapturedExchange one = sample(id);
            QVERIFY(database.insert(one));
            if (id < 400 && filter.matches(one.record))
                expected.insert(expected.begin(), one.record);
        }
        database.commit();
        QVERIFY(!expected.empty());
        expected.resize(std::min(expected.size(), size_t(50)));
        QCOMPARE(database.query({filter, 400, 50}), expected);
    }

    // A sanity of scale: 100,000 rows, and a page of them is found by index, not by reading all.
    void findsAPageAmong100000Rows()
    {
        Database database;
        QVERIFY(database.open(m_folder->filePath("history.db").toStdString()).ok());
        database.begin();
        for (RecordId id = 1; id <= 100'000; ++id)
            QVERIFY(database.insert(sample(id)));
        database.commit();
        QBENCHMARK_ONCE
        {
            Query query;
            query.filter.tunnel = "web";
            query.before = 50'000;
            QCOMPARE(database.query(query).size(), size_t(500));
            query.filter = {};
            query.filter.path = "nowhere";
            QCOMPARE(database.query(query).size(), size_t(0));
        }
        QCOMPARE(database.count(), uint64_t(100'000));
        database.removeUpTo(database.surplus(90'000));
        QCOMPARE(database.count(), uint64_t(90'000));
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
