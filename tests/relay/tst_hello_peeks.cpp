#include "hello_builder.h"
#include "net_test.h"
#include "visitors/hello_peeks.h"

#include <string>
#include <vector>

using namespace sallyport;
using namespace sallyport::net::test;
using namespace sallyport::relay;
using namespace sallyport::tls::test;
using State = net::IoResult::State;
using std::chrono::milliseconds;

namespace {

struct Owner final : HelloPeeksOwner
{
    void helloPeeked(PeekedVisitor visitor, const tls::ClientHelloReader& hello) override
    {
        names.emplace_back(hello.serverName());
        visitors.push_back(std::move(visitor));
    }
    void notTlsPeeked(PeekedVisitor visitor) override { others.push_back(std::move(visitor)); }

    std::vector<std::string> names;
    std::vector<PeekedVisitor> visitors;
    std::vector<PeekedVisitor> others;
};

struct Bench
{
    explicit Bench(const HelloPeeks::Limits& limits = {}) : peeks(io, limits, count, owner) {}

    // The client's end.
    net::Socket visitor(const char* from = "192.0.2.1")
    {
        auto [client, server] = tcpPair();
        peeks.add({std::move(server), *net::Address::fromText(from, 1), 443});
        return std::move(client);
    }

    net::IoContext io;
    observe::Gauge count;
    Owner owner;
    HelloPeeks peeks;
};

} // namespace

// What comes until the end; the state tells a clean end from a reset.
static std::pair<std::string, State> readAll(net::Socket& socket)
{
    std::string all;
    std::byte space[4096];
    while (true) {
        const net::IoResult result = socket.read(space);
        if (result.state == State::Ok)
            all += asText(ByteView(space).first(result.bytes));
        else if (result.state != State::WouldBlock)
            return {all, result.state};
        else if (!waitFor(socket, POLLIN))
            return {all, State::WouldBlock};
    }
}

class TestHelloPeeks : public QObject
{
    Q_OBJECT

private slots:
    void leavesTheHelloUnread();
    void readsAHelloThatComesByteByByte();
    void handsOverWhatIsNotTls();
    void answersAMalformedHelloByItsAlert();
    void cutsWhoNeverSaysAnything();
    void cutsWhoStopsInTheMiddle();
    void cutsWhoDripsForTooLong();
    void cutsAHelloOfTooManyBytes();
    void forgetsWhoLeaves();
    void forgetsWhoEndsInTheMiddle();
    void makesRoomByTheOldestOfTheGreediestAddress();
    void countsWhoIsHere();
};

void TestHelloPeeks::leavesTheHelloUnread()
{
    Bench bench;
    net::Socket client = bench.visitor();
    const std::string bytes = hello(serverName("app.acme.org"));
    client.write(asBytes(bytes));
    QVERIFY(runUntil([&] { return !bench.owner.names.empty(); }));
    QCOMPARE(bench.owner.names.front(), "app.acme.org");
    QCOMPARE(bench.owner.visitors.front().port, uint16_t(443));
    std::byte space[4096];
    const net::IoResult result = bench.owner.visitors.front().socket.read(space);
    QCOMPARE(std::string(asText(ByteView(space).first(result.bytes))), bytes);
    QCOMPARE(bench.count.value(), int64_t(0));
}

void TestHelloPeeks::readsAHelloThatComesByteByByte()
{
    Bench bench;
    net::Socket client = bench.visitor();
    const std::string bytes = inRecords(helloMessage(serverName("app.acme.org")), 20);
    for (const char c : bytes) {
        QVERIFY(bench.owner.names.empty());
        client.write(asBytes(std::string_view(&c, 1)));
        spin(2);
    }
    QVERIFY(runUntil([&] { return !bench.owner.names.empty(); }));
    // The socket hears of few bytes again.
    net::Socket& server = bench.owner.visitors.front().socket;
    std::vector<std::byte> space(4096);
    QCOMPARE(server.read(space).bytes, bytes.size());
    client.write(asBytes("x"));
    QVERIFY(waitFor(server, POLLIN));
}

void TestHelloPeeks::handsOverWhatIsNotTls()
{
    Bench bench;
    net::Socket client = bench.visitor();
    client.write(asBytes("GET / HTTP/1.1\r\n\r\n"));
    QVERIFY(runUntil([&] { return !bench.owner.others.empty(); }));
    std::byte space[64];
    QCOMPARE(bench.owner.others.front().socket.read(space).bytes, size_t(18));
}

