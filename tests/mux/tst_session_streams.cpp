// The life of streams, rule by rule of yamux's spec.md: opening, accepting, half-close, reset,
// go-away.
#include "harness.h"

#include <QTest>

using namespace sallyport;
using namespace sallyport::mux;

class TestSessionStreams : public QObject
{
    Q_OBJECT

private slots:
    // "Opening a stream"
    void clientOpensOddIdsAndServerEvenOnes();
    void opensWithSynInAWindowUpdateOfZero();
    void carriesSynOnTheFirstDataFrame();
    void sendsDataWithoutWaitingForTheAcknowledgement();
    void announcesTheStreamThatThePeerOpens_data();
    void announcesTheStreamThatThePeerOpens();
    void acceptsWithAckInAWindowUpdateOfZero();
    void carriesAckOnTheFirstDataFrame();
    void acceptsByConsumingAndByFinishing();
    void tellsOfTheAcknowledgementOnce();
    void takesAnyFrameAsAnAcknowledgement();
    void neverReusesAnId();
    void saysWhenIdsAreExhausted();
    void refusesAnIdOfItsOwnParity();
    void endsTheSessionWhenAStreamIsOpenedTwice();
    void takesIdsInAnyOrder();
    void ignoresFramesForAStreamItHasNotAnnouncedYet();

    // "Closing a stream"
    void passesOnAHalfClose();
    void keepsReceivingAfterItsOwnFin();
    void keepsSendingAfterThePeersFin();
    void closesWhenBothHalvesEnded();
    void sendsFinBehindQueuedPayload();
    void finishesAStreamThatIsNotYetAnnouncedInOneFrame();
    void refusesWritesAfterFinish();
    void finishesOnlyOnce();
    void endsTheSessionOnASecondFin();
    void dropsPayloadAfterAFin();
    void forgetsAClosedStream();

    // "RST"
    void tellsOfAResetByThePeer();
    void sendsRstAndDropsQueuedPayload();
    void saysNothingOfAStreamThatWasNeverAnnounced();
    void makesNoEventAfterItsOwnReset();
    void dropsPayloadForAStreamItReset();
    void dropsTheRestOfAFrameAfterAReset();
    void ignoresAStreamOpenedAndResetInOneFrame();
    void rejectsAStreamByReset();

    // "Session termination"
    void tellsThePeerThatItIsGoingAway();
    void refusesStreamsAfterItsGoAway();
    void opensNoStreamAfterThePeersGoAway();
    void keepsStreamsAliveAfterAGoAway();
    void endsTheSessionOnAGoAwayWithAnError_data();
    void endsTheSessionOnAGoAwayWithAnError();
    void sendsGoAwayWhenThePeerBreaksTheRules();
    void ignoresEverythingAfterAFailure();

    // The caller's side
    void handsBackTheContextWithEveryEvent();
    void ignoresCommandsForUnknownStreams();
    void obeysACommandGivenBetweenTwoEvents();
};

// --- opening ---

void TestSessionStreams::clientOpensOddIdsAndServerEvenOnes()
{
    Harness client(Role::Client);
    QCOMPARE(client.session.openStream(client.now).value(), StreamId(1));
    QCOMPARE(client.session.openStream(client.now).value(), StreamId(3));
    Harness server(Role::Server);
    QCOMPARE(server.session.openStream(server.now).value(), StreamId(2));
    QCOMPARE(server.session.openStream(server.now).value(), StreamId(4));
}

void TestSessionStreams::opensWithSynInAWindowUpdateOfZero()
{
    Harness h(Role::Client);
    QVERIFY(h.session.openStream(h.now));
    QVERIFY(h.session.hasOutput());
    QCOMPARE(h.output(), "WindowUpdate 1 SYN 0\n");
    QVERIFY(!h.session.hasOutput());
}

void TestSessionStreams::carriesSynOnTheFirstDataFrame()
{
    Harness h(Role::Client);
    const StreamId id = h.session.openStream(h.now).value();
    h.write(id, "hello");
    QCOMPARE(h.output(), "Data 1 SYN 5 hello\n");
    h.write(id, "again");
    QCOMPARE(h.output(), "Data 1 - 5 again\n");
}

