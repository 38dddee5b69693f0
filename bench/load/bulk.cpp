#include "modes.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace sallyport::bench {

namespace {

constexpr size_t blockSize = 256 * 1024;
constexpr int blocksPerTurn = 4;

struct Totals
{
    uint64_t bytes = 0;
    int waiting = 0; // streams that are not under way yet
    int lost = 0;
};

class BulkStream : public Handler
{
public:
    BulkStream(Loop& loop, Totals& totals, uint16_t port, bool upload)
        : m_loop(loop), m_totals(totals), m_upload(upload), m_fd(connectTo(port))
    {
        m_loop.add(m_fd, EPOLLOUT, this);
    }

    void ready(uint32_t) override
    {
        const bool alive = !m_connected ? begin() : m_upload ? pour() : drain();
        if (!alive)
            lose();
    }

private:
    bool begin()
    {
        if (connectError(m_fd) != 0)
            return false;
        m_connected = true;
        if (send(m_fd, m_upload ? "U" : "D", 1, 0) != 1)
            return false;
        if (m_upload)
            underWay();
        else
            m_loop.modify(m_fd, EPOLLIN, this);
        return true;
    }

    bool pour()
    {
        for (int i = 0; i < blocksPerTurn; ++i) {
            const ssize_t size = send(m_fd, block().data(), blockSize, 0);
            if (size < 0)
                return errno == EAGAIN;
            m_totals.bytes += uint64_t(size);
        }
        return true;
    }

    bool drain()
    {
        for (int i = 0; i < blocksPerTurn; ++i) {
            const ssize_t size = recv(m_fd, block().data(), blockSize, 0);
            if (size <= 0)
                return size < 0 && errno == EAGAIN;
            if (!m_underWay)
                underWay();
            m_totals.bytes += uint64_t(size);
        }
        return true;
    }

    void underWay()
    {
        m_underWay = true;
        if (--m_totals.waiting == 0)
            tell("ready");
    }

    void lose()
    {
        ++m_totals.lost;
        m_loop.remove(m_fd);
        close(m_fd);
        m_loop.retire(this);
    }

    static std::array<char, blockSize>& block()
    {
        static std::array<char, blockSize> shared{};
        return shared;
    }

    Loop& m_loop;
    Totals& m_totals;
    bool m_upload;
    int m_fd;
    bool m_connected = false;
    bool m_underWay = false;
};

} // namespace

int bulk(const Arguments& arguments)
{
    Loop loop;
    Totals totals;
    const auto streams = int(arguments.number("streams", 1));
    totals.waiting = streams;
    for (int i = 0; i < streams; ++i)
        new BulkStream(loop, totals, arguments.port, arguments.mode == "up");
    Marks marks(loop, [&totals] {
        return "{\"bytes\": " + std::to_string(totals.bytes) +
               ", \"ns\": " + std::to_string(nowNs()) +
               ", \"lost\": " + std::to_string(totals.lost) + "}";
    });
    loop.run();
    return 0;
}

} // namespace sallyport::bench
