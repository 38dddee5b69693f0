#include "visitors/https_door.h"

namespace sallyport::relay {

namespace {
// RFC 8737 section 6.2, and our own.
constexpr std::string_view ChallengeProtocol = "acme-tls/1";
constexpr std::string_view LinkProtocol = "sallyport/1";
constexpr std::string_view Http2Protocol = "h2";
} // namespace

HttpsDoor::HttpsDoor(net::IoContext& io, SharedState& shared, HttpsDoorOwner& owner)
    : m_io(io), m_shared(shared), m_owner(owner), m_certificates(shared.certificates)
{}

HttpsDoor::~HttpsDoor() = default;

void HttpsDoor::greet(net::Socket socket, const net::Address& peer, bool placed)
{
    makeRoom();
    const uint64_t id = m_nextId++;
    auto greeting = std::make_unique<TlsGreeting>(id, m_io, m_shared, std::move(socket), peer,
                                                  static_cast<TlsGreetingOwner&>(*this));
    greeting->placed = placed;
    TlsGreeting& reference = *greeting;
    m_greetings.emplace(id, std::move(greeting));
    m_places.enter(id, peer);
    reference.start();
}

// As many as may still peek, and as fairly: a handshake that is not finished costs its own address.
void HttpsDoor::makeRoom()
{
    if (m_shared.tlsGreetings.value() < int64_t(m_shared.config.limits.peeking))
        return;
    if (const auto first = m_places.firstToGo())
        m_greetings.at(*first)->fail("made room for a newer connection");
}

// Agents and challenges are told by what they offer; everybody else is a visitor.
void HttpsDoor::helloRead(TlsGreeting& greeting, const tls::ClientHelloReader& hello)
{
    if (hello.offers(LinkProtocol)) {
        const net::Address peer = greeting.peer();
        net::Socket socket = greeting.takeSocket();
        m_io.retire(take(greeting));
        return m_owner.agentCame(std::move(socket), peer);
    }
    if (hello.offers(ChallengeProtocol)) {
        auto context = m_certificates.get()->findChallenge(hello.serverName());
        if (!context)
            return greeting.refuse(tls::Alert::NoApplicationProtocol, "no challenge for this name");
        return greeting.beginTls(std::move(context));
    }
    endVisitorTls(greeting, hello);
}

void HttpsDoor::endVisitorTls(TlsGreeting& greeting, const tls::ClientHelloReader& hello)
{
    auto context = m_certificates.get()->find(hello.serverName());
    if (!context)
        return greeting.refuse(tls::Alert::UnrecognizedName, "no certificate for this name");
    const RouteTable::RoutePtr route = m_owner.findHost(hello.serverName());
    if (!greeting.placed && route && route->state == Route::State::Up && !m_owner.isLocal(*route)) {
        TlsHandover visitor{greeting.takeSocket(), greeting.peer()};
        m_io.retire(take(greeting));
        return m_owner.handOver(*route, std::move(visitor));
    }
    auto pass = m_shared.visitors.admit(greeting.peer());
    if (!pass)
        return greeting.fail("too many visitors");
    greeting.pass = std::move(*pass);
    greeting.beginTls(std::move(context));
}

void HttpsDoor::greetingOpen(TlsGreeting& greeting, net::StreamSocket socket)
{
    const std::string protocol(socket.tls()->alpn());
    m_io.retire(take(greeting)); // at the end of the turn
    if (protocol == ChallengeProtocol)
        return socket.close(); // RFC 8737 section 3: the handshake was all
    if (protocol == Http2Protocol) {
        H2Handover visitor;
        visitor.socket = std::move(socket);
        visitor.peer = greeting.peer();
        visitor.pass = std::move(greeting.pass);
        return m_owner.visitorCame(std::move(visitor));
    }
    m_owner.visitorCame(
        HttpHandover{std::move(socket), greeting.peer(), std::move(greeting.pass), {}, false, 0});
}

void HttpsDoor::greetingOver(TlsGreeting& greeting, const std::string& reason)
{
    if (m_shared.log.enabled(observe::Level::Debug))
        m_shared.log.debug("no TLS with a visitor",
                           {{"peer", greeting.peer().toString()}, {"reason", reason}});
    m_io.retire(take(greeting));
}

std::unique_ptr<TlsGreeting> HttpsDoor::take(TlsGreeting& greeting)
{
    m_places.leave(greeting.id());
    auto node = m_greetings.extract(greeting.id());
    return node.empty() ? nullptr : std::move(node.mapped());
}

void HttpsDoor::closeAll(const std::string& reason)
{
    while (!m_greetings.empty())
        m_greetings.begin()->second->fail(reason);
}

} // namespace sallyport::relay