void TestSessionStreams::sendsDataWithoutWaitingForTheAcknowledgement()
{
    Harness h(Role::Client);
    const StreamId id = h.session.openStream(h.now).value();
    QCOMPARE(h.output(), "WindowUpdate 1 SYN 0\n");
    QCOMPARE(h.write(id, "early"), size_t(5));
    QCOMPARE(h.output(), "Data 1 - 5 early\n");
}

void TestSessionStreams::announcesTheStreamThatThePeerOpens_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<int>("flags");
    QTest::addColumn<QString>("events");
    const int syn = flag::Syn;
    const int fin = flag::Fin;
    QTest::newRow("window update") << 1 << syn << "StreamOpened 1\n";
    QTest::newRow("data") << 0 << syn << "StreamOpened 1\nData 1 hi\n";
    QTest::newRow("data, finished at once")
        << 0 << (syn | fin) << "StreamOpened 1\nData 1 hi\nStreamFinished 1\n";
    QTest::newRow("window update, finished at once")
        << 1 << (syn | fin) << "StreamOpened 1\nStreamFinished 1\n";
}

void TestSessionStreams::announcesTheStreamThatThePeerOpens()
{
    QFETCH(int, type);
    QFETCH(int, flags);
    QFETCH(QString, events);
    Harness h(Role::Server);
    const auto f = static_cast<uint16_t>(flags);
    const Frame frame = type == 0 ? data(1, "hi", f) : windowUpdate(1, 0, f);
    QCOMPARE(QString::fromStdString(h.receive({frame})), events);
    QCOMPARE(h.session.streamCount(), size_t(1));
}

void TestSessionStreams::acceptsWithAckInAWindowUpdateOfZero()
{
    Harness h(Role::Server);
    h.receive({windowUpdate(1, 0, flag::Syn)});
    QVERIFY(!h.session.hasOutput());
    h.session.accept(1);
    QCOMPARE(h.output(), "WindowUpdate 1 ACK 0\n");
    h.session.accept(1);
    QCOMPARE(h.output(), "");
}

void TestSessionStreams::carriesAckOnTheFirstDataFrame()
{
    Harness h(Role::Server);
    h.receive({windowUpdate(1, 0, flag::Syn)});
    h.write(1, "welcome");
    QCOMPARE(h.output(), "Data 1 ACK 7 welcome\n");
}

void TestSessionStreams::acceptsByConsumingAndByFinishing()
{
    Harness h(Role::Server);
    h.receive({data(1, "x", flag::Syn)}); // the harness consumes
    QCOMPARE(h.output(), "WindowUpdate 1 ACK 1\n");
    h.receive({windowUpdate(3, 0, flag::Syn)});
    h.session.finish(3);
    QCOMPARE(h.output(), "WindowUpdate 3 ACK|FIN 0\n");
}

void TestSessionStreams::tellsOfTheAcknowledgementOnce()
{
    Harness h(Role::Client);
    QVERIFY(h.session.openStream(h.now));
    h.output();
    QCOMPARE(h.receive({windowUpdate(1, 0, flag::Ack)}), "StreamAccepted 1\n");
    QCOMPARE(h.receive({data(1, "x", flag::Ack)}), "Data 1 x\n");
}

void TestSessionStreams::takesAnyFrameAsAnAcknowledgement()
{
    Harness h(Role::Client);
    for (int i = 0; i < 3; ++i)
        QVERIFY(h.session.openStream(h.now));
    h.output();
    QCOMPARE(h.receive({data(1, "x"), windowUpdate(3, 1), data(5, "", flag::Fin)}),
             "StreamAccepted 1\nData 1 x\nStreamAccepted 3\nStreamAccepted 5\nStreamFinished 5\n");
}

void TestSessionStreams::neverReusesAnId()
{
    Harness h(Role::Client);
    h.session.reset(h.openHere());
    QCOMPARE(h.output(), "WindowUpdate 1 RST 0\n");
    QCOMPARE(h.session.openStream(h.now).value(), StreamId(3));
}

