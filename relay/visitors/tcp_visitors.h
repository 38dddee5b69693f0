// Visitors of tcp and tls tunnels, and everything else that is a raw two-way connection: accepts on
// the tunnels' public ports, waits for a link that just dropped, and pumps.
//
// A tls visitor's ClientHello is peeked at first. The tls tunnel that holds its server name gets
// it, on any port where TLS is taken; one that nobody holds, or none, belongs to the port's holder.
#pragma once

#include "visitors/hello_peeks.h"
#include "visitors/visitor_host.h"

#include <sallyport/net/deadline.h>
#include <sallyport/net/listener.h>
#include <sallyport/net/stream_pump.h>

#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

namespace sallyport::relay {

class TcpHost
{
public:
    virtual net::IoContext& io() = 0;
    virtual SharedState& shared() = 0;
    virtual RouteTable::RoutePtr findHost(std::string_view host) = 0;
    virtual RouteTable::RoutePtr findPort(uint16_t port) = 0;
    // A visitor of a tls tunnel's port: HelloPeeksOwner goes on.
    virtual void peekHello(PeekedVisitor visitor) = 0;
    // A visitor of listen.https that no tls tunnel takes: the relay ends its TLS.
    virtual void endTls(PeekedVisitor visitor) = 0;
    virtual LinkTunnel* localTunnel(const Route& route) = 0;
    virtual bool isLocal(const Route& route) const = 0;
    virtual void handOver(const Route& route, TcpHandover visitor) = 0;

protected:
    ~TcpHost() = default;
};

class TcpVisitors final : private net::PumpOwner
{
public:
    explicit TcpVisitors(TcpHost& host);
    ~TcpVisitors();

    void openPort(uint16_t port, net::Socket listening);
    void closePort(uint16_t port) { m_listeners.erase(port); }
    void closeAllPorts() { m_listeners.clear(); }

    void adopt(TcpHandover visitor);
    // The tls tunnel that such a visitor goes to; null when there is none.
    RouteTable::RoutePtr findTls(std::string_view serverName, uint16_t port);
    // On listen.https, where names that are no tls tunnel's are the relay's own business. A name
    // that nobody has yet, just after the relay's start, may become one's: it is waited for.
    bool takesHttps(std::string_view serverName, uint16_t port);
    // Takes the visitor, whose hello was read, to its tls tunnel.
    void passThrough(PeekedVisitor visitor, const tls::ClientHelloReader& hello);
    void routesChanged();
    // Goes on with a stream that has an http request behind it.
    void adoptUpgraded(net::LinkStream& stream, PumpStart start);

    size_t busyCount() const { return m_pumps.size() + m_waiting.size(); }

private:
    struct Pump
    {
        std::unique_ptr<net::StreamPump> pump;
        VisitorPass pass;
        std::shared_ptr<TunnelStats> stats;
    };
    struct Waiting
    {
        TcpHandover visitor;
        Counted count;
    };
    void pumpEnded(net::StreamPump& pump, net::PumpEnd end) override;
    void accepted(uint16_t port, net::Socket socket, const net::Address& peer);
    RouteTable::RoutePtr findRoute(const TcpHandover& visitor);
    bool mayComeBack(std::string_view serverName);
    void noRoute(TcpHandover visitor);
    void turnAway(TcpHandover visitor, tls::Alert alert);
    void wait(TcpHandover visitor);
    void dropOverdue();
    net::StreamPump& addPump(VisitorPass pass, std::shared_ptr<TunnelStats> stats);

    TcpHost& m_host;
    std::map<uint16_t, std::unique_ptr<net::Listener>> m_listeners;
    std::unordered_map<net::StreamPump*, Pump> m_pumps;
    std::vector<Waiting> m_waiting;
    net::Deadline m_overdue;
};

} // namespace sallyport::relay
