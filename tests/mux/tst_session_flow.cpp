// Flow control both ways, growth of windows, and the order in which output leaves.
#include "harness.h"

#include <QTest>

#include <map>
#include <numeric>

using namespace sallyport;
using namespace sallyport::mux;
using namespace std::chrono_literals;

class TestSessionFlow : public QObject
{
    Q_OBJECT

private slots:
    // "Flow Control": sending
    void sendsNoMoreThanThePeersWindow();
    void addsTheCreditThatThePeerGives();
    void takesCreditWithTheSynAndTheAck();
    void endsTheSessionOnCreditThatOverflows();
    void tellsWhenThereIsRoomAgain();
    void tellsNobodyWhoDidNotAsk();

    // receiving
    void givesCreditWhenHalfOfTheWindowIsConsumed();
    void countsPayloadAloneAgainstTheWindow();
    void endsTheSessionWhenTheWindowIsExceeded_data();
    void endsTheSessionWhenTheWindowIsExceeded();
    void givesNoCreditToAFinishedStream();
    void letsSmallCreditRideOnOtherFrames();
    void deliversABodyInThePiecesInWhichItArrives();
    void deliversPayloadWithoutACopy();

    // growth
    void growsWhileTheWindowIsTheLimit();
    void doesNotGrowForASlowReader();
    void doesNotGrowForASlowPeer();
    void growsForAPeerWhoseCreditArrivesLate();
    void doesNotGrowWithoutARoundTrip();
    void growsToTheLargestWindowAndNoFurther();
    void staysWithinTheBudgetAndReturnsAShareOnClose();
    void shrinksUnderPressureOfUnreadBytes();
    void measuresTheRoundTripAnewWhileAWindowLimits();

    // order of output
    void sendsControlFirstThenUrgentStreamsThenTheOthersInTurn();
    void sendsAtMostOneFrameATurn();
    void stopsNearTheAskedSize();
    void coalescesSmallFramesAndReferencesLargeSlices();
    void takesPartOfASlice();
    void keepsUrgencySetWhileQueued();
};

static std::string filled(size_t n)
{
    return std::string(n, 'x');
}

static size_t payloadOf(const std::vector<Frame>& frames)
{
    return std::accumulate(frames.begin(), frames.end(), size_t(0),
                           [](size_t sum, const Frame& f) { return sum + f.body.size(); });
}

static std::string failure(SessionError error)
{
    return std::string("SessionFailed: ") + toString(error) + "\n";
}

// --- sending ---

void TestSessionFlow::sendsNoMoreThanThePeersWindow()
{
    Config config = quietConfig();
    config.streamQueueLimit = config.queueLimit = 1024 * 1024;
    Harness h(Role::Client, config);
    const StreamId id = h.openHere();
    QCOMPARE(h.session.writable(id), size_t(InitialWindow));
    QCOMPARE(h.write(id, filled(InitialWindow + 1)), size_t(InitialWindow));
    QCOMPARE(h.session.writable(id), size_t(0));
    QCOMPARE(payloadOf(h.takeFrames()), size_t(InitialWindow));
    QCOMPARE(h.session.writable(id), size_t(0));
}

void TestSessionFlow::addsTheCreditThatThePeerGives()
{
    Harness h(Role::Client);
    const StreamId id = h.openHere();
    h.write(id, filled(InitialWindow));
    h.output();
    h.receive({windowUpdate(id, 10), windowUpdate(id, 5)});
    QCOMPARE(h.session.writable(id), size_t(15));
}

void TestSessionFlow::takesCreditWithTheSynAndTheAck()
{
    Config config = quietConfig();
    config.streamQueueLimit = config.queueLimit = 4 * InitialWindow;
    Harness server(Role::Server, config);
    server.receive({windowUpdate(1, InitialWindow, flag::Syn)});
    QCOMPARE(server.session.writable(1), size_t(2 * InitialWindow));
    Harness client(Role::Client, config);
    QVERIFY(client.session.openStream(client.now));
    client.output();
    client.receive({windowUpdate(1, InitialWindow, flag::Ack)});
    QCOMPARE(client.session.writable(1), size_t(2 * InitialWindow));
}

