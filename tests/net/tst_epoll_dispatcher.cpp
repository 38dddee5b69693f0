#include "net_test.h"

#include <sallyport/net/epoll_dispatcher.h>

#include <QEventLoop>
#include <QSignalSpy>
#include <QSocketNotifier>
#include <QTemporaryFile>
#include <QThread>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

using namespace sallyport;
using namespace sallyport::net;
using namespace sallyport::net::test;

namespace {

struct Pipe
{
    Pipe()
    {
        if (::pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0)
            qFatal("pipe2: %s", std::strerror(errno));
    }
    ~Pipe()
    {
        ::close(ends[0]);
        ::close(ends[1]);
    }
    void put() { QCOMPARE(::write(ends[1], "x", 1), ssize_t(1)); }
    void take()
    {
        char c;
        QCOMPARE(::read(ends[0], &c, 1), ssize_t(1));
    }
    int ends[2];
};

// A thread whose loop is ours.
class LoopThread
{
public:
    LoopThread()
    {
        m_thread.setEventDispatcher(new EpollDispatcher);
        m_object.moveToThread(&m_thread);
        m_thread.start();
    }
    ~LoopThread()
    {
        m_thread.quit();
        m_thread.wait();
    }
    void post(std::function<void()> f)
    {
        QMetaObject::invokeMethod(&m_object, std::move(f), Qt::QueuedConnection);
    }
    QThread& thread() { return m_thread; }

private:
    QThread m_thread;
    QObject m_object;
};

} // namespace

class TestEpollDispatcher : public QObject
{
    Q_OBJECT

private slots:
    void isTheLoopOfThisThread();

    // Timers
    void firesTimersInTheOrderInWhichTheyAreDue();
    void keepsTheOrderOfTimersOfNoLength();
    void neverFiresEarly();
    void repeatsUntilStopped();
    void forgetsATimerStoppedByAnEarlierOne();
    void keepsAnswersAboutTimers();
    void doesNotRepeatATimerInsideItsOwnNestedLoop();
    void blocksInANestedLoopOfATimerOfNoLength();
    void movesTimersWithTheirObject();

    // Posted events
    void sendsPostedEventsBeforeItWaits();
    void deletesLaterWhatANestedLoopPutOff();
    void takesEventsPostedByThoseWhoListenToAboutToBlock();
    void takesPostedEventsOfManyThreads();
    void leavesWhenAnotherThreadSaysSoHoweverBusy();
    void sendsWhatWasPostedBeforeTheThreadHadALoop();

    // Notifiers
    void tellsReadersAndWriters();
    void repeatsWhileTheDescriptorIsReady();
    void tellsReadersOfAHangUp();
    void disablesANotifierInsideItsOwnSlot();
    void deletesANotifierInsideAnothersSlot();
    void forgetsTheOldOwnerOfADescriptorNumber();
    void watchesANumberWhoseDescriptorWasClosedUnderItsNotifier();
    void leavesNotifiersAloneWhenTheyAreExcluded();
    void callsARegularFileReady();

    // Cost
    void idleDescriptorsCostNoWork();
};

void TestEpollDispatcher::isTheLoopOfThisThread()
{
    QVERIFY(EpollDispatcher::current() != nullptr);
    QCOMPARE(choosePoller().poller, static_cast<Poller*>(EpollDispatcher::current()));
}

// --- timers ---

void TestEpollDispatcher::firesTimersInTheOrderInWhichTheyAreDue()
{
    QString order;
    QTimer::singleShot(30, Qt::PreciseTimer, this, [&] { order += "c"; });
    QTimer::singleShot(10, Qt::PreciseTimer, this, [&] { order += "a"; });
    QTimer::singleShot(20, Qt::PreciseTimer, this, [&] { order += "b"; });
    QVERIFY(runUntil([&] { return order.size() == 3; }));
    QCOMPARE(order, "abc");
}

void TestEpollDispatcher::keepsTheOrderOfTimersOfNoLength()
{
    QTimer timers[3];
    QString order;
    for (int i = 0; i < 3; ++i) {
        timers[i].callOnTimeout([&order, i] { order += QChar('a' + i); });
        timers[i].start(0);
    }
    QVERIFY(runUntil([&] { return order.size() >= 9; }));
    QCOMPARE(order.left(9), "abcabcabc");
}