void TestSessionStreams::saysWhenIdsAreExhausted()
{
    Config config = quietConfig();
    config.firstStreamId = UINT32_MAX - 2;
    Harness h(Role::Client, config);
    QCOMPARE(h.session.openStream(h.now).value(), StreamId(UINT32_MAX - 2));
    QCOMPARE(h.session.openStream(h.now).value(), StreamId(UINT32_MAX));
    QVERIFY(h.session.openStream(h.now).error() == OpenError::IdsExhausted);
}

void TestSessionStreams::refusesAnIdOfItsOwnParity()
{
    Harness h(Role::Server);
    QCOMPARE(h.receive({windowUpdate(2, 0, flag::Syn)}),
             std::string("SessionFailed: ") + toString(SessionError::BadStreamId) + "\n");
}

void TestSessionStreams::endsTheSessionWhenAStreamIsOpenedTwice()
{
    Harness h(Role::Server);
    h.openFromPeer(1);
    QCOMPARE(h.receive({windowUpdate(1, 0, flag::Syn)}),
             std::string("SessionFailed: ") + toString(SessionError::DuplicateStream) + "\n");
    QCOMPARE(h.output(), "GoAway 0 - 1\n");
}

// An implementation may choose an id and send its SYN at different times.
void TestSessionStreams::takesIdsInAnyOrder()
{
    Harness h(Role::Server);
    QCOMPARE(h.receive({windowUpdate(5, 0, flag::Syn), windowUpdate(1, 0, flag::Syn)}),
             "StreamOpened 5\nStreamOpened 1\n");
}

void TestSessionStreams::ignoresFramesForAStreamItHasNotAnnouncedYet()
{
    Harness h(Role::Client);
    QVERIFY(h.session.openStream(h.now));
    QCOMPARE(h.receive({windowUpdate(1, 7, flag::Ack), data(1, "guess", flag::Fin),
                        windowUpdate(1, 0, flag::Rst)}),
             "");
    QCOMPARE(h.output(), "WindowUpdate 1 SYN 0\n");
}

// --- closing ---

void TestSessionStreams::passesOnAHalfClose()
{
    Harness h(Role::Server);
    h.openFromPeer(1);
    QCOMPARE(h.receive({windowUpdate(1, 0, flag::Fin)}), "StreamFinished 1\n");
    QCOMPARE(h.session.streamCount(), size_t(1));
}

void TestSessionStreams::keepsReceivingAfterItsOwnFin()
{
    Harness h(Role::Client);
    const StreamId id = h.openHere();
    h.session.finish(id);
    QCOMPARE(h.output(), "WindowUpdate 1 FIN 0\n");
    QCOMPARE(h.receive({data(1, "answer")}), "Data 1 answer\n");
}

void TestSessionStreams::keepsSendingAfterThePeersFin()
{
    Harness h(Role::Server);
    h.openFromPeer(1);
    h.receive({data(1, "question", flag::Fin)});
    QCOMPARE(h.write(1, "answer"), size_t(6));
    QCOMPARE(h.output(), "Data 1 - 6 answer\n");
    // Credit goes on arriving, too.
    QCOMPARE(h.receive({windowUpdate(1, 6)}), "");
}

void TestSessionStreams::closesWhenBothHalvesEnded()
{
    Harness first(Role::Client);
    first.openHere();
    first.session.finish(1);
    first.output();
    QCOMPARE(first.receive({data(1, "bye", flag::Fin)}),
             "Data 1 bye\nStreamFinished 1\nStreamClosed 1\n");
    QCOMPARE(first.session.streamCount(), size_t(0));

    Harness second(Role::Server);
    second.openFromPeer(1);
    second.receive({windowUpdate(1, 0, flag::Fin)});
    second.session.finish(1);
    QCOMPARE(second.events(), ""); // the FIN has not left yet
    QCOMPARE(second.output(), "WindowUpdate 1 FIN 0\n");
    QCOMPARE(second.events(), "StreamClosed 1\n");
    QCOMPARE(second.session.streamCount(), size_t(0));
}

