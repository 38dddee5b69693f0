// What runs on a worker's thread: listeners, links, visitors, pumps, and those who wait for a link.
#pragma once

#include "links/agent_greeting.h"
#include "links/agent_link.h"
#include "visitors/filters/gatekeeper.h"
#include "visitors/h2_visitor.h"
#include "visitors/hello_peeks.h"
#include "visitors/http_visitor.h"
#include "visitors/tcp_visitors.h"
#include "visitors/tls_greeting.h"
#include "worker.h"

#include <sallyport/net/deadline.h>
#include <sallyport/net/io_context.h>
#include <sallyport/net/listener.h>
#include <sallyport/observe/repeat_guard.h>

#include <map>
#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

namespace sallyport::relay {

class WorkerCore final : private AgentGreetingOwner,
                         private AgentLinkOwner,
                         private TlsGreetingOwner,
                         private VisitorHost,
                         private TcpHost,
                         private HelloPeeksOwner
{
public:
    WorkerCore(Worker& worker, SharedState& shared, ControlPort& control, WorkerListeners listeners,
               std::vector<Worker*> all);
    ~WorkerCore();

    // From the control thread (Worker::post()).
    AgentLink* findLink(uint64_t id);
    void routesChanged();
    void openPort(uint16_t port, net::Socket listening);
    void closePort(uint16_t port);
    void stopAccepting();
    void drainLinks(std::chrono::milliseconds deadline);
    void finishVisitors(); // idle ones go, busy ones after their answer
    void closeEverything(const std::string& reason);
    // Links and visitors that are still here.
    size_t busyCount() const;

    // From other workers.
    void adopt(HttpHandover visitor);
    void adopt(H2Handover visitor);
    void adopt(TcpHandover visitor);
    void adopt(TlsHandover visitor);

private:
    // Greetings and links
    void agentAccepted(net::Socket socket, const net::Address& peer);
    void greeted(AgentGreeting& greeting, std::unique_ptr<net::Channel> channel, ByteView early,
                 bool earlyFramed) override;
    void greetingFailed(AgentGreeting& greeting, const std::string& reason) override;
    void agentLinkEnded(AgentLink& link) override;
    void agentIntroduced(AgentLink& link) override;
    void agentTrouble(const std::string& peer, const std::string& message) override;
    bool makeRoomForHandshake();
    AgentLink& addLink(uint64_t id, std::unique_ptr<net::Channel> channel, Counted count);
    void dropGreeting(AgentGreeting& greeting);
    void sweep();

    // VisitorHost
    net::IoContext& io() override { return m_io; }
    SharedState& shared() override { return m_shared; }
    const AcmeState& acme() override { return *m_acme.get(); }
    RouteTable::RoutePtr findHost(std::string_view host) override;
    std::shared_ptr<const tls::Context> findCertificate(std::string_view host) override
    {
        return m_certificates.get()->find(host);
    }
    LinkTunnel* localTunnel(const Route& route) override;
    bool isLocal(const Route& route) const override;
    void handOver(const Route& route, HttpHandover visitor) override;
    void handOver(const Route& route, H2Handover visitor) override;
    void becomeHttp2(H2Handover visitor) override;
    void visitorTrouble(const net::Address& peer, const std::string& message) override;
    bool waitForRoute(RouteWaiter& waiter) override;
    void stopWaiting(RouteWaiter& waiter) override;
    Gatekeeper& gatekeeper() override { return m_gatekeeper; }
    void becomePump(net::LinkStream& stream, PumpStart start) override;
    bool becomeAgent(net::StreamSocket& socket, const net::Address& peer, std::string_view answer,
                     ByteView early) override;
    void visitorEnded(Visitor& visitor) override;
    http::RequestHead& requestHead() override { return m_requestHead; }
    http::ResponseHead& responseHead() override { return m_responseHead; }
    std::string_view freshRequestId() override;

    // TcpHost
    RouteTable::RoutePtr findPort(uint16_t port) override;
    void handOver(const Route& route, TcpHandover visitor) override;
    void peekHello(PeekedVisitor visitor) override { m_peeks.add(std::move(visitor)); }
    void endTls(PeekedVisitor visitor) override
    {
        greetTls(std::move(visitor.socket), visitor.peer, false);
    }

    // HelloPeeksOwner
    void helloPeeked(PeekedVisitor visitor, const tls::ClientHelloReader& hello) override;
    void notTlsPeeked(PeekedVisitor visitor) override;

    void httpAccepted(net::Socket socket, const net::Address& peer);

    // TlsGreetingOwner: the first moments on listen.https
    void helloRead(TlsGreeting& greeting, const tls::ClientHelloReader& hello) override;
    void greetingOpen(TlsGreeting& greeting, net::StreamSocket socket) override;
    void greetingOver(TlsGreeting& greeting, const std::string& reason) override;
    tls::ClientHelloReader& helloReader() override { return m_helloReader; }
    void greetTls(net::Socket socket, const net::Address& peer, bool placed);
    void makeRoomForTls();
    void endVisitorTls(TlsGreeting& greeting, const tls::ClientHelloReader& hello);
    std::unique_ptr<TlsGreeting> takeTlsGreeting(TlsGreeting& greeting);

    Worker& m_worker;
    SharedState& m_shared;
    ControlPort& m_control;
    std::vector<Worker*> m_all;
    net::IoContext m_io;
    Published<RouteTable>::Reader m_routes;
    Published<tls::CertificateStore>::Reader m_certificates;
    tls::ClientHelloReader m_helloReader;
    Published<AcmeState>::Reader m_acme;
    Gatekeeper m_gatekeeper;
    http::RequestHead m_requestHead;
    http::ResponseHead m_responseHead;
    std::array<char, 24> m_requestId{};
    uint64_t m_requestCounter = 0;

    std::vector<std::unique_ptr<net::Listener>> m_listeners;
    std::map<uint64_t, std::unique_ptr<AgentGreeting>> m_greetings; // oldest first
    std::set<uint64_t> m_strangers; // links that have not said hello, oldest first
    std::unordered_map<uint64_t, std::unique_ptr<AgentLink>> m_links;
    std::unordered_map<uint64_t, std::unique_ptr<TlsGreeting>> m_tlsGreetings;
    FairPlaces m_tlsPlaces; // of these
    std::unordered_map<Visitor*, std::unique_ptr<Visitor>> m_visitors;
    std::unordered_map<RouteWaiter*, Counted> m_waiting; // for a route
    HelloPeeks m_peeks;
    TcpVisitors m_tcp;
    observe::RepeatGuard m_troubleGuard;
    net::Deadline m_sweep;
    bool m_finishing = false;
};

} // namespace sallyport::relay
