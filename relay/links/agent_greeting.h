// The first moments of a connection on the agents' listener: tells TLS, WebSocket and plaintext
// apart by their first bytes, and ends with an open channel, or with none.
#pragma once

#include "shared_state.h"

#include <sallyport/net/channel.h>
#include <sallyport/net/deadline.h>
#include <sallyport/wire/http_head.h>

#include <functional>
#include <memory>
#include <string>

namespace sallyport::relay {

class AgentGreeting;

class AgentGreetingOwner
{
public:
    // `early`: bytes of the link that came along; valid during the call. Retire the greeting.
    virtual void greeted(AgentGreeting& greeting, std::unique_ptr<net::Channel> channel,
                         ByteView early, bool earlyFramed) = 0;
    virtual void greetingFailed(AgentGreeting& greeting, const std::string& reason) = 0;

protected:
    ~AgentGreetingOwner() = default;
};

class AgentGreeting final : public net::Retirable,
                            private net::ReadyHandler,
                            private net::ChannelOwner
{
public:
    AgentGreeting(uint64_t id, net::IoContext& io, SharedState& shared, net::Socket socket,
                  const net::Address& peer, AgentGreetingOwner& owner);
    ~AgentGreeting() override;
    void start();
    // Ends it as a failure.
    void fail(const std::string& reason);

    uint64_t id() const { return m_id; }
    const net::Address& peer() const { return m_peer; }
    Counted takeCount() { return std::move(m_count); }

private:
    // net::ReadyHandler, until the kind of connection is known
    void onReady(net::Readiness hints) override;
    // net::ChannelOwner
    void channelOpened() override;
    void channelBytes(ByteView bytes) override;
    void channelEnded() override { fail("closed before the handshake was done"); }
    void channelFailed(const std::string& reason) override { fail(reason); }
    void channelTurn() override {}

    void sniff();
    void beginPlain(bool http);
    void upgrade();
    void finish(ByteView early, bool earlyFramed);

    uint64_t m_id;
    net::IoContext& m_io;
    SharedState& m_shared;
    net::Socket m_socket;
    net::Address m_peer;
    AgentGreetingOwner& m_owner;
    Counted m_count;
    std::unique_ptr<net::Channel> m_channel;
    wire::HeadReader m_head; // of the WebSocket upgrade
    net::Deadline m_deadline;
    bool m_expectsUpgrade = false;
    bool m_done = false;
};

} // namespace sallyport::relay
