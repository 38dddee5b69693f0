#include "net_test.h"

#include <sallyport/net/listener.h>

#include <QTemporaryDir>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>
#include <vector>

using namespace sallyport;
using namespace sallyport::net;
using namespace sallyport::net::test;

class TestListener : public QObject
{
    Q_OBJECT

private slots:
    void takesConnectionsAndNamesTheirPeers();
    void takesABurstInSeveralTurns();
    void sharesAnAddressWhenAsked();
    void refusesAnAddressInUse();
    void takesIpv4VisitorsOnTheIpv6Wildcard();
    void listensOnAUnixSocket();
    void mayBeDestroyedByWhoIsAccepted();
    void pausesWithoutDescriptorsAndGoesOn();
};

static Socket listening(const Address& address, bool shared = false)
{
    auto socket = Listener::open(address, shared);
    if (!socket)
        qFatal("listen: %s", socket.error().text().c_str());
    return std::move(*socket);
}

static Address loopback()
{
    return *Address::fromText("127.0.0.1", 0);
}

void TestListener::takesConnectionsAndNamesTheirPeers()
{
    IoContext io;
    std::vector<Socket> accepted;
    std::string peer;
    Listener listener(io, listening(loopback()), [&](Socket socket, const Address& address) {
        accepted.push_back(std::move(socket));
        peer = address.toString();
    });
    auto client = Socket::connectTo(listener.address());
    QVERIFY(client);
    QVERIFY(runUntil([&] { return accepted.size() == 1; }));
    QCOMPARE(peer, client->localAddress().toString());
    QVERIFY(::fcntl(accepted[0].descriptor(), F_GETFL) & O_NONBLOCK);
    QVERIFY(::fcntl(accepted[0].descriptor(), F_GETFD) & FD_CLOEXEC);
}

void TestListener::takesABurstInSeveralTurns()
{
    IoContext io;
    std::vector<Socket> accepted;
    Listener listener(io, listening(loopback()), [&](Socket socket, const Address&) {
        accepted.push_back(std::move(socket));
    });
    std::vector<Socket> clients;
    for (int i = 0; i < 200; ++i) {
        auto client = Socket::connectTo(listener.address());
        QVERIFY(client);
        clients.push_back(std::move(*client));
    }
    QVERIFY(runUntil([&] { return accepted.size() == 200; }));
}

void TestListener::sharesAnAddressWhenAsked()
{
    IoContext io;
    int taken = 0;
    const auto count = [&](Socket, const Address&) { ++taken; };
    Listener first(io, listening(loopback(), true), count);
    Listener second(io, listening(first.address(), true), count);
    std::vector<Socket> clients;
    for (int i = 0; i < 20; ++i) {
        auto client = Socket::connectTo(first.address());
        QVERIFY(client);
        clients.push_back(std::move(*client));
    }
    QVERIFY(runUntil([&] { return taken == 20; }));
}

void TestListener::refusesAnAddressInUse()
{
    const Socket first = listening(loopback());
    const auto second = Listener::open(first.localAddress(), false);
    QVERIFY(!second);
    QCOMPARE(second.error().code, EADDRINUSE);
}

void TestListener::takesIpv4VisitorsOnTheIpv6Wildcard()
{
    auto socket = Listener::open(Address::anyIpv6(0), false);
    if (!socket)
        QSKIP("no IPv6 here");
    IoContext io;
    std::string host;
    Listener listener(io, std::move(*socket),
                      [&](Socket, const Address& peer) { host = peer.host(); });
    auto client = Socket::connectTo(*Address::fromText("127.0.0.1", listener.address().port()));
    QVERIFY(client);
    QVERIFY(runUntil([&] { return !host.empty(); }));
    QCOMPARE(host, std::string("127.0.0.1"));
}

void TestListener::listensOnAUnixSocket()
{
    const QTemporaryDir folder;
    const auto address = Address::unixPath(folder.filePath("s").toStdString());
    QVERIFY(address);
    IoContext io;
    bool taken = false;
    Listener listener(io, listening(*address), [&](Socket, const Address&) { taken = true; });
    QCOMPARE(listener.address().toString(), address->toString());
    auto client = Socket::connectTo(*address);
    QVERIFY(client);
    QVERIFY(runUntil([&] { return taken; }));
}

void TestListener::mayBeDestroyedByWhoIsAccepted()
{
    IoContext io;
    std::unique_ptr<Listener> listener;
    int taken = 0;
    listener = std::make_unique<Listener>(io, listening(loopback()), [&](Socket, const Address&) {
        ++taken;
        listener.reset();
    });
    std::vector<Socket> clients;
    for (int i = 0; i < 3; ++i) {
        auto client = Socket::connectTo(listener->address());
        QVERIFY(client);
        clients.push_back(std::move(*client));
    }
    QVERIFY(runUntil([&] { return !listener; }));
    spin(3);
    QCOMPARE(taken, 1);
}

void TestListener::pausesWithoutDescriptorsAndGoesOn()
{
    IoContext io;
    std::vector<Socket> accepted;
    Listener listener(io, listening(loopback()), [&](Socket socket, const Address&) {
        accepted.push_back(std::move(socket));
    });
    auto client = Socket::connectTo(listener.address());
    QVERIFY(client);

    // Not one more descriptor from here on.
    rlimit before{};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
    const Socket next(::dup(client->descriptor()));
    rlimit none = before;
    none.rlim_cur = rlim_t(next.descriptor());
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &none), 0);
    int turns = 0;
    bool end = false;
    QTimer::singleShot(20, this, [&] { end = true; });
    while (!end) {
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        ++turns;
    }
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &before), 0);
    QVERIFY(accepted.empty());
    QVERIFY2(turns < 20, "it spins");
    QVERIFY(runUntil([&] { return accepted.size() == 1; }));
}

SALLYPORT_NET_TEST_MAIN(TestListener)
#include "tst_listener.moc"
