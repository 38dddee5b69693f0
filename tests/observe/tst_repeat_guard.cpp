// Noisy lines once in a while.
#include <sallyport/observe/repeat_guard.h>

#include <QTest>

using namespace sallyport;
using namespace sallyport::observe;
using namespace std::chrono_literals;

class TestRepeatGuard : public QObject
{
    Q_OBJECT
private slots:
    void letsOneThroughInEachInterval()
    {
        RepeatGuard guard(10s);
        TimePoint now{};
        QCOMPARE(guard.admit("a", now), std::optional<uint64_t>(0));
        for (int i = 0; i < 5; ++i)
            QVERIFY(!guard.admit("a", now + 9s));
        QCOMPARE(guard.admit("b", now + 9s), std::optional<uint64_t>(0));
        QCOMPARE(guard.admit("a", now + 10s), std::optional<uint64_t>(5));
        QCOMPARE(guard.admit("a", now + 20s), std::optional<uint64_t>(0));
    }

    void staysBoundedAndLetsNewKeysShareOnePlace()
    {
        RepeatGuard guard(10s, 4);
        TimePoint now{};
        for (int i = 0; i < 4; ++i)
            QVERIFY(guard.admit(std::to_string(i), now));
        QCOMPARE(guard.admit("x", now + 1s), std::optional<uint64_t>(0));
        for (int i = 0; i < 1000; ++i)
            QVERIFY(!guard.admit("flood" + std::to_string(i), now + 2s));
        QCOMPARE(guard.size(), size_t(4));
        // Keys that are in the table keep their own place.
        QCOMPARE(guard.admit("0", now + 10s), std::optional<uint64_t>(0));
        // Old ones make room.
        QCOMPARE(guard.admit("new", now + 30s), std::optional<uint64_t>(0));
        QVERIFY(guard.size() <= 4);
    }
};

QTEST_GUILESS_MAIN(TestRepeatGuard)
#include "tst_repeat_guard.moc"