void TestEpollDispatcher::neverFiresEarly()
{
    for (const int ms : {1, 7, 13}) {
        const auto start = std::chrono::steady_clock::now();
        bool fired = false;
        QTimer::singleShot(ms, Qt::PreciseTimer, this, [&] { fired = true; });
        QVERIFY(runUntil([&] { return fired; }));
        QVERIFY(std::chrono::steady_clock::now() - start >= std::chrono::milliseconds(ms));
    }
}

void TestEpollDispatcher::repeatsUntilStopped()
{
    QTimer timer;
    int count = 0;
    timer.callOnTimeout([&] {
        if (++count == 5)
            timer.stop();
    });
    timer.start(1);
    bool end = false;
    QTimer::singleShot(50, this, [&] { end = true; });
    QVERIFY(runUntil([&] { return end; }));
    QCOMPARE(count, 5);
}

void TestEpollDispatcher::forgetsATimerStoppedByAnEarlierOne()
{
    QTimer first;
    QTimer second;
    bool wrong = false;
    int fired = 0;
    second.callOnTimeout([&] { wrong = true; });
    first.callOnTimeout([&] {
        second.stop();
        ++fired;
    });
    first.start(0);
    second.start(0);
    QVERIFY(runUntil([&] { return fired == 3; }));
    QVERIFY(!wrong);
}

void TestEpollDispatcher::keepsAnswersAboutTimers()
{
    QObject object;
    auto* const loop = QAbstractEventDispatcher::instance();
    const int a = object.startTimer(1000, Qt::PreciseTimer);
    const int b = object.startTimer(500, Qt::VeryCoarseTimer);
    const auto infos = loop->registeredTimers(&object);
    QCOMPARE(infos.size(), 2);
    for (const auto& info : infos) {
        QCOMPARE(info.interval, info.timerId == a ? 1000 : 500);
        QCOMPARE(info.timerType, info.timerId == a ? Qt::PreciseTimer : Qt::VeryCoarseTimer);
    }
    QVERIFY(loop->remainingTime(a) > 500 && loop->remainingTime(a) <= 1000);
    object.killTimer(a);
    object.killTimer(b);
    QCOMPARE(loop->remainingTime(a), -1);
    QVERIFY(loop->registeredTimers(&object).isEmpty());
    QVERIFY(!loop->unregisterTimers(&object));
}

void TestEpollDispatcher::doesNotRepeatATimerInsideItsOwnNestedLoop()
{
    QTimer timer;
    int count = 0;
    int inside = 0;
    timer.callOnTimeout([&] {
        ++count;
        QEventLoop nested;
        QTimer::singleShot(20, &nested, &QEventLoop::quit);
        nested.exec();
        inside = count;
        timer.stop();
    });
    timer.start(1);
    QVERIFY(runUntil([&] { return inside != 0; }));
    QCOMPARE(inside, 1);
}

void TestEpollDispatcher::blocksInANestedLoopOfATimerOfNoLength()
{
    QTimer timer;
    uint64_t waits = 0;
    timer.callOnTimeout([&] {
        timer.stop();
        timer.start(0);
        timer.stop();
        QTimer other;
        other.callOnTimeout([&] {
            QEventLoop nested;
            QTimer::singleShot(20, &nested, &QEventLoop::quit);
            const uint64_t before = EpollDispatcher::current()->work().waits;
            nested.exec();
            waits = EpollDispatcher::current()->work().waits - before;
        });
        other.start(0);
        runUntil([&] { return waits != 0; });
    });
    timer.start(0);
    QVERIFY(runUntil([&] { return waits != 0; }));
    QVERIFY2(waits < 10, qPrintable(QString::number(waits)));
}

