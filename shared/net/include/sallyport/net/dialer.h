// Makes one outgoing connection for a link: looks the name up anew (never from a cache), tries its
// addresses in turn, goes through an HTTP proxy where one is set, and brings up TLS or WebSocket.
//
// Order of calls: construct, start() once; one of the owner's two calls follows, unless cancel() or
// the destructor comes first.
//
// Threads: that of the IoContext; names are looked up on a helper thread.
#pragma once

#include <sallyport/net/channel.h>
#include <sallyport/net/deadline.h>
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

// The proxy that HTTPS_PROXY (or https_proxy, ALL_PROXY) asks for, unless NO_PROXY names the host.
// An unusable value is an error that names the variable (and never repeats a password).
Result<std::optional<HttpProxy>, std::string> proxyFromEnvironment(std::string_view host);

struct DialTarget
{
    LinkTransport transport = LinkTransport::Tls;
    std::string host; // a name or a numeric address, without brackets
    uint16_t port = 0;
    std::shared_ptr<const tls::Context> tls; // for Tls and WebSocket
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
    std::string text; // a sentence that names host, port and the way out
};

class DialOwner
{
public:
    // `early`: bytes that came behind the handshake; valid during the call.
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
    std::unique_ptr<Attempt> m_attempt;
};

} // namespace sallyport::net
