// The contract of poller.h, kept by both implementations.
#include "net_test.h"
#include "notifier_poller.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

using namespace sallyport;
using namespace sallyport::net;
using namespace sallyport::net::test;

namespace {

struct Handler final : ReadyHandler
{
    void onReady(Readiness hints) override
    {
        ++calls;
        seen |= hints;
        if (act)
            act(hints);
    }
    std::function<void(Readiness)> act;
    int calls = 0;
    Readiness seen = 0;
};

struct AtEnd final : TurnEndHandler
{
    AtEnd(std::string& l, char n) : log(l), name(n) {}
    void onTurnEnd() override
    {
        log += name;
        if (act)
            act();
    }
    std::string& log;
    char name;
    std::function<void()> act;
};

// Reads until the system says "would block"; returns what came.
std::string drain(Poller& poller, Socket& socket)
{
    std::string got;
    std::byte space[64];
    for (;;) {
        const IoResult result = socket.read(space);
        if (result.state == IoResult::State::Ok) {
            got += asText(ByteView(space).first(result.bytes));
            continue;
        }
        if (result.state == IoResult::State::WouldBlock)
            poller.drained(socket.descriptor(), Readable);
        if (result.state == IoResult::State::End)
            got += "<end>";
        return got;
    }
}

} // namespace

class TestPoller : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase_data();
    void init();
    void cleanup();

    void tellsWhenBytesCome();
    void tellsOfBytesThatWereThereBefore();
    void tellsAgainAfterDrained();
    void tellsThatAFullSocketTakesBytesAgain();
    void tellsOfAnEndThatComesWithTheLastBytes();
    void tellsOfBytesBehindUrgentData();
    void givesAnotherTurnWithTheHintsAskedFor();
    void putsSeveralWishesForATurnTogether();
    void givesTheOthersTheirTurnInBetween();
    void forgetsAWishOfWhoLeft();
    void staysQuietAfterUnwatch();
    void mayBeLeftInsideItsOwnCall();
    void mayBeLeftInsideAnothersCall();
    void doesNotTellANewcomerWhatWasMeantForItsPredecessor();
    void runsTurnEndsInTheirOrderOnce();
    void runsWhatATurnEndSchedules();
    void takesATurnEndBackWhenItsHandlerGoes();
    void runsTurnEndsBeforeItBlocks();

private:
    std::unique_ptr<NotifierPoller> m_notifiers;
    Poller* m_poller = nullptr;
};

void TestPoller::initTestCase_data()
{
    QTest::addColumn<bool>("notifiers");
#ifdef SALLYPORT_EPOLL
    QTest::newRow("epoll") << false;
#endif
    QTest::newRow("notifiers") << true;
}

void TestPoller::init()
{
    QFETCH_GLOBAL(bool, notifiers);
    if (notifiers) {
        m_notifiers = std::make_unique<NotifierPoller>();
        m_poller = m_notifiers.get();
    } else {
        m_poller = choosePoller().poller;
    }
}

void TestPoller::cleanup()
{
    m_notifiers.reset();
    spin(2);
}

void TestPoller::tellsWhenBytesCome()
{
    auto [a, b] = socketPair();
    Handler handler;
    handler.act = [&, &a = a](Readiness) { drain(*m_poller, a); };
    m_poller->watch(a.descriptor(), &handler);
    spin(2);
    handler.seen = 0;
    QVERIFY(b.write(asBytes("hello")).bytes == 5);
    QVERIFY(runUntil([&] { return (handler.seen & Readable) != 0; }));
    m_poller->unwatch(a.descriptor());
}

void TestPoller::tellsOfBytesThatWereThereBefore()
{
    auto [a, b] = socketPair();
    QVERIFY(b.write(asBytes("hello")).bytes == 5);
    Handler handler;
    m_poller->watch(a.descriptor(), &handler);
    QVERIFY(runUntil([&] { return (handler.seen & Readable) != 0; }));
    m_poller->unwatch(a.descriptor());
}

void TestPoller::tellsAgainAfterDrained()
{
    auto [a, b] = socketPair();
    Handler handler;
    std::string got;
    handler.act = [&, &a = a](Readiness hints) {
        if (hints & Readable)
            got += drain(*m_poller, a);
    };
    m_poller->watch(a.descriptor(), &handler);
    for (size_t i = 1; i <= 20; ++i) {
        QVERIFY(b.write(asBytes("x")).bytes == 1);
        QVERIFY(runUntil([&] { return got.size() == i; }));
    }
    m_poller->unwatch(a.descriptor());
}

