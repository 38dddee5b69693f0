// One link to the relay, from dialing to its end: the connection, the multiplexer, the control
// stream, and which tunnel each id means on it.
//
// Order of calls: construct, start(); linkWelcomed() or linkEnded() follows; after a welcome the
// others, and linkEnded() last. close() ends it without a further call.
//
// Threads: that of the IoContext. Lifetime: the owner destroys it by IoContext::retire().
#pragma once

#include "control_stream.h"
#include "tunnel.h"

#include <sallyport/net/dialer.h>
#include <sallyport/net/link.h>
#include <sallyport/tls/context.h>

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace sallyport::agent {

struct LinkTarget
{
    std::string host;
    std::string text;  // as configured, for sentences
    uint16_t port = 0; // as configured
    bool pinned = false;
    // One after the other, when the one before could not get through.
    struct Way
    {
        net::LinkTransport transport;
        uint16_t port;
        bool operator==(const Way&) const = default;
    };
    std::vector<Way> ways;
    std::shared_ptr<const tls::Context> tls;    // for Tls
    std::shared_ptr<const tls::Context> webTls; // for WebSocket
    std::optional<net::HttpProxy> proxy;
    Duration dialTimeout{};
    Duration ping{};
};

struct LinkEnd
{
    enum class Kind : uint8_t {
        Unreachable,
        Untrusted,
        Refused, // by the relay: `refusal` says why
        Lost,    // after it was up
    };
    Kind kind = Kind::Lost;
    Problem problem;
    std::optional<wire::Refusal> refusal;
};

class RelayLink;

class RelayLinkOwner
{
public:
    virtual void linkWelcomed(RelayLink& link, const wire::Welcome& welcome) = 0;
    // TunnelOpened, TunnelRefused, TunnelChecked, Drain, Challenge, Notice or Unsupported.
    virtual void linkMessage(RelayLink& link, const wire::AgentControl::Event& event) = 0;
    virtual void linkStream(RelayLink& link, mux::StreamId id) = 0;
    virtual void linkRoundTrip(RelayLink& link, Duration time) = 0;
    virtual void linkEnded(RelayLink& link, const LinkEnd& end) = 0;

protected:
    ~RelayLinkOwner() = default;
};

class RelayLink final : public net::Retirable,
                        private net::DialOwner,
                        private net::LinkOwner,
                        private ControlOwner
{
public:
    RelayLink(net::IoContext& io, LinkTarget target, wire::Hello hello, RelayLinkOwner& owner);
    ~RelayLink() override;

    void start();
    void close(const std::string& reason);

    template <typename Message>
    void send(const Message& message)
    {
        if (m_control && !m_ended)
            m_control->send(message);
    }

    net::Link& link() { return *m_link; }
    bool isWelcomed() const { return m_welcomed; }
    const LinkTarget::Way& way() const { return m_target.ways[m_way]; }
    net::LinkTransport transport() const { return way().transport; }
    uint16_t port() const { return way().port; }
    size_t dataStreams() const;

    // What each id in a data stream's header means on this link.
    std::unordered_map<uint32_t, std::shared_ptr<Tunnel>> tunnels;

private:
    void dialed(std::unique_ptr<net::Channel> channel, ByteView early) override;
    void dialFailed(const net::DialError& error) override;
    void linkStreamOpened(mux::StreamId id) override;
    void linkRoundTrip(Duration roundTrip) override;
    void linkGoingAway() override;
    void linkClosed(const std::string& reason) override;
    void controlEvent(const wire::AgentControl::Event& event) override;

    void dial();
    void end(LinkEnd end);
    void endBy(const std::string& reason);

    net::IoContext& m_io;
    LinkTarget m_target;
    wire::Hello m_hello;
    RelayLinkOwner& m_owner;
    size_t m_way = 0;                                    // index of the one in use
    std::optional<net::DialError> m_error;               // of the way that counts
    std::vector<std::unique_ptr<net::Dialer>> m_dialers; // one for each way that was tried
    std::unique_ptr<net::Link> m_link;
    std::unique_ptr<ControlStream> m_control;
    std::optional<wire::Refusal> m_refusal;
    bool m_dialing = false;
    bool m_welcomed = false;
    bool m_ended = false;
};

} // namespace sallyport::agent
