#include "http_reply.h"
#include "modes.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace sallyport::bench {

namespace {

constexpr int atOnce = 64; // connections being opened, so that no listen backlog overflows

class IdleConnections;

class IdleConnection : public Handler
{
public:
    IdleConnection(IdleConnections& owner, uint16_t port);
    void ready(uint32_t events) override;

private:
    bool proceed();
    void lose();

    IdleConnections& m_owner;
    int m_fd;
    bool m_connected = false;
    bool m_proved = false;
    HttpReply m_reply; // emptied when proved, as there are thousands of these
};

class IdleConnections
{
public:
    IdleConnections(Loop& loop, const Arguments& arguments)
        : m_loop(loop),
          m_port(arguments.port),
          m_host(arguments.text("host", "")),
          m_wanted(int(arguments.number("count", 1)))
    {
        for (int i = 0; i < std::min(atOnce, m_wanted); ++i)
            openOne();
    }

    Loop& loop() { return m_loop; }
    bool http() const { return !m_host.empty(); }
    std::string opening() const { return http() ? getRequest(m_host) : std::string("E?"); }

    void proved()
    {
        ++m_open;
        settled();
    }

    void lost(bool wasProved)
    {
        ++m_lost;
        if (wasProved)
            --m_open;
        else
            settled();
    }

    std::string report() const
    {
        return "{\"open\": " + std::to_string(m_open) + ", \"lost\": " + std::to_string(m_lost) +
               "}";
    }

private:
    void openOne()
    {
        ++m_started;
        new IdleConnection(*this, m_port);
    }

    void settled()
    {
        ++m_settled;
        if (m_started < m_wanted)
            openOne();
        else if (m_settled == m_wanted)
            tell("ready " + std::to_string(m_open));
    }

    Loop& m_loop;
    uint16_t m_port;
    std::string m_host;
    int m_wanted;
    int m_started = 0;
    int m_settled = 0;
    int m_open = 0;
    int m_lost = 0;
};

IdleConnection::IdleConnection(IdleConnections& owner, uint16_t port)
    : m_owner(owner), m_fd(connectTo(port))
{
    m_owner.loop().add(m_fd, EPOLLOUT, this);
}

void IdleConnection::ready(uint32_t)
{
    if (!proceed())
        lose();
}

bool IdleConnection::proceed()
{
    if (!m_connected) {
        if (connectError(m_fd) != 0)
            return false;
        m_connected = true;
        m_owner.loop().modify(m_fd, EPOLLIN, this);
        const std::string opening = m_owner.opening();
        return send(m_fd, opening.data(), opening.size(), 0) == ssize_t(opening.size());
    }
    std::array<char, 4096> bytes{};
    const ssize_t size = recv(m_fd, bytes.data(), bytes.size(), 0);
    if (size <= 0)
        return false;
    if (m_proved)
        return true;
    m_reply.add(bytes.data(), size_t(size));
    if (m_owner.http() && !m_reply.complete())
        return true;
    if (m_owner.http() && m_reply.status() != 200)
        return false;
    m_proved = true;
    m_reply = HttpReply();
    m_owner.proved();
    return true;
}

void IdleConnection::lose()
{
    m_owner.loop().remove(m_fd);
    close(m_fd);
    m_owner.loop().retire(this);
    m_owner.lost(m_proved);
}

} // namespace

int idle(const Arguments& arguments)
{
    Loop loop;
    IdleConnections connections(loop, arguments);
    Marks marks(loop, [&connections] { return connections.report(); });
    loop.run();
    return 0;
}

} // namespace sallyport::bench
