// What a visitor's connection needs of the worker it lives on.
#pragma once

#include "links/link_tunnel.h"
#include "routes/route_table.h"
#include "shared_state.h"
#include "worker.h"

#include <sallyport/http/message.h>
#include <sallyport/net/io_context.h>

namespace sallyport::relay {

class Gatekeeper;

// A visitor's connection, whatever it speaks.
class Visitor : public net::Retirable
{
public:
    // Ends after the answers that are under way; at once when idle.
    virtual void finishSoon() = 0;
    virtual void close() = 0;
};

// What waits for a route: a connection, or one stream of it.
class RouteWaiter
{
public:
    // Something changed in the route table while waitForRoute() holds.
    virtual void routesChanged() = 0;

protected:
    ~RouteWaiter() = default;
};

// What a raw, two-way connection begins with: after an upgrade, or for a tcp tunnel.
struct PumpStart
{
    net::StreamSocket socket;
    VisitorPass pass;
    std::shared_ptr<TunnelStats> stats;
    ByteView toStream;           // read from the visitor already
    ByteView toSocket;           // for the visitor; no longer on the stream's account
    bool streamFinished = false; // the upstream ended its half already
};

class VisitorHost
{
public:
    virtual net::IoContext& io() = 0;
    virtual SharedState& shared() = 0;

    virtual const AcmeState& acme() = 0;
    // Null: unknown.
    virtual RouteTable::RoutePtr findHost(std::string_view host) = 0;
    // What a visitor of this name would be shown; null: nothing.
    virtual std::shared_ptr<const tls::Context> findCertificate(std::string_view host) = 0;
    // The tunnel of a route whose link lives here; null when it just went.
    virtual LinkTunnel* localTunnel(const Route& route) = 0;
    virtual bool isLocal(const Route& route) const = 0;
    // To the worker of the route's link. Retires the visitor.
    virtual void handOver(const Route& route, HttpHandover visitor) = 0;
    virtual void handOver(const Route& route, H2Handover visitor) = 0;
    // The connection speaks HTTP/2: goes on here, or moves by itself. Retires the visitor that
    // found out.
    virtual void becomeHttp2(H2Handover visitor) = 0;
    // Worth a line in the log, kept from flooding it.
    virtual void visitorTrouble(const net::Address& peer, const std::string& message) = 0;
    // Who may visit.
    virtual Gatekeeper& gatekeeper() = 0;
    // routesChanged() will be called. False when too many wait.
    virtual bool waitForRoute(RouteWaiter& waiter) = 0;
    virtual void stopWaiting(RouteWaiter& waiter) = 0;
    // Goes on as a raw pump. Retires the visitor's own part.
    virtual void becomePump(net::LinkStream& stream, PumpStart start) = 0;
    // Goes on as an agent's link, once `answer` to its upgrade was sent; `early` came behind the
    // upgrade. False when there is no room; then the socket is untouched. Retires nothing.
    virtual bool becomeAgent(net::StreamSocket& socket, const net::Address& peer,
                             std::string_view answer, ByteView early) = 0;
    virtual void visitorEnded(Visitor& visitor) = 0;

    // One of each for the worker: heads are looked at and done with within a call.
    virtual http::RequestHead& requestHead() = 0;
    virtual http::ResponseHead& responseHead() = 0;
    // Valid until the next call.
    virtual std::string_view freshRequestId() = 0;

protected:
    ~VisitorHost() = default;
};

} // namespace sallyport::relay
