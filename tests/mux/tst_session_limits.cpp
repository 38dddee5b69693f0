// Each limit reached: streams, backlog, queues, unread bytes, pending answers, time-outs, pings.
#include "harness.h"

#include <QTest>

using namespace sallyport;
using namespace sallyport::mux;
using namespace std::chrono_literals;

class TestSessionLimits : public QObject
{
    Q_OBJECT

private slots:
    // tables
    void refusesStreamsBeyondTheLimit();
    void opensNoMoreStreamsThanTheLimit();
    void opensNoMoreThanTheBacklogUnacknowledged();
    void refusesMoreThanTheBacklogUnaccepted();
    void freesTheBacklogWhenAnOpenEnds();
    void endsTheSessionWhenRefusalsAreNotRead();
    void keepsTheNewestAnswersToPings();
    void keepsFewPingsUnanswered();

    // queues
    void queuesNoMoreThanAStreamMay();
    void queuesNoMoreThanTheSessionMay();
    void letsASmallMessageThroughAFullQueue();
    void tellsWaitingStreamsInTurn();
    void resetsTheStreamWithTheMostUnreadBytes();
    void resetsTheReceivingStreamWhenItHoldsTheMost();

    // time-outs
    void resetsAnOpenThatIsNotAcknowledged();
    void resetsAStreamThatThePeerLeavesHalfOpen();
    void waitsForAHalfOpenStreamWhileBytesMove();
    void countsTheCloseTimeoutAloneOnceFinished();
    void countsTheCloseTimeoutFromTheFinAfterALongSilence();
    void needsNoTimerWithoutPingsAndWaitingStreams();
    void namesTheEarliestDeadline();

    // pings
    void pingsAtTheStartAndThenRegularly();
    void answersPingsAtOnce();
    void measuresTheRoundTrip();
    void ignoresAnswersToPingsItDidNotSend();
    void endsTheSessionWhenPingsStayUnanswered();
    void takesAnyByteAsASignOfLife();
    void sendsNoPingsWhenSwitchedOff();
};

static std::string filled(size_t n)
{
    return std::string(n, 'x');
}

static std::string failure(SessionError error)
{
    return std::string("SessionFailed: ") + toString(error) + "\n";
}

// --- tables ---

void TestSessionLimits::refusesStreamsBeyondTheLimit()
{
    Config config = quietConfig();
    config.maxStreams = 2;
    Harness h(Role::Server, config);
    h.openFromPeer(1);
    h.openFromPeer(3);
    QCOMPARE(h.receive({data(5, "body", flag::Syn), pingFrame(9, flag::Syn)}), "");
    QCOMPARE(h.output(), "Ping 0 ACK 9\nWindowUpdate 5 RST 0\n");
    h.session.reset(3);
    h.output();
    QCOMPARE(h.receive({windowUpdate(7, 0, flag::Syn)}), "StreamOpened 7\n");
}

void TestSessionLimits::opensNoMoreStreamsThanTheLimit()
{
    Config config = quietConfig();
    config.maxStreams = 2;
    Harness h(Role::Client, config);
    h.openHere();
    h.openFromPeer(2);
    QVERIFY(h.session.openStream(h.now).error() == OpenError::TooManyStreams);
}

void TestSessionLimits::opensNoMoreThanTheBacklogUnacknowledged()
{
    Config config = quietConfig();
    config.backlog = 2;
    Harness h(Role::Client, config);
    QVERIFY(h.session.openStream(h.now));
    QVERIFY(h.session.openStream(h.now));
    QVERIFY(h.session.openStream(h.now).error() == OpenError::BacklogFull);
    h.output();
    h.receive({windowUpdate(1, 0, flag::Ack)});
    QVERIFY(h.session.openStream(h.now));
    QVERIFY(h.session.openStream(h.now).error() == OpenError::BacklogFull);
}

void TestSessionLimits::refusesMoreThanTheBacklogUnaccepted()
{
    Config config = quietConfig();
    config.backlog = 2;
    Harness h(Role::Server, config);
    QCOMPARE(h.receive({windowUpdate(1, 0, flag::Syn), windowUpdate(3, 0, flag::Syn),
                        windowUpdate(5, 0, flag::Syn)}),
             "StreamOpened 1\nStreamOpened 3\n");
    QCOMPARE(h.output(), "WindowUpdate 5 RST 0\n");
    h.session.accept(1);
    QCOMPARE(h.receive({windowUpdate(7, 0, flag::Syn)}), "StreamOpened 7\n");
}

