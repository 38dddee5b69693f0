// Connects to the first of several addresses that answers (RFC 8305): each has a head start over
// the next, which begins at once when it failed.
//
// Order of calls: construct, start() once; the outcome comes once, perhaps during start().
// Destroying the connector, in that call too, gives up.
//
// Threads: that of the IoContext. No time-out of its own: the system's is minutes.
#pragma once

#include <sallyport/net/deadline.h>
#include <sallyport/net/io_context.h>
#include <sallyport/net/socket.h>

#include <functional>
#include <memory>
#include <vector>

namespace sallyport::net {

class Connector
{
public:
    static constexpr Duration HeadStart = std::chrono::milliseconds(250);

    // On failure the error that tells most: "refused" rather than "no route" of an IPv6 address on
    // a host without IPv6.
    using Done = std::function<void(Result<Socket, SystemError>)>;

    Connector(IoContext& io, std::vector<Address> addresses, Done done);
    ~Connector();
    void start();

private:
    class Try;
    void tryNext();
    void succeeded(Socket socket);
    void failed(Try* which, SystemError error);
    void note(SystemError error);

    IoContext& m_io;
    std::vector<Address> m_addresses;
    size_t m_next = 0;
    Done m_done;
    std::vector<std::unique_ptr<Try>> m_tries;
    SystemError m_error;
    Deadline m_headStart;
};

} // namespace sallyport::net
