// One visitor's connection: a data stream of the link on its way to an upstream or into the
// program.
//
// Phases: the header is read; an upstream is connected to (or a handler takes it); bytes are
// pumped; or it has failed and waits for the relay to reset the stream.
//
// Credit: the header's own bytes hold the stream's credit like payload does, until they were handed
// to the upstream or dropped.
//
// Threads: that of the link. Lifetime: the owner retires it after connectionOver().
#pragma once

#include "incoming_stream.h"
#include "relay_link.h"
#include "tls_terminal.h"
#include "tunnel.h"
#include "upstream_connector.h"

#include <sallyport/net/connection_watch.h>
#include <sallyport/net/stream_pump.h>

#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace sallyport::agent {

class Connection;
class DevicePort;
class ConnectionTap;

class ConnectionOwner
{
public:
    // The upstream answered, or could not be reached.
    virtual void upstreamAnswered(Tunnel& tunnel) = 0;
    virtual void upstreamFailed(Tunnel& tunnel, const UpstreamError& error) = 0;
    virtual bool wantsVisitors() const = 0; // visitorCame() is listened to
    virtual void visitorCame(const IncomingConnection& visitor) = 0;
    // What is to read along on this connection, or null.
    virtual std::unique_ptr<ConnectionTap> makeTap(Tunnel& tunnel,
                                                   const net::WatchedConnection& about) = 0;
    virtual bool wantsTaps(const Tunnel& tunnel) const = 0; // makeTap() may give one
    // For tunnels whose TLS ends in the agent: what a visitor is shown, or null.
    virtual std::shared_ptr<const tls::Context>
    certificateFor(const Tunnel& tunnel, const tls::ClientHelloReader& hello) = 0;
    virtual void connectionOver(Connection& connection) = 0;

protected:
    ~ConnectionOwner() = default;
};

class Connection final : public net::Retirable,
                         private IncomingOwner,
                         private TlsTerminalOwner,
                         private net::PumpOwner
{
public:
    struct Times
    {
        Duration header = std::chrono::seconds(10);
        Duration connect = std::chrono::seconds(10);
        // The relay resets a stream that we said has failed; after so long we do.
        Duration failed = std::chrono::seconds(5);
    };

    Connection(net::IoContext& io, RelayLink& link, const Times& times, ConnectionOwner& owner);
    ~Connection() override;

    // Takes the stream that the relay opened.
    void start(mux::StreamId id);
    // The same, for a stream that the agent has no room for.
    void startOverloaded(mux::StreamId id);

    const std::shared_ptr<Tunnel>& tunnel() const { return m_tunnel; }
    uint64_t bytesIn() const;
    uint64_t bytesOut() const;

private:
    void headerRead(const wire::ProxyHeader& header, ByteView raw, ByteView behind) override;
    void headerBroken(wire::ProxyError error) override;
    void incomingEnded() override { over(); }
    void pumpEnded(net::StreamPump& pump, net::PumpEnd end) override;
    void terminalOpen() override { connect(); }
    void terminalOver() override;

    void armDeadline(Duration wait, void (Connection::*due)());
    void headerOverdue();
    void choose(const wire::ProxyHeader& header);
    IncomingConnection describe(const wire::ProxyHeader& header) const;
    void makeTap(const wire::ProxyHeader& header);
    void tellTap(const UpstreamError& error);
    void tapEnded(net::WatchEnd end);
    void serve();
    void endTls();
    void connect();
    void upstreamReady(Result<net::Socket, UpstreamError> result);
    void forward(net::Socket socket);
    void giveToDevice(const ConnectDecision& decision);
    std::string takeKept();
    void fail(wire::StreamFailure code, std::string message);
    void over();

    net::IoContext& m_io;
    RelayLink& m_link;
    const Times& m_times;
    ConnectionOwner& m_owner;
    std::shared_ptr<Tunnel> m_tunnel;
    std::shared_ptr<UpstreamTarget> m_target; // of the tunnel's, the one that is meant
    // What serves the stream now. The tap stands before the pump, which it outlives.
    std::unique_ptr<ConnectionTap> m_tap;
    std::unique_ptr<IncomingStream> m_incoming;
    std::unique_ptr<net::StreamPump> m_pump;
    std::unique_ptr<DevicePort> m_port;
    std::unique_ptr<TlsTerminal> m_terminal;
    std::string m_header; // with m_terminal: the PROXY header for the upstream
    std::unique_ptr<UpstreamConnector> m_connector;
    std::optional<net::Deadline> m_deadline;
    ByteView m_behind; // during headerRead() alone
    bool m_over = false;
};

} // namespace sallyport::agent
