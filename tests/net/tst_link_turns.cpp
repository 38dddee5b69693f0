// Streams beyond the peer's backlog wait for their turn to open.
#include "net_links.h"

#include <memory>
#include <vector>

using namespace sallyport;
using namespace sallyport::net;
using namespace sallyport::net::test;

namespace {
constexpr size_t Backlog = 4;
constexpr size_t Many = 20;

mux::Config smallBacklog()
{
    mux::Config config;
    config.backlog = Backlog;
    return config;
}
} // namespace

class TestLinkTurns : public QObject
{
    Q_OBJECT

private slots:
    void opensInTurnWhatTheBacklogHolds();
    void forgetsAStreamThatIsResetBeforeItsTurn();
    void endsAStreamThatWasFinishedBeforeItsTurn();
    void resetsThoseThatWaitWhenTheLinkEnds();
    void refusesMoreThanMayBeOpen();
};

void TestLinkTurns::opensInTurnWhatTheBacklogHolds()
{
    IoContext io;
    LinkPair pair(io, Transport::Plain, smallBacklog());
    std::vector<TestStream> streams(Many);
    for (size_t i = 0; i < Many; ++i) {
        QVERIFY(pair.server->openInTurn(streams[i], asBytes(pattern(0, 10 + i, 1))));
        QCOMPARE(streams[i].writable() == 0, i >= Backlog);
    }
    for (TestStream& stream : streams)
        stream.onWritable = [&stream] { stream.finish(); };
    for (size_t i = 0; i < Backlog; ++i)
        streams[i].finish();
    QVERIFY(runUntil([&] {
        return pair.clientSays.streams.size() == Many &&
               pair.clientSays.streams.back()->finished == 1;
    }));
    for (size_t i = 0; i < Many; ++i) {
        QCOMPARE(pair.clientSays.streams[i]->received, 10 + i); // in the order they came
        QVERIFY(streams[i].isAttached());
    }
}

void TestLinkTurns::forgetsAStreamThatIsResetBeforeItsTurn()
{
    IoContext io;
    LinkPair pair(io, Transport::Plain, smallBacklog());
    std::vector<std::unique_ptr<TestStream>> streams;
    for (size_t i = 0; i < Many; ++i) {
        streams.push_back(std::make_unique<TestStream>());
        QVERIFY(pair.server->openInTurn(*streams[i], asBytes("preface")));
    }
    streams[10]->reset();
    streams[11].reset();
    streams[12]->abortBehindData();
    QVERIFY(!streams[10]->isAttached() && !streams[12]->isAttached());
    QVERIFY(runUntil([&] { return pair.clientSays.streams.size() == Many - 3; }));
    QVERIFY(runUntil([&] { return pair.clientSays.streams.back()->received == 7; }));
    QCOMPARE(streams[10]->resets, 0);
}

void TestLinkTurns::endsAStreamThatWasFinishedBeforeItsTurn()
{
    IoContext io;
    LinkPair pair(io, Transport::Plain, smallBacklog());
    std::vector<TestStream> streams(Many);
    for (TestStream& stream : streams) {
        QVERIFY(pair.server->openInTurn(stream, asBytes("preface")));
        stream.finish();
    }
    QVERIFY(runUntil([&] {
        return pair.clientSays.streams.size() == Many &&
               pair.clientSays.streams.back()->finished == 1;
    }));
}

void TestLinkTurns::resetsThoseThatWaitWhenTheLinkEnds()
{
    IoContext io;
    LinkPair pair(io, Transport::Plain, smallBacklog());
    std::vector<TestStream> streams(Many);
    for (TestStream& stream : streams)
        QVERIFY(pair.server->openInTurn(stream, asBytes("preface")));
    pair.server->close("over");
    for (const TestStream& stream : streams) {
        QCOMPARE(stream.resets, 1);
        QVERIFY(!stream.isAttached());
    }
    TestStream late;
    QVERIFY(!pair.server->openInTurn(late, asBytes("preface")));
}

void TestLinkTurns::refusesMoreThanMayBeOpen()
{
    IoContext io;
    mux::Config config = smallBacklog();
    config.maxStreams = 10;
    LinkPair pair(io, Transport::Plain, config);
    std::vector<TestStream> streams(11);
    for (size_t i = 0; i < 11; ++i)
        QCOMPARE(pair.server->openInTurn(streams[i], asBytes("preface")), i < 10);
}

SALLYPORT_NET_TEST_MAIN(TestLinkTurns)
#include "tst_link_turns.moc"