void TestHelloPeeks::answersAMalformedHelloByItsAlert()
{
    Bench bench;
    net::Socket client = bench.visitor();
    client.write(asBytes(hello(serverName("not a name"))));
    QVERIFY(runUntil([&] { return bench.peeks.size() == 0; }));
    const auto [bytes, end] = readAll(client);
    QCOMPARE(bytes, std::string("\x15\x03\x03\x00\x02\x02\x2f", 7));
    QVERIFY(end == State::End);
    QVERIFY(bench.owner.names.empty());
}

void TestHelloPeeks::cutsWhoNeverSaysAnything()
{
    Bench bench({.firstByte = milliseconds(20)});
    net::Socket client = bench.visitor();
    QVERIFY(runUntil([&] { return bench.peeks.size() == 0; }));
    QVERIFY(readAll(client).second == State::Failed);
    QCOMPARE(bench.count.value(), int64_t(0));
}

void TestHelloPeeks::cutsWhoStopsInTheMiddle()
{
    Bench bench({.progress = milliseconds(20)});
    net::Socket client = bench.visitor();
    client.write(asBytes(hello(serverName("app.acme.org")).substr(0, 40)));
    QVERIFY(runUntil([&] { return bench.peeks.size() == 0; }));
    QVERIFY(readAll(client).second == State::Failed);
}

void TestHelloPeeks::cutsWhoDripsForTooLong()
{
    Bench bench({.total = milliseconds(50)});
    net::Socket client = bench.visitor();
    const std::string bytes = hello(extension(51, std::string(15'000, 'k')));
    size_t sent = 0;
    QVERIFY(runUntil([&] {
        if (bench.peeks.size() == 0 || sent == bytes.size())
            return true;
        client.write(asBytes(bytes).subspan(sent++, 1));
        bench.io.poller().again(client.descriptor(), 0);
        return false;
    }));
    QCOMPARE(bench.peeks.size(), size_t(0));
    QVERIFY(bench.owner.names.empty());
}

void TestHelloPeeks::cutsAHelloOfTooManyBytes()
{
    Bench bench({.bytes = 2048});
    net::Socket client = bench.visitor();
    client.write(asBytes(hello(extension(51, std::string(2000, 'k')))));
    QVERIFY(runUntil([&] { return bench.peeks.size() == 0; }));
    QCOMPARE(readAll(client).first.size(), size_t(7));
    QVERIFY(bench.owner.names.empty());
}

void TestHelloPeeks::forgetsWhoLeaves()
{
    Bench bench;
    net::Socket client = bench.visitor();
    client.close();
    QVERIFY(runUntil([&] { return bench.peeks.size() == 0; }));
    QCOMPARE(bench.count.value(), int64_t(0));
}

void TestHelloPeeks::forgetsWhoEndsInTheMiddle()
{
    // Where the poller does not tell of the end, the deadline does.
    Bench bench({.progress = milliseconds(500)});
    net::Socket client = bench.visitor();
    client.write(asBytes("\x16\x03\x01"));
    client.shutdownWrite();
    QVERIFY(runUntil([&] { return bench.peeks.size() == 0; }));
    QVERIFY(bench.owner.names.empty());
    QVERIFY(bench.owner.others.empty());
}

void TestHelloPeeks::makesRoomByTheOldestOfTheGreediestAddress()
{
    Bench bench({.places = 4});
    net::Socket lone = bench.visitor("198.51.100.7");
    std::vector<net::Socket> crowd;
    for (int i = 0; i < 20; ++i)
        crowd.push_back(bench.visitor());
    QCOMPARE(bench.peeks.size(), size_t(4));
    for (int i = 0; i < 17; ++i)
        QVERIFY(readAll(crowd[size_t(i)]).second == State::Failed);
    lone.write(asBytes(hello(serverName("lone.acme.org"))));
    crowd.back().write(asBytes(hello(serverName("crowd.acme.org"))));
    QVERIFY(runUntil([&] { return bench.owner.names.size() == 2; }));
}

void TestHelloPeeks::countsWhoIsHere()
{
    Bench bench;
    std::vector<net::Socket> clients;
    for (int i = 0; i < 3; ++i)
        clients.push_back(bench.visitor());
    QCOMPARE(bench.count.value(), int64_t(3));
    bench.peeks.clear();
    QCOMPARE(bench.count.value(), int64_t(0));
    QVERIFY(readAll(clients.front()).second == State::Failed);
}

SALLYPORT_NET_TEST_MAIN(TestHelloPeeks)
#include "tst_hello_peeks.moc"
