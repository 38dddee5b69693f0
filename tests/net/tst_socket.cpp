#include "net_test.h"

#include <cerrno>
#include <string>

using namespace sallyport;
using namespace sallyport::net;
using namespace sallyport::net::test;

using State = IoResult::State;

class TestSocket : public QObject
{
    Q_OBJECT

private slots:
    void tellsWouldBlockFromEnd();
    void gathersAQueueIntoOneCall();
    void writesMorePiecesThanOneCallTakes();
    void closesTheWritingHalfAlone();
    void abortsWithAReset();
    void tellsOfABrokenConnectionWithoutASignal();
    void tellsARefusedConnection();
    void movesItsDescriptor();
    void peeksWithoutTaking();
    void countsAsReadableOnlyWithNewBytesWhilePeeking();
};

void TestSocket::peeksWithoutTaking()
{
    auto [a, b] = tcpPair();
    std::byte space[8];
    QVERIFY(a.peek(space).state == State::WouldBlock);
    b.write(asBytes("abc"));
    QVERIFY(waitFor(a, POLLIN));
    QCOMPARE(a.peek(space).bytes, size_t(3));
    QCOMPARE(a.peek(space).bytes, size_t(3));
    QCOMPARE(a.read(space).bytes, size_t(3));
    b.close();
    QVERIFY(waitFor(a, POLLIN));
    QVERIFY(a.peek(space).state == State::End);
}

void TestSocket::countsAsReadableOnlyWithNewBytesWhilePeeking()
{
    auto [a, b] = tcpPair();
    b.write(asBytes("abc"));
    QVERIFY(waitFor(a, POLLIN));
    a.readableFrom(4);
    QVERIFY(!isReady(a, POLLIN));
    b.write(asBytes("d"));
    QVERIFY(waitFor(a, POLLIN));
    a.readableFrom(5);
    QVERIFY(!isReady(a, POLLIN));
    b.shutdownWrite();
    QVERIFY(waitFor(a, POLLIN));
}

void TestSocket::tellsWouldBlockFromEnd()
{
    auto [a, b] = tcpPair();
    std::byte space[8];
    QVERIFY(a.read(space).state == State::WouldBlock);
    b.close();
    QVERIFY(waitFor(a, POLLIN));
    QVERIFY(a.read(space).state == State::End);
}

void TestSocket::gathersAQueueIntoOneCall()
{
    auto [a, b] = socketPair();
    BufferPool pool;
    ByteQueue queue(pool);
    Buffer buffer = pool.acquire(BufferPool::LargeBlock);
    std::fill_n(reinterpret_cast<char*>(buffer.data()), 9000, 'l');
    queue.append(asBytes("head "));
    queue.append(Slice(buffer, 0, 9000));
    queue.append(asBytes(" tail"));
    QVERIFY(queue.pieces() > 1);
    QCOMPARE(a.writeFrom(queue).bytes, size_t(9010));
    QVERIFY(queue.empty());
    std::byte space[16384];
    const IoResult got = b.read(space);
    QCOMPARE(std::string(asText(ByteView(space).first(got.bytes))),
             "head " + std::string(9000, 'l') + " tail");
}

void TestSocket::writesMorePiecesThanOneCallTakes()
{
    auto [a, b] = socketPair();
    BufferPool pool;
    ByteQueue queue(pool);
    std::string sent;
    for (int i = 0; i < 100; ++i) {
        Buffer buffer = pool.acquire(BufferPool::SmallBlock);
        std::fill_n(reinterpret_cast<char*>(buffer.data()), 2500, char('a' + i % 26));
        sent.append(2500, char('a' + i % 26));
        queue.append(Slice(buffer, 0, 2500));
    }
    QVERIFY(queue.pieces() >= 100);
    std::string got;
    std::byte space[65536];
    while (got.size() < sent.size()) {
        if (!queue.empty())
            a.writeFrom(queue);
        const IoResult result = b.read(space);
        if (result.state == State::Ok)
            got += asText(ByteView(space).first(result.bytes));
    }
    QCOMPARE(got, sent);
}

void TestSocket::closesTheWritingHalfAlone()
{
    auto [a, b] = tcpPair();
    a.shutdownWrite();
    std::byte space[8];
    QVERIFY(waitFor(b, POLLIN));
    QVERIFY(b.read(space).state == State::End);
    QCOMPARE(b.write(asBytes("answer")).bytes, size_t(6));
    QVERIFY(waitFor(a, POLLIN));
    QCOMPARE(a.read(space).bytes, size_t(6));
}

void TestSocket::abortsWithAReset()
{
    auto [a, b] = tcpPair();
    a.abort();
    QVERIFY(!a.isOpen());
    std::byte space[8];
    QVERIFY(waitFor(b, POLLIN));
    const IoResult got = b.read(space);
    QVERIFY(got.state == State::Failed);
    QCOMPARE(got.error, ECONNRESET);
    QCOMPARE(SystemError{got.error}.text(), std::string("Connection reset by peer"));
}

void TestSocket::tellsOfABrokenConnectionWithoutASignal()
{
    auto [a, b] = tcpPair();
    b.abort();
    QVERIFY(waitFor(a, POLLIN));
    QVERIFY(a.write(asBytes("x")).state == State::Failed); // takes the reset
    const IoResult result = a.write(asBytes("x"));
    QVERIFY(result.state == State::Failed);
    QCOMPARE(result.error, EPIPE);
}

void TestSocket::tellsARefusedConnection()
{
    Address nobody;
    {
        auto [a, b] = tcpPair();
        nobody = a.peerAddress(); // its listener is gone
    }
    auto socket = Socket::connectTo(nobody);
    if (!socket) {
        QCOMPARE(socket.error().code, ECONNREFUSED);
        return;
    }
    QVERIFY(waitFor(*socket, POLLOUT));
    QCOMPARE(socket->takeError().code, ECONNREFUSED);
    QCOMPARE(socket->takeError().code, 0);
}

void TestSocket::movesItsDescriptor()
{
    auto [a, b] = socketPair();
    const int number = a.descriptor();
    Socket moved(std::move(a));
    QVERIFY(!a.isOpen()); // NOLINT(bugprone-use-after-move): what a move leaves is the point
    QCOMPARE(moved.descriptor(), number);
    b = std::move(moved);
    QCOMPARE(b.descriptor(), number);
    QCOMPARE(b.release(), number);
    Socket owner(number);
    QVERIFY(!b.isOpen());
}

QTEST_GUILESS_MAIN(TestSocket)
#include "tst_socket.moc"
