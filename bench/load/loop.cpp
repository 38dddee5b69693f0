#include "loop.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace sallyport::bench {

int64_t nowNs()
{
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return int64_t(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

void fail(const std::string& message)
{
    std::fprintf(stderr, "sallyport-bulk: %s\n", message.c_str());
    std::exit(2);
}

void tell(const std::string& line)
{
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
}

// Loop

Loop::Loop() : m_epoll(epoll_create1(EPOLL_CLOEXEC))
{
    if (m_epoll < 0)
        fail("epoll_create1: " + std::string(std::strerror(errno)));
}

Loop::~Loop()
{
    close(m_epoll);
}

void Loop::add(int fd, uint32_t events, Handler* handler)
{
    epoll_event event{};
    event.events = events;
    event.data.ptr = handler;
    if (epoll_ctl(m_epoll, EPOLL_CTL_ADD, fd, &event) != 0)
        fail("epoll_ctl add: " + std::string(std::strerror(errno)));
}

void Loop::modify(int fd, uint32_t events, Handler* handler)
{
    epoll_event event{};
    event.events = events;
    event.data.ptr = handler;
    if (epoll_ctl(m_epoll, EPOLL_CTL_MOD, fd, &event) != 0)
        fail("epoll_ctl mod: " + std::string(std::strerror(errno)));
}

void Loop::remove(int fd)
{
    epoll_ctl(m_epoll, EPOLL_CTL_DEL, fd, nullptr);
}

void Loop::retire(Handler* handler)
{
    m_retired.emplace_back(handler);
}

void Loop::run()
{
    std::array<epoll_event, 256> events{};
    m_running = true;
    while (m_running) {
        const int count = epoll_wait(m_epoll, events.data(), int(events.size()), -1);
        if (count < 0 && errno != EINTR)
            fail("epoll_wait: " + std::string(std::strerror(errno)));
        for (int i = 0; i < count; ++i) {
            auto* handler = static_cast<Handler*>(events[size_t(i)].data.ptr);
            const bool retired =
                std::any_of(m_retired.begin(), m_retired.end(),
                            [handler](const auto& gone) { return gone.get() == handler; });
            if (!retired)
                handler->ready(events[size_t(i)].events);
        }
        m_retired.clear();
    }
}

// Timer

Timer::Timer(Loop& loop, std::function<void()> callback)
    : m_loop(loop),
      m_callback(std::move(callback)),
      m_fd(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC))
{
    m_loop.add(m_fd, EPOLLIN, this);
}

Timer::~Timer()
{
    m_loop.remove(m_fd);
    close(m_fd);
}

void Timer::at(int64_t timeNs)
{
    itimerspec spec{};
    spec.it_value.tv_sec = timeNs / 1'000'000'000;
    spec.it_value.tv_nsec = timeNs % 1'000'000'000;
    timerfd_settime(m_fd, TFD_TIMER_ABSTIME, &spec, nullptr);
}

void Timer::ready(uint32_t)
{
    uint64_t expirations = 0;
    if (read(m_fd, &expirations, sizeof expirations) == sizeof expirations)
        m_callback();
}

// Marks

Marks::Marks(Loop& loop, std::function<std::string()> report)
    : m_loop(loop), m_report(std::move(report))
{
    m_loop.add(STDIN_FILENO, EPOLLIN, this);
}

void Marks::ready(uint32_t)
{
    std::array<char, 256> input{};
    const ssize_t size = read(STDIN_FILENO, input.data(), input.size());
    if (size <= 0) {
        m_loop.stop();
        return;
    }
    for (ssize_t i = 0; i < size; ++i) {
        if (input[size_t(i)] == '\n')
            tell(m_report());
    }
}

// Sockets

namespace {

sockaddr_in loopback(uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int newSocket()
{
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        fail("socket: " + std::string(std::strerror(errno)));
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

} // namespace

int listenOn(uint16_t port)
{
    const int fd = newSocket();
    const int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const sockaddr_in address = loopback(port);
    if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        listen(fd, 4096) != 0)
        fail("listen on port " + std::to_string(port) + ": " + std::strerror(errno));
    return fd;
}

int acceptFrom(int listener)
{
    const int fd = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
        const int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    } else if (errno == EMFILE || errno == ENFILE) {
        fail("too many open descriptors");
    }
    return fd;
}

int connectTo(uint16_t port)
{
    const int fd = newSocket();
    const sockaddr_in address = loopback(port);
    // A refusal shows as an event like any other failure.
    (void)connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    return fd;
}

int connectError(int fd)
{
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

// Arguments

Arguments::Arguments(int argc, char** argv)
{
    if (argc < 3)
        fail("usage: sallyport-bulk MODE PORT [--name value]...");
    mode = argv[1];
    port = uint16_t(std::atoi(argv[2]));
    for (int i = 3; i + 1 < argc; i += 2) {
        if (std::strncmp(argv[i], "--", 2) != 0)
            fail("unexpected argument " + std::string(argv[i]));
        m_values[argv[i] + 2] = argv[i + 1];
    }
    if (port == 0 || argc % 2 == 0)
        fail("usage: sallyport-bulk MODE PORT [--name value]...");
}

int64_t Arguments::number(const std::string& name, int64_t otherwise) const
{
    const auto found = m_values.find(name);
    return found == m_values.end() ? otherwise : std::atoll(found->second.c_str());
}

std::string Arguments::text(const std::string& name, const std::string& otherwise) const
{
    const auto found = m_values.find(name);
    return found == m_values.end() ? otherwise : found->second;
}

} // namespace sallyport::bench