void TestSessionStreams::sendsFinBehindQueuedPayload()
{
    Harness h(Role::Client);
    const StreamId id = h.openHere();
    h.write(id, "last words");
    h.session.finish(id);
    QCOMPARE(h.output(), "Data 1 - 10 last words\nWindowUpdate 1 FIN 0\n");
}

void TestSessionStreams::finishesAStreamThatIsNotYetAnnouncedInOneFrame()
{
    Harness h(Role::Client);
    h.session.finish(h.session.openStream(h.now).value());
    QCOMPARE(h.output(), "WindowUpdate 1 SYN|FIN 0\n");
    QCOMPARE(h.receive({windowUpdate(1, 0, flag::Ack | flag::Fin)}),
             "StreamAccepted 1\nStreamFinished 1\nStreamClosed 1\n");
}

void TestSessionStreams::refusesWritesAfterFinish()
{
    Harness h(Role::Client);
    const StreamId id = h.openHere();
    h.session.finish(id);
    QCOMPARE(h.session.writable(id), size_t(0));
    QCOMPARE(h.write(id, "late"), size_t(0));
    QCOMPARE(h.output(), "WindowUpdate 1 FIN 0\n");
    QCOMPARE(h.events(), "");
}

void TestSessionStreams::finishesOnlyOnce()
{
    Harness h(Role::Client);
    const StreamId id = h.openHere();
    h.session.finish(id);
    h.session.finish(id);
    QCOMPARE(h.output(), "WindowUpdate 1 FIN 0\n");
    h.session.finish(id);
    QCOMPARE(h.output(), "");
}

void TestSessionStreams::endsTheSessionOnASecondFin()
{
    Harness h(Role::Server);
    h.openFromPeer(1);
    h.receive({windowUpdate(1, 0, flag::Fin)});
    QCOMPARE(h.receive({windowUpdate(1, 0, flag::Fin)}),
             std::string("SessionFailed: ") + toString(SessionError::BadFlags) + "\n");
}

void TestSessionStreams::dropsPayloadAfterAFin()
{
    Harness h(Role::Server);
    h.openFromPeer(1);
    QCOMPARE(h.receive({windowUpdate(1, 0, flag::Fin), data(1, "zombie")}), "StreamFinished 1\n");
    QVERIFY(!h.session.failed());
    // It counts against the window all the same.
    const std::string rest(InitialWindow - 6, 'z');
    QCOMPARE(h.receive({data(1, rest)}), "");
    QVERIFY(!h.session.failed());
    h.receive({data(1, "z")});
    QVERIFY(h.session.failed());
}

void TestSessionStreams::forgetsAClosedStream()
{
    Harness h(Role::Client);
    h.openHere();
    h.session.finish(1);
    h.output();
    h.receive({windowUpdate(1, 0, flag::Fin)});
    QCOMPARE(h.receive({windowUpdate(1, 0, flag::Fin), data(1, "x"), windowUpdate(1, 9)}), "");
    QVERIFY(!h.session.failed());
}

// --- reset ---

void TestSessionStreams::tellsOfAResetByThePeer()
{
    Harness h(Role::Client);
    h.openHere();
    h.write(1, "unsent");
    QCOMPARE(h.receive({windowUpdate(1, 0, flag::Rst)}), "StreamReset 1 reset by the peer\n");
    QCOMPARE(h.output(), "");
    QCOMPARE(h.session.streamCount(), size_t(0));
    QCOMPARE(h.session.queuedBytes(), size_t(0));
}

void TestSessionStreams::sendsRstAndDropsQueuedPayload()
{
    Harness h(Role::Client);
    h.openHere();
    h.write(1, "never mind");
    h.session.reset(1);
    QCOMPARE(h.output(), "WindowUpdate 1 RST 0\n");
    QCOMPARE(h.session.queuedBytes(), size_t(0));
    QCOMPARE(h.pool.bytesInUse(), size_t(0));
}