void TestPoller::tellsThatAFullSocketTakesBytesAgain()
{
    auto [a, b] = tcpPair();
    Handler handler;
    const std::string block(64 * 1024, 'b');
    bool full = false;
    size_t written = 0;
    const auto fill = [&, &a = a] {
        IoResult result;
        while ((result = a.write(asBytes(block))).state == IoResult::State::Ok)
            written += result.bytes;
        QVERIFY(result.state == IoResult::State::WouldBlock);
        full = true;
        m_poller->drained(a.descriptor(), Writable);
    };
    m_poller->watch(a.descriptor(), &handler);
    fill();
    spin(3); // hints from before may still come
    const size_t before = written;
    handler.act = [&](Readiness hints) {
        if (hints & Writable)
            fill();
    };
    QVERIFY(runUntil([&, &b = b] {
        std::byte space[64 * 1024];
        while (b.read(space).state == IoResult::State::Ok) {
        }
        return written > before;
    }));
    m_poller->unwatch(a.descriptor());
}

// The trap of edge-triggered loops: a read that fills part of its buffer does not mean that there
// is no end to be seen.
void TestPoller::tellsOfAnEndThatComesWithTheLastBytes()
{
    auto [a, b] = tcpPair();
    QVERIFY(b.write(asBytes("bye")).bytes == 3);
    b.close();
    Handler handler;
    bool hangUp = false;
    bool ended = false;
    std::string got;
    // What channel and pump do.
    handler.act = [&, &a = a](Readiness hints) {
        hangUp |= (hints & HangUp) != 0;
        while (hints & Readable) {
            std::byte space[64];
            const IoResult result = a.read(space);
            ended |= result.state == IoResult::State::End;
            if (result.state != IoResult::State::Ok)
                return;
            got += asText(ByteView(space).first(result.bytes));
            if (result.bytes < sizeof space && !hangUp)
                return m_poller->drained(a.descriptor(), Readable);
        }
    };
    m_poller->watch(a.descriptor(), &handler);
    QVERIFY(runUntil([&] { return ended; }));
    QCOMPARE(got, std::string("bye"));
    m_poller->unwatch(a.descriptor());
}

// A read ends in front of urgent data, so it is no sign of an empty socket either.
void TestPoller::tellsOfBytesBehindUrgentData()
{
    auto [a, b] = tcpPair();
    QVERIFY(b.write(asBytes("before")).bytes == 6);
    QCOMPARE(::send(b.descriptor(), "!", 1, MSG_OOB), ssize_t(1));
    QVERIFY(b.write(asBytes("behind")).bytes == 6);
    Handler handler;
    bool hangUp = false;
    std::string got;
    handler.act = [&, &a = a](Readiness hints) {
        hangUp |= (hints & HangUp) != 0;
        while (hints & Readable) {
            std::byte space[64];
            const IoResult result = a.read(space);
            if (result.state == IoResult::State::WouldBlock)
                m_poller->drained(a.descriptor(), Readable);
            if (result.state != IoResult::State::Ok)
                return;
            got += asText(ByteView(space).first(result.bytes));
            if (result.bytes < sizeof space && !hangUp)
                return m_poller->drained(a.descriptor(), Readable);
        }
    };
    m_poller->watch(a.descriptor(), &handler);
    QVERIFY(runUntil([&] { return got == "beforebehind"; }));
    m_poller->unwatch(a.descriptor());
}

void TestPoller::givesAnotherTurnWithTheHintsAskedFor()
{
    auto [a, b] = socketPair();
    Handler handler;
    m_poller->watch(a.descriptor(), &handler);
    spin(2);
    handler.calls = 0;
    handler.seen = 0;
    m_poller->again(a.descriptor(), Readable);
    QCOMPARE(handler.calls, 0);
    QVERIFY(runUntil([&] { return handler.calls == 1; }));
    QCOMPARE(handler.seen, Readable);
    m_poller->unwatch(a.descriptor());
}

