#include <sallyport/net/connector.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace sallyport::net {

class Connector::Try final : private ReadyHandler
{
public:
    Try(Connector& connector, Socket socket) : m_connector(connector), m_socket(std::move(socket))
    {
        m_connector.m_io.poller().watch(m_socket.descriptor(), this);
    }
    ~Try() { stopWatching(); }

private:
    void onReady(Readiness hints) override
    {
        if (!(hints & (Writable | HangUp)))
            return;
        const SystemError error = m_socket.takeError();
        if (error.code != 0)
            return m_connector.failed(this, error);
        const Address peer = m_socket.peerAddress();
        if (peer.isNull()) { // not yet
            m_connector.m_io.poller().drained(m_socket.descriptor(), Writable);
            return;
        }
        // TCP lets a socket connect to itself when it drew the very port that it dials.
        if (peer.port() != 0 && peer.toString() == m_socket.localAddress().toString())
            return m_connector.failed(this, {ECONNREFUSED});
        stopWatching();
        m_connector.succeeded(std::move(m_socket));
    }
    void stopWatching()
    {
        if (m_socket.isOpen())
            m_connector.m_io.poller().unwatch(m_socket.descriptor());
    }

    Connector& m_connector;
    Socket m_socket;
};

Connector::Connector(IoContext& io, std::vector<Address> addresses, Done done)
    : m_io(io),
      m_addresses(std::move(addresses)),
      m_done(std::move(done)),
      m_headStart(io.deadlines(), [this] { tryNext(); })
{}

Connector::~Connector() = default;

void Connector::start()
{
    tryNext();
}

void Connector::tryNext()
{
    while (m_next < m_addresses.size()) {
        auto socket = Socket::connectTo(m_addresses[m_next++]);
        if (!socket) {
            note(socket.error());
            continue;
        }
        m_tries.push_back(std::make_unique<Try>(*this, std::move(*socket)));
        if (m_next < m_addresses.size())
            m_headStart.set(m_io.now() + HeadStart);
        return;
    }
    if (m_tries.empty())
        std::exchange(m_done, nullptr)(Failure(m_error));
}

// The last thing that a try does: it may be destroyed here.
void Connector::succeeded(Socket socket)
{
    const Done done = std::exchange(m_done, nullptr);
    m_headStart.clear();
    m_tries.clear();
    done(std::move(socket));
}

void Connector::failed(Try* which, SystemError error)
{
    note(error);
    std::erase_if(m_tries, [which](const auto& t) { return t.get() == which; });
    tryNext();
}

void Connector::note(SystemError error)
{
    const auto noRoute = [](int code) {
        return code == ENETUNREACH || code == EHOSTUNREACH || code == EADDRNOTAVAIL ||
               code == EAFNOSUPPORT;
    };
    if (m_error.code == 0 || (noRoute(m_error.code) && !noRoute(error.code)))
        m_error = error;
}

} // namespace sallyport::net
