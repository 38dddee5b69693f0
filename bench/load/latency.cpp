#include "http_reply.h"
#include "modes.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <deque>

namespace sallyport::bench {

namespace {

constexpr int64_t second = 1'000'000'000;
constexpr int64_t patience = 5 * second; // after the last request was due
constexpr int64_t reconnectPause = 10'000'000;

struct Outcome
{
    std::vector<uint32_t> microseconds;
    int64_t failed = 0;
    std::string firstFailure;

    void failure(const std::string& reason)
    {
        if (failed++ == 0)
            firstFailure = reason;
    }
};

// One keep-alive connection. Requests that fall due while one is under way wait in line here.
class Visitor : public Handler
{
public:
    Visitor(Loop& loop, Outcome& outcome, uint16_t port, std::string request)
        : m_loop(loop),
          m_outcome(outcome),
          m_port(port),
          m_request(std::move(request)),
          m_retry(loop, [this] { open(); })
    {
        open();
    }

    void due(int64_t timeNs)
    {
        m_due.push_back(timeNs);
        sendNext();
    }

    size_t outstanding() const { return m_due.size(); }

    void ready(uint32_t) override
    {
        if (!m_connected)
            connected();
        else
            receive();
    }

private:
    void open()
    {
        m_fd = connectTo(m_port);
        m_loop.add(m_fd, EPOLLOUT, this);
    }

    void connected()
    {
        if (connectError(m_fd) != 0) {
            drop("connect refused");
            return;
        }
        m_connected = true;
        m_loop.modify(m_fd, EPOLLIN, this);
        sendNext();
    }

    void sendNext()
    {
        if (!m_connected || m_underWay || m_due.empty())
            return;
        m_underWay = true;
        if (send(m_fd, m_request.data(), m_request.size(), 0) != ssize_t(m_request.size()))
            drop("send failed");
    }

    void receive()
    {
        std::array<char, 16384> bytes{};
        const ssize_t size = recv(m_fd, bytes.data(), bytes.size(), 0);
        if (size <= 0) {
            drop(size == 0 ? "connection closed instead of an answer"
                           : "connection reset instead of an answer");
            return;
        }
        m_reply.add(bytes.data(), size_t(size));
        if (!m_reply.complete())
            return;
        finish(m_reply.status());
        m_reply.reset();
        sendNext();
    }

    void finish(int status)
    {
        const int64_t took = nowNs() - m_due.front();
        m_due.pop_front();
        m_underWay = false;
        if (status == 200)
            m_outcome.microseconds.push_back(uint32_t(took / 1000));
        else
            m_outcome.failure("status " + std::to_string(status));
    }

    // Only a request that was under way fails with its connection; an idle one may be closed.
    void drop(const std::string& reason)
    {
        if (m_underWay || (!m_connected && !m_due.empty())) {
            m_outcome.failure(reason);
            m_due.pop_front();
        }
        m_underWay = false;
        m_connected = false;
        m_reply.reset();
        m_loop.remove(m_fd);
        close(m_fd);
        m_retry.at(nowNs() + reconnectPause);
    }

    Loop& m_loop;
    Outcome& m_outcome;
    uint16_t m_port;
    std::string m_request;
    Timer m_retry;
    std::deque<int64_t> m_due;
    HttpReply m_reply;
    int m_fd = -1;
    bool m_connected = false;
    bool m_underWay = false;
};

// Tells the visitors in turn that a request is due, at even intervals, whatever came of the earlier
// ones.
class Schedule
{
public:
    Schedule(Loop& loop, std::vector<std::unique_ptr<Visitor>>& visitors, int64_t rate,
             int64_t seconds)
        : m_loop(loop),
          m_visitors(visitors),
          m_interval(second / rate),
          m_total(rate * seconds),
          m_start(nowNs() + second / 4),
          m_timer(loop, [this] { turn(); })
    {
        m_timer.at(m_start);
    }

private:
    void turn()
    {
        const int64_t now = nowNs();
        while (m_sent < m_total && dueTime(m_sent) <= now) {
            m_visitors[size_t(m_sent) % m_visitors.size()]->due(dueTime(m_sent));
            ++m_sent;
        }
        if (m_sent < m_total) {
            m_timer.at(dueTime(m_sent));
            return;
        }
        const bool waiting =
            std::any_of(m_visitors.begin(), m_visitors.end(),
                        [](const auto& visitor) { return visitor->outstanding() > 0; });
        if (waiting && now < dueTime(m_total) + patience)
            m_timer.at(now + second / 100);
        else
            m_loop.stop();
    }

    int64_t dueTime(int64_t index) const { return m_start + index * m_interval; }

    Loop& m_loop;
    std::vector<std::unique_ptr<Visitor>>& m_visitors;
    int64_t m_interval;
    int64_t m_total;
    int64_t m_start;
    int64_t m_sent = 0;
    Timer m_timer;
};

std::string percentile(const std::vector<uint32_t>& sorted, int perMille)
{
    if (sorted.empty())
        return "null";
    return std::to_string(sorted[(sorted.size() - 1) * size_t(perMille) / 1000]);
}

} // namespace

int latency(const Arguments& arguments)
{
    Loop loop;
    Outcome outcome;
    std::vector<std::unique_ptr<Visitor>> visitors;
    const std::string request = getRequest(arguments.text("host", "localhost"));
    for (int64_t i = 0; i < arguments.number("connections", 32); ++i)
        visitors.push_back(std::make_unique<Visitor>(loop, outcome, arguments.port, request));
    Schedule schedule(loop, visitors, arguments.number("rate", 5000),
                      arguments.number("seconds", 3));
    Marks marks(loop, [&outcome] {
        return "{\"answered\": " + std::to_string(outcome.microseconds.size()) + "}";
    });
    loop.run();

    for (const auto& visitor : visitors) {
        for (size_t i = 0; i < visitor->outstanding(); ++i)
            outcome.failure("no answer in time");
    }
    auto& sorted = outcome.microseconds;
    std::sort(sorted.begin(), sorted.end());
    tell("{\"requests\": " + std::to_string(sorted.size() + size_t(outcome.failed)) +
         ", \"failed\": " + std::to_string(outcome.failed) +
         ", \"p50_us\": " + percentile(sorted, 500) + ", \"p99_us\": " + percentile(sorted, 990) +
         ", \"max_us\": " + percentile(sorted, 1000) + ", \"first_failure\": \"" +
         outcome.firstFailure + "\"}");
    return 0;
}

} // namespace sallyport::bench