void TestSessionStreams::saysNothingOfAStreamThatWasNeverAnnounced()
{
    Harness h(Role::Client);
    const StreamId id = h.session.openStream(h.now).value();
    h.write(id, "x");
    h.session.reset(id);
    QCOMPARE(h.output(), "");
    QVERIFY(!h.session.hasOutput());
}

void TestSessionStreams::makesNoEventAfterItsOwnReset()
{
    Harness h(Role::Server);
    h.openFromPeer(1);
    h.session.reset(1);
    QCOMPARE(
        h.receive({data(1, "x"), windowUpdate(1, 0, flag::Fin), windowUpdate(1, 0, flag::Rst)}),
        "");
}

void TestSessionStreams::dropsPayloadForAStreamItReset()
{
    Harness h(Role::Server);
    h.openFromPeer(1);
    h.session.reset(1);
    h.output();
    QCOMPARE(h.receive({data(1, "in flight"), windowUpdate(3, 0, flag::Syn)}), "StreamOpened 3\n");
    // No window is larger than the largest, so no honest frame is.
    FrameHeader tooLong{FrameType::Data, 0, 1, Config().maxWindow + 1};
    QCOMPARE(h.receive({{tooLong, "..."}}),
             std::string("SessionFailed: ") + toString(SessionError::WindowExceeded) + "\n");
}

void TestSessionStreams::dropsTheRestOfAFrameAfterAReset()
{
    Harness h(Role::Server);
    h.openFromPeer(1);
    const std::string bytes = toBytes({data(1, "abcdef"), windowUpdate(3, 0, flag::Syn)});
    QCOMPARE(h.receiveBytes(std::string_view(bytes).substr(0, HeaderSize + 3)), "Data 1 abc\n");
    h.session.reset(1);
    QCOMPARE(h.receiveBytes(std::string_view(bytes).substr(HeaderSize + 3)), "StreamOpened 3\n");
}

void TestSessionStreams::ignoresAStreamOpenedAndResetInOneFrame()
{
    Harness h(Role::Server);
    QCOMPARE(h.receive({data(1, "x", flag::Syn | flag::Rst | flag::Fin), pingFrame(7, flag::Syn)}),
             "");
    QCOMPARE(h.output(), "Ping 0 ACK 7\n");
    QCOMPARE(h.session.streamCount(), size_t(0));
}

void TestSessionStreams::rejectsAStreamByReset()
{
    Harness h(Role::Server);
    h.receive({windowUpdate(1, 0, flag::Syn)});
    h.session.reset(1);
    QCOMPARE(h.output(), "WindowUpdate 1 RST 0\n");
}

// --- going away ---

void TestSessionStreams::tellsThePeerThatItIsGoingAway()
{
    Harness h(Role::Server);
    h.session.goAway(GoAwayCode::Normal);
    QCOMPARE(h.output(), "GoAway 0 - 0\n");
    h.session.goAway(GoAwayCode::InternalError);
    QCOMPARE(h.output(), "GoAway 0 - 2\n");
}

void TestSessionStreams::refusesStreamsAfterItsGoAway()
{
    Harness h(Role::Server);
    h.session.goAway(GoAwayCode::Normal);
    h.output();
    QCOMPARE(h.receive({data(1, "hello?", flag::Syn)}), "");
    QCOMPARE(h.output(), "WindowUpdate 1 RST 0\n");
}

void TestSessionStreams::opensNoStreamAfterThePeersGoAway()
{
    Harness h(Role::Client);
    QCOMPARE(h.receive({goAwayFrame(0)}), "GoAwayReceived\n");
    QVERIFY(h.session.openStream(h.now).error() == OpenError::PeerGoingAway);
}

void TestSessionStreams::keepsStreamsAliveAfterAGoAway()
{
    Harness h(Role::Client);
    h.openHere();
    h.receive({goAwayFrame(0)});
    QCOMPARE(h.receive({data(1, "still here")}), "Data 1 still here\n");
    h.write(1, "me too");
    QCOMPARE(h.output(), "Data 1 - 6 me too\n");
}

