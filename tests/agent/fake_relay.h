// The relay's side of the link protocol on a loopback port, as far as an agent's tests need one:
// a listener, a mux server, and the relay's handshake machine; what it grants and refuses is the
// test's.
#pragma once

#include <sallyport/agent/agent.h>
#include <sallyport/net/link.h>
#include <sallyport/net/listener.h>
#include <sallyport/wire/proxy_header.h>
#include <sallyport/wire/relay_control.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::agent::test {

// A visitor's stream, as the relay sees it.
class RelayStream final : public net::LinkStream
{
public:
    std::string received;
    bool finished = false;
    bool closed = false;
    bool broken = false;
    bool reads = true; // gives credit for what it receives
    size_t unread = 0;

    void send(std::string_view text) { write(asBytes(text)); }
    // All of it, as fast as the window allows.
    void sendMuch(size_t bytes)
    {
        m_toSend = bytes;
        sendMore();
    }
    size_t leftToSend() const { return m_toSend; }
    void readOn()
    {
        reads = true;
        consumed(std::exchange(unread, 0));
    }

private:
    void streamData(ByteView bytes) override
    {
        received.append(asText(bytes));
        if (reads)
            consumed(bytes.size());
        else
            unread += bytes.size();
    }
    void streamFinished() override { finished = true; }
    void streamReset() override { broken = true; }
    void streamClosed() override { closed = true; }
    void streamWritable() override { sendMore(); }
    void sendMore()
    {
        static const std::string block(64 * 1024, 'x');
        while (m_toSend > 0) {
            const size_t taken =
                write(asBytes(std::string_view(block).substr(0, std::min(m_toSend, block.size()))));
            if (taken == 0)
                return;
            m_toSend -= taken;
        }
    }

    size_t m_toSend = 0;
};

class FakeRelay;

// One agent's link.
class RelayPeer final : public net::LinkOwner, public net::ChannelOwner
{
public:
    RelayPeer(FakeRelay& relay, net::Socket socket);
    ~RelayPeer();

    std::optional<wire::Hello> hello;
    std::vector<wire::TunnelOpen> opens;
    std::vector<wire::TunnelCheck> checks; // the test answers
    std::vector<wire::TunnelClose> closes;
    std::vector<wire::TunnelUpdate> updates;
    std::vector<wire::StreamFailed> failures;
    std::vector<wire::Reauth> reauths;
    bool gone = false;
    bool agentIsLeaving = false;

    // Opens a data stream for the tunnel, its header already sent.
    RelayStream& visit(uint32_t tunnelId, std::string_view payload = {});
    RelayStream& openRaw(std::string_view bytes);
    template <typename Message>
    void send(const Message& message)
    {
        control().send(message);
        turn();
    }
    // What a relay of another version might say: a message's JSON, as it is.
    void sendRaw(std::string_view json);
    void refuse(const wire::Refusal& refusal);
    // As a relay that was killed.
    void cut() { m_link->close("cut"); }
    net::Link& link() { return *m_link; }

private:
    class Control;

    void channelOpened() override;
    void channelBytes(ByteView) override {}
    void channelEnded() override {}
    void channelFailed(const std::string&) override {}
    void channelTurn() override {}
    void linkStreamOpened(mux::StreamId id) override;
    void linkRoundTrip(Duration) override {}
    void linkGoingAway() override { agentIsLeaving = true; }
    void linkClosed(const std::string&) override { gone = true; }

    wire::RelayControl& control();
    void turn();
    void handle(const wire::RelayControl::Event& event);

    FakeRelay& m_relay;
    std::unique_ptr<net::Channel> m_channel; // until it is open
    std::unique_ptr<net::Link> m_link;
    std::unique_ptr<Control> m_control;
    std::vector<std::unique_ptr<RelayStream>> m_streams;
};

class FakeRelay
{
public:
    explicit FakeRelay(net::IoContext& io);

    net::IoContext& io;
    uint16_t port() const { return m_port; }
    // Accepts no more, but keeps the port's number for listenAgain().
    void stopListening();
    void listenAgain();

    // Every link so far, the newest last.
    std::vector<std::unique_ptr<RelayPeer>> peers;
    RelayPeer& last() { return *peers.back(); }
    size_t welcomed() const;

    // Empty: the link is welcomed. Asked for each hello.
    std::function<std::optional<wire::Refusal>(const wire::Hello&)> judge;
    // Empty: granted. Asked for each tunnel.
    std::function<std::optional<wire::Refusal>(const wire::TunnelRequest&)> judgeTunnel;
    // Nobody answers hellos.
    bool silent = false;
    // Does not know `access`, as a relay of an earlier version.
    bool ignoresAccess = false;

    wire::TunnelGrant grant(const wire::TunnelRequest& request);
    // The answer to an update of who may visit.
    wire::TunnelGrant updated(uint32_t id, const wire::AccessPolicy& access);
    uint32_t idOf(const std::string& ref) const; // the newest grant's

private:
    net::Address m_address;
    uint16_t m_port = 0;
    uint32_t m_nextId = 100;
    std::vector<wire::TunnelGrant> m_grants;
    std::unique_ptr<net::Listener> m_listener;
};

// Options for an agent that talks to it: short waits, one http tunnel where a port is given.
AgentOptions optionsFor(const FakeRelay& relay);
TunnelSpec httpTunnel(const std::string& upstream);
TunnelSpec tcpTunnel(const std::string& upstream);

} // namespace sallyport::agent::test