void TestSessionLimits::freesTheBacklogWhenAnOpenEnds()
{
    Config config = quietConfig();
    config.backlog = 1;
    Harness h(Role::Client, config);
    for (int i = 0; i < 3; ++i) {
        const StreamId id = h.session.openStream(h.now).value();
        h.output();
        if (i == 0)
            h.session.reset(id);
        else if (i == 1)
            h.receive({windowUpdate(id, 0, flag::Rst)});
        else
            h.advance(2min);
    }
    QVERIFY(h.session.openStream(h.now));
    // The same for the peer's.
    h.receive({windowUpdate(2, 0, flag::Syn), windowUpdate(2, 0, flag::Rst)});
    QCOMPARE(h.receive({windowUpdate(4, 0, flag::Syn)}), "StreamOpened 4\n");
}

void TestSessionLimits::endsTheSessionWhenRefusalsAreNotRead()
{
    Config config = quietConfig();
    config.backlog = 2;
    config.maxPendingResets = 5;
    Harness h(Role::Server, config);
    std::vector<Frame> opens;
    for (StreamId id = 1; id < 1 + 2 * 7; id += 2)
        opens.push_back(windowUpdate(id, 0, flag::Syn));
    QCOMPARE(h.receive(opens), "StreamOpened 1\nStreamOpened 3\n"); // five refusals wait
    QVERIFY(!h.session.failed());
    QCOMPARE(h.receive({windowUpdate(99, 0, flag::Syn)}), failure(SessionError::ResetFlood));
    QCOMPARE(h.output(), "GoAway 0 - 1\n");

    // A peer that reads them may go on for ever, also when they are read one by one.
    Harness reading(Role::Server, config);
    reading.receive(opens);
    for (StreamId id = 101; id < 2001; id += 2) {
        reading.takeFrames(1);
        QCOMPARE(reading.receive({windowUpdate(id, 0, flag::Syn)}), "");
    }
}

void TestSessionLimits::keepsTheNewestAnswersToPings()
{
    Harness h(Role::Server);
    std::vector<Frame> pings;
    for (uint32_t id = 0; id < 100; ++id)
        pings.push_back(pingFrame(id, flag::Syn));
    h.receive(pings);
    const auto answers = h.takeFrames();
    QCOMPARE(answers.size(), size_t(64));
    QCOMPARE(toText(answers.front()), "Ping 0 ACK 36");
    QCOMPARE(toText(answers.back()), "Ping 0 ACK 99");
    QVERIFY(!h.session.hasOutput());
}

void TestSessionLimits::keepsFewPingsUnanswered()
{
    Harness h(Role::Server);
    size_t sent = 0;
    for (int i = 0; i < 20; ++i) {
        h.session.ping(h.now);
        h.session.ping(h.now); // one waits already
        sent += h.takeFrames().size();
    }
    QCOMPARE(sent, size_t(8));
}

// --- queues ---

void TestSessionLimits::queuesNoMoreThanAStreamMay()
{
    Config config = quietConfig();
    config.streamQueueLimit = 1000;
    Harness h(Role::Client, config);
    h.openHere();
    h.openHere();
    QCOMPARE(h.write(1, filled(1500)), size_t(1000));
    QCOMPARE(h.session.writable(3), size_t(1000));
    QCOMPARE(h.session.queuedBytes(), size_t(1000));
}

void TestSessionLimits::queuesNoMoreThanTheSessionMay()
{
    Config config = quietConfig();
    config.queueLimit = 1000;
    config.streamReserve = 0;
    Harness h(Role::Client, config);
    h.openHere();
    h.openHere();
    QCOMPARE(h.write(1, filled(700)), size_t(700));
    QCOMPARE(h.write(3, filled(700)), size_t(300));
    QCOMPARE(h.session.writable(1), size_t(0));
    QCOMPARE(h.session.queuedBytes(), size_t(1000));
}

void TestSessionLimits::letsASmallMessageThroughAFullQueue()
{
    Config config = quietConfig();
    config.queueLimit = 1000;
    config.streamReserve = 100;
    Harness h(Role::Client, config);
    h.openHere();
    h.openHere();
    QCOMPARE(h.write(1, filled(2000)), size_t(1000));
    QCOMPARE(h.write(3, filled(60)), size_t(60));
    QCOMPARE(h.write(3, filled(60)), size_t(40));
    QCOMPARE(h.session.writable(3), size_t(0));
    QCOMPARE(h.session.queuedBytes(), size_t(1100));
}

