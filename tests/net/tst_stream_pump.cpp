#include "net_links.h"

#include <sallyport/net/stream_pump.h>

#include <cerrno>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace sallyport;
using namespace sallyport::net;
using namespace sallyport::net::test;

using State = IoResult::State;

namespace {

// A visitor and an upstream, joined by a pump at each end of a link: visitor - pump - stream - pump
// - upstream. Both outer ends are sockets of the test's own.
class Tunnel final : public LinkOwner, public PumpOwner
{
public:
    explicit Tunnel(IoContext& context, Transport transport = Transport::Plain,
                    const mux::Config& config = {})
        : io(context), m_channels(context, transport)
    {
        agent = std::make_unique<Link>(io, std::move(m_channels.client), mux::Role::Client, config,
                                       *this);
        relay = std::make_unique<Link>(io, std::move(m_channels.server), mux::Role::Server, config,
                                       *this);
        agent->start();
        relay->start();
    }

    struct Join
    {
        Socket visitor;
        Socket upstream;
        StreamPump* relayPump = nullptr;
        StreamPump* agentPump = nullptr;
        std::optional<PumpEnd> relayEnd;
        std::optional<PumpEnd> agentEnd;
        bool over() const { return relayEnd && agentEnd; }
    };

    Join& join()
    {
        auto [visitor, relaySide] = tcpPair();
        m_joins.push_back(std::make_unique<Join>());
        Join& joined = *m_joins.back();
        joined.visitor = std::move(visitor);
        auto pump = std::make_unique<StreamPump>(io, *this);
        joined.relayPump = pump.get();
        if (!relay->open(*pump))
            qFatal("cannot open a stream");
        m_pumps.push_back(std::move(pump));
        joined.relayPump->start(std::move(relaySide));
        if (!runUntil([&] { return joined.agentPump || joined.agentEnd; }))
            qFatal("the stream does not arrive");
        return joined;
    }

    IoContext& io;
    std::unique_ptr<Link> agent;
    std::unique_ptr<Link> relay;

private:
    void linkStreamOpened(mux::StreamId id) override
    {
        Join& joined = *m_joins.back();
        auto [upstream, agentSide] = tcpPair();
        joined.upstream = std::move(upstream);
        auto pump = std::make_unique<StreamPump>(io, *this);
        joined.agentPump = pump.get();
        agent->attach(id, *pump);
        m_pumps.push_back(std::move(pump));
        joined.agentPump->start(std::move(agentSide));
    }
    void linkRoundTrip(Duration) override {}
    void linkGoingAway() override {}
    void linkClosed(const std::string&) override {}
    void pumpEnded(StreamPump& pump, PumpEnd end) override
    {
        for (auto& joined : m_joins) {
            if (joined->relayPump == &pump)
                joined->relayEnd = end;
            if (joined->agentPump == &pump)
                joined->agentEnd = end;
        }
        const auto found = std::find_if(m_pumps.begin(), m_pumps.end(),
                                        [&](const auto& p) { return p.get() == &pump; });
        io.retire(std::move(*found));
        m_pumps.erase(found);
    }

    ChannelPair m_channels;
    std::vector<std::unique_ptr<Join>> m_joins;
    std::vector<std::unique_ptr<StreamPump>> m_pumps;
};

// One direction: what is still to be written, and what was read.
struct Flow
{
    Flow(Socket& from, Socket& to, size_t size, uint32_t s)
        : source(from), sink(to), total(size), seed(s)
    {}
    // False when the source takes no more for now.
    bool write()
    {
        if (sent == total)
            return true;
        const std::string text = pattern(sent, std::min<size_t>(total - sent, 64 * 1024), seed);
        const IoResult result = source.write(asBytes(text));
        sent += result.bytes;
        if (sent == total && finishes)
            source.shutdownWrite();
        return result.state == State::Ok;
    }
    void read()
    {
        std::byte space[64 * 1024];
        const IoResult result = sink.read(space);
        correct = correct && matchesPattern(ByteView(space).first(result.bytes), received, seed);
        received += result.bytes;
        ended |= result.state == State::End;
        if (result.state == State::Failed)
            error = result.error;
    }
    bool done() const { return received == total && (ended || !finishes); }

