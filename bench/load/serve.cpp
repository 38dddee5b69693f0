#include "modes.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace sallyport::bench {

namespace {

constexpr size_t blockSize = 256 * 1024;
constexpr int blocksPerTurn = 4; // so that the streams of a run stay level

struct Totals
{
    uint64_t received = 0;
    int connections = 0;
};

class ServedConnection : public Handler
{
public:
    ServedConnection(Loop& loop, Totals& totals, int fd) : m_loop(loop), m_totals(totals), m_fd(fd)
    {
        ++m_totals.connections;
        m_loop.add(m_fd, EPOLLIN, this);
    }

    ~ServedConnection() override
    {
        m_loop.remove(m_fd);
        close(m_fd);
        --m_totals.connections;
    }

    void ready(uint32_t) override
    {
        if (m_role == 0 && !readRole())
            return;
        const bool alive = m_role == 'U' ? drain() : m_role == 'D' ? pour() : echo();
        if (!alive)
            m_loop.retire(this);
    }

private:
    bool readRole()
    {
        if (recv(m_fd, &m_role, 1, 0) != 1) {
            m_loop.retire(this);
            return false;
        }
        if (m_role == 'D')
            m_loop.modify(m_fd, EPOLLOUT, this);
        return true;
    }

    bool drain()
    {
        for (int i = 0; i < blocksPerTurn; ++i) {
            const ssize_t size = recv(m_fd, block().data(), blockSize, 0);
            if (size <= 0)
                return size < 0 && errno == EAGAIN;
            m_totals.received += uint64_t(size);
        }
        return true;
    }

    bool pour()
    {
        for (int i = 0; i < blocksPerTurn; ++i) {
            if (send(m_fd, block().data(), blockSize, 0) < 0)
                return errno == EAGAIN;
        }
        return true;
    }

    bool echo()
    {
        const ssize_t size = recv(m_fd, block().data(), blockSize, 0);
        if (size <= 0)
            return size < 0 && errno == EAGAIN;
        return send(m_fd, block().data(), size_t(size), 0) == size;
    }

    static std::array<char, blockSize>& block()
    {
        static std::array<char, blockSize> shared{};
        return shared;
    }

    Loop& m_loop;
    Totals& m_totals;
    int m_fd;
    char m_role = 0;
};

class Acceptor : public Handler
{
public:
    Acceptor(Loop& loop, Totals& totals, uint16_t port)
        : m_loop(loop), m_totals(totals), m_fd(listenOn(port))
    {
        m_loop.add(m_fd, EPOLLIN, this);
    }

    void ready(uint32_t) override
    {
        // Connections own themselves: the loop deletes them when they retire.
        for (int fd = acceptFrom(m_fd); fd >= 0; fd = acceptFrom(m_fd))
            new ServedConnection(m_loop, m_totals, fd);
    }

private:
    Loop& m_loop;
    Totals& m_totals;
    int m_fd;
};

} // namespace

int serve(const Arguments& arguments)
{
    Loop loop;
    Totals totals;
    Acceptor acceptor(loop, totals, arguments.port);
    Marks marks(loop, [&totals] {
        return "{\"bytes\": " + std::to_string(totals.received) +
               ", \"ns\": " + std::to_string(nowNs()) +
               ", \"connections\": " + std::to_string(totals.connections) + "}";
    });
    tell("ready");
    loop.run();
    return 0;
}

} // namespace sallyport::bench