void TestSessionLimits::tellsWaitingStreamsInTurn()
{
    Config config = quietConfig();
    config.queueLimit = 1000;
    config.streamReserve = 0;
    Harness h(Role::Client, config);
    for (int i = 0; i < 4; ++i)
        h.openHere();
    h.write(1, filled(1000));
    QCOMPARE(h.session.writable(3), size_t(0));
    QCOMPARE(h.session.writable(5), size_t(0));
    QCOMPARE(h.session.writable(7), size_t(0));
    QCOMPARE(h.events(), "");
    h.output();
    QCOMPARE(toText(h.session.nextEvent().value()), "StreamWritable 3");
    // It takes all the room, so the others wait on and nobody asks them in vain.
    QCOMPARE(h.write(3, filled(1000)), size_t(1000));
    QCOMPARE(h.events(), "");
    h.output();
    QCOMPARE(h.events(), "StreamWritable 5\nStreamWritable 7\n");
}

void TestSessionLimits::resetsTheStreamWithTheMostUnreadBytes()
{
    Config config = quietConfig();
    config.unreadLimit = 1000;
    Harness h(Role::Server, config);
    h.holdPayload();
    for (StreamId id : {1, 3, 5})
        h.openFromPeer(id);
    h.receive({data(1, filled(300)), data(3, filled(400)), data(5, filled(250))});
    QCOMPARE(h.session.unreadBytes(), size_t(950));
    QCOMPARE(h.receive({data(5, filled(60))}),
             "Data 5 60 bytes\nStreamReset 3 too much unread data\n");
    QCOMPARE(h.output(), "WindowUpdate 3 RST 0\n");
    QCOMPARE(h.session.unreadBytes(), size_t(610));
}

void TestSessionLimits::resetsTheReceivingStreamWhenItHoldsTheMost()
{
    Config config = quietConfig();
    config.unreadLimit = 1000;
    Harness h(Role::Server, config);
    h.holdPayload();
    h.openFromPeer(1);
    QCOMPARE(h.receive({data(1, filled(900)), data(1, filled(900)), data(1, filled(10))}),
             "Data 1 900 bytes\nStreamReset 1 too much unread data\n");
    QCOMPARE(h.session.unreadBytes(), size_t(0));
}

// --- time-outs ---

void TestSessionLimits::resetsAnOpenThatIsNotAcknowledged()
{
    Harness h(Role::Client);
    QVERIFY(h.session.openStream(h.now));
    h.output();
    h.advance(1s);
    QVERIFY(h.session.openStream(h.now));
    QVERIFY(h.session.openStream(h.now));
    h.output();
    h.receive({windowUpdate(3, 0, flag::Ack)});
    QCOMPARE(h.advance(73s), "");
    QCOMPARE(h.advance(1s), "StreamReset 1 not accepted in time\n");
    QCOMPARE(h.advance(1s), "StreamReset 5 not accepted in time\n");
    QCOMPARE(h.output(), "WindowUpdate 1 RST 0\nWindowUpdate 5 RST 0\n");
    QVERIFY(!h.session.failed());
    QCOMPARE(h.session.streamCount(), size_t(1));
}

void TestSessionLimits::resetsAStreamThatThePeerLeavesHalfOpen()
{
    Harness h(Role::Client);
    h.openHere();
    h.openHere();
    h.session.finish(1);
    h.output();
    QCOMPARE(h.advance(5min - 1s), "");
    QCOMPARE(h.advance(2s), "StreamReset 1 left half open too long\n"); // a second of slack
    QCOMPARE(h.output(), "WindowUpdate 1 RST 0\n");
    QCOMPARE(h.session.streamCount(), size_t(1));
}

void TestSessionLimits::waitsForAHalfOpenStreamWhileBytesMove()
{
    Harness h(Role::Client);
    h.holdPayload();
    h.openHere();
    h.openHere();
    h.session.finish(1);
    h.session.finish(3);
    h.output();
    h.advance(4min);
    h.receive({data(1, "slow")});
    QCOMPARE(h.advance(4min), "StreamReset 3 left half open too long\n");
    h.session.consumed(1, 4, h.now);
    QCOMPARE(h.advance(4min), "");
    QCOMPARE(h.advance(1min), "StreamReset 1 left half open too long\n");
}

