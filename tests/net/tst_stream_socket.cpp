// A socket with TLS over it, used like a socket: against a channel as its client.
#include "net_channels.h"

#include <sallyport/net/stream_socket.h>

#include <memory>
#include <string>

using namespace sallyport;
using namespace sallyport::net;
using namespace sallyport::net::test;

using State = IoResult::State;

namespace {

// For sockets that nobody watches: what was sent over the loopback is there at once.
template <typename Condition>
bool turnsUntil(Condition&& condition)
{
    for (int turn = 0; turn < 100'000; ++turn) {
        if (condition())
            return true;
        QCoreApplication::processEvents();
    }
    return false;
}

// The server's end is what is tested.
struct Secured final : ReadyHandler
{
    explicit Secured(IoContext& context) : io(context)
    {
        auto [one, two] = tcpPair();
        client = std::make_unique<Channel>(io, std::move(one), &says);
        server = StreamSocket(io, std::move(two), serverContext({"http/1.1"}));
        io.poller().watch(server.descriptor(), this);
        client->startTls(clientContext({"http/1.1"}));
    }
    ~Secured()
    {
        if (server.isOpen())
            io.poller().unwatch(server.descriptor());
    }
    void onReady(Readiness hints) override
    {
        if (hints & Writable)
            server.flush();
        if (onHint)
            onHint();
    }
    // Reads until nothing is there; what came, and how it stopped.
    State readAll(size_t blockSize = 64 * 1024)
    {
        std::vector<std::byte> block(blockSize);
        while (true) {
            const IoResult result = server.read(block);
            if (result.state != State::Ok) {
                if (result.state == State::WouldBlock)
                    io.poller().drained(server.descriptor(), Readable);
                return result.state;
            }
            bytes += asText(ByteView(block).first(result.bytes));
        }
    }
    bool open()
    {
        return runUntil([this] { return server.handshake().state == State::Ok && says.opened; });
    }

    IoContext& io;
    Recorder says;
    std::unique_ptr<Channel> client;
    StreamSocket server;
    std::string bytes;
    std::function<void()> onHint;
};

} // namespace

class TestStreamSocket : public QObject
{
    Q_OBJECT

private slots:
    void agreesOnAProtocol();
    void readsWhatCameInSmallPieces_data();
    void readsWhatCameInSmallPieces();
    void aShortReadFoundNothingMore();
    void writesUntilTheSystemTakesNoMore();
    void closeNotifyIsAnEnd();
    void anEndWithoutItIsAFailure();
    void finFollowsWhatIsStillPending();
    void movesToAnotherThreadsPool();
    void saysWhyAHandshakeFailed();
    void comesApartForAnotherDriver();

private:
    IoContext& io() { return m_io; }
    IoContext m_io;
};

void TestStreamSocket::agreesOnAProtocol()
{
    Secured pair(io());
    QVERIFY(pair.open());
    QCOMPARE(pair.server.tls()->alpn(), std::string_view("http/1.1"));
    QCOMPARE(pair.readAll(), State::WouldBlock);
}

void TestStreamSocket::readsWhatCameInSmallPieces_data()
{
    QTest::addColumn<int>("block");
    QTest::newRow("a byte at a time") << 1;
    QTest::newRow("less than a record") << 1000;
    QTest::newRow("more than a record") << 100'000;
}

