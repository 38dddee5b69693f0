#include "fake_relay.h"

#include <array>
#include <utility>

namespace sallyport::agent::test {

class RelayPeer::Control final : public net::LinkStream
{
public:
    Control(RelayPeer& peer, TimePoint now) : machine(now), m_peer(peer) {}
    wire::RelayControl machine;

    void flush()
    {
        while (!machine.output().empty()) {
            const size_t taken = write(machine.output());
            if (taken == 0)
                return;
            machine.consumeOutput(taken);
        }
    }

    void writeRaw(std::string_view json)
    {
        const auto size = uint32_t(json.size());
        std::string frame;
        for (const int shift : {24, 16, 8, 0})
            frame += char(size >> shift);
        frame += json;
        (void)write(asBytes(frame)); // shorter than any window
    }

private:
    void streamData(ByteView bytes) override
    {
        machine.receive(bytes);
        consumed(bytes.size());
        m_peer.turn();
    }
    void streamFinished() override {}
    void streamReset() override {}
    void streamClosed() override {}
    void streamWritable() override { flush(); }

    RelayPeer& m_peer;
};

RelayPeer::RelayPeer(FakeRelay& relay, net::Socket socket) : m_relay(relay)
{
    m_channel = std::make_unique<net::Channel>(relay.io, std::move(socket), this);
    m_channel->startPlain();
}

RelayPeer::~RelayPeer() = default;

void RelayPeer::sendRaw(std::string_view json)
{
    m_control->writeRaw(json);
}

void RelayPeer::channelOpened()
{
    m_link = std::make_unique<net::Link>(m_relay.io, std::move(m_channel), mux::Role::Server,
                                         mux::Config(), *this);
    m_link->start();
}

void RelayPeer::linkStreamOpened(mux::StreamId id)
{
    m_control = std::make_unique<Control>(*this, m_relay.io.now());
    m_link->attach(id, *m_control);
}

wire::RelayControl& RelayPeer::control()
{
    return m_control->machine;
}

void RelayPeer::turn()
{
    while (auto event = control().nextEvent())
        handle(*event);
    m_control->flush();
}

void RelayPeer::handle(const wire::RelayControl::Event& event)
{
    if (const auto* said = std::get_if<wire::Hello>(&event)) {
        hello = *said;
        if (m_relay.silent)
            return;
        if (const auto refusal = m_relay.judge ? m_relay.judge(*said) : std::nullopt)
            return control().refuse(*refusal);
        wire::Welcome welcome;
        welcome.session = "s" + std::to_string(m_relay.peers.size());
        for (const wire::TunnelRequest& request : said->tunnels) {
            if (const auto no = m_relay.judgeTunnel ? m_relay.judgeTunnel(request) : std::nullopt)
                welcome.refused.push_back({request.ref, *no});
            else
                welcome.tunnels.push_back(m_relay.grant(request));
        }
        control().accept(std::move(welcome));
    } else if (const auto* open = std::get_if<wire::TunnelOpen>(&event)) {
        opens.push_back(*open);
        if (const auto no = m_relay.judgeTunnel ? m_relay.judgeTunnel(open->tunnel) : std::nullopt)
            control().send(wire::TunnelRefused{open->tunnel.ref, *no});
        else
            control().send(wire::TunnelOpened{m_relay.grant(open->tunnel)});
    } else if (const auto* check = std::get_if<wire::TunnelCheck>(&event)) {
        checks.push_back(*check);
    } else if (const auto* close = std::get_if<wire::TunnelClose>(&event)) {
        closes.push_back(*close);
    } else if (const auto* update = std::get_if<wire::TunnelUpdate>(&event)) {
        updates.push_back(*update);
        control().send(wire::TunnelOpened{m_relay.updated(update->id, update->access)});
    } else if (const auto* failed = std::get_if<wire::StreamFailed>(&event)) {
        failures.push_back(*failed);
        m_link->reject(failed->stream, uint32_t(failed->code));
    } else if (const auto* reauth = std::get_if<wire::Reauth>(&event)) {
        reauths.push_back(*reauth);
    }
}

void RelayPeer::refuse(const wire::Refusal& refusal)
{
    control().refuse(refusal);
    turn();
}

RelayStream& RelayPeer::visit(uint32_t tunnelId, std::string_view payload)
{
    wire::ProxyHeader header;
    header.visitor.family = header.relay.family = wire::Endpoint::Family::V4;
    header.visitor.address[0] = std::byte(203);
    header.visitor.address[3] = std::byte(7);
    header.visitor.port = 50123;
    header.relay.port = 443;
    header.authority = "web.example.com";
    header.requestId = "r-1";
    header.tunnelId = tunnelId;
    std::array<std::byte, wire::MaxProxyHeader> bytes;
    const size_t size = wire::encodeProxyHeader(header, bytes);
    return openRaw(std::string(asText(ByteView(bytes).first(size))) + std::string(payload));
}

RelayStream& RelayPeer::openRaw(std::string_view bytes)
{
    m_streams.push_back(std::make_unique<RelayStream>());
    RelayStream& stream = *m_streams.back();
    [[maybe_unused]] const auto opened = m_link->open(stream);
    stream.send(bytes);
    return stream;
}

FakeRelay::FakeRelay(net::IoContext& context)
    : io(context), m_address(*net::Address::fromText("127.0.0.1", 0))
{
    listenAgain();
}

void FakeRelay::stopListening()
{
    m_listener.reset();
}

void FakeRelay::listenAgain()
{
    auto socket = net::Listener::open(m_address, false);
    if (!socket)
        qFatal("listen: %s", socket.error().text().c_str());
    m_listener = std::make_unique<net::Listener>(
        io, std::move(*socket), [this](net::Socket accepted, const net::Address&) {
            peers.push_back(std::make_unique<RelayPeer>(*this, std::move(accepted)));
        });
    m_address = m_listener->address();
    m_port = m_address.port();
}

size_t FakeRelay::welcomed() const
{
    size_t count = 0;
    for (const auto& peer : peers)
        count += peer->hello ? 1 : 0;
    return count;
}

wire::TunnelGrant FakeRelay::grant(const wire::TunnelRequest& request)
{
    wire::TunnelGrant grant;
    grant.ref = request.ref;
    grant.id = m_nextId++;
    grant.urls = {"http://" + request.name.value_or("brave-otter") + ".example.com/"};
    grant.access = !request.options.access.empty() && !ignoresAccess;
    m_grants.push_back(grant);
    return grant;
}

wire::TunnelGrant FakeRelay::updated(uint32_t id, const wire::AccessPolicy& access)
{
    for (wire::TunnelGrant& grant : m_grants) {
        if (grant.id != id)
            continue;
        grant.access = !access.empty();
        return grant;
    }
    return {};
}

uint32_t FakeRelay::idOf(const std::string& ref) const
{
    for (auto grant = m_grants.rbegin(); grant != m_grants.rend(); ++grant)
        if (grant->ref == ref)
            return grant->id;
    return 0;
}

AgentOptions optionsFor(const FakeRelay& relay)
{
    AgentOptions options;
    options.relay = *config::RelayAddress::parse("tcp://127.0.0.1:" + std::to_string(relay.port()));
    options.token = fixedToken(Secret("spt_test"));
    options.id = "test-agent";
    options.name = "tester";
    options.reconnectMin = std::chrono::milliseconds(5);
    options.reconnectMax = std::chrono::milliseconds(20);
    return options;
}

namespace {

TunnelSpec tunnel(config::TunnelKind kind, const std::string& upstream)
{
    TunnelSpec spec;
    spec.config.kind = kind;
    if (!upstream.empty())
        spec.config.upstream = *config::Upstream::parse(upstream, kind);
    return spec;
}

} // namespace

TunnelSpec httpTunnel(const std::string& upstream)
{
    return tunnel(config::TunnelKind::Http, upstream);
}

TunnelSpec tcpTunnel(const std::string& upstream)
{
    return tunnel(config::TunnelKind::Tcp, upstream);
}

} // namespace sallyport::agent::test
