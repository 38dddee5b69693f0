// The blocks that records stand in: what comes back, in which order, and what leaves.
#include "database.h"

#include <QTemporaryDir>
#include <QTest>

using namespace sallyport;
using namespace sallyport::inspect;

class TestDatabase : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

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
            database.insert(one);
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
            database.insert(sample(id));
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
        QCOMPARE(database.removeOldest(10'000, 10'000).last, RecordId(10'000));
        QCOMPARE(database.count(), uint64_t(90'000));
    }

    void keepsWhatItIsGiven()
    {
        CapturedExchange one = sample(7);
        one.record.kind = RecordKind::WebSocket;
        one.record.error = "a sentence";
        one.record.tls = one.record.edited = true;
        one.record.requestDone = std::chrono::microseconds(0);
        one.record.begun =
            std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000));
        one.record.replayOf = 3;
        one.responseHead = std::string("HTTP/1.1 200 OK\r\nX: \0\xff\r\n\r\n", 26);
        one.trailers = "T: 1\r\n";
        one.request = {3, "abc", false};
        one.response = {100'000, {}, true};
        one.messages.push_back({std::chrono::microseconds(5), Message::Direction::ToVisitor,
                                Message::Kind::Event, "name", std::string(70'000, 'm'), 80'000});
        Database database;
        QVERIFY(database.open(m_folder->filePath("history.db").toStdString()).ok());
        database.begin();
        database.insert(sample(6));
        database.insert(one);
        QVERIFY(database.commit());
        const auto found = database.find(7);
        QVERIFY(found);
        QCOMPARE(found->record, one.record);
        QCOMPARE(found->requestHead, one.requestHead);
        QCOMPARE(found->responseHead, one.responseHead);
        QCOMPARE(found->trailers, one.trailers);
        QCOMPARE(found->request.bytes, one.request.bytes);
        QCOMPARE(found->response.kept, one.response.kept);
        QVERIFY(found->response.inFile && !found->request.inFile);
        QVERIFY(found->messages == one.messages);
        QVERIFY(!database.has(8));
    }

    // One that took long stands in a block of later ones.
    void findsThoseThatEndedLateInTheirPlace()
    {
        Database database;
        QVERIFY(database.open(m_folder->filePath("history.db").toStdString()).ok());
        for (RecordId first = 10; first < 100; first += 10) {
            database.begin();
            for (RecordId id = first; id < first + 10; ++id)
                if (id != 15 && id != 33)
                    database.insert(sample(id));
            if (first == 80) {
                database.insert(sample(33));
                database.insert(sample(15));
            }
            QVERIFY(database.commit());
        }
        for (const RecordId before : {100, 86, 34, 20}) {
            std::vector<Record> expected;
            for (RecordId id = before - 1; id >= 10 && expected.size() < 7; --id)
                expected.push_back(sample(id).record);
            QCOMPARE(database.query({{}, before, 7}), expected);
        }
        QVERIFY(database.has(15) && database.has(33));
        QCOMPARE(database.count(), uint64_t(90));
    }

    void forgetsInPartsAndRemembersHowFar()
    {
        const std::string file = m_folder->filePath("history.db").toStdString();
        {
            Database database;
            QVERIFY(database.open(file).ok());
            database.begin();
            for (RecordId id = 1; id <= 100; ++id) {
                CapturedExchange one = sample(id);
                one.request = {10, "0123456789", false};
                one.response.kept = id == 5 ? 90 : 0;
                one.response.inFile = id == 5;
                database.insert(one);
            }
            QVERIFY(database.commit());
            QCOMPARE(database.bodyBytes(), uint64_t(1090));
            database.begin();
            const auto gone = database.forgetBodies(45);
            QCOMPARE(gone.size(), size_t(5));
            QVERIFY(gone.back().inFile && !gone.front().inFile);
            QCOMPARE(gone.back().bytes, uint64_t(100));
            const Database::Removed removed = database.removeOldest(8, 8);
            QCOMPARE(removed.last, RecordId(8));
            QCOMPARE(removed.bodies.size(), size_t(3));
            QVERIFY(database.commit());
        }
        Database database;
        QVERIFY(database.open(file).ok());
        QCOMPARE(database.count(), uint64_t(92));
        QCOMPARE(database.bodyBytes(), uint64_t(920));
        QVERIFY(!database.has(8) && database.has(9));
        QCOMPARE(database.find(9)->request.bytes, std::string("0123456789"));
        QCOMPARE(database.query({{}, 0, 500}).size(), size_t(92));
        database.begin();
        QCOMPARE(database.removeOldest(1000, 1000).count, uint64_t(92));
        QVERIFY(database.commit());
        QCOMPARE(database.count(), uint64_t(0));
        QCOMPARE(database.bodyBytes(), uint64_t(0));
        database.begin();
        database.insert(sample(101));
        QVERIFY(database.commit());
        QCOMPARE(database.query({{}, 0, 500}).size(), size_t(1));
    }

    void writesOnlyHowAHeadDiffersFromTheOneBefore()
    {
        const std::vector<std::string> heads = {"GET /a HTTP/1.1\r\nHost: a\r\n\r\n",
                                                "GET /a HTTP/1.1\r\nHost: a\r\n\r\n",
                                                "GET /bc HTTP/1.1\r\nHost: a\r\n\r\n",
                                                "",
                                                "aaaa",
                                                "aa",
                                                "aaaaaa",
                                                "aabaa",
                                                "aaba"};
        BlockBytes block;
        CapturedExchange one;
        for (const std::string& head : heads) {
            one.requestHead = head;
            one.responseHead = head + head;
            block.append(one);
        }
        for (size_t i = 0; i < heads.size(); ++i) {
            CapturedExchange found;
            QVERIFY(readDetails(block.details(), i, found));
            QCOMPARE(found.requestHead, heads[i]);
            QCOMPARE(found.responseHead, heads[i] + heads[i]);
        }
        const size_t before = block.size();
        one.requestHead = std::string(5000, 'x');
        block.append(one);
        block.append(one);
        QVERIFY(block.size() < before + 5100);
    }

    void removesWholeBlocksWithTheirBodies()
    {
        Database database;
        QVERIFY(database.open(m_folder->filePath("history.db").toStdString()).ok());
        for (RecordId id = 1; id <= 40; ++id) {
            if (id % 10 == 1)
                database.begin();
            CapturedExchange one = sample(id);
            one.response = {3, "abc", false};
            if (id == 25)
                one.request = {9, {}, true};
            database.insert(one);
            if (id % 10 == 0)
                QVERIFY(database.commit());
        }
        database.begin();
        const Database::Removed removed = database.removeOldest(34, 34);
        QVERIFY(database.commit());
        QCOMPARE(removed.last, RecordId(34));
        QCOMPARE(removed.count, uint64_t(34));
        uint64_t bytes = 0;
        std::vector<RecordId> files;
        for (const Database::KeptBodies& one : removed.bodies) {
            bytes += one.bytes;
            if (one.inFile)
                files.push_back(one.id);
        }
        QCOMPARE(bytes, uint64_t(34 * 3 + 9));
        QCOMPARE(files, std::vector<RecordId>{25});
        QCOMPARE(database.count(), uint64_t(6));
        database.begin();
        QCOMPARE(database.removeOldest(1, 6).count, uint64_t(6)); // the rest of a block
        QVERIFY(database.commit());
        QCOMPARE(database.bodyBytes(), uint64_t(0));
    }

    void keepsWhatIsNoBlockYetForALaterCommit()
    {
        Database database;
        QVERIFY(database.open(m_folder->filePath("history.db").toStdString()).ok());
        database.begin();
        for (RecordId id = 1; id <= Database::BlockRecords + 1; ++id)
            database.insert(sample(id));
        QVERIFY(database.commit(Database::Commit::WholeBlocks));
        QVERIFY(database.waits());
        QCOMPARE(database.query({{}, 0, 2}).front().id, RecordId(Database::BlockRecords + 1));
        database.begin();
        QVERIFY(database.commit());
        QCOMPARE(database.count(), uint64_t(Database::BlockRecords + 1));
        QVERIFY(!database.waits());
    }

    void stopsAtBytesThatAreNoBlock()
    {
        BlockBytes block;
        block.append(sample(1));
        block.append(sample(2));
        CapturedExchange one;
        for (size_t size = 0; size < block.rows().size(); ++size) {
            size_t whole = 0;
            for (RowReader row(std::string_view(block.rows()).substr(0, size)); row.next();)
                ++whole;
            QVERIFY(whole < 2);
        }
        QVERIFY(!readDetails("\x05"
                             "abc",
                             0, one));
        QVERIFY(!readBodies(block.bodies(), 2, one));
    }
};

QTEST_GUILESS_MAIN(TestDatabase)
#include "tst_database.moc"
