#include "links/link_tunnel.h"
#include "net_links.h"

#include <algorithm>

using namespace sallyport;
using namespace sallyport::net::test;
using namespace sallyport::relay;

namespace {

// A tunnel on the relay's end of a link; the agent's end sees what becomes of its streams.
struct Bench
{
    explicit Bench(const LinkTunnel::Limits& limits = {})
        : links(io, Transport::Plain),
          tunnel(std::make_shared<LinkTunnel>(*links.server, Route(), limits))
    {}

    std::vector<std::unique_ptr<UpstreamStream>> open(size_t count)
    {
        std::vector<std::unique_ptr<UpstreamStream>> streams;
        for (size_t i = 0; i < count; ++i)
            streams.push_back(tunnel->open({}));
        return streams;
    }
    size_t countOfAgents(int TestStream::*what) const
    {
        const auto& streams = links.clientSays.streams;
        return size_t(std::count_if(streams.begin(), streams.end(),
                                    [&](const auto& stream) { return (*stream).*what > 0; }));
    }

    net::IoContext io;
    LinkPair links;
    std::shared_ptr<LinkTunnel> tunnel;
};

} // namespace

class TestLinkTunnel : public QObject
{
    Q_OBJECT

private slots:
    void letsManyStreamsEndByThemselvesAtOnce();
    void cutsTheOldestBeyondTheLimit();
    void cutsWhatDoesNotEndInTime();
    void letsIdleStreamsEndAfterTheirTime();
};

void TestLinkTunnel::letsManyStreamsEndByThemselvesAtOnce()
{
    Bench bench;
    auto streams = bench.open(200);
    for (auto& stream : streams)
        bench.tunnel->letEnd(std::move(stream));
    QVERIFY(runUntil([&] { return bench.countOfAgents(&TestStream::finished) == 200; }));
    QCOMPARE(bench.countOfAgents(&TestStream::resets), size_t(0));
    QCOMPARE(bench.tunnel->endingCount(), size_t(200));
    for (const auto& stream : bench.links.clientSays.streams)
        stream->finish();
    QVERIFY(runUntil([&] { return bench.tunnel->endingCount() == 0; }));
    QCOMPARE(bench.countOfAgents(&TestStream::resets), size_t(0));
}

void TestLinkTunnel::cutsTheOldestBeyondTheLimit()
{
    Bench bench({.endingStreams = 3});
    auto streams = bench.open(5);
    QVERIFY(runUntil([&] { return bench.links.clientSays.streams.size() == 5; }));
    for (auto& stream : streams)
        bench.tunnel->letEnd(std::move(stream));
    QCOMPARE(bench.tunnel->endingCount(), size_t(3));
    QVERIFY(runUntil([&] { return bench.countOfAgents(&TestStream::resets) == 2; }));
}

void TestLinkTunnel::cutsWhatDoesNotEndInTime()
{
    Bench bench({.endingTime = std::chrono::seconds(7)});
    auto streams = bench.open(2);
    QVERIFY(runUntil([&] { return bench.links.clientSays.streams.size() == 2; }));
    for (auto& stream : streams)
        bench.tunnel->letEnd(std::move(stream));
    const TimePoint now = bench.io.now();
    bench.tunnel->dropIdleOlderThan(now);
    QCOMPARE(bench.tunnel->endingCount(), size_t(2));
    bench.tunnel->dropIdleOlderThan(now + std::chrono::seconds(7));
    QCOMPARE(bench.tunnel->endingCount(), size_t(0));
    QVERIFY(runUntil([&] { return bench.countOfAgents(&TestStream::resets) == 2; }));
}

void TestLinkTunnel::letsIdleStreamsEndAfterTheirTime()
{
    Bench bench({.idleStreams = 2, .idleTime = std::chrono::seconds(5)});
    auto streams = bench.open(3);
    for (auto& stream : streams)
        bench.tunnel->giveBack(std::move(stream));
    QCOMPARE(bench.tunnel->idleCount(), size_t(2));
    QCOMPARE(bench.tunnel->endingCount(), size_t(1));
    bench.tunnel->dropIdleOlderThan(bench.io.now() + std::chrono::seconds(5));
    QCOMPARE(bench.tunnel->idleCount(), size_t(0));
    QCOMPARE(bench.tunnel->endingCount(), size_t(3));
    QVERIFY(runUntil([&] { return bench.countOfAgents(&TestStream::finished) == 3; }));
}

SALLYPORT_NET_TEST_MAIN(TestLinkTunnel)
#include "tst_link_tunnel.moc"
