#include "links/agent_greeting.h"

#include <sallyport/tls/sniff.h>
#include <sallyport/wire/websocket_upgrade.h>

#include <array>

namespace sallyport::relay {

namespace {
constexpr std::string_view LinkAlpn = "sallyport/1";
}

AgentGreeting::AgentGreeting(uint64_t id, net::IoContext& io, SharedState& shared,
                             net::Socket socket, const net::Address& peer,
                             AgentGreetingOwner& owner)
    : m_id(id),
      m_io(io),
      m_shared(shared),
      m_socket(std::move(socket)),
      m_peer(peer),
      m_owner(owner),
      m_count(shared.handshakes),
      m_deadline(io.deadlines(), [this] { fail("no handshake in time"); })
{}

AgentGreeting::~AgentGreeting()
{
    if (m_socket.isOpen())
        m_io.poller().unwatch(m_socket.descriptor());
}

void AgentGreeting::start()
{
    m_deadline.set(m_io.now() + m_shared.config.limits.handshakeTimeout);
    m_io.poller().watch(m_socket.descriptor(), this);
    sniff();
}

void AgentGreeting::onReady(net::Readiness hints)
{
    if (hints & net::Readable)
        sniff();
}

// Looks without taking: whoever handles the connection reads all of it.
void AgentGreeting::sniff()
{
    if (m_done || m_channel)
        return;
    std::array<std::byte, 8> first;
    const net::IoResult peeked = m_socket.peek(first);
    switch (peeked.state) {
    case net::IoResult::State::WouldBlock:
        m_io.poller().drained(m_socket.descriptor(), net::Readable);
        return;
    case net::IoResult::State::End:
        return fail("closed before the handshake was done");
    case net::IoResult::State::Failed:
        return fail("the connection broke");
    case net::IoResult::State::Ok:
        break;
    }
    // A plaintext link begins with the multiplexer's version, zero.
    if (first[0] == std::byte(0))
        return beginPlain(false);
    switch (tls::sniff(ByteView(first).first(peeked.bytes))) {
    case tls::Sniff::NeedMore:
        m_io.poller().drained(m_socket.descriptor(), net::Readable);
        return;
    case tls::Sniff::Tls:
        m_io.poller().unwatch(m_socket.descriptor());
        m_channel = std::make_unique<net::Channel>(m_io, std::move(m_socket),
                                                   static_cast<net::ChannelOwner*>(this));
        m_channel->startTls(m_shared.agentTls.load());
        return;
    case tls::Sniff::Http:
        return beginPlain(true);
    case tls::Sniff::Other:
        return fail("spoke neither TLS nor the link protocol");
    }
}

void AgentGreeting::beginPlain(bool http)
{
    if (!m_peer.isLoopback() && !m_shared.config.allowPlaintextLinks)
        return fail("a plaintext link from another machine; agents must use tls:// (or set "
                    "allow_plaintext_links)");
    m_expectsUpgrade = http;
    m_io.poller().unwatch(m_socket.descriptor());
    m_channel = std::make_unique<net::Channel>(m_io, std::move(m_socket),
                                               static_cast<net::ChannelOwner*>(this));
    m_channel->startPlain();
}

void AgentGreeting::channelOpened()
{
    if (const tls::Engine* engine = m_channel->tls())
        m_expectsUpgrade = engine->alpn() != LinkAlpn;
    if (!m_expectsUpgrade)
        finish({}, false);
}

void AgentGreeting::channelBytes(ByteView bytes)
{
    auto used = m_head.feed(bytes);
    if (!used)
        return fail("WebSocket upgrade: " + std::string(wire::describe(used.error())));
    if (!m_head.done())
        return;
    const auto key = wire::checkWebSocketRequest(m_head.text());
    if (!key) {
        m_channel->send(asBytes(wire::webSocketRefusal(key.error())));
        m_channel->flush();
        return fail("WebSocket upgrade: " + std::string(wire::describe(key.error())));
    }
    m_channel->send(asBytes(wire::webSocketResponse(*key)));
    m_channel->flush();
    m_channel->useWebSocket(wire::WebSocketRole::Server);
    finish(bytes.subspan(*used), true);
}

void AgentGreeting::finish(ByteView early, bool earlyFramed)
{
    m_done = true;
    m_deadline.clear();
    m_owner.greeted(*this, std::move(m_channel), early, earlyFramed);
}

void AgentGreeting::fail(const std::string& reason)
{
    if (m_done)
        return;
    m_done = true;
    m_deadline.clear();
    if (m_channel)
        m_channel->close();
    if (m_socket.isOpen()) {
        m_io.poller().unwatch(m_socket.descriptor());
        m_socket.close();
    }
    m_owner.greetingFailed(*this, reason);
}

} // namespace sallyport::relay
