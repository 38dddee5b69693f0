// Lines that say what happened and that nothing from outside can break.
#include "memory_sink.h"

#include <sallyport/base/secret.h>
#include <sallyport/observe/log.h>

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <new>
#include <thread>
#include <vector>

using namespace sallyport;
using namespace sallyport::observe;
using namespace std::chrono_literals;

// The sanitizers bring allocators of their own.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define COUNTS_ALLOCATIONS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define COUNTS_ALLOCATIONS 0
#endif
#endif
#ifndef COUNTS_ALLOCATIONS
#define COUNTS_ALLOCATIONS 1
#endif

namespace {
std::atomic<uint64_t> allocations{0};
}

#if COUNTS_ALLOCATIONS

// Counts, so that a test can say "allocates nothing". Inlined, GCC 14 takes the pair for a
// mismatch.
[[gnu::noinline]] void* operator new(size_t size)
{
    ++allocations;
    if (void* memory = std::malloc(size == 0 ? 1 : size))
        return memory;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept
{
    std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept
{
    std::free(memory);
}

#endif

class TestLog : public QObject
{
    Q_OBJECT

    std::shared_ptr<MemorySink> m_sink = std::make_shared<MemorySink>();

    Log log(Format format, Level level = Level::Info)
    {
        return Log(m_sink, format, level, fixedTime);
    }

    QJsonObject json(std::string_view message, Fields fields = {})
    {
        log(Format::Json).info(message, fields);
        const std::string line = m_sink->take();
        QJsonParseError error;
        const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(line), &error);
        if (error.error != QJsonParseError::NoError || line.find('\n') + 1 != line.size())
            qCritical("not one line of JSON: %s", line.c_str());
        return document.object();
    }
    std::string text(std::string_view message, Fields fields = {})
    {
        log(Format::Text).info(message, fields);
        const std::string line = m_sink->take();
        return line.substr(line.find("info") + 8);
    }

private slots:
    void init() { m_sink->take(); }

    void writesOneLineOfText()
    {
        log(Format::Text)
            .info("link up",
                  {{"tenant", "alice"}, {"streams", 3}, {"rtt", 12300us}, {"tls", true}});
        QCOMPARE(m_sink->take(),
                 std::string("2026-01-31T12:00:00.123Z info    link up tenant=alice streams=3 "
                             "rtt=12.3ms tls=true\n"));
        log(Format::Text).warning("slow");
        QCOMPARE(m_sink->take(), std::string("2026-01-31T12:00:00.123Z warning slow\n"));
    }

    void writesOneObjectOfJson()
    {
        const auto object = json(
            "link up", {{"tenant", "alice"}, {"streams", -3}, {"rtt", 12300us}, {"ok", false}});
        QCOMPARE(object["time"].toString(), "2026-01-31T12:00:00.123Z");
        QCOMPARE(object["level"].toString(), "info");
        QCOMPARE(object["message"].toString(), "link up");
        QCOMPARE(object["tenant"].toString(), "alice");
        QCOMPARE(object["streams"].toInt(), -3);
        QCOMPARE(object["rtt"].toDouble(), 0.0123);
        QCOMPARE(object["ok"].toBool(true), false);
    }

    void writesPrioritiesForTheJournalInsteadOfTimes()
    {
        Log journal = log(Format::Journal, Level::Debug);
        journal.debug("d");
        journal.info("i", {{"k", 1}});
        journal.warning("w");
        journal.error("e");
        QCOMPARE(m_sink->take(), std::string("<7>d\n<6>i k=1\n<4>w\n<3>e\n"));
    }

    void keepsBackWhatIsBelowTheLevel()
    {
        Log quiet = log(Format::Text, Level::Warning);
        quiet.info("no");
        quiet.warning("yes");
        QVERIFY(!quiet.enabled(Level::Info));
        const Log copy = quiet.with({{"a", 1}});
        quiet.setLevel(Level::Debug);
        QVERIFY(copy.enabled(Level::Debug));
        quiet.setLevel(Level::Off);
        quiet.error("no");
        QVERIFY(!quiet.enabled(Level::Off));
        QCOMPARE(m_sink->take(), std::string("2026-01-31T12:00:00.123Z warning yes\n"));
    }

    void saysNothingByDefault()
    {
        Log none;
        none.error("nobody hears");
        none.setLevel(Level::Debug);
        none.error("nobody hears");
        none.with({{"a", 1}}).error("nobody hears");
        none.flush();
    }

    void carriesTheContextInEveryLine()
    {
        const Log link = log(Format::Text).with({{"link", 7}}).with({{"tenant", "a b"}});
        link.info("up", {{"n", 1}});
        QVERIFY(m_sink->take().ends_with("up link=7 tenant=\"a b\" n=1\n"));
        log(Format::Json).with({{"link", 7}}).info("up");
        QVERIFY(m_sink->take().ends_with("\"message\":\"up\",\"link\":7}\n"));
    }

    void neverShowsASecret()
    {
        const Secret secret("spt_secret");
        QCOMPARE(text("login", {{"token", secret}}), std::string("login token=***\n"));
        QCOMPARE(json("login", {{"token", secret}})["token"].toString(), "***");
    }

    void escapesWhatCouldForgeALine_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("shown");
        QTest::newRow("newline") << QByteArray("a\nb") << "a\\nb";
        QTest::newRow("carriage return") << QByteArray("a\rb") << "a\\rb";
        QTest::newRow("escape") << QByteArray("\x1b[2J") << "\\x1b[2J";
        QTest::newRow("zero") << QByteArray("a\0b", 3) << "a\\x00b";
        QTest::newRow("delete") << QByteArray("\x7f") << "\\x7f";
        QTest::newRow("blank") << QByteArray("a b") << "\"a b\"";
        QTest::newRow("empty") << QByteArray("") << "\"\"";
        QTest::newRow("equals") << QByteArray("a=b") << "\"a=b\"";
        QTest::newRow("quote") << QByteArray("a\"b") << "\"a\\\"b\"";
        QTest::newRow("backslash") << QByteArray("a\\nb") << "\"a\\\\nb\"";
        QTest::newRow("utf-8") << QByteArray("k\xc3\xa4se") << "k\xc3\xa4se";
        QTest::newRow("not utf-8") << QByteArray("a\xff\x80") << "a\\xff\\x80";
        QTest::newRow("overlong") << QByteArray("\xc0\xaf") << "\\xc0\\xaf";
        QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << "\\xed\\xa0\\x80";
        QTest::newRow("cut off") << QByteArray("a\xe2\x82") << "a\\xe2\\x82";
        QTest::newRow("c1 control") << QByteArray("\xc2\x9b") << "\\u{9b}";
        QTest::newRow("line separator") << QByteArray("\xe2\x80\xa8") << "\\u{2028}";
        QTest::newRow("right to left") << QByteArray("\xe2\x80\xae") << "\\u{202e}";
    }
    void escapesWhatCouldForgeALine()
    {
        QFETCH(QByteArray, value);
        QFETCH(QString, shown);
        const std::string bytes = value.toStdString();
        QCOMPARE(QString::fromStdString(text("m", {{"k", bytes}})), "m k=" + shown + "\n");
        // The message too, where blanks and quotes may stand.
        const std::string line = text(bytes);
        QCOMPARE(std::count(line.begin(), line.end(), '\n'), 1);
        QVERIFY(line.find('\x1b') == std::string::npos);
        // And JSON stays JSON, with the very text back where it is UTF-8.
        const auto back = json("m", {{"k", bytes}})["k"].toString();
        if (QString::fromUtf8(value).toUtf8() == value)
            QCOMPARE(back, QString::fromUtf8(value));
    }

    void keepsJsonWholeForEveryByte()
    {
        for (int byte = 0; byte < 256; ++byte) {
            const std::string value = "x" + std::string(1, char(byte)) + "y";
            QVERIFY(json(value, {{"k", value}}).contains("k"));
        }
    }

    void showsNumbersThatAreNoneAsNull()
    {
        QVERIFY(json("m", {{"k", std::nan("")}})["k"].isNull());
        QVERIFY(json("m", {{"k", HUGE_VAL}})["k"].isNull());
        QCOMPARE(text("m", {{"k", UINT64_MAX}}), std::string("m k=18446744073709551615\n"));
    }

    void cutsLongValues()
    {
        const std::string line = text("m", {{"k", std::string(5000, 'x')}});
        QCOMPARE(line, "m k=" + std::string(Log::MaxValue, 'x') + "...\n");
        QVERIFY(text(std::string(100'000, '\n')).size() < 2 * Log::MaxValue);
    }

    void leavesOutFieldsOfALineThatIsTooLong()
    {
        const std::string value(1000, 'x');
        const Fields fields = {{"a", value}, {"b", value}, {"c", value}, {"d", value}, {"e", value},
                               {"f", value}, {"g", value}, {"h", value}, {"i", value}, {"j", 1}};
        const std::string line = text("m", fields);
        QVERIFY(line.size() <= Log::MaxLine);
        QVERIFY(line.ends_with("fields_left_out=1\n"));
        const auto object = json("m", fields);
        QCOMPARE(object["fields_left_out"].toInt(), 1);
        QCOMPARE(object["j"].toInt(), 1);
    }

    void boundsTheContext()
    {
        Log deep = log(Format::Text);
        for (int i = 0; i < 100; ++i)
            deep = deep.with({{"k", std::string(100, 'x')}});
        deep.info("m");
        QVERIFY(m_sink->take().size() <= Log::MaxLine);
    }

    void allocatesNothingBelowTheLevelAndAfterTheFirstLine()
    {
        if (!COUNTS_ALLOCATIONS)
            QSKIP("a sanitizer allocates here");
        class Nowhere : public Sink
        {
            void write(std::string_view) override {}
        };
        const Log quiet(std::make_shared<Nowhere>(), Format::Text, Level::Info, fixedTime);
        const std::string tenant = "alice";
        quiet.info("warm up the thread's buffer, which keeps its size",
                   {{"tenant", tenant}, {"n", 1}, {"t", 5ms}});
        const uint64_t before = allocations;
        for (int i = 0; i < 100; ++i) {
            quiet.debug("no", {{"tenant", tenant}, {"n", i}});
            quiet.info("yes", {{"tenant", tenant}, {"n", i}, {"t", 5ms}});
        }
        QCOMPARE(allocations.load(), before);
    }

    void keepsLinesWholeFromSeveralThreads()
    {
        const Log shared = log(Format::Text);
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&, t] {
                for (int i = 0; i < 500; ++i)
                    shared.info("line", {{"thread", t}, {"i", i}, {"fill", "xxxxxxxxxxxxxxxx"}});
            });
        for (auto& thread : threads)
            thread.join();
        const std::string all = m_sink->take();
        QCOMPARE(std::count(all.begin(), all.end(), '\n'), 2000);
        size_t start = 0;
        while (start < all.size()) {
            const size_t end = all.find('\n', start);
            const std::string line = all.substr(start, end - start);
            QVERIFY(line.starts_with("2026-01-31T12:00:00.123Z info    line thread="));
            QVERIFY(line.ends_with("fill=xxxxxxxxxxxxxxxx"));
            start = end + 1;
        }
    }
};

QTEST_GUILESS_MAIN(TestLog)
#include "tst_log.moc"