void TestSessionFlow::endsTheSessionOnCreditThatOverflows()
{
    Harness h(Role::Client);
    const StreamId id = h.openHere();
    QCOMPARE(h.receive({windowUpdate(id, UINT32_MAX - InitialWindow)}), "");
    QCOMPARE(h.receive({windowUpdate(id, 1)}), failure(SessionError::WindowOverflow));
}

void TestSessionFlow::tellsWhenThereIsRoomAgain()
{
    Harness h(Role::Client);
    const StreamId id = h.openHere();
    QCOMPARE(h.write(id, filled(InitialWindow) + "rest"), size_t(InitialWindow));
    h.output();
    QCOMPARE(h.events(), ""); // the window is used up still
    QCOMPARE(h.receive({windowUpdate(id, 4)}), "StreamWritable 1\n");
    QCOMPARE(h.receive({windowUpdate(id, 4)}), "");

    // Room in the stream's queue, after asking for it only.
    h.receive({windowUpdate(id, InitialWindow * 2)});
    QCOMPARE(h.write(id, filled(InitialWindow)), size_t(InitialWindow));
    QCOMPARE(h.session.writable(id), size_t(0));
    QCOMPARE(h.events(), "");
    h.output();
    QCOMPARE(h.events(), "StreamWritable 1\n");
}

void TestSessionFlow::tellsNobodyWhoDidNotAsk()
{
    Harness h(Role::Client);
    const StreamId id = h.openHere();
    h.write(id, filled(InitialWindow));
    h.output();
    QCOMPARE(h.receive({windowUpdate(id, InitialWindow)}), "");
}

// --- receiving ---

void TestSessionFlow::givesCreditWhenHalfOfTheWindowIsConsumed()
{
    Harness h(Role::Server);
    h.openFromPeer(1);
    h.holdPayload();
    h.receive({data(1, filled(InitialWindow))});
    QCOMPARE(h.session.unreadBytes(), size_t(InitialWindow));
    h.session.consumed(1, InitialWindow / 2 - 1, h.now);
    QCOMPARE(h.output(), "");
    h.session.consumed(1, 1, h.now);
    QCOMPARE(h.output(), "WindowUpdate 1 - 131072\n");
    h.session.consumed(1, InitialWindow / 2, h.now);
    QCOMPARE(h.output(), "WindowUpdate 1 - 131072\n");
    QCOMPARE(h.session.unreadBytes(), size_t(0));
}

void TestSessionFlow::countsPayloadAloneAgainstTheWindow()
{
    Harness h(Role::Server);
    h.openFromPeer(1);
    h.holdPayload();
    for (int i = 0; i < 1000; ++i)
        h.receive({windowUpdate(1, 1), data(1, "")});
    QCOMPARE(h.receive({data(1, filled(InitialWindow))}), "Data 1 262144 bytes\n");
    QVERIFY(!h.session.failed());
}

void TestSessionFlow::endsTheSessionWhenTheWindowIsExceeded_data()
{
    QTest::addColumn<bool>("withSyn");
    QTest::newRow("by an open stream") << false;
    QTest::newRow("by the frame that opens it") << true;
}

void TestSessionFlow::endsTheSessionWhenTheWindowIsExceeded()
{
    QFETCH(bool, withSyn);
    Harness h(Role::Server);
    if (!withSyn)
        h.openFromPeer(1);
    const uint16_t flags = withSyn ? flag::Syn : uint16_t(0);
    // The header alone is enough.
    const Frame frame{{FrameType::Data, flags, 1, InitialWindow + 1}, {}};
    QCOMPARE(h.receive({frame}), failure(SessionError::WindowExceeded));
    QCOMPARE(h.output(), "GoAway 0 - 1\n");
}

void TestSessionFlow::givesNoCreditToAFinishedStream()
{
    Harness h(Role::Server);
    h.openFromPeer(1);
    h.holdPayload();
    h.receive({data(1, filled(InitialWindow), flag::Fin)});
    h.session.consumed(1, InitialWindow, h.now);
    QCOMPARE(h.output(), "");
    QCOMPARE(h.session.unreadBytes(), size_t(0));
}

