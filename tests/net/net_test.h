// What the tests of shared/net have in common: the loop they run on, and waiting without sleeping.
#pragma once

#include <sallyport/net/socket.h>

#ifdef SALLYPORT_EPOLL
#include <sallyport/net/epoll_dispatcher.h>
#endif

#include <QAbstractEventDispatcher>
#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QTest>
#include <QTimer>

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

namespace sallyport::net::test {

// Turns of the loop, each of which waits for an event, until the condition holds. False when it
// does not within the time, which is far longer than any test needs.
template <typename Condition>
bool runUntil(Condition&& condition, std::chrono::seconds limit = std::chrono::seconds(60))
{
    QTimer end; // so that a loop with nothing to do wakes up
    end.setSingleShot(true);
    end.start(limit);
    while (!condition()) {
        if (!end.isActive())
            return false;
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
    return true;
}

// Turns of the loop that do not wait.
inline void spin(int turns)
{
    for (int i = 0; i < turns; ++i)
        QCoreApplication::processEvents();
}

// Two connected non-blocking stream sockets.
inline std::pair<Socket, Socket> socketPair()
{
    int pair[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) != 0)
        qFatal("socketpair: %s", std::strerror(errno));
    return {Socket(pair[0]), Socket(pair[1])};
}

// Two connected TCP sockets on the loopback.
inline std::pair<Socket, Socket> tcpPair()
{
    const Socket listening(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const Address any = *Address::fromText("127.0.0.1", 0);
    if (::bind(listening.descriptor(), any.native(), any.nativeLength()) != 0 ||
        ::listen(listening.descriptor(), 1) != 0)
        qFatal("listen: %s", std::strerror(errno));
    auto client = Socket::connectTo(listening.localAddress());
    if (!client)
        qFatal("connect: %s", client.error().text().c_str());
    Socket server(
        ::accept4(listening.descriptor(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    return {std::move(*client), std::move(server)};
}

// Waits for the socket without a loop; true when it became ready.
inline bool waitFor(const Socket& socket, short events)
{
    pollfd one{socket.descriptor(), events, 0};
    return ::poll(&one, 1, 20'000) == 1;
}

inline bool isReady(const Socket& socket, short events)
{
    pollfd one{socket.descriptor(), events, 0};
    return ::poll(&one, 1, 0) == 1;
}

inline void installLoop()
{
#ifdef SALLYPORT_EPOLL
    if (qgetenv("SALLYPORT_TEST_LOOP") != "qt")
        QCoreApplication::setEventDispatcher(new EpollDispatcher);
#endif
}

} // namespace sallyport::net::test

#define SALLYPORT_NET_TEST_MAIN(TestClass)                                                         \
    int main(int argc, char** argv)                                                                \
    {                                                                                              \
        sallyport::net::test::installLoop();                                                       \
        QCoreApplication app(argc, argv);                                                          \
        TestClass test;                                                                            \
        return QTest::qExec(&test, argc, argv);                                                    \
    }
