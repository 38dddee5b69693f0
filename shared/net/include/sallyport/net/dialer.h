// Makes one outgoing connection for a link: looks the name up anew (never from a cache), tries its
// addresses in turn, goes through an HTTP proxy where one is set, and brings up TLS or WebSocket.
//
// Order of calls: construct, start() once; one of the owner's two calls follows (never inside
// start()), unless cancel() or the destructor comes first.
//
// Limits: a proxy's and a WebSocket server's answer may have 8 KiB; all of it has one time-out.
//
// Threads: that of the IoContext; names are looked up on a helper thread.
#pragma once

#include <sallyport/net/channel.h>
#include <sallyport/net/deadline.h>
#include <sallyport/tls/error.h>
#include <sallyport/wire/http_connect.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::net {

enum class LinkTransport { Tls, WebSocket, Tcp };

struct HttpProxy
{
    std::string host;
    uint16_t port = 0;
    std::optional<wire::ProxyCredentials> credentials;
};

// The proxy that the first of HTTPS_PROXY, https_proxy, ALL_PROXY and all_proxy that is not empty
// asks for: [http://][USER:PASSWORD@]HOST[:PORT], port 80 when none is given. Nothing when the host
// is this machine's loopback, or named by NO_PROXY (or no_proxy): a list, separated by commas or
// blanks, of names (which stand for everything below them too, with or without a leading dot or
// "*."), addresses, networks (10.0.0.0/8) and "*"; a port behind a name is ignored. An unusable
// value is an error that names the variable (and never repeats a password).
Result<std::optional<HttpProxy>, std::string> proxyFromEnvironment(std::string_view host);

struct DialTarget
{
    LinkTransport transport = LinkTransport::Tls;
    std::string host; // a name or a numeric address, without brackets
    uint16_t port = 0;
    // For Tls and WebSocket. It holds the name to verify and the application protocols to offer:
    // "sallyport/1" for Tls, "http/1.1" for WebSocket.
    std::shared_ptr<const tls::Context> tls;
    std::optional<HttpProxy> proxy;
    Duration timeout = std::chrono::seconds(15); // for all of it
};

struct DialError
{
    enum class Kind {
        UnknownHost,
        Refused,     // nobody listens there
        Unreachable, // no route, timed out, broken off
        Proxy,       // the proxy refused
        Untrusted,   // certificate or pin: trying again does not help
        Protocol,    // what answered is no relay
    };
    Kind kind = Kind::Unreachable;
    std::string text;                          // a sentence that names host, port and the way out
    tls::ErrorCode tls = tls::ErrorCode::None; // where TLS is what went wrong
};

class DialOwner
{
public:
    // `early`: bytes that came behind the handshake (out of their WebSocket frames); valid during
    // the call. Give the channel an owner before the call returns.
    virtual void dialed(std::unique_ptr<Channel> channel, ByteView early) = 0;
    virtual void dialFailed(const DialError& error) = 0;

protected:
    ~DialOwner() = default;
};

class Dialer
{
public:
    Dialer(IoContext& io, DialTarget target, DialOwner& owner);
    ~Dialer();
    void start();
    void cancel();

private:
    class Attempt;
    IoContext& m_io;
    std::unique_ptr<Attempt> m_attempt;
};

} // namespace sallyport::net