void TestPoller::putsSeveralWishesForATurnTogether()
{
    auto [a, b] = socketPair();
    Handler handler;
    m_poller->watch(a.descriptor(), &handler);
    spin(2);
    handler.calls = 0;
    handler.seen = 0;
    m_poller->again(a.descriptor(), 0);
    m_poller->again(a.descriptor(), Readable);
    m_poller->again(a.descriptor(), 0);
    QVERIFY(runUntil([&] { return handler.calls > 0; }));
    spin(3);
    QCOMPARE(handler.calls, 1);
    QCOMPARE(handler.seen, Readable);
    m_poller->unwatch(a.descriptor());
}

// One that always wants another turn keeps nobody waiting.
void TestPoller::givesTheOthersTheirTurnInBetween()
{
    auto [a, b] = socketPair();
    auto [c, d] = socketPair();
    Handler busy;
    busy.act = [&, &a = a](Readiness) { m_poller->again(a.descriptor(), Readable); };
    Handler other;
    int timer = 0;
    m_poller->watch(a.descriptor(), &busy);
    m_poller->watch(c.descriptor(), &other);
    spin(2);
    other.seen = 0;
    QVERIFY(d.write(asBytes("x")).bytes == 1);
    QTimer::singleShot(0, this, [&] { timer = busy.calls; });
    QVERIFY(runUntil([&] { return (other.seen & Readable) && timer > 0; }));
    QVERIFY2(busy.calls < 20, qPrintable(QString::number(busy.calls)));
    m_poller->unwatch(a.descriptor());
    m_poller->unwatch(c.descriptor());
}

void TestPoller::forgetsAWishOfWhoLeft()
{
    auto [a, b] = socketPair();
    Handler handler;
    m_poller->watch(a.descriptor(), &handler);
    m_poller->again(a.descriptor(), Readable);
    m_poller->unwatch(a.descriptor());
    Handler next;
    m_poller->watch(a.descriptor(), &next);
    QVERIFY(runUntil([&] { return next.calls > 0; }));
    spin(3);
    QCOMPARE(handler.calls, 0);
    QCOMPARE(next.seen, Writable);
    m_poller->unwatch(a.descriptor());
    m_poller->again(a.descriptor(), Readable); // harmless
    spin(2);
}

void TestPoller::staysQuietAfterUnwatch()
{
    auto [a, b] = socketPair();
    Handler handler;
    m_poller->watch(a.descriptor(), &handler);
    QVERIFY(b.write(asBytes("x")).bytes == 1);
    m_poller->unwatch(a.descriptor());
    m_poller->unwatch(a.descriptor()); // harmless
    spin(3);
    QCOMPARE(handler.calls, 0);
}

void TestPoller::mayBeLeftInsideItsOwnCall()
{
    auto [a, b] = socketPair();
    auto handler = std::make_unique<Handler>();
    handler->act = [&, &a = a](Readiness) {
        m_poller->unwatch(a.descriptor());
        a.close();
        // The function must not be destroyed while it runs; the handler may.
        const auto keep = std::move(handler->act);
        handler.reset();
    };
    QVERIFY(b.write(asBytes("x")).bytes == 1);
    m_poller->watch(a.descriptor(), handler.get());
    QVERIFY(runUntil([&] { return !handler; }));
    spin(3);
}

void TestPoller::mayBeLeftInsideAnothersCall()
{
    std::vector<std::pair<Socket, Socket>> pairs;
    std::vector<std::unique_ptr<Handler>> handlers;
    int calls = 0;
    for (int i = 0; i < 8; ++i) {
        pairs.push_back(socketPair());
        QVERIFY(pairs.back().second.write(asBytes("x")).bytes == 1);
    }
    for (int i = 0; i < 8; ++i) {
        handlers.push_back(std::make_unique<Handler>());
        handlers.back()->act = [&, i](Readiness) {
            ++calls;
            for (int j = 0; j < 8; ++j) {
                m_poller->unwatch(pairs[size_t(j)].first.descriptor());
                if (j != i)
                    handlers[size_t(j)].reset();
            }
        };
        m_poller->watch(pairs[size_t(i)].first.descriptor(), handlers.back().get());
    }
    QVERIFY(runUntil([&] { return calls > 0; }));
    spin(3);
    QCOMPARE(calls, 1);
}