void TestStreamSocket::readsWhatCameInSmallPieces()
{
    QFETCH(int, block);
    Secured pair(io());
    QVERIFY(pair.open());
    const std::string sent = pattern(0, 200'000, 7);
    pair.client->send(asBytes(sent));
    pair.client->flush();
    QVERIFY(runUntil([&] {
        pair.readAll(size_t(block));
        return pair.bytes.size() == sent.size();
    }));
    QCOMPARE(pair.bytes, sent);
}

void TestStreamSocket::aShortReadFoundNothingMore()
{
    Secured pair(io());
    QVERIFY(pair.open());
    std::vector<std::byte> block(100'000);
    pair.client->send(asBytes("hello"));
    pair.client->flush();
    IoResult result;
    QVERIFY(runUntil([&] {
        result = pair.server.read(block);
        return result.state == State::Ok;
    }));
    QCOMPARE(result.bytes, size_t(5));
    QCOMPARE(pair.server.read(block).state, State::WouldBlock);
}

void TestStreamSocket::writesUntilTheSystemTakesNoMore()
{
    Secured pair(io());
    QVERIFY(pair.open());
    const std::string sent = pattern(0, 32 << 20, 3);
    size_t written = 0;
    pair.onHint = [&] {
        while (written < sent.size()) {
            const IoResult result =
                pair.server.write(asBytes(std::string_view(sent).substr(written, 1 << 20)));
            if (result.state != State::Ok)
                break;
            written += result.bytes;
        }
    };
    pair.onHint();
    QVERIFY(written < sent.size()); // the client has not read yet
    QVERIFY(pair.server.outputPending());
    QVERIFY(runUntil([&] { return pair.says.bytes.size() == sent.size(); }));
    QVERIFY(pair.says.bytes == sent);
    QVERIFY(!pair.server.outputPending());
}

void TestStreamSocket::closeNotifyIsAnEnd()
{
    Secured pair(io());
    QVERIFY(pair.open());
    pair.client->send(asBytes("bye"));
    pair.client->close();
    QVERIFY(runUntil([&] { return pair.readAll() == State::End; }));
    QCOMPARE(pair.bytes, std::string("bye"));
}

void TestStreamSocket::anEndWithoutItIsAFailure()
{
    auto pair = tcpPair();
    Socket& one = pair.first; // clang 14 captures no structured binding
    tls::Engine client(clientContext({"http/1.1"}), io().pool());
    StreamSocket server(io(), std::move(pair.second), serverContext({"http/1.1"}));
    std::vector<std::byte> block(64 * 1024);
    QVERIFY(turnsUntil([&] {
        while (!client.output().empty() && one.writeFrom(client.output()).state == State::Ok) {
        }
        server.handshake();
        if (const IoResult got = one.read(block); got.state == State::Ok) {
            client.receive(ByteView(block).first(got.bytes));
            std::vector<std::byte> plain(64 * 1024);
            while (client.read(plain) > 0) {
            }
        }
        return client.handshakeDone() && server.handshake().state == State::Ok;
    }));
    one.close();
    State state = State::WouldBlock;
    QVERIFY(turnsUntil([&] {
        state = server.read(block).state;
        return state != State::WouldBlock;
    }));
    QCOMPARE(state, State::Failed);
    QVERIFY(server.takeError().code != 0);
}

void TestStreamSocket::finFollowsWhatIsStillPending()
{
    Secured pair(io());
    QVERIFY(pair.open());
    const std::string sent = pattern(0, 16 << 20, 5);
    size_t written = 0;
    bool shut = false;
    pair.onHint = [&] {
        while (written < sent.size()) {
            const IoResult result =
                pair.server.write(asBytes(std::string_view(sent).substr(written)));
            if (result.state != State::Ok)
                return;
            written += result.bytes;
        }
        if (!std::exchange(shut, true))
            pair.server.shutdownWrite();
    };
    pair.onHint();
    QVERIFY(runUntil([&] { return pair.says.over(); }));
    QCOMPARE(pair.says.failed, std::string());
    QVERIFY(pair.says.bytes == sent);
}

void TestStreamSocket::movesToAnotherThreadsPool()
{
    Secured pair(io());
    QVERIFY(pair.open());
    // Half of what came is read here, the rest there.
    const std::string sent = pattern(0, 100'000, 9);
    pair.client->send(asBytes(sent));
    pair.client->flush();
    std::vector<std::byte> block(30'000);
    QVERIFY(turnsUntil([&] {
        const IoResult result = pair.server.read(block);
        if (result.state == State::Ok)
            pair.bytes += asText(ByteView(block).first(result.bytes));
        return !pair.bytes.empty();
    }));
    io().poller().unwatch(pair.server.descriptor());
    pair.server.detach();
    IoContext other;
    StreamSocket moved = std::move(pair.server);
    moved.attach(other);
    QVERIFY(turnsUntil([&] {
        const IoResult result = moved.read(block);
        if (result.state == State::Ok)
            pair.bytes += asText(ByteView(block).first(result.bytes));
        return pair.bytes.size() == sent.size();
    }));
    QCOMPARE(pair.bytes, sent);
    QCOMPARE(moved.write(asBytes("there")).state, State::Ok);
    QVERIFY(turnsUntil([&] { return pair.says.bytes == "there"; }));
    moved.close();
    QVERIFY(turnsUntil([&] { return pair.says.over(); }));
    QCOMPARE(pair.says.failed, std::string());
}

void TestStreamSocket::saysWhyAHandshakeFailed()
{
    auto [one, two] = tcpPair();
    StreamSocket server(io(), std::move(two), serverContext());
    one.write(asBytes("GET / HTTP/1.1\r\n\r\n"));
    State state = State::WouldBlock;
    QVERIFY(turnsUntil([&] {
        state = server.handshake().state;
        return state != State::WouldBlock;
    }));
    QCOMPARE(state, State::Failed);
    QCOMPARE(server.tls()->error().code, tls::ErrorCode::PlainHttp);
}

void TestStreamSocket::comesApartForAnotherDriver()
{
    Secured pair(io());
    QVERIFY(pair.open());
    io().poller().unwatch(pair.server.descriptor());
    StreamSocket::Parts parts = pair.server.release();
    Recorder says;
    Channel channel(io(), std::move(parts.socket), &says);
    channel.startOpened(std::move(parts.engine));
    channel.send(asBytes("from the channel"));
    channel.flush();
    pair.client->send(asBytes("to the channel"));
    pair.client->flush();
    QVERIFY(runUntil(
        [&] { return pair.says.bytes == "from the channel" && says.bytes == "to the channel"; }));
    QCOMPARE(says.opened, 0);
}

SALLYPORT_NET_TEST_MAIN(TestStreamSocket)
#include "tst_stream_socket.moc"