void TestSessionFlow::letsSmallCreditRideOnOtherFrames()
{
    Harness h(Role::Server);
    h.receive({data(1, filled(100), flag::Syn)});
    h.session.accept(1);
    QCOMPARE(h.output(), "WindowUpdate 1 ACK 100\n");
    h.receive({data(1, filled(7))});
    h.session.finish(1);
    QCOMPARE(h.output(), "WindowUpdate 1 FIN 7\n");
}

void TestSessionFlow::deliversABodyInThePiecesInWhichItArrives()
{
    Harness h(Role::Server);
    h.openFromPeer(1);
    const std::string bytes = toBytes({data(1, "abcdef", flag::Fin)});
    const std::string_view view = bytes;
    QCOMPARE(h.receiveBytes(view.substr(0, 5)), "");
    QCOMPARE(h.receiveBytes(view.substr(5, 9)), "Data 1 ab\n");
    QCOMPARE(h.receiveBytes(view.substr(14, 1)), "Data 1 c\n");
    QCOMPARE(h.receiveBytes(view.substr(15)), "Data 1 def\nStreamFinished 1\n");
}

void TestSessionFlow::deliversPayloadWithoutACopy()
{
    Harness h(Role::Server);
    h.openFromPeer(1);
    const std::string bytes = toBytes({data(1, "payload")});
    h.session.receive(asBytes(bytes), h.now);
    const auto event = h.session.nextEvent();
    QCOMPARE(static_cast<const void*>(std::get<Data>(event.value()).bytes.data()),
             static_cast<const void*>(bytes.data() + HeaderSize));
    QVERIFY(!h.session.nextEvent());
}

// --- growth ---

namespace {

// A peer at a distance of one round trip: pings are answered after it, and a sender that uses its
// whole credit is heard of again one round trip later.
struct DistantPeer : Harness
{
    explicit DistantPeer(const Config& config = Config()) : Harness(Role::Server, config)
    {
        holdPayload();
        answerPings();
        openFromPeer(1);
    }

    // What we send until now arrives, and its answer, one round trip later.
    void answerPings()
    {
        std::vector<Frame> answers;
        for (const Frame& frame : takeFrames()) {
            if (frame.header.type == FrameType::Ping)
                answers.push_back(pingFrame(frame.header.length, flag::Ack));
            else if (frame.header.type == FrameType::WindowUpdate)
                credit[frame.header.streamId] += frame.header.length;
        }
        now += roundTrip;
        pings += answers.size();
        receive(answers);
    }

    // The peer sends all that its credit allows; the reader takes `takes` to consume it.
    void fillWindow(StreamId id, Duration takes = {})
    {
        auto& left = credit.try_emplace(id, InitialWindow).first->second;
        while (left > 0) {
            const uint32_t n = std::min<uint32_t>(left, 64 * 1024);
            receive({data(id, filled(n))});
            left -= n;
        }
        now += takes;
        session.consumed(id, session.unreadBytes(), now);
        answerPings();
    }

    Duration roundTrip = 50ms;
    std::map<StreamId, uint32_t> credit;
    size_t pings = 0;
};

} // namespace

void TestSessionFlow::growsWhileTheWindowIsTheLimit()
{
    DistantPeer peer;
    QCOMPARE(*peer.session.roundTrip(), Duration(50ms));
    peer.fillWindow(1);
    QCOMPARE(peer.session.receiveWindow(1), 2 * InitialWindow);
    QCOMPARE(peer.credit[1], 2 * InitialWindow); // it may use it at once
    peer.fillWindow(1);
    QCOMPARE(peer.session.receiveWindow(1), 4 * InitialWindow);
}

void TestSessionFlow::doesNotGrowForASlowReader()
{
    DistantPeer peer;
    for (int i = 0; i < 20; ++i)
        peer.fillWindow(1, 200ms);
    QCOMPARE(peer.session.receiveWindow(1), InitialWindow);
}

