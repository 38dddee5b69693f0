// Where the relay itself ends the TLS of a connection to listen.https: waits for the ClientHello,
// tells agents, a CA's challenges (RFC 8737) and visitors apart by it, and does the handshake.
//
// A visitor's handshake is done on the worker where the link of its name lives, so that all of the
// connection's state is there from the start. What is spoken over TLS is decided by what the
// handshake agreed on (ALPN).
//
// Handshakes that are not finished hold places (limits.peeking); when all are taken the address
// that has most of them loses its oldest.
//
// Threads: the worker's.
#pragma once

#include "routes/route_table.h"
#include "shared_state.h"
#include "visitors/fair_places.h"
#include "visitors/tls_greeting.h"
#include "worker.h"

#include <sallyport/net/io_context.h>

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace sallyport::relay {

class HttpsDoorOwner
{
public:
    virtual RouteTable::RoutePtr findHost(std::string_view host) = 0;
    virtual bool isLocal(const Route& route) const = 0;
    // To the worker of the route's link, which adopt()s it.
    virtual void handOver(const Route& route, TlsHandover visitor) = 0;
    // An agent's connection, untouched.
    virtual void agentCame(net::Socket socket, const net::Address& peer) = 0;
    // Open, and admitted.
    virtual void visitorCame(HttpHandover visitor) = 0;
    virtual void visitorCame(H2Handover visitor) = 0;

protected:
    ~HttpsDoorOwner() = default;
};

class HttpsDoor final : private TlsGreetingOwner
{
public:
    HttpsDoor(net::IoContext& io, SharedState& shared, HttpsDoorOwner& owner);
    ~HttpsDoor();

    // The ClientHello is still in the socket, or on its way.
    void enter(net::Socket socket, const net::Address& peer)
    {
        greet(std::move(socket), peer, false);
    }
    // From another worker: it stays here.
    void adopt(TlsHandover visitor) { greet(std::move(visitor.socket), visitor.peer, true); }
    void closeAll(const std::string& reason);

private:
    // TlsGreetingOwner
    void helloRead(TlsGreeting& greeting, const tls::ClientHelloReader& hello) override;
    void greetingOpen(TlsGreeting& greeting, net::StreamSocket socket) override;
    void greetingOver(TlsGreeting& greeting, const std::string& reason) override;
    tls::ClientHelloReader& helloReader() override { return m_helloReader; }

    void greet(net::Socket socket, const net::Address& peer, bool placed);
    void makeRoom();
    void endVisitorTls(TlsGreeting& greeting, const tls::ClientHelloReader& hello);
    std::unique_ptr<TlsGreeting> take(TlsGreeting& greeting);

    net::IoContext& m_io;
    SharedState& m_shared;
    HttpsDoorOwner& m_owner;
    Published<tls::CertificateStore>::Reader m_certificates;
    tls::ClientHelloReader m_helloReader;
    std::unordered_map<uint64_t, std::unique_ptr<TlsGreeting>> m_greetings;
    FairPlaces m_places; // of these
    uint64_t m_nextId = 1;
};

} // namespace sallyport::relay