// All are ready in one turn; the first to be called closes the others and watches new sockets,
// which get the same numbers.
void TestPoller::doesNotTellANewcomerWhatWasMeantForItsPredecessor()
{
    std::vector<std::pair<Socket, Socket>> pairs;
    std::vector<std::pair<Socket, Socket>> newPairs;
    std::vector<std::unique_ptr<Handler>> handlers;
    std::vector<std::unique_ptr<Handler>> newcomers;
    bool done = false;
    bool reused = false;
    for (int i = 0; i < 4; ++i) {
        pairs.push_back(socketPair());
        QVERIFY(pairs.back().second.write(asBytes("x")).bytes == 1);
        handlers.push_back(std::make_unique<Handler>());
        m_poller->watch(pairs.back().first.descriptor(), handlers.back().get());
    }
    const auto replace = [&](size_t self) {
        std::vector<int> numbers;
        for (size_t j = 0; j < 4; ++j) {
            m_poller->unwatch(pairs[j].first.descriptor());
            if (j == self)
                continue;
            numbers.push_back(pairs[j].first.descriptor());
            pairs[j].first.close();
            pairs[j].second.close();
        }
        for (size_t j = 0; j < 3; ++j) {
            newPairs.push_back(socketPair());
            newcomers.push_back(std::make_unique<Handler>());
            const int number = newPairs.back().first.descriptor();
            reused |= std::find(numbers.begin(), numbers.end(), number) != numbers.end();
            m_poller->watch(number, newcomers.back().get());
        }
        done = true;
    };
    for (size_t i = 0; i < 4; ++i)
        handlers[i]->act = [&, i](Readiness) {
            if (!done)
                replace(i);
        };
    QVERIFY(runUntil([&] { return done; }));
    spin(4);
    QVERIFY(reused);
    for (auto& newcomer : newcomers)
        QVERIFY(!(newcomer->seen & (Readable | HangUp)));
    for (auto& pair : newPairs)
        m_poller->unwatch(pair.first.descriptor());
}

// --- the end of a turn ---

void TestPoller::runsTurnEndsInTheirOrderOnce()
{
    std::string log;
    AtEnd a(log, 'a');
    AtEnd b(log, 'b');
    AtEnd c(log, 'c');
    m_poller->atTurnEnd(&b);
    m_poller->atTurnEnd(&a);
    m_poller->atTurnEnd(&b);
    m_poller->atTurnEnd(&c);
    QVERIFY(log.empty());
    QVERIFY(runUntil([&] { return log.size() >= 3; }));
    spin(2);
    QCOMPARE(log, std::string("bac"));
}

void TestPoller::runsWhatATurnEndSchedules()
{
    std::string log;
    AtEnd a(log, 'a');
    AtEnd b(log, 'b');
    a.act = [&] {
        if (log.size() < 3)
            m_poller->atTurnEnd(&a);
        m_poller->atTurnEnd(&b);
    };
    m_poller->atTurnEnd(&a);
    QVERIFY(runUntil([&] { return log.size() >= 5; }));
    QCOMPARE(log, std::string("aabab"));
}

void TestPoller::takesATurnEndBackWhenItsHandlerGoes()
{
    std::string log;
    auto a = std::make_unique<AtEnd>(log, 'a');
    auto b = std::make_unique<AtEnd>(log, 'b');
    AtEnd c(log, 'c');
    m_poller->atTurnEnd(a.get());
    m_poller->atTurnEnd(b.get());
    m_poller->atTurnEnd(&c);
    a->act = [&] { b.reset(); };
    QVERIFY(runUntil([&] { return !log.empty() && log.back() == 'c'; }));
    QCOMPARE(log, std::string("ac"));
    m_poller->atTurnEnd(a.get());
    a.reset();
    spin(2);
    QCOMPARE(log, std::string("ac"));
}

void TestPoller::runsTurnEndsBeforeItBlocks()
{
    auto [a, b] = socketPair();
    std::string log;
    AtEnd end(log, 'e');
    Handler handler;
    bool once = false;
    handler.act = [&](Readiness hints) {
        if ((hints & Readable) && !std::exchange(once, true)) {
            log += '(';
            m_poller->atTurnEnd(&end);
            log += ')';
        }
    };
    m_poller->watch(a.descriptor(), &handler);
    QVERIFY(b.write(asBytes("x")).bytes == 1);
    QVERIFY(runUntil([&] { return log.size() == 3; }, std::chrono::seconds(5)));
    QCOMPARE(log, std::string("()e"));
    m_poller->unwatch(a.descriptor());
}

SALLYPORT_NET_TEST_MAIN(TestPoller)
#include "tst_poller.moc"
