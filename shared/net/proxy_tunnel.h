// Asks an HTTP proxy, over a connection that stands, for a tunnel (CONNECT, RFC 9110
// section 9.3.6).
//
// Order of calls: construct, start() once; the outcome comes once, perhaps during start().
// Destroying the tunnel, in that call too, gives up.
//
// Threads: that of the IoContext. No time-out of its own.
#pragma once

#include <sallyport/net/io_context.h>
#include <sallyport/net/socket.h>
#include <sallyport/wire/http_connect.h>

#include <functional>
#include <string>

namespace sallyport::net {

class ProxyTunnel final : private ReadyHandler
{
public:
    struct Opened
    {
        Socket socket;
        std::string early; // what came behind the proxy's answer
    };
    struct Refused
    {
        enum class Why { Broken, NotHttp, AuthRequired, Status } why = Why::Broken;
        int status = 0;
        std::string text; // with Broken: what broke
    };
    using Done = std::function<void(Result<Opened, Refused>)>;

    ProxyTunnel(IoContext& io, Socket socket, std::string request, Done done);
    ~ProxyTunnel();
    void start();

private:
    void onReady(Readiness hints) override;
    // False: the outcome was told, and this may be gone.
    bool send();
    bool answered(ByteView bytes);
    void receive();
    void finish(Result<Opened, Refused> outcome);

    IoContext& m_io;
    Socket m_socket;
    std::string m_request;
    size_t m_sent = 0;
    wire::ConnectResponse m_response;
    Done m_done;
};

} // namespace sallyport::net
