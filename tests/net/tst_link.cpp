#include "net_links.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

using namespace sallyport;
using namespace sallyport::net;
using namespace sallyport::net::test;
using namespace std::chrono_literals;

class TestLink : public QObject
{
    Q_OBJECT

private slots:
    void movesManyStreamsBothWays_data();
    void movesManyStreamsBothWays();
    void movesAGreatDealOnOneStream_data();
    void movesAGreatDealOnOneStream();
    void keepsAFastStreamFastBesideOneThatIsNotRead();
    void keepsMemoryBoundedHoweverManyWrite();
    void passesAHalfCloseOn();
    void tellsOfAStreamsEndWithoutFurtherBytes();
    void passesAResetOn();
    void abortsBehindTheDataThatWasWritten();
    void opensBeyondTheBacklogInTurn();
    void forgetsAStreamThatLeavesBeforeItsTurn();
    void finishesAStreamInItsTurn();
    void limitsHowManyWaitForTheirTurn();
    void refusesAStream();
    void handsAStreamToAnotherHandler();
    void rejectsAStreamWithItsCode();
    void resetsEveryStreamWhenTheLinkIsLost_data();
    void resetsEveryStreamWhenTheLinkIsLost();
    void takesNoNewStreamsFromWhoGoesAway();
    void opensNothingOnceItIsClosed();
    void tellsTheRoundTrip();
    void givesUpOnASilentPeer();
    void saysWhatAPeerDidWrong();
    void takesBytesThatCameWithTheHandshake();
    void mayBeClosedInsideEveryCall_data();
    void mayBeClosedInsideEveryCall();
    void mayLoseItsStreamsInsideEveryCall_data();
    void mayLoseItsStreamsInsideEveryCall();
    void leavesNothingBehind();
};

void TestLink::movesManyStreamsBothWays_data()
{
    addTransportRows();
}

void TestLink::movesManyStreamsBothWays()
{
    QFETCH(int, transport);
    constexpr size_t Streams = 30;
    constexpr size_t Each = 100'000;
    IoContext io;
    LinkPair pair(io, Transport(transport));
    std::vector<std::unique_ptr<TestStream>> opened;
    for (size_t i = 0; i < Streams; ++i) {
        opened.push_back(std::make_unique<TestStream>());
        // From both sides in turn: the peer answers with as much.
        TestStream& stream = *opened.back();
        QVERIFY((i % 2 ? pair.client : pair.server)->open(stream));
        stream.seedToExpect = 1000 + stream.streamId();
        stream.finishWhenSent = true;
        stream.send(Each, stream.streamId());
    }
    const auto answer = [&](TestStream& stream) {
        stream.seedToExpect = stream.streamId();
        stream.finishWhenSent = true;
        stream.send(Each, 1000 + stream.streamId());
    };
    pair.clientSays.onStream = answer;
    pair.serverSays.onStream = answer;
    const auto all = [&](auto&& holds) {
        size_t count = 0;
        for (const auto* list : {&opened, &pair.clientSays.streams, &pair.serverSays.streams})
            for (const auto& stream : *list)
                count += holds(*stream) ? 1 : 0;
        return count == 2 * Streams;
    };
    QVERIFY(runUntil([&] { return all([](const TestStream& s) { return s.closed == 1; }); }));
    QVERIFY(all([&](const TestStream& s) { return s.received == Each && s.correct; }));
    QVERIFY(all([&](const TestStream& s) { return s.finished == 1 && s.resets == 0; }));
    QCOMPARE(pair.client->streamCount(), size_t(0));
    QCOMPARE(pair.server->streamCount(), size_t(0));
}

void TestLink::movesAGreatDealOnOneStream_data()
{
    addTransportRows();
}

void TestLink::movesAGreatDealOnOneStream()
{
    QFETCH(int, transport);
    constexpr size_t Total = 6 * 1024 * 1024;
    IoContext io;
    LinkPair pair(io, Transport(transport));
    TestStream stream;
    QVERIFY(pair.server->open(stream));
    stream.seedToExpect = 8;
    stream.send(Total, 7);
    pair.clientSays.onStream = [](TestStream& s) {
        s.seedToExpect = 7;
        s.send(Total, 8);
    };
    QVERIFY(runUntil([&] {
        return stream.received == Total && !pair.clientSays.streams.empty() &&
               pair.clientSays.streams[0]->received == Total;
    }));
    QVERIFY(stream.correct && pair.clientSays.streams[0]->correct);
}