void TestSessionFlow::doesNotGrowForASlowPeer()
{
    DistantPeer peer;
    // A window in 160 ms, more than two round trips: a larger one would not make it faster.
    for (int i = 0; i < 100; ++i) {
        peer.receive({data(1, filled(InitialWindow / 8))});
        peer.session.consumed(1, InitialWindow / 8, peer.now);
        peer.takeFrames();
        peer.now += 20ms;
    }
    QCOMPARE(peer.session.receiveWindow(1), InitialWindow);
}

void TestSessionFlow::growsForAPeerWhoseCreditArrivesLate()
{
    // All that arrives is consumed and given back at once, so our own account of the credit never
    // runs low; the peer, half a round trip away, has none left all the same.
    DistantPeer peer;
    for (int i = 0; i < 4; ++i) {
        for (int piece = 0; piece < 4; ++piece) {
            peer.receive({data(1, filled(InitialWindow / 4))});
            peer.session.consumed(1, InitialWindow / 4, peer.now);
        }
        peer.answerPings();
    }
    QVERIFY(peer.session.receiveWindow(1) > InitialWindow);
}

void TestSessionFlow::doesNotGrowWithoutARoundTrip()
{
    DistantPeer peer(quietConfig());
    for (int i = 0; i < 20; ++i)
        peer.fillWindow(1);
    QCOMPARE(peer.session.receiveWindow(1), InitialWindow);
}

void TestSessionFlow::growsToTheLargestWindowAndNoFurther()
{
    Config config;
    config.maxWindow = 3 * 1024 * 1024;
    DistantPeer peer(config);
    for (int i = 0; i < 20; ++i)
        peer.fillWindow(1);
    QCOMPARE(peer.session.receiveWindow(1), config.maxWindow);
}

void TestSessionFlow::staysWithinTheBudgetAndReturnsAShareOnClose()
{
    Config config;
    config.windowBudget = 2 * InitialWindow;
    DistantPeer peer(config);
    peer.openFromPeer(3);
    for (int i = 0; i < 5; ++i)
        peer.fillWindow(1);
    QCOMPARE(peer.session.receiveWindow(1), 2 * InitialWindow); // 4 would take 3 of the budget
    for (int i = 0; i < 5; ++i)
        peer.fillWindow(3);
    QCOMPARE(peer.session.receiveWindow(3), 2 * InitialWindow);
    peer.openFromPeer(5);
    for (int i = 0; i < 5; ++i)
        peer.fillWindow(5);
    QCOMPARE(peer.session.receiveWindow(5), InitialWindow); // nothing is left

    peer.receive({windowUpdate(3, 0, flag::Rst)});
    for (int i = 0; i < 5; ++i)
        peer.fillWindow(5);
    QCOMPARE(peer.session.receiveWindow(5), 2 * InitialWindow);
}

void TestSessionFlow::shrinksUnderPressureOfUnreadBytes()
{
    Config config;
    config.unreadLimit = 4 * 1024 * 1024;
    DistantPeer peer(config);
    peer.fillWindow(1);
    peer.fillWindow(1);
    QCOMPARE(peer.session.receiveWindow(1), 4 * InitialWindow);

    // Others fill more than half of the limit and nobody reads them.
    for (StreamId id = 3; id < 3 + 2 * 9; id += 2) {
        peer.openFromPeer(id);
        peer.receive({data(id, filled(InitialWindow))});
    }
    for (int i = 0; i < 4; ++i) {
        peer.receive({data(1, filled(InitialWindow))});
        peer.session.consumed(1, InitialWindow, peer.now);
    }
    QCOMPARE(peer.session.receiveWindow(1), InitialWindow);
    QCOMPARE(toText(peer.takeFrames().front()), "WindowUpdate 1 - 262144");
}

void TestSessionFlow::measuresTheRoundTripAnewWhileAWindowLimits()
{
    DistantPeer peer;
    const size_t before = peer.pings;
    // The reader seems too slow for growth, as it does when the line became longer.
    for (int i = 0; i < 10; ++i)
        peer.fillWindow(1, 150ms);
    QVERIFY(peer.pings > before + 3);
    QVERIFY(peer.pings <= before + 10); // at most each 100 ms
}

// --- order of output ---