    Socket& source;
    Socket& sink;
    size_t total;
    uint32_t seed;
    bool finishes = false;
    size_t sent = 0;
    size_t received = 0;
    bool correct = true;
    bool ended = false;
    int error = 0;
};

// Turns of the loop that need not wait: the test's own sockets are not watched.
template <typename Condition>
bool turnUntil(Condition&& condition)
{
    QDeadlineTimer end(60'000);
    while (!condition()) {
        if (end.hasExpired())
            return false;
        QCoreApplication::processEvents();
    }
    return true;
}

} // namespace

class TestStreamPump : public QObject
{
    Q_OBJECT

private slots:
    void movesBytesBothWays_data();
    void movesBytesBothWays();
    void passesAHalfCloseOnBeforeTheAnswer();
    void passesAnAbortOfTheVisitorOn();
    void passesAnAbortOfTheUpstreamOnBehindItsLastBytes();
    void deliversAnAnswerThatComesBeforeTheRequestEnds();
    void stopsASourceWhoseSinkDoesNotRead();
    void takesBytesFromBeforeTheStart();
    void takesAStreamThatHadFinishedBefore();
    void runsAHundredAtATime();
    void abortsTheSocketsWhenTheLinkIsLost();
    void resetsItsStreamWhenDestroyed();
    void endsInsideStartWhenTheSocketIsDead();
    void passesAnAbortOnThoughNobodyReads();
    void readsBytesBehindUrgentData();
};

void TestStreamPump::movesBytesBothWays_data()
{
    addTransportRows();
}

void TestStreamPump::movesBytesBothWays()
{
    QFETCH(int, transport);
    constexpr size_t Total = 3 * 1024 * 1024;
    IoContext io;
    Tunnel tunnel(io, Transport(transport));
    auto& joined = tunnel.join();
    Flow up(joined.visitor, joined.upstream, Total, 1);
    Flow down(joined.upstream, joined.visitor, Total, 2);
    up.finishes = down.finishes = true;
    QVERIFY(turnUntil([&] {
        for (Flow* flow : {&up, &down}) {
            flow->write();
            flow->read();
        }
        return up.done() && down.done() && joined.over();
    }));
    QVERIFY(up.correct && down.correct);
    QCOMPARE(*joined.relayEnd, PumpEnd::Clean);
    QCOMPARE(*joined.agentEnd, PumpEnd::Clean);
    QCOMPARE(tunnel.agent->streamCount(), size_t(0));
}

// What `nc -N` does, and what a socket class without half-close breaks.
void TestStreamPump::passesAHalfCloseOnBeforeTheAnswer()
{
    IoContext io;
    Tunnel tunnel(io);
    auto& joined = tunnel.join();
    Flow question(joined.visitor, joined.upstream, 100'000, 1);
    question.finishes = true;
    QVERIFY(turnUntil([&] {
        question.write();
        question.read();
        return question.done();
    }));
    QVERIFY(!joined.relayEnd && !joined.agentEnd);
    Flow answer(joined.upstream, joined.visitor, 300'000, 2);
    answer.finishes = true;
    QVERIFY(turnUntil([&] {
        answer.write();
        answer.read();
        return answer.done() && joined.over();
    }));
    QVERIFY(question.correct && answer.correct);
    QCOMPARE(*joined.relayEnd, PumpEnd::Clean);
    QCOMPARE(*joined.agentEnd, PumpEnd::Clean);
}

void TestStreamPump::passesAnAbortOfTheVisitorOn()
{
    IoContext io;
    Tunnel tunnel(io);
    auto& joined = tunnel.join();
    joined.visitor.abort();
    QVERIFY(turnUntil([&] { return joined.over(); }));
    QCOMPARE(*joined.relayEnd, PumpEnd::LocalFailed);
    QCOMPARE(*joined.agentEnd, PumpEnd::StreamAborted);
    std::byte space[8];
    QVERIFY(waitFor(joined.upstream, POLLIN));
    const IoResult got = joined.upstream.read(space);
    QVERIFY(got.state == State::Failed);
    QCOMPARE(got.error, ECONNRESET);
}

void TestStreamPump::passesAnAbortOfTheUpstreamOnBehindItsLastBytes()
{
    IoContext io;
    Tunnel tunnel(io);
    auto& joined = tunnel.join();
    QVERIFY(joined.visitor.write(asBytes("a request")).bytes == 9);
    QVERIFY(turnUntil([&] { return isReady(joined.upstream, POLLIN); }));
    // As much as the system holds for the visitor: behind that, an abort is an abort.
    Flow answer(joined.upstream, joined.visitor, 40'000, 5);
    QVERIFY(turnUntil([&] {
        answer.write();
        return answer.sent == answer.total;
    }));
    joined.upstream.close(); // the request stands unread: a reset follows
    QVERIFY(turnUntil([&] { return joined.over(); }));
    QVERIFY(turnUntil([&] {
        answer.read();
        return answer.error != 0 || answer.ended;
    }));
    QCOMPARE(answer.received, answer.total);
    QVERIFY(answer.correct);
    QCOMPARE(answer.error, ECONNRESET);
    QCOMPARE(*joined.agentEnd, PumpEnd::LocalFailed);
    QCOMPARE(*joined.relayEnd, PumpEnd::StreamAborted);
}

// The upstream refuses an upload: it answers and closes while the rest still comes.
void TestStreamPump::deliversAnAnswerThatComesBeforeTheRequestEnds()
{
    IoContext io;
    Tunnel tunnel(io);
    auto& joined = tunnel.join();
    Flow upload(joined.visitor, joined.upstream, 50 * 1024 * 1024, 1);
    const auto blocked = [&] {
        for (int i = 0; i < 50; ++i)
            if (!upload.write())
                spin(1);
        const size_t before = upload.sent;
        spin(20);
        upload.write();
        return upload.sent == before;
    };
    QVERIFY(turnUntil(blocked));
    QVERIFY(joined.upstream.write(asBytes("413 too much")).bytes == 12);
    joined.upstream.close();
    std::string got;
    bool over = false;
    QVERIFY(turnUntil([&] {
        upload.write();
        std::byte space[64];
        const IoResult result = joined.visitor.read(space);
        got += asText(ByteView(space).first(result.bytes));
        over |= result.state == State::Failed || result.state == State::End;
        return over;
    }));
    QCOMPARE(got, std::string("413 too much"));
    QVERIFY(turnUntil([&] { return joined.over(); }));
}

void TestStreamPump::stopsASourceWhoseSinkDoesNotRead()
{
    constexpr size_t Total = 64 * 1024 * 1024;
    IoContext io;
    Tunnel tunnel(io);
    auto& stalled = tunnel.join();
    for (Socket* socket : {&stalled.upstream, &stalled.visitor}) {
        const int small = 64 * 1024; // so that the system's own buffers do not hide ours
        ::setsockopt(socket->descriptor(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        ::setsockopt(socket->descriptor(), SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    }
    Flow flow(stalled.visitor, stalled.upstream, Total, 1);
    size_t most = 0;
    int idleTurns = 0;
    QVERIFY(turnUntil([&] {
        const size_t before = flow.sent;
        flow.write();
        most = std::max(most, io.pool().bytesInUse());
        idleTurns = flow.sent == before ? idleTurns + 1 : 0;
        return idleTurns > 500;
    }));
    QVERIFY2(flow.sent < 16 * 1024 * 1024, qPrintable(QString::number(flow.sent)));
    QVERIFY2(most < 2 * 1024 * 1024, qPrintable(QString::number(most)));

    // One beside it is not held up.
    auto& other = tunnel.join();
    Flow beside(other.visitor, other.upstream, 2 * 1024 * 1024, 2);
    QVERIFY(turnUntil([&] {
        beside.write();
        beside.read();
        return beside.done();
    }));
    QVERIFY(beside.correct);

    QVERIFY(turnUntil([&] {
        flow.write();
        flow.read();
        return flow.done();
    }));
    QVERIFY(flow.correct);
}

void TestStreamPump::takesBytesFromBeforeTheStart()
{
    struct Owner final : PumpOwner
    {
        void pumpEnded(StreamPump&, PumpEnd how) override { end = how; }
        std::optional<PumpEnd> end;
    };
    IoContext io;
    LinkPair pair(io, Transport::Plain);
    Owner owner;
    StreamPump pump(io, owner);
    pair.clientSays.onStream = [](TestStream& s) { s.seedToExpect = 9; };
    QVERIFY(pair.server->open(pump));
    auto [visitor, ours] = tcpPair();
    // More than the stream takes at once, and than the socket does.
    const size_t early = 600'000;
    const std::string toStream = pattern(0, early, 9);
    const std::string toSocket = pattern(0, 100'000, 10);
    pump.start(std::move(ours), asBytes(toStream));
    QVERIFY(visitor.write(asBytes(pattern(early, 1000, 9))).bytes == 1000);
    QVERIFY(turnUntil([&] {
        return !pair.clientSays.streams.empty() &&
               pair.clientSays.streams[0]->received == early + 1000;
    }));
    QVERIFY(pair.clientSays.streams[0]->correct);
    QCOMPARE(pump.bytesFromSocket(), uint64_t(early + 1000));
    QVERIFY(!owner.end);

    // The other way: bytes that a stream delivered before its pump was there.
    pair.serverSays.onStream = [](TestStream& s) { s.reads = false; };
    TestStream opener;
    QVERIFY(pair.client->open(opener));
    opener.finishWhenSent = true;
    opener.send(toSocket.size(), 10);
    QVERIFY(turnUntil([&] {
        return !pair.serverSays.streams.empty() && pair.serverSays.streams[0]->finished == 1;
    }));
    TestStream& before = *pair.serverSays.streams[0];
    StreamPump second(io, owner);
    pair.server->reattach(before, second);
    auto [other, theirs] = tcpPair();
    second.start(std::move(theirs), {}, asBytes(toSocket), true);
    Flow flow(other, other, toSocket.size(), 10);
    QVERIFY(turnUntil([&] {
        flow.read();
        return flow.received == toSocket.size() && flow.ended;
    }));
    QVERIFY(flow.correct);
    other.shutdownWrite();
    QVERIFY(turnUntil([&] { return owner.end.has_value() && opener.closed == 1; }));
    QCOMPARE(*owner.end, PumpEnd::Clean);
}

void TestStreamPump::takesAStreamThatHadFinishedBefore()
{
    struct Owner final : PumpOwner
    {
        void pumpEnded(StreamPump&, PumpEnd how) override { end = how; }
        std::optional<PumpEnd> end;
    };
    IoContext io;
    LinkPair pair(io, Transport::Plain);
    Owner owner;
    TestStream opener;
    QVERIFY(pair.client->open(opener));
    opener.finish();
    QVERIFY(turnUntil([&] {
        return !pair.serverSays.streams.empty() && pair.serverSays.streams[0]->finished == 1;
    }));
    StreamPump pump(io, owner);
    pair.server->reattach(*pair.serverSays.streams[0], pump);
    auto [upstream, ours] = tcpPair();
    pump.start(std::move(ours), {}, {}, true);
    QVERIFY(waitFor(upstream, POLLIN));
    std::byte space[8];
    QVERIFY(upstream.read(space).state == State::End);
    QVERIFY(upstream.write(asBytes("answer")).bytes == 6);
    upstream.close();
    QVERIFY(turnUntil([&] { return owner.end.has_value() && opener.closed == 1; }));
    QCOMPARE(opener.received, size_t(6));
    QCOMPARE(*owner.end, PumpEnd::Clean);
}

void TestStreamPump::runsAHundredAtATime()
{
    constexpr size_t Each = 64 * 1024;
    IoContext io;
    Tunnel tunnel(io, Transport::Tls);
    std::vector<Tunnel::Join*> joins;
    std::vector<Flow> flows;
    flows.reserve(200);
    for (uint32_t i = 0; i < 100; ++i) {
        joins.push_back(&tunnel.join());
        flows.emplace_back(joins.back()->visitor, joins.back()->upstream, Each, i);
        flows.emplace_back(joins.back()->upstream, joins.back()->visitor, Each, 1000 + i);
    }
    for (Flow& flow : flows)
        flow.finishes = true;
    QVERIFY(turnUntil([&] {
        for (Flow& flow : flows) {
            flow.write();
            flow.read();
        }
        return std::all_of(flows.begin(), flows.end(), [](const Flow& f) { return f.done(); }) &&
               std::all_of(joins.begin(), joins.end(), [](const auto* j) { return j->over(); });
    }));
    QVERIFY(std::all_of(flows.begin(), flows.end(), [](const Flow& f) { return f.correct; }));
    QVERIFY(std::all_of(joins.begin(), joins.end(), [](const auto* j) {
        return *j->relayEnd == PumpEnd::Clean && *j->agentEnd == PumpEnd::Clean;
    }));
    QVERIFY(io.pool().bytesInUse() <= BufferPool::LargeBlock); // that of the next read
}

void TestStreamPump::abortsTheSocketsWhenTheLinkIsLost()
{
    IoContext io;
    Tunnel tunnel(io);
    auto& joined = tunnel.join();
    tunnel.relay->close("for the test");
    QVERIFY(turnUntil([&] { return joined.over(); }));
    for (Socket* socket : {&joined.visitor, &joined.upstream}) {
        std::byte space[8];
        QVERIFY(waitFor(*socket, POLLIN));
        QVERIFY(socket->read(space).state == State::Failed);
    }
}

void TestStreamPump::resetsItsStreamWhenDestroyed()
{
    struct Owner final : PumpOwner
    {
        void pumpEnded(StreamPump&, PumpEnd) override { called = true; }
        bool called = false;
    };
    IoContext io;
    LinkPair pair(io, Transport::Plain);
    Owner owner;
    auto pump = std::make_unique<StreamPump>(io, owner);
    QVERIFY(pair.server->open(*pump));
    auto [visitor, ours] = tcpPair();
    pump->start(std::move(ours));
    QVERIFY(turnUntil([&] { return !pair.clientSays.streams.empty(); }));
    pump.reset();
    QVERIFY(turnUntil([&] { return pair.clientSays.streams[0]->resets == 1; }));
    QVERIFY(!owner.called);
    std::byte space[8];
    QVERIFY(waitFor(visitor, POLLIN));
    QVERIFY(visitor.read(space).state != State::Ok);
}

void TestStreamPump::endsInsideStartWhenTheSocketIsDead()
{
    struct Owner final : PumpOwner
    {
        void pumpEnded(StreamPump&, PumpEnd how) override { end = how; }
        std::optional<PumpEnd> end;
    };
    IoContext io;
    LinkPair pair(io, Transport::Plain);
    Owner owner;
    StreamPump pump(io, owner);
    QVERIFY(pair.server->open(pump));
    auto [visitor, ours] = tcpPair();
    visitor.abort();
    QVERIFY(waitFor(ours, POLLIN));
    pump.start(std::move(ours), {}, asBytes("nobody reads this"));
    QVERIFY(turnUntil([&] { return owner.end.has_value(); }));
    QCOMPARE(*owner.end, PumpEnd::LocalFailed);
    QVERIFY(turnUntil([&] {
        return pair.clientSays.streams.empty() || pair.clientSays.streams[0]->resets == 1;
    }));
}

// Nobody takes the visitor's bytes, so its pump does not read; the news comes from the system.
void TestStreamPump::passesAnAbortOnThoughNobodyReads()
{
#ifdef SALLYPORT_EPOLL
    if (!EpollDispatcher::current())
#endif
        QSKIP("notifiers do not tell of a reset while nobody reads");
    IoContext io;
    Tunnel tunnel(io);
    auto& joined = tunnel.join();
    Flow flow(joined.visitor, joined.upstream, 64 * 1024 * 1024, 1);
    int idleTurns = 0;
    QVERIFY(turnUntil([&] {
        const size_t before = flow.sent;
        flow.write();
        idleTurns = flow.sent == before ? idleTurns + 1 : 0;
        return idleTurns > 200;
    }));
    joined.visitor.abort();
    QVERIFY(turnUntil([&] { return joined.over(); }));
    QCOMPARE(*joined.relayEnd, PumpEnd::LocalFailed);
    QCOMPARE(*joined.agentEnd, PumpEnd::StreamAborted);
}

void TestStreamPump::readsBytesBehindUrgentData()
{
    IoContext io;
    Tunnel tunnel(io);
    auto& joined = tunnel.join();
    QVERIFY(joined.visitor.write(asBytes("before ")).bytes == 7);
    QCOMPARE(::send(joined.visitor.descriptor(), "!", 1, MSG_OOB), ssize_t(1));
    QVERIFY(joined.visitor.write(asBytes("behind")).bytes == 6);
    std::string got;
    QVERIFY(turnUntil([&] {
        std::byte space[64];
        const IoResult result = joined.upstream.read(space);
        got += asText(ByteView(space).first(result.bytes));
        return got == "before behind";
    }));
}

SALLYPORT_NET_TEST_MAIN(TestStreamPump)
#include "tst_stream_pump.moc"