void TestLink::keepsAFastStreamFastBesideOneThatIsNotRead()
{
    constexpr size_t Total = 5 * 1024 * 1024;
    IoContext io;
    LinkPair pair(io, Transport::Plain);
    TestStream slow;
    TestStream fast;
    QVERIFY(pair.server->open(slow));
    QVERIFY(pair.server->open(fast));
    pair.clientSays.onStream = [&](TestStream& s) {
        s.seedToExpect = s.streamId();
        s.reads = s.streamId() == fast.streamId();
    };
    slow.send(Total, slow.streamId());
    fast.send(Total, fast.streamId());
    size_t most = 0;
    QVERIFY(runUntil([&] {
        most = std::max(most, io.pool().bytesInUse());
        return pair.clientSays.streams.size() == 2 && pair.clientSays.streams[1]->received == Total;
    }));
    TestStream& unread = *pair.clientSays.streams[0];
    QVERIFY(pair.clientSays.streams[1]->correct);
    // Its first window and no more.
    QCOMPARE(unread.received, size_t(256 * 1024));
    QVERIFY2(most < 4 * 1024 * 1024, qPrintable(QString::number(most)));
    unread.read();
    QVERIFY(runUntil([&] { return unread.received == Total; }));
    QVERIFY(unread.correct);
}

void TestLink::keepsMemoryBoundedHoweverManyWrite()
{
    constexpr size_t Streams = 60;
    constexpr size_t Each = 300 * 1024;
    IoContext io;
    LinkPair pair(io, Transport::Plain);
    std::vector<std::unique_ptr<TestStream>> opened;
    pair.clientSays.onStream = [](TestStream& s) { s.seedToExpect = s.streamId(); };
    for (size_t i = 0; i < Streams; ++i) {
        opened.push_back(std::make_unique<TestStream>());
        QVERIFY(pair.server->open(*opened.back()));
        opened.back()->send(Each, opened.back()->streamId());
    }
    size_t most = 0;
    QVERIFY(runUntil([&] {
        most = std::max(most, io.pool().bytesInUse());
        size_t done = 0;
        for (const auto& s : pair.clientSays.streams)
            done += s->received == Each && s->correct;
        return done == Streams;
    }));
    QVERIFY2(most < 6 * 1024 * 1024, qPrintable(QString::number(most)));
}

void TestLink::passesAHalfCloseOn()
{
    IoContext io;
    LinkPair pair(io, Transport::Plain);
    TestStream stream;
    QVERIFY(pair.server->open(stream));
    stream.write(asBytes("question"));
    stream.finish();
    QVERIFY(runUntil([&] { return !pair.clientSays.streams.empty(); }));
    TestStream& other = *pair.clientSays.streams[0];
    QVERIFY(runUntil([&] { return other.finished == 1; }));
    QCOMPARE(other.received, size_t(8));
    QCOMPARE(other.closed, 0);
    QVERIFY(other.isAttached());
    other.write(asBytes("answer"));
    other.finish();
    QVERIFY(runUntil([&] { return stream.closed == 1 && other.closed == 1; }));
    QCOMPARE(stream.received, size_t(6));
    QCOMPARE(stream.finished, 1);
    QVERIFY(!stream.isAttached() && !other.isAttached());
    QCOMPARE(stream.write(asBytes("x")), size_t(0)); // harmless
}

// Nothing more comes from the peer, so what our own last frame brings about must be told at once.
void TestLink::tellsOfAStreamsEndWithoutFurtherBytes()
{
    IoContext io;
    mux::Config quiet;
    quiet.pingInterval = Duration::zero();
    LinkPair pair(io, Transport::Plain, quiet);
    TestStream stream;
    QVERIFY(pair.server->open(stream));
    QVERIFY(runUntil([&] { return !pair.clientSays.streams.empty(); }));
    pair.clientSays.streams[0]->finish();
    QVERIFY(runUntil([&] { return stream.finished == 1; }));
    stream.finish();
    QVERIFY(runUntil([&] { return stream.closed == 1; }, std::chrono::seconds(3)));
}

