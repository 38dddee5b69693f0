#include "net_test.h"

#include <sallyport/net/deadline.h>

#include <memory>
#include <string>

using namespace sallyport;
using namespace sallyport::net;
using namespace sallyport::net::test;
using namespace std::chrono_literals;

class TestDeadline : public QObject
{
    Q_OBJECT

private slots:
    void comesInTheOrderInWhichItIsDue();
    void comesNotBeforeItsTime();
    void comesOnce();
    void doesNotComeWhenCleared();
    void doesNotComeWhenDestroyed();
    void comesLaterWhenMovedAway();
    void comesSoonerWhenMovedNear();
    void mayBeDestroyedInItsOwnCall();
    void mayDestroyTheOthersInItsCall();
    void waitsForTheNextRoundWhenItSetsItselfToThePast();
    void takesAVeryFarInstant();
    void outlivesItsQueueQuietly();
};

void TestDeadline::comesInTheOrderInWhichItIsDue()
{
    DeadlineQueue queue;
    std::string order;
    Deadline c(queue, [&] { order += 'c'; });
    Deadline a(queue, [&] { order += 'a'; });
    Deadline b(queue, [&] { order += 'b'; });
    const TimePoint now = Clock::now();
    c.set(now + 12ms);
    a.set(now + 4ms);
    b.set(now + 8ms);
    QVERIFY(runUntil([&] { return order.size() == 3; }));
    QCOMPARE(order, std::string("abc"));
}

void TestDeadline::comesNotBeforeItsTime()
{
    DeadlineQueue queue;
    bool due = false;
    Deadline deadline(queue, [&] { due = true; });
    const TimePoint when = Clock::now() + 7ms;
    deadline.set(when);
    QVERIFY(deadline.isSet());
    QVERIFY(runUntil([&] { return due; }));
    QVERIFY(Clock::now() >= when);
    QVERIFY(!deadline.isSet());
}

void TestDeadline::comesOnce()
{
    DeadlineQueue queue;
    int count = 0;
    bool end = false;
    Deadline deadline(queue, [&] { ++count; });
    Deadline last(queue, [&] { end = true; });
    deadline.set(Clock::now());
    last.set(Clock::now() + 10ms);
    QVERIFY(runUntil([&] { return end; }));
    QCOMPARE(count, 1);
}

void TestDeadline::doesNotComeWhenCleared()
{
    DeadlineQueue queue;
    bool wrong = false;
    bool end = false;
    Deadline deadline(queue, [&] { wrong = true; });
    Deadline last(queue, [&] { end = true; });
    deadline.set(Clock::now() + 2ms);
    last.set(Clock::now() + 10ms);
    deadline.clear();
    QVERIFY(!deadline.isSet());
    QVERIFY(runUntil([&] { return end; }));
    QVERIFY(!wrong);
    deadline.set(std::nullopt);
    QVERIFY(!deadline.isSet());
}

void TestDeadline::doesNotComeWhenDestroyed()
{
    DeadlineQueue queue;
    bool wrong = false;
    bool end = false;
    auto deadline = std::make_unique<Deadline>(queue, [&] { wrong = true; });
    Deadline last(queue, [&] { end = true; });
    deadline->set(Clock::now() + 2ms);
    last.set(Clock::now() + 10ms);
    deadline.reset();
    QVERIFY(runUntil([&] { return end; }));
    QVERIFY(!wrong);
}

void TestDeadline::comesLaterWhenMovedAway()
{
    DeadlineQueue queue;
    bool due = false;
    Deadline deadline(queue, [&] { due = true; });
    const TimePoint start = Clock::now();
    for (int i = 1; i <= 20; ++i)
        deadline.set(start + i * 1ms);
    QVERIFY(runUntil([&] { return due; }));
    QVERIFY(Clock::now() >= start + 20ms);
}

void TestDeadline::comesSoonerWhenMovedNear()
{
    DeadlineQueue queue;
    bool due = false;
    Deadline deadline(queue, [&] { due = true; });
    deadline.set(Clock::now() + 1h);
    deadline.set(Clock::now() + 1ms);
    QVERIFY(runUntil([&] { return due; }));
}

void TestDeadline::mayBeDestroyedInItsOwnCall()
{
    DeadlineQueue queue;
    std::unique_ptr<Deadline> deadline;
    const std::string long_("a text that stands on the heap, to be read after the destruction");
    std::string got;
    deadline = std::make_unique<Deadline>(queue, [&, long_] {
        deadline.reset();
        got = long_;
    });
    deadline->set(Clock::now());
    QVERIFY(runUntil([&] { return !deadline; }));
    QCOMPARE(got, long_);
}

void TestDeadline::mayDestroyTheOthersInItsCall()
{
    DeadlineQueue queue;
    std::unique_ptr<Deadline> others[3];
    int count = 0;
    const TimePoint now = Clock::now();
    for (auto& other : others) {
        other = std::make_unique<Deadline>(queue, [&] {
            ++count;
            for (auto& each : others)
                each.reset();
        });
        other->set(now);
    }
    bool end = false;
    Deadline last(queue, [&] { end = true; });
    last.set(now + 5ms);
    QVERIFY(runUntil([&] { return end; }));
    QCOMPARE(count, 1);
}

void TestDeadline::waitsForTheNextRoundWhenItSetsItselfToThePast()
{
    DeadlineQueue queue;
    int count = 0;
    std::unique_ptr<Deadline> deadline;
    deadline = std::make_unique<Deadline>(queue, [&] {
        if (++count < 1000)
            deadline->set(Clock::now() - 1h);
    });
    deadline->set(Clock::now() - 1h);
    bool other = false;
    QTimer::singleShot(0, this, [&] { other = true; });
    QVERIFY(runUntil([&] { return other; }));
    QVERIFY2(count < 1000, "the loop had no other turn");
    QVERIFY(runUntil([&] { return count == 1000; }));
}

void TestDeadline::takesAVeryFarInstant()
{
    DeadlineQueue queue;
    bool wrong = false;
    Deadline far(queue, [&] { wrong = true; });
    far.set(Clock::now() + std::chrono::hours(24 * 365 * 50));
    bool near = false;
    Deadline soon(queue, [&] { near = true; });
    soon.set(Clock::now() + 2ms);
    QVERIFY(runUntil([&] { return near; }));
    QVERIFY(!wrong);
}

void TestDeadline::outlivesItsQueueQuietly()
{
    auto queue = std::make_unique<DeadlineQueue>();
    Deadline deadline(*queue, [] {});
    deadline.set(Clock::now() + 1h);
    queue.reset();
}

SALLYPORT_NET_TEST_MAIN(TestDeadline)
#include "tst_deadline.moc"