void TestSessionLimits::countsTheCloseTimeoutAloneOnceFinished()
{
    Harness h(Role::Client);
    h.session.finish(h.session.openStream(h.now).value());
    QCOMPARE(*h.session.nextDeadline(), h.now + 75s);
    h.output();
    h.receive({windowUpdate(1, 0, flag::Ack)});
    QCOMPARE(*h.session.nextDeadline(), h.now + 5min);

    h.session.finish(h.session.openStream(h.now).value());
    h.output();
    h.advance(1s); // within a second it asks for the time
    QCOMPARE(h.advance(76s), "");
}

// Taking output tells no time, so the session must not take the last time it was told for the
// present.
void TestSessionLimits::countsTheCloseTimeoutFromTheFinAfterALongSilence()
{
    Harness h(Role::Client);
    h.openHere();
    h.advance(1h);
    h.session.finish(1);
    QCOMPARE(h.output(), "WindowUpdate 1 FIN 0\n");
    QCOMPARE(h.advance(5min - 1s), "");
    QCOMPARE(h.advance(2s), "StreamReset 1 left half open too long\n");
}

void TestSessionLimits::needsNoTimerWithoutPingsAndWaitingStreams()
{
    Harness h(Role::Client);
    h.openHere();
    h.openFromPeer(2);
    QVERIFY(!h.session.nextDeadline());
}

void TestSessionLimits::namesTheEarliestDeadline()
{
    Config config;
    config.openTimeout = 3s;
    Harness h(Role::Client, config);
    QCOMPARE(*h.session.nextDeadline(), h.now + 10s); // the next ping
    QVERIFY(h.session.openStream(h.now));
    QCOMPARE(*h.session.nextDeadline(), h.now + 3s);
}

// --- pings ---

void TestSessionLimits::pingsAtTheStartAndThenRegularly()
{
    Harness h(Role::Client, Config());
    QCOMPARE(h.output(), "Ping 0 SYN 0\n");
    QCOMPARE(h.receive({pingFrame(0, flag::Ack)}), "PingAnswered 0 ms\n");
    h.advance(9s);
    QCOMPARE(h.output(), "");
    h.advance(1s);
    QCOMPARE(h.output(), "Ping 0 SYN 1\n");
}

void TestSessionLimits::answersPingsAtOnce()
{
    Harness h(Role::Server);
    h.receive({pingFrame(0xdeadbeef, flag::Syn)});
    QCOMPARE(h.takeFrames().front(), pingFrame(0xdeadbeef, flag::Ack));
}

void TestSessionLimits::measuresTheRoundTrip()
{
    Harness h(Role::Client);
    QVERIFY(!h.session.roundTrip());
    h.session.ping(h.now);
    h.output();
    h.now += 80ms;
    QCOMPARE(h.receive({pingFrame(0, flag::Ack)}), "PingAnswered 80 ms\n");
    QCOMPARE(*h.session.roundTrip(), Duration(80ms));
    h.session.ping(h.now);
    h.output();
    h.now += 160ms;
    QCOMPARE(h.receive({pingFrame(1, flag::Ack)}), "PingAnswered 160 ms\n");
    QCOMPARE(*h.session.roundTrip(), Duration(90ms)); // smoothed
}

void TestSessionLimits::ignoresAnswersToPingsItDidNotSend()
{
    Harness h(Role::Client);
    h.session.ping(h.now);
    QCOMPARE(h.receive({pingFrame(77, flag::Ack)}), "");
    QCOMPARE(h.receive({pingFrame(0, flag::Ack), pingFrame(0, flag::Ack)}), "PingAnswered 0 ms\n");
}

void TestSessionLimits::endsTheSessionWhenPingsStayUnanswered()
{
    Harness h(Role::Client, Config());
    h.openHere();
    h.advance(20s - 1ns);
    QVERIFY(!h.session.failed());
    QCOMPARE(h.advance(1ns), failure(SessionError::PingTimeout));
    QCOMPARE(h.output(), "");
}

void TestSessionLimits::takesAnyByteAsASignOfLife()
{
    Harness h(Role::Client, Config());
    h.openHere();
    for (int i = 0; i < 10; ++i) {
        h.advance(15s);
        h.receive({data(1, "x")});
    }
    QVERIFY(!h.session.failed());
    h.advance(20s);
    QVERIFY(h.session.failed());
}

void TestSessionLimits::sendsNoPingsWhenSwitchedOff()
{
    Harness h(Role::Client);
    h.advance(1h);
    QCOMPARE(h.output(), "");
    QVERIFY(!h.session.failed());
}

QTEST_APPLESS_MAIN(TestSessionLimits)
#include "tst_session_limits.moc"