void TestSessionStreams::endsTheSessionOnAGoAwayWithAnError_data()
{
    QTest::addColumn<uint32_t>("code");
    QTest::newRow("protocol error") << uint32_t(1);
    QTest::newRow("internal error") << uint32_t(2);
    QTest::newRow("unknown code") << uint32_t(77);
}

void TestSessionStreams::endsTheSessionOnAGoAwayWithAnError()
{
    QFETCH(uint32_t, code);
    Harness h(Role::Client);
    h.openHere();
    QCOMPARE(h.receive({goAwayFrame(code)}),
             std::string("SessionFailed: ") + toString(SessionError::PeerGoAway) + "\n");
    QCOMPARE(h.output(), ""); // it knows
    QVERIFY(h.session.openStream(h.now).error() == OpenError::SessionFailed);
}

void TestSessionStreams::sendsGoAwayWhenThePeerBreaksTheRules()
{
    Harness h(Role::Server);
    h.openFromPeer(1);
    h.write(1, "never sent");
    h.receiveBytes("\xff");
    QCOMPARE(h.receiveBytes("not yamux at all"),
             std::string("SessionFailed: ") + toString(SessionError::BadVersion) + "\n");
    QCOMPARE(h.output(), "GoAway 0 - 1\n");
}

void TestSessionStreams::ignoresEverythingAfterAFailure()
{
    Harness h(Role::Server);
    h.openFromPeer(1);
    h.receive({goAwayFrame(1)});
    QCOMPARE(h.receive({data(1, "x")}), "");
    QCOMPARE(h.write(1, "x"), size_t(0));
    QCOMPARE(h.session.writable(1), size_t(0));
    h.session.accept(1);
    h.session.finish(1);
    h.session.reset(1);
    h.session.consumed(1, 5, h.now);
    h.session.ping(h.now);
    h.session.goAway(GoAwayCode::Normal);
    h.session.handleTimeout(h.now);
    QCOMPARE(h.events(), "");
    QCOMPARE(h.output(), "");
    QVERIFY(!h.session.nextDeadline());
}

// --- the caller's side ---

void TestSessionStreams::handsBackTheContextWithEveryEvent()
{
    Harness h(Role::Client);
    int tag = 0;
    const StreamId id = h.session.openStream(h.now).value();
    h.session.setContext(id, &tag);
    h.output();
    h.session.finish(id);
    h.output();
    const std::string bytes = toBytes({data(id, "x", flag::Ack | flag::Fin)});
    h.session.receive(asBytes(bytes), h.now);
    int events = 0;
    while (const auto event = h.session.nextEvent()) {
        ++events;
        std::visit(
            [&](const auto& e) {
                if constexpr (requires { e.context; })
                    QCOMPARE(e.context, static_cast<void*>(&tag));
            },
            *event);
    }
    QCOMPARE(events, 4); // accepted, data, finished, closed
}

void TestSessionStreams::ignoresCommandsForUnknownStreams()
{
    Harness h(Role::Client);
    h.session.accept(9);
    h.session.setContext(9, this);
    h.session.setUrgent(9);
    h.session.finish(9);
    h.session.reset(9);
    h.session.consumed(9, 100, h.now);
    QCOMPARE(h.session.writable(9), size_t(0));
    QCOMPARE(h.write(9, "x"), size_t(0));
    QCOMPARE(h.session.receiveWindow(9), uint32_t(0));
    QVERIFY(!h.session.hasOutput());
}

void TestSessionStreams::obeysACommandGivenBetweenTwoEvents()
{
    Harness h(Role::Server);
    const std::string bytes =
        toBytes({data(1, "unwanted", flag::Syn | flag::Fin), windowUpdate(3, 0, flag::Syn)});
    h.session.receive(asBytes(bytes), h.now);
    QCOMPARE(toText(h.session.nextEvent().value()), "StreamOpened 1");
    h.session.reset(1);
    QCOMPARE(h.events(), "StreamOpened 3\n");
    QCOMPARE(h.output(), "WindowUpdate 1 RST 0\n");
}

QTEST_APPLESS_MAIN(TestSessionStreams)
#include "tst_session_streams.moc"