void TestLink::passesAResetOn()
{
    IoContext io;
    LinkPair pair(io, Transport::Plain);
    TestStream stream;
    QVERIFY(pair.server->open(stream));
    QVERIFY(runUntil([&] { return !pair.clientSays.streams.empty(); }));
    TestStream& other = *pair.clientSays.streams[0];
    stream.reset();
    QVERIFY(!stream.isAttached());
    QVERIFY(runUntil([&] { return other.resets == 1; }));
    QCOMPARE(stream.resets, 0); // it said so itself
    QCOMPARE(other.closed + other.finished, 0);
    QCOMPARE(pair.client->streamCount() + pair.server->streamCount(), size_t(0));
}

void TestLink::abortsBehindTheDataThatWasWritten()
{
    constexpr size_t Total = 200'000;
    IoContext io;
    LinkPair pair(io, Transport::Plain);
    TestStream stream;
    QVERIFY(pair.server->open(stream));
    pair.clientSays.onStream = [](TestStream& s) { s.seedToExpect = 3; };
    QVERIFY(runUntil([&] { return !pair.clientSays.streams.empty(); }));
    TestStream& other = *pair.clientSays.streams[0];
    other.send(100'000, 4); // which nobody wants any more
    QCOMPARE(stream.write(asBytes(pattern(0, Total, 3))), Total);
    stream.abortBehindData();
    stream.abortBehindData();
    QVERIFY(stream.isAttached());
    // What comes meanwhile is dropped.
    QVERIFY(runUntil([&] { return other.resets == 1 && stream.resets == 1; }));
    QCOMPARE(other.received, Total);
    QVERIFY(other.correct);
    QCOMPARE(stream.received, size_t(0));
    QVERIFY(!stream.isAttached());
}

void TestLink::opensBeyondTheBacklogInTurn()
{
    IoContext io;
    mux::Config config;
    config.backlog = 4;
    LinkPair pair(io, Transport::Plain, config);
    pair.clientSays.onStream = [](TestStream& s) { s.seedToExpect = 5; };
    std::vector<std::unique_ptr<TestStream>> opened;
    for (int i = 0; i < 50; ++i) {
        opened.push_back(std::make_unique<TestStream>());
        QVERIFY(pair.server->openInTurn(*opened.back(), asBytes(pattern(0, 100, 5))));
        opened.back()->onWritable = [&stream = *opened.back()] {
            stream.write(asBytes(pattern(100, 50, 5)));
            stream.onWritable = nullptr;
        };
        if (opened.back()->writable() > 0)
            opened.back()->onWritable();
    }
    QVERIFY(runUntil([&] {
        return pair.clientSays.streams.size() == 50 &&
               std::all_of(pair.clientSays.streams.begin(), pair.clientSays.streams.end(),
                           [](const auto& s) { return s->received == 150 && s->correct; });
    }));
    for (size_t i = 1; i < opened.size(); ++i)
        QVERIFY(opened[i]->streamId() > opened[i - 1]->streamId());
}

void TestLink::forgetsAStreamThatLeavesBeforeItsTurn()
{
    IoContext io;
    mux::Config config;
    config.backlog = 1;
    LinkPair pair(io, Transport::Plain, config);
    TestStream streams[5];
    for (TestStream& stream : streams)
        QVERIFY(pair.server->openInTurn(stream, asBytes("preface")));
    QCOMPARE(streams[4].write(asBytes("too early")), size_t(0));
    streams[1].reset();
    streams[2].abortBehindData();
    {
        TestStream gone;
        QVERIFY(pair.server->openInTurn(gone, asBytes("preface")));
    }
    QVERIFY(!streams[1].isAttached() && !streams[2].isAttached());
    QVERIFY(runUntil([&] { return pair.clientSays.streams.size() == 3; }));
    spin(10);
    QCOMPARE(pair.clientSays.streams.size(), size_t(3));
    QVERIFY(streams[3].streamId() != 0 && streams[4].streamId() != 0);

    // And when the link goes.
    TestStream waiting[3];
    for (TestStream& stream : waiting)
        QVERIFY(pair.server->openInTurn(stream, {}));
    pair.server->close("for the test");
    for (TestStream& stream : waiting)
        QCOMPARE(stream.resets, 1);
    QVERIFY(!pair.server->openInTurn(streams[1], {}));
}

void TestLink::finishesAStreamInItsTurn()
{
    IoContext io;
    mux::Config config;
    config.backlog = 1;
    LinkPair pair(io, Transport::Plain, config);
    TestStream streams[3];
    for (TestStream& stream : streams) {
        QVERIFY(pair.server->openInTurn(stream, asBytes("all of it")));
        stream.finish();
    }
    QVERIFY(runUntil([&] {
        return pair.clientSays.streams.size() == 3 &&
               std::all_of(pair.clientSays.streams.begin(), pair.clientSays.streams.end(),
                           [](const auto& s) { return s->finished == 1 && s->received == 9; });
    }));
}

void TestLink::limitsHowManyWaitForTheirTurn()
{
    IoContext io;
    mux::Config config;
    config.backlog = 1;
    config.maxStreams = 3;
    LinkPair pair(io, Transport::Plain, config);
    TestStream streams[4];
    for (int i = 0; i < 3; ++i)
        QVERIFY(pair.server->openInTurn(streams[i], {}));
    QVERIFY(!pair.server->openInTurn(streams[3], {}));
    QVERIFY(!streams[3].isAttached());
}

void TestLink::refusesAStream()
{
    IoContext io;
    LinkPair pair(io, Transport::Plain);
    pair.clientSays.refuse = true;
    TestStream stream;
    QVERIFY(pair.server->open(stream));
    stream.write(asBytes("hello"));
    QVERIFY(runUntil([&] { return stream.resets == 1; }));
    QCOMPARE(pair.client->streamCount(), size_t(0));
}

void TestLink::handsAStreamToAnotherHandler()
{
    IoContext io;
    LinkPair pair(io, Transport::Plain);
    TestStream stream;
    QVERIFY(pair.server->open(stream));
    QVERIFY(runUntil([&] { return !pair.clientSays.streams.empty(); }));
    TestStream& first = *pair.clientSays.streams[0];
    TestStream second;
    pair.client->reattach(first, second);
    QVERIFY(!first.isAttached() && second.isAttached());
    stream.write(asBytes("to the second"));
    stream.finish();
    QVERIFY(runUntil([&] { return second.finished == 1; }));
    QCOMPARE(first.received, size_t(0));
    QCOMPARE(second.received, size_t(13));
}

void TestLink::rejectsAStreamWithItsCode()
{
    struct Rejected final : TestStream
    {
        void streamRejected(uint32_t c) override { code = c; }
        uint32_t code = 0;
    };
    IoContext io;
    LinkPair pair(io, Transport::Plain);
    Rejected stream;
    QVERIFY(pair.server->open(stream));
    pair.server->reject(stream.streamId() + 2, 1); // nobody's
    pair.server->reject(stream.streamId(), 7);
    QCOMPARE(stream.code, 7u);
    QVERIFY(!stream.isAttached());
    QCOMPARE(stream.resets, 0);
    spin(5);
    QCOMPARE(pair.client->streamCount(), size_t(0));
}

void TestLink::resetsEveryStreamWhenTheLinkIsLost_data()
{
    addTransportRows();
}

void TestLink::resetsEveryStreamWhenTheLinkIsLost()
{
    QFETCH(int, transport);
    IoContext io;
    LinkPair pair(io, Transport(transport));
    std::vector<std::unique_ptr<TestStream>> opened;
    for (int i = 0; i < 20; ++i) {
        opened.push_back(std::make_unique<TestStream>());
        QVERIFY(pair.server->open(*opened.back()));
    }
    QVERIFY(runUntil([&] { return pair.clientSays.streams.size() == 20; }));
    pair.cutOff();
    QVERIFY(runUntil(
        [&] { return !pair.clientSays.closed.empty() && !pair.serverSays.closed.empty(); }));
    for (const auto& stream : opened)
        QCOMPARE(stream->resets, 1);
    for (const auto& stream : pair.clientSays.streams)
        QCOMPARE(stream->resets, 1);
    QVERIFY(pair.client->isClosed() && pair.server->isClosed());
    QVERIFY(pair.clientSays.streamsWereResetFirst);
}

void TestLink::takesNoNewStreamsFromWhoGoesAway()
{
    IoContext io;
    LinkPair pair(io, Transport::Plain);
    TestStream old;
    QVERIFY(pair.server->open(old));
    QVERIFY(runUntil([&] { return !pair.clientSays.streams.empty(); }));
    pair.client->goAway();
    QVERIFY(runUntil([&] { return pair.serverSays.goingAway == 1; }));
    TestStream late;
    const auto opened = pair.server->open(late);
    QVERIFY(!opened);
    QCOMPARE(opened.error(), mux::OpenError::PeerGoingAway);
    old.write(asBytes("still here"));
    QVERIFY(runUntil([&] { return pair.clientSays.streams[0]->received == 10; }));
}

void TestLink::opensNothingOnceItIsClosed()
{
    IoContext io;
    LinkPair pair(io, Transport::Plain);
    TestStream stream;
    TestStream another;
    QVERIFY(pair.server->open(stream));
    bool refused = false;
    stream.onReset = [&] { refused = !pair.server->open(another); };
    pair.server->close("for the test");
    QVERIFY(refused);
    QVERIFY(!another.isAttached());
    QCOMPARE(pair.serverSays.closed, std::string("for the test"));
    pair.server->close("again"); // harmless
    pair.server->goAway();
    QCOMPARE(pair.serverSays.closed, std::string("for the test"));
    QVERIFY(runUntil([&] { return !pair.clientSays.closed.empty(); }));
}

void TestLink::tellsTheRoundTrip()
{
    IoContext io;
    LinkPair pair(io, Transport::Plain);
    QVERIFY(
        runUntil([&] { return pair.clientSays.roundTrips > 0 && pair.serverSays.roundTrips > 0; }));
    QVERIFY(pair.client->roundTrip().has_value());
    QVERIFY(*pair.client->roundTrip() >= Duration::zero());
}

void TestLink::givesUpOnASilentPeer()
{
    IoContext io;
    auto [ours, theirs] = tcpPair();
    Recorder unused;
    auto channel = std::make_unique<Channel>(io, std::move(ours), &unused);
    channel->startPlain();
    mux::Config config;
    config.pingInterval = 20ms;
    config.pingMisses = 2;
    LinkRecorder says;
    Link link(io, std::move(channel), mux::Role::Client, config, says);
    says.link = &link;
    link.start();
    TestStream stream;
    QVERIFY(link.open(stream));
    QVERIFY(runUntil([&] { return !says.closed.empty(); }));
    QVERIFY2(says.closed.find("ping") != std::string::npos, says.closed.c_str());
    QCOMPARE(stream.resets, 1);
    QVERIFY(waitFor(theirs, POLLIN)); // something was said before
}

void TestLink::saysWhatAPeerDidWrong()
{
    IoContext io;
    auto [ours, theirs] = tcpPair();
    Recorder unused;
    auto channel = std::make_unique<Channel>(io, std::move(ours), &unused);
    channel->startPlain();
    LinkRecorder says;
    Link link(io, std::move(channel), mux::Role::Server, {}, says);
    says.link = &link;
    link.start();
    QCOMPARE(theirs.write(asBytes("GET / HTTP/1.1\r\n\r\n")).bytes, size_t(18));
    QVERIFY(runUntil([&] { return !says.closed.empty(); }));
    // The peer is told by a go-away with a protocol error behind the first ping.
    std::string got;
    std::byte space[256];
    while (waitFor(theirs, POLLIN)) {
        const IoResult r = theirs.read(space);
        if (r.state != IoResult::State::Ok)
            break;
        got += asText(ByteView(space).first(r.bytes));
    }
    QVERIFY(got.size() >= 12);
    QCOMPARE(got.substr(got.size() - 12),
             std::string("\x00\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01", 12));
}

void TestLink::takesBytesThatCameWithTheHandshake()
{
    IoContext io;
    auto [ours, theirs] = tcpPair();
    Recorder unused;
    auto channel = std::make_unique<Channel>(io, std::move(ours), &unused);
    channel->startPlain();
    LinkRecorder says;
    Link link(io, std::move(channel), mux::Role::Client, {}, says);
    says.link = &link;
    // Stream 2 opens with four bytes of data.
    link.start(asBytes(std::string_view("\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00\x04"
                                        "data",
                                        16)));
    QCOMPARE(says.streams.size(), size_t(1));
    QCOMPARE(says.streams[0]->received, size_t(4));
}

// --- ends inside callbacks ---

namespace {

void addCallRows()
{
    QTest::addColumn<QString>("call");
    QTest::addColumn<int>("transport");
    for (const char* call :
         {"opened", "data", "writable", "finished", "reset", "closed", "round trip", "going away"})
        for (const auto& [name, transport] :
             {std::pair{"plain", Transport::Plain}, std::pair{"tls", Transport::Tls},
              std::pair{"websocket", Transport::WebSocket}})
            QTest::addRow("%s, %s", call, name) << QString(call) << int(transport);
}

// Makes the client's side see every kind of call, with `act` run in the one that is named.
void provoke(LinkPair& pair, const QString& call, const std::function<void()>& act)
{
    const auto when = [&call, act](const char* name) {
        return call == name ? act : std::function<void()>();
    };
    pair.clientSays.onRoundTrip = when("round trip");
    pair.clientSays.onGoingAway = when("going away");
    pair.clientSays.onStream = [when, call, act](TestStream& s) {
        s.onData = when("data");
        s.onFinished = when("finished");
        s.onReset = when("reset");
        s.onClosed = when("closed");
        s.onWritable = when("writable");
        s.send(400 * 1024, 1); // more than a window
        s.finishWhenSent = true;
        if (call == "opened")
            act();
    };
    for (int i = 0; i < 6; ++i) {
        pair.serverStreams.push_back(std::make_unique<TestStream>());
        TestStream& stream = *pair.serverStreams.back();
        if (!pair.server->open(stream))
            qFatal("cannot open");
        stream.write(asBytes("some bytes"));
        if (i == 5)
            stream.onData = [&stream] { stream.reset(); };
        else
            stream.finish();
    }
    pair.server->goAway();
}

} // namespace

void TestLink::mayBeClosedInsideEveryCall_data()
{
    addCallRows();
}

void TestLink::mayBeClosedInsideEveryCall()
{
    QFETCH(QString, call);
    QFETCH(int, transport);
    IoContext io;
    LinkPair pair(io, Transport(transport));
    bool acted = false;
    provoke(pair, call, [&] {
        acted = true;
        pair.client->close("inside a call");
    });
    QVERIFY(runUntil([&] { return acted; }));
    QCOMPARE(pair.clientSays.closed, std::string("inside a call"));
    QVERIFY(runUntil([&] { return !pair.serverSays.closed.empty(); }));
    for (const auto& stream : pair.clientSays.streams)
        QVERIFY(!stream->isAttached());
}

void TestLink::mayLoseItsStreamsInsideEveryCall_data()
{
    addCallRows();
}

// All streams are destroyed inside the call, that which is being called too (at the end of the
// turn), and the link is retired.
void TestLink::mayLoseItsStreamsInsideEveryCall()
{
    QFETCH(QString, call);
    QFETCH(int, transport);
    IoContext io;
    LinkPair pair(io, Transport(transport));
    struct Held : Retirable
    {
        std::unique_ptr<Link> link;
        std::vector<std::unique_ptr<TestStream>> streams;
    };
    bool acted = false;
    provoke(pair, call, [&] {
        if (std::exchange(acted, true))
            return;
        auto held = std::make_unique<Held>();
        for (auto& stream : pair.clientSays.streams)
            stream->reset();
        held->streams = std::move(pair.clientSays.streams);
        held->link = std::move(pair.client);
        io.retire(std::move(held));
    });
    QVERIFY(runUntil([&] { return acted; }));
    QVERIFY(runUntil([&] { return !pair.serverSays.closed.empty(); }));
    QVERIFY(pair.clientSays.closed.empty());
}

void TestLink::leavesNothingBehind()
{
    IoContext io;
    {
        LinkPair pair(io, Transport::Tls);
        TestStream stream;
        QVERIFY(pair.server->open(stream));
        stream.send(500'000, 1);
        QVERIFY(runUntil([&] {
            return !pair.clientSays.streams.empty() && pair.clientSays.streams[0]->received > 0;
        }));
    }
    QCOMPARE(io.pool().bytesInUse(), size_t(0));
}

SALLYPORT_NET_TEST_MAIN(TestLink)
#include "tst_link.moc"