void TestSessionFlow::sendsControlFirstThenUrgentStreamsThenTheOthersInTurn()
{
    Harness h(Role::Client);
    for (int i = 0; i < 3; ++i)
        h.openHere();
    h.session.setUrgent(5);
    h.write(1, "one");
    h.write(3, "three");
    h.write(5, "five");
    h.session.goAway(GoAwayCode::Normal);
    h.session.ping(h.now);
    h.receive({pingFrame(42, flag::Syn)});
    QCOMPARE(h.output(), "Ping 0 ACK 42\nPing 0 SYN 0\nGoAway 0 - 0\n"
                         "Data 5 - 4 five\nData 1 - 3 one\nData 3 - 5 three\n");
}

void TestSessionFlow::sendsAtMostOneFrameATurn()
{
    Config config = quietConfig();
    config.maxFrame = 10;
    Harness h(Role::Client, config);
    h.openHere();
    h.openHere();
    h.write(1, "aaaaaaaaaaAAAAAAAAAAaa");
    h.write(3, "bbbbbbbbbbBB");
    QCOMPARE(h.output(), "Data 1 - 10 aaaaaaaaaa\nData 3 - 10 bbbbbbbbbb\nData 1 - 10 AAAAAAAAAA\n"
                         "Data 3 - 2 BB\nData 1 - 2 aa\n");
}

void TestSessionFlow::stopsNearTheAskedSize()
{
    Harness h(Role::Client);
    h.openHere();
    h.write(1, filled(200 * 1024));
    h.session.ping(h.now);
    const auto first = h.takeFrames(1);
    QCOMPARE(toText(first), "Ping 0 SYN 0\n");
    QCOMPARE(payloadOf(h.takeFrames(100 * 1024)), size_t(128 * 1024));
    QVERIFY(h.session.hasOutput());
    QCOMPARE(h.session.queuedBytes(), size_t(72 * 1024));
    h.takeFrames();
    QVERIFY(!h.session.hasOutput());
}

void TestSessionFlow::coalescesSmallFramesAndReferencesLargeSlices()
{
    Harness h(Role::Client);
    h.openHere();
    h.openHere();
    ByteQueue out(h.pool);
    h.write(1, "small");
    h.write(3, "too");
    h.session.takeOutput(out, 1 << 20);
    QCOMPARE(out.pieces(), size_t(1));

    const Buffer buffer = h.pool.acquire(BufferPool::LargeBlock);
    Slice slice(buffer, 0, 50'000);
    QCOMPARE(h.session.write(1, slice), size_t(50'000));
    QVERIFY(slice.empty());
    h.session.takeOutput(out, 1 << 20);
    QCOMPARE(out.pieces(), size_t(2)); // all headers so far, and the slice
    const std::byte* last = nullptr;
    out.forEachPiece([&](ByteView piece) {
        last = piece.data();
        return true;
    });
    QCOMPARE(static_cast<const void*>(last), static_cast<const void*>(buffer.data()));
}

void TestSessionFlow::takesPartOfASlice()
{
    Config config = quietConfig();
    config.streamQueueLimit = 30'000;
    Harness h(Role::Client, config);
    h.openHere();
    const Buffer buffer = h.pool.acquire(BufferPool::LargeBlock);
    Slice slice(buffer, 0, 50'000);
    QCOMPARE(h.session.write(1, slice), size_t(30'000));
    QCOMPARE(slice.size(), size_t(20'000));
    QCOMPARE(static_cast<const void*>(slice.data()),
             static_cast<const void*>(buffer.data() + 30'000));
    QCOMPARE(payloadOf(h.takeFrames()), size_t(30'000));
    QCOMPARE(h.events(), "StreamWritable 1\n");
    QCOMPARE(h.session.write(1, slice), size_t(20'000));
}

void TestSessionFlow::keepsUrgencySetWhileQueued()
{
    Harness h(Role::Client);
    h.openHere();
    h.openHere();
    h.write(1, "first");
    h.write(3, "second");
    h.session.setUrgent(3);
    h.session.setUrgent(3);
    QCOMPARE(h.output(), "Data 3 - 6 second\nData 1 - 5 first\n");
}

QTEST_APPLESS_MAIN(TestSessionFlow)
#include "tst_session_flow.moc"