void TestEpollDispatcher::movesTimersWithTheirObject()
{
    LoopThread other;
    auto* const timer = new QTimer;
    std::atomic<QThread*> firedOn{nullptr};
    timer->callOnTimeout(timer, [&firedOn, timer] {
        firedOn = QThread::currentThread();
        timer->deleteLater();
    });
    timer->start(1);
    timer->moveToThread(&other.thread());
    QVERIFY(QTest::qWaitFor([&] { return firedOn != nullptr; }, 30'000));
    QCOMPARE(firedOn.load(), &other.thread());
}

// --- posted events ---

void TestEpollDispatcher::sendsPostedEventsBeforeItWaits()
{
    QObject object;
    bool sent = false;
    QMetaObject::invokeMethod(
        &object, [&] { sent = true; }, Qt::QueuedConnection);
    QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    QVERIFY(sent);
}

void TestEpollDispatcher::deletesLaterWhatANestedLoopPutOff()
{
    QPointer<QObject> object;
    QEventLoop loop;
    QTimer::singleShot(0, this, [&] {
        object = new QObject;
        connect(object, &QObject::destroyed, &loop, &QEventLoop::quit);
        object->deleteLater();
        QEventLoop nested;
        QTimer::singleShot(5, &nested, &QEventLoop::quit);
        nested.exec();
        QVERIFY(object); // it belongs to the outer loop
    });
    QTimer::singleShot(30'000, &loop, &QEventLoop::quit);
    loop.exec();
    QVERIFY(!object);
}

void TestEpollDispatcher::takesEventsPostedByThoseWhoListenToAboutToBlock()
{
    QObject object;
    bool sent = false;
    auto* const loop = QAbstractEventDispatcher::instance();
    connect(loop, &QAbstractEventDispatcher::aboutToBlock, &object, [&] {
        if (!sent)
            QMetaObject::invokeMethod(
                &object, [&] { sent = true; }, Qt::QueuedConnection);
    });
    QVERIFY(runUntil([&] { return sent; }));
}

void TestEpollDispatcher::takesPostedEventsOfManyThreads()
{
    constexpr int Threads = 4;
    constexpr int Each = 5000;
    LoopThread loop;
    std::atomic<int> taken{0};
    int sum = 0; // of the loop's thread alone
    std::vector<std::thread> posters;
    for (int t = 0; t < Threads; ++t)
        posters.emplace_back([&] {
            for (int i = 0; i < Each; ++i)
                loop.post([&] {
                    ++sum;
                    taken.fetch_add(1);
                });
        });
    for (auto& poster : posters)
        poster.join();
    QVERIFY(QTest::qWaitFor([&] { return taken == Threads * Each; }, 60'000));
    QCOMPARE(sum, Threads * Each);
}

// A wake-up from outside must not hide behind one that the loop's own thread has just made.
void TestEpollDispatcher::leavesWhenAnotherThreadSaysSoHoweverBusy()
{
    for (int i = 0; i < 200; ++i) {
        QThread thread;
        thread.setEventDispatcher(new EpollDispatcher);
        auto* const object = new QObject;
        object->moveToThread(&thread);
        connect(&thread, &QThread::finished, object, &QObject::deleteLater);
        int left = i;
        std::function<void()> again = [&] {
            if (left-- > 0)
                QMetaObject::invokeMethod(object, again, Qt::QueuedConnection);
        };
        QMetaObject::invokeMethod(object, again, Qt::QueuedConnection);
        thread.start();
        thread.quit();
        QVERIFY(thread.wait(30'000));
    }
}

void TestEpollDispatcher::sendsWhatWasPostedBeforeTheThreadHadALoop()
{
    QThread thread;
    QObject object;
    object.moveToThread(&thread);
    std::atomic<bool> sent{false};
    QMetaObject::invokeMethod(
        &object, [&] { sent = true; }, Qt::QueuedConnection);
    thread.setEventDispatcher(new EpollDispatcher);
    thread.start();
    QVERIFY(QTest::qWaitFor([&] { return sent.load(); }, 30'000));
    thread.quit();
    QVERIFY(thread.wait(30'000));
}

// --- notifiers ---

void TestEpollDispatcher::tellsReadersAndWriters()
{
    auto [a, b] = socketPair();
    QSocketNotifier read(a.descriptor(), QSocketNotifier::Read);
    QSocketNotifier write(a.descriptor(), QSocketNotifier::Write);
    QSignalSpy readable(&read, &QSocketNotifier::activated);
    QSignalSpy writable(&write, &QSocketNotifier::activated);
    QVERIFY(runUntil([&] { return !writable.isEmpty(); }));
    QVERIFY(readable.isEmpty());
    write.setEnabled(false);
    QVERIFY(b.write(asBytes("x")).bytes == 1);
    QVERIFY(runUntil([&] { return !readable.isEmpty(); }));
    const auto told = writable.size();
    spin(3);
    QCOMPARE(writable.size(), told);
}

void TestEpollDispatcher::repeatsWhileTheDescriptorIsReady()
{
    Pipe pipe;
    QSocketNotifier read(pipe.ends[0], QSocketNotifier::Read);
    int told = 0;
    connect(&read, &QSocketNotifier::activated, this, [&] { ++told; });
    pipe.put();
    QVERIFY(runUntil([&] { return told == 5; }));
    pipe.take();
    const int before = told;
    spin(3);
    QCOMPARE(told, before);
}

void TestEpollDispatcher::tellsReadersOfAHangUp()
{
    Pipe pipe;
    QSocketNotifier read(pipe.ends[0], QSocketNotifier::Read);
    QSignalSpy readable(&read, &QSocketNotifier::activated);
    ::close(std::exchange(pipe.ends[1], -1));
    QVERIFY(runUntil([&] { return !readable.isEmpty(); }));
}

void TestEpollDispatcher::disablesANotifierInsideItsOwnSlot()
{
    Pipe pipe;
    QSocketNotifier read(pipe.ends[0], QSocketNotifier::Read);
    int told = 0;
    connect(&read, &QSocketNotifier::activated, this, [&] {
        ++told;
        read.setEnabled(false);
    });
    pipe.put();
    QVERIFY(runUntil([&] { return told == 1; }));
    spin(3);
    QCOMPARE(told, 1);
    read.setEnabled(true);
    QVERIFY(runUntil([&] { return told == 2; }));
}

void TestEpollDispatcher::deletesANotifierInsideAnothersSlot()
{
    auto [a, b] = socketPair();
    auto [c, d] = socketPair();
    QVERIFY(b.write(asBytes("x")).bytes == 1);
    QVERIFY(d.write(asBytes("x")).bytes == 1);
    // Both are ready in the same turn; each deletes the other, and its own descriptor's writer.
    QSocketNotifier* readers[] = {new QSocketNotifier(a.descriptor(), QSocketNotifier::Read),
                                  new QSocketNotifier(c.descriptor(), QSocketNotifier::Read)};
    auto* const writer = new QSocketNotifier(a.descriptor(), QSocketNotifier::Write);
    auto* const otherWriter = new QSocketNotifier(c.descriptor(), QSocketNotifier::Write);
    int told = 0;
    for (int i = 0; i < 2; ++i)
        connect(readers[i], &QSocketNotifier::activated, this, [&, i] {
            ++told;
            delete std::exchange(readers[1 - i], nullptr);
            writer->setEnabled(false);
            otherWriter->setEnabled(false);
            readers[i]->setEnabled(false);
        });
    QVERIFY(runUntil([&] { return told == 1; }));
    spin(3);
    QCOMPARE(told, 1);
    delete readers[0];
    delete readers[1];
    delete writer;
    delete otherWriter;
}

// Two descriptors are ready in one turn; the first one's slot closes the second and opens another,
// which gets its number.
void TestEpollDispatcher::forgetsTheOldOwnerOfADescriptorNumber()
{
    std::pair<Socket, Socket> pairs[] = {socketPair(), socketPair()};
    std::unique_ptr<QSocketNotifier> readers[2];
    std::unique_ptr<QSocketNotifier> newcomer;
    std::pair<Socket, Socket> newPair;
    bool wrong = false;
    bool done = false;
    for (int i = 0; i < 2; ++i) {
        QVERIFY(pairs[i].second.write(asBytes("x")).bytes == 1);
        readers[i] =
            std::make_unique<QSocketNotifier>(pairs[i].first.descriptor(), QSocketNotifier::Read);
        connect(readers[i].get(), &QSocketNotifier::activated, this, [&, i] {
            readers[i]->setEnabled(false);
            const int other = 1 - i;
            const int number = pairs[other].first.descriptor();
            readers[other].reset();
            pairs[other].first.close();
            newPair = socketPair();
            if (newPair.first.descriptor() != number && newPair.second.descriptor() == number)
                std::swap(newPair.first, newPair.second);
            QCOMPARE(newPair.first.descriptor(), number);
            newcomer = std::make_unique<QSocketNotifier>(number, QSocketNotifier::Read);
            connect(newcomer.get(), &QSocketNotifier::activated, this, [&] { wrong = true; });
            done = true;
        });
    }
    QVERIFY(runUntil([&] { return done; }));
    spin(3);
    QVERIFY(!wrong);
}

void TestEpollDispatcher::watchesANumberWhoseDescriptorWasClosedUnderItsNotifier()
{
    auto [a, b] = socketPair();
    const int number = a.descriptor();
    QSocketNotifier stale(number, QSocketNotifier::Write);
    spin(1);
    a.close();
    auto [c, d] = socketPair();
    if (c.descriptor() != number)
        std::swap(c, d);
    QCOMPARE(c.descriptor(), number);
    QSocketNotifier read(number, QSocketNotifier::Read);
    QSignalSpy readable(&read, &QSocketNotifier::activated);
    QVERIFY(d.write(asBytes("x")).bytes == 1);
    QVERIFY(runUntil([&] { return !readable.isEmpty(); }));
}

void TestEpollDispatcher::leavesNotifiersAloneWhenTheyAreExcluded()
{
    Pipe pipe;
    QSocketNotifier read(pipe.ends[0], QSocketNotifier::Read);
    QSignalSpy readable(&read, &QSocketNotifier::activated);
    pipe.put();
    auto* const loop = QAbstractEventDispatcher::instance();
    loop->processEvents(QEventLoop::ExcludeSocketNotifiers);
    QVERIFY(!loop->processEvents(QEventLoop::ExcludeSocketNotifiers));
    bool fired = false;
    QTimer::singleShot(1, this, [&] { fired = true; });
    int turns = 0;
    while (!fired) {
        loop->processEvents(QEventLoop::ExcludeSocketNotifiers | QEventLoop::WaitForMoreEvents);
        QVERIFY(++turns < 10);
    }
    QVERIFY(readable.isEmpty());
    QVERIFY(runUntil([&] { return !readable.isEmpty(); }));
}

// As poll() does: standard input may be a file.
void TestEpollDispatcher::callsARegularFileReady()
{
    QTemporaryFile file;
    QVERIFY(file.open());
    int told = 0;
    {
        QSocketNotifier read(file.handle(), QSocketNotifier::Read);
        connect(&read, &QSocketNotifier::activated, this, [&] { ++told; });
        QVERIFY(runUntil([&] { return told == 3; }));
    }
    spin(3);
    QCOMPARE(told, 3);
}

// --- cost ---

void TestEpollDispatcher::idleDescriptorsCostNoWork()
{
    constexpr size_t Idle = 2000;
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 8192);
    ::setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < 2 * Idle + 200)
        QSKIP("too few descriptors are allowed here");

    struct Count final : ReadyHandler
    {
        void onReady(Readiness hints) override
        {
            ++calls;
            if (!(hints & Readable))
                return;
            std::byte space[16];
            while (socket->read(space).state == IoResult::State::Ok)
                ++reads;
        }
        Socket* socket = nullptr;
        int calls = 0;
        int reads = 0;
    };
    auto* const loop = EpollDispatcher::current();
    std::vector<std::pair<Socket, Socket>> idle;
    std::vector<std::unique_ptr<Count>> handlers;
    for (size_t i = 0; i < Idle; ++i) {
        idle.push_back(socketPair());
        handlers.push_back(std::make_unique<Count>());
        handlers.back()->socket = &idle.back().first;
        loop->watch(idle.back().first.descriptor(), handlers.back().get());
    }
    for (size_t i = 0; i < Idle; ++i) // the vector has moved them
        handlers[i]->socket = &idle[i].first;
    QVERIFY(runUntil([&] {
        return std::all_of(handlers.begin(), handlers.end(),
                           [](const auto& h) { return h->calls > 0; }); // writable
    }));

    auto [busy, peer] = socketPair();
    Count handler;
    handler.socket = &busy;
    loop->watch(busy.descriptor(), &handler);
    QVERIFY(runUntil([&] { return handler.calls > 0; }));

    const auto before = loop->work();
    for (int i = 1; i <= 100; ++i) {
        QVERIFY(peer.write(asBytes("x")).bytes == 1);
        QVERIFY(runUntil([&] { return handler.reads == i; }));
    }
    const auto after = loop->work();
    QCOMPARE(after.waits - before.waits, uint64_t(100));
    QCOMPARE(after.reports - before.reports, uint64_t(100));
    for (auto& pair : idle)
        loop->unwatch(pair.first.descriptor());
    loop->unwatch(busy.descriptor());
}

SALLYPORT_NET_TEST_MAIN(TestEpollDispatcher)
#include "tst_epoll_dispatcher.moc"
