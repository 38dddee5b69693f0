#include "dial_error.h"
#include "proxy_tunnel.h"

#include <sallyport/net/connector.h>
#include <sallyport/net/dialer.h>
#include <sallyport/net/resolver.h>
#include <sallyport/wire/http_head.h>
#include <sallyport/wire/websocket_upgrade.h>

#include <QObject>
#include <QRandomGenerator>

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

namespace sallyport::net {

namespace {

constexpr uint16_t HttpsPort = 443;

bool isPlausibleHost(const std::string& host)
{
    return !host.empty() && std::all_of(host.begin(), host.end(),
                                        [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

std::string randomKey()
{
    std::array<quint32, 4> words;
    QRandomGenerator::system()->fillRange(words.data(), words.size());
    std::array<std::byte, 16> nonce;
    std::copy_n(reinterpret_cast<const std::byte*>(words.data()), nonce.size(), nonce.data());
    return wire::webSocketKey(nonce);
}

} // namespace

// One dial. The outcome is told at the end of the turn in which it came, so that the owner is never
// called from inside start() or from under the channel that it gets.
class Dialer::Attempt final : public Retirable, private ChannelOwner, private TurnEndHandler
{
public:
    Attempt(IoContext& io, DialTarget target, DialOwner& owner);
    void start();
    void stop();

private:
    struct Waiting // for start(), or with the outcome known
    {};
    struct LookingUp
    {
        std::unique_ptr<QObject> context;
    };
    struct Connecting
    {
        std::unique_ptr<Connector> connector;
    };
    struct AskingProxy
    {
        std::unique_ptr<ProxyTunnel> tunnel;
    };
    struct Securing
    {};
    struct Upgrading
    {
        std::string key;
        wire::HeadReader head;
    };
    struct Open // bytes that come now are for the owner
    {};
    using Phase =
        std::variant<Waiting, LookingUp, Connecting, AskingProxy, Securing, Upgrading, Open>;

    void lookUp();
    void connectTo(std::vector<Address> addresses);
    void connected(Socket socket);
    void askProxy(Socket socket);
    void secure(Socket socket, std::string early);
    void upgrade();
    void readUpgrade(Upgrading& upgrading, ByteView bytes);
    void open();
    void fail(DialError error);
    std::string doing() const;

    // ChannelOwner
    void channelOpened() override;
    void channelBytes(ByteView bytes) override;
    void channelEnded() override;
    void channelFailed(const std::string& reason) override;
    void channelTurn() override {}
    // TurnEndHandler
    void onTurnEnd() override;

    IoContext& m_io;
    DialTarget m_target;
    DialOwner* m_owner; // null: nobody wants to know
    Phase m_phase;
    std::unique_ptr<Channel> m_channel;
    std::string m_early;
    std::optional<DialError> m_error;
    Deadline m_timeout;
};

Dialer::Attempt::Attempt(IoContext& io, DialTarget target, DialOwner& owner)
    : m_io(io),
      m_target(std::move(target)),
      m_owner(&owner),
      m_timeout(io.deadlines(), [this] { fail(timeoutError(m_target, doing())); })
{}

void Dialer::Attempt::start()
{
    m_timeout.set(m_io.now() + m_target.timeout);
    if (!isPlausibleHost(m_target.host))
        return fail(badHostError());
    lookUp();
}

void Dialer::Attempt::stop()
{
    m_owner = nullptr;
    m_timeout.clear();
    m_phase = Waiting();
    if (m_channel)
        m_channel->close();
}

// --- from a name to a connection ---

void Dialer::Attempt::lookUp()
{
    auto context = std::make_unique<QObject>();
    const std::string& host = m_target.proxy ? m_target.proxy->host : m_target.host;
    const uint16_t port = m_target.proxy ? m_target.proxy->port : m_target.port;
    resolve(host, port, context.get(), [this](Resolved resolved) {
        if (resolved.addresses.empty())
            return fail(lookUpError(resolved, m_target.proxy.has_value()));
        connectTo(std::move(resolved.addresses));
    });
    m_phase = LookingUp{std::move(context)};
}

void Dialer::Attempt::connectTo(std::vector<Address> addresses)
{
    auto connector = std::make_unique<Connector>(
        m_io, std::move(addresses), [this](Result<Socket, SystemError> result) {
            if (!result)
                return fail(connectError(m_target, result.error()));
            connected(std::move(*result));
        });
    Connector* const connecting = connector.get();
    m_phase = Connecting{std::move(connector)};
    connecting->start();
}

void Dialer::Attempt::connected(Socket socket)
{
    if (m_target.proxy)
        return askProxy(std::move(socket));
    secure(std::move(socket), {});
}

void Dialer::Attempt::askProxy(Socket socket)
{
    auto tunnel = std::make_unique<ProxyTunnel>(
        m_io, std::move(socket),
        wire::connectRequest(m_target.host, m_target.port, m_target.proxy->credentials),
        [this](Result<ProxyTunnel::Opened, ProxyTunnel::Refused> result) {
            if (!result)
                return fail(proxyError(m_target, result.error()));
            secure(std::move(result->socket), std::move(result->early));
        });
    ProxyTunnel* const asking = tunnel.get();
    m_phase = AskingProxy{std::move(tunnel)};
    asking->start();
}

// --- from a connection to a channel ---

void Dialer::Attempt::secure(Socket socket, std::string early)
{
    m_channel =
        std::make_unique<Channel>(m_io, std::move(socket), static_cast<ChannelOwner*>(this));
    m_phase = Securing();
    if (m_target.transport == LinkTransport::Tcp) {
        m_early = std::move(early);
        return m_channel->startPlain();
    }
    // A TLS server waits for us to speak, so these are no relay's.
    if (!early.empty())
        return fail({DialError::Kind::Protocol,
                     endpointText(m_target.host, m_target.port) +
                         " speaks first, which is not TLS; check that it is a relay's address"});
    m_channel->startTls(m_target.tls);
}

void Dialer::Attempt::channelOpened()
{
    if (m_target.transport == LinkTransport::WebSocket)
        return upgrade();
    open();
}

void Dialer::Attempt::upgrade()
{
    const std::string host =
        m_target.port == HttpsPort && m_target.host.find(':') == std::string::npos
            ? m_target.host
            : endpointText(m_target.host, m_target.port);
    std::string key = randomKey();
    m_channel->send(asBytes(wire::webSocketRequest(host, key)));
    m_phase = Upgrading{std::move(key), {}};
    m_channel->flush();
}

void Dialer::Attempt::channelBytes(ByteView bytes)
{
    if (auto* upgrading = std::get_if<Upgrading>(&m_phase))
        return readUpgrade(*upgrading, bytes);
    if (std::holds_alternative<Open>(m_phase))
        m_early.append(asText(bytes));
}

void Dialer::Attempt::readUpgrade(Upgrading& upgrading, ByteView bytes)
{
    const auto used = upgrading.head.feed(bytes);
    if (!used)
        return fail(upgradeError(m_target, {wire::UpgradeError::BadHead, 0}));
    if (!upgrading.head.done())
        return;
    const auto checked = wire::checkWebSocketResponse(upgrading.head.text(), upgrading.key);
    if (!checked)
        return fail(upgradeError(m_target, checked.error()));
    m_channel->useWebSocket(wire::WebSocketRole::Client);
    open();
    m_channel->receiveEarly(bytes.subspan(*used));
}

// --- the outcome ---

void Dialer::Attempt::open()
{
    m_phase = Open();
    m_timeout.clear();
    m_io.poller().atTurnEnd(this);
}

void Dialer::Attempt::channelEnded()
{
    fail(brokenError(m_target, "closed the connection before the link was up"));
}

void Dialer::Attempt::channelFailed(const std::string& reason)
{
    const tls::Engine* tls = m_channel->tls();
    if (tls && tls->state() == tls::State::Failed)
        return fail(tlsError(m_target, tls->error()));
    fail(brokenError(m_target, reason));
}

void Dialer::Attempt::fail(DialError error)
{
    if (m_error)
        return;
    m_error = std::move(error);
    m_timeout.clear();
    m_phase = Waiting();
    if (m_channel)
        m_channel->close();
    m_io.poller().atTurnEnd(this);
}

void Dialer::Attempt::onTurnEnd()
{
    DialOwner* const owner = std::exchange(m_owner, nullptr);
    if (!owner)
        return;
    if (m_error)
        return owner->dialFailed(*m_error);
    m_channel->setOwner(nullptr);
    owner->dialed(std::move(m_channel), asBytes(m_early));
}

std::string Dialer::Attempt::doing() const
{
    if (std::holds_alternative<LookingUp>(m_phase))
        return "looking its name up";
    if (std::holds_alternative<Connecting>(m_phase))
        return m_target.proxy ? "connecting to the proxy" : "connecting";
    if (std::holds_alternative<AskingProxy>(m_phase))
        return "waiting for the proxy's answer";
    if (std::holds_alternative<Securing>(m_phase))
        return "waiting for its part of the TLS handshake";
    return "waiting for its answer to the WebSocket request";
}

// --- Dialer ---

Dialer::Dialer(IoContext& io, DialTarget target, DialOwner& owner)
    : m_io(io), m_attempt(std::make_unique<Attempt>(io, std::move(target), owner))
{}

Dialer::~Dialer()
{
    cancel();
}

void Dialer::start()
{
    if (m_attempt)
        m_attempt->start();
}

void Dialer::cancel()
{
    if (!m_attempt)
        return;
    m_attempt->stop();
    m_io.retire(std::move(m_attempt)); // it may be the one that calls us
}

} // namespace sallyport::net
