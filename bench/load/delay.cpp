#include "modes.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <deque>

namespace sallyport::bench {

namespace {

constexpr size_t blockSize = 64 * 1024;

struct Wire
{
    int64_t delayNs = 0;
    double nsPerByte = 0;
    // In flight at full rate, and as much again for the queue in front of the bottleneck.
    size_t limit = 0;
};

// One direction: what is read now is written when it has crossed the wire. Reading stops while the
// wire and the queue before it are full, as the sender of a real link would be slowed down.
class Direction
{
public:
    Direction(const Wire& wire, int from, int to) : m_wire(wire), m_from(from), m_to(to) {}

    bool wantsRead() const { return !m_readEnd && m_held < m_wire.limit; }
    bool wantsWrite(int64_t now) const { return m_blocked || nextDue() <= now; }
    bool blocked() const { return m_blocked; }
    bool done() const { return m_writeEnd; }
    int64_t nextDue() const
    {
        return m_blocks.empty() || m_blocked ? INT64_MAX : m_blocks.front().due;
    }

    bool readSome(int64_t now)
    {
        std::string bytes(blockSize, '\0');
        const ssize_t size = recv(m_from, bytes.data(), bytes.size(), 0);
        if (size < 0)
            return errno == EAGAIN;
        if (size == 0)
            m_readEnd = true;
        bytes.resize(size_t(size));
        m_bottleneckFree =
            std::max(m_bottleneckFree, now) + int64_t(double(size) * m_wire.nsPerByte);
        m_held += size_t(size);
        m_blocks.push_back({m_bottleneckFree + m_wire.delayNs, std::move(bytes)});
        return true;
    }

    bool writeDue(int64_t now)
    {
        m_blocked = false;
        while (!m_blocks.empty() && m_blocks.front().due <= now) {
            std::string& bytes = m_blocks.front().bytes;
            if (bytes.empty()) { // the end of the stream
                shutdown(m_to, SHUT_WR);
                m_writeEnd = true;
            }
            const ssize_t size =
                bytes.empty() ? 0 : send(m_to, bytes.data() + m_sent, bytes.size() - m_sent, 0);
            if (size < 0) {
                m_blocked = errno == EAGAIN;
                return m_blocked;
            }
            m_held -= size_t(size);
            m_sent += size_t(size);
            if (m_sent < bytes.size())
                continue;
            m_sent = 0;
            m_blocks.pop_front();
        }
        return true;
    }

private:
    struct Block
    {
        int64_t due;
        std::string bytes; // empty: end of stream
    };

    const Wire& m_wire;
    int m_from;
    int m_to;
    std::deque<Block> m_blocks;
    size_t m_sent = 0; // of the first block
    size_t m_held = 0;
    int64_t m_bottleneckFree = 0; // when the last byte read so far will have passed the bottleneck
    bool m_readEnd = false;
    bool m_writeEnd = false;
    bool m_blocked = false;
};

// A connection and its continuation. Both descriptors and the timer lead to the same step.
class LongConnection
{
public:
    LongConnection(Loop& loop, const Wire& wire, int near, int far)
        : m_loop(loop),
          m_near(near),
          m_far(far),
          m_there(wire, near, far),
          m_back(wire, far, near),
          m_nearEvents(*this),
          m_farEvents(*this),
          m_timer(loop, [this] { step(); })
    {
        loop.add(near, EPOLLIN, &m_nearEvents);
        loop.add(far, EPOLLIN | EPOLLOUT, &m_farEvents);
    }

    void step()
    {
        if (m_closed)
            return;
        const int64_t now = nowNs();
        const bool alive = turn(m_there, now) && turn(m_back, now);
        if (!alive || (m_there.done() && m_back.done())) {
            finish();
            return;
        }
        watch(m_near, m_nearEvents, m_there.wantsRead(), m_back.blocked());
        watch(m_far, m_farEvents, m_back.wantsRead(), m_there.blocked());
        const int64_t due = std::min(m_there.nextDue(), m_back.nextDue());
        if (due != INT64_MAX)
            m_timer.at(std::max(due, now + 1));
    }

private:
    struct Events : Handler
    {
        explicit Events(LongConnection& owner) : connection(owner) {}
        void ready(uint32_t) override { connection.step(); }
        LongConnection& connection;
        uint32_t watched = ~0U;
    };

    static bool turn(Direction& direction, int64_t now)
    {
        if (direction.wantsRead() && !direction.readSome(now))
            return false;
        return !direction.wantsWrite(now) || direction.writeDue(now);
    }

    void watch(int fd, Events& events, bool read, bool write)
    {
        const uint32_t wanted = (read ? uint32_t(EPOLLIN) : 0U) | (write ? uint32_t(EPOLLOUT) : 0U);
        if (wanted != events.watched)
            m_loop.modify(fd, wanted, &events);
        events.watched = wanted;
    }

    // The object stays: a run has few connections, and events of this turn may still name its
    // parts.
    void finish()
    {
        m_closed = true;
        m_loop.remove(m_near);
        m_loop.remove(m_far);
        close(m_near);
        close(m_far);
    }

    Loop& m_loop;
    int m_near;
    int m_far;
    bool m_closed = false;
    Direction m_there;
    Direction m_back;
    Events m_nearEvents;
    Events m_farEvents;
    Timer m_timer;
};

class Entrance : public Handler
{
public:
    Entrance(Loop& loop, const Wire& wire, uint16_t from, uint16_t to)
        : m_loop(loop), m_wire(wire), m_fd(listenOn(from)), m_to(to)
    {
        m_loop.add(m_fd, EPOLLIN, this);
    }

    void ready(uint32_t) override
    {
        for (int fd = acceptFrom(m_fd); fd >= 0; fd = acceptFrom(m_fd))
            m_connections.push_back(
                std::make_unique<LongConnection>(m_loop, m_wire, fd, connectTo(m_to)));
    }

private:
    Loop& m_loop;
    const Wire& m_wire;
    int m_fd;
    uint16_t m_to;
    std::vector<std::unique_ptr<LongConnection>> m_connections;
};

} // namespace

int delay(const Arguments& arguments)
{
    Wire wire;
    const int64_t mbit = arguments.number("mbit", 1000);
    wire.delayNs = arguments.number("ms", 25) * 1'000'000;
    wire.nsPerByte = 8000.0 / double(mbit);
    wire.limit = 2 * size_t(double(wire.delayNs) / wire.nsPerByte) + blockSize;

    Loop loop;
    Entrance entrance(loop, wire, arguments.port, uint16_t(arguments.number("to", 0)));
    Marks marks(loop, [] { return std::string("{}"); });
    tell("ready");
    loop.run();
    return 0;
}

} // namespace sallyport::bench
