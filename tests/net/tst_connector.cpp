#include "net_test.h"

#include <sallyport/net/connector.h>
#include <sallyport/net/listener.h>

#include <cerrno>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace sallyport;
using namespace sallyport::net;
using namespace sallyport::net::test;

class TestConnector : public QObject
{
    Q_OBJECT

private slots:
    void connectsToTheOnlyAddress();
    void triesTheNextWhenOneRefuses();
    void doesNotWaitForOneThatIsSilent();
    void saysWhyNoneAnswered();
    void tellsTheMostTellingError();
    void failsWithoutAddresses();
    void givesUpWhenDestroyed();
    void mayBeDestroyedByTheOutcome();
};

namespace {

using Outcome = std::optional<Result<Socket, SystemError>>;

Socket listening(const char* host = "127.0.0.1")
{
    auto socket = Listener::open(*Address::fromText(host, 0), false);
    if (!socket)
        qFatal("listen: %s", socket.error().text().c_str());
    return std::move(*socket);
}

Address refusing()
{
    return listening().localAddress(); // nobody listens any more
}

// One whose queue of connections is full: it answers no further SYN.
struct Silent
{
    Silent()
    {
        const int one = 1;
        ::setsockopt(socket.descriptor(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        const Address any = *Address::fromText("127.0.0.1", 0);
        if (::bind(socket.descriptor(), any.native(), any.nativeLength()) != 0 ||
            ::listen(socket.descriptor(), 0) != 0)
            qFatal("listen: %s", std::strerror(errno));
        for (int i = 0; i < 4; ++i) {
            auto waiting = Socket::connectTo(socket.localAddress());
            if (waiting)
                crowd.push_back(std::move(*waiting));
        }
    }
    Socket socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    std::vector<Socket> crowd;
};

} // namespace

void TestConnector::connectsToTheOnlyAddress()
{
    IoContext io;
    const Socket server = listening();
    Outcome outcome;
    Connector connector(io, {server.localAddress()},
                        [&](auto result) { outcome = std::move(result); });
    connector.start();
    QVERIFY(runUntil([&] { return outcome.has_value(); }));
    QVERIFY(outcome->ok());
    QCOMPARE((*outcome)->peerAddress().toString(), server.localAddress().toString());
}

void TestConnector::triesTheNextWhenOneRefuses()
{
    IoContext io;
    const Socket server = listening();
    Outcome outcome;
    Connector connector(io, {refusing(), refusing(), server.localAddress()},
                        [&](auto result) { outcome = std::move(result); });
    connector.start();
    QVERIFY(runUntil([&] { return outcome.has_value(); }));
    QVERIFY(outcome->ok());
}

void TestConnector::doesNotWaitForOneThatIsSilent()
{
    IoContext io;
    const Silent silent;
    const Socket server = listening();
    Outcome outcome;
    Connector connector(io, {silent.socket.localAddress(), server.localAddress()},
                        [&](auto result) { outcome = std::move(result); });
    connector.start();
    QVERIFY(runUntil([&] { return outcome.has_value(); }));
    QVERIFY(outcome->ok());
    QCOMPARE((*outcome)->peerAddress().toString(), server.localAddress().toString());
}

void TestConnector::saysWhyNoneAnswered()
{
    IoContext io;
    Outcome outcome;
    Connector connector(io, {refusing(), refusing()},
                        [&](auto result) { outcome = std::move(result); });
    connector.start();
    QVERIFY(runUntil([&] { return outcome.has_value(); }));
    QVERIFY(!outcome->ok());
    QCOMPARE(outcome->error().code, ECONNREFUSED);
}

void TestConnector::tellsTheMostTellingError()
{
    IoContext io;
    Outcome outcome;
    // The first can't even be tried.
    Connector connector(io, {*Address::fromText("::ffff:255.255.255.255", 9), refusing()},
                        [&](auto result) { outcome = std::move(result); });
    connector.start();
    QVERIFY(runUntil([&] { return outcome.has_value(); }));
    QVERIFY(!outcome->ok());
    QVERIFY(outcome->error().code == ECONNREFUSED || outcome->error().code == EACCES);
}

void TestConnector::failsWithoutAddresses()
{
    IoContext io;
    Outcome outcome;
    Connector connector(io, {}, [&](auto result) { outcome = std::move(result); });
    connector.start();
    QVERIFY(outcome && !outcome->ok());
}

void TestConnector::givesUpWhenDestroyed()
{
    IoContext io;
    const Socket server = listening();
    bool wrong = false;
    auto connector = std::make_unique<Connector>(io, std::vector{server.localAddress()},
                                                 [&](auto) { wrong = true; });
    connector->start();
    connector.reset();
    spin(5);
    QVERIFY(!wrong);
}

void TestConnector::mayBeDestroyedByTheOutcome()
{
    IoContext io;
    const Socket server = listening();
    for (const Address& address : {server.localAddress(), refusing()}) {
        std::unique_ptr<Connector> connector;
        const std::string text("a text on the heap that is read when the connector is gone");
        std::string got;
        connector = std::make_unique<Connector>(io, std::vector{address}, [&, text](auto) {
            connector.reset();
            got = text;
        });
        connector->start();
        QVERIFY(runUntil([&] { return !connector; }));
        QCOMPARE(got, text);
    }
}

SALLYPORT_NET_TEST_MAIN(TestConnector)
#include "tst_connector.moc"
