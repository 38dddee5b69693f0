// What runs on a worker's thread: listeners, links, visitors, pumps, and those who wait for a link.
#pragma once

#include "links/worker_links.h"
#include "visitors/filters/gatekeeper.h"
#include "visitors/h2_visitor.h"
#include "visitors/hello_peeks.h"
#include "visitors/http_visitor.h"
#include "visitors/https_door.h"
#include "visitors/tcp_visitors.h"
#include "worker.h"

#include <sallyport/net/io_context.h>
#include <sallyport/net/listener.h>
#include <sallyport/observe/repeat_guard.h>

#include <memory>
#include <unordered_map>
#include <vector>

namespace sallyport::relay {

class WorkerCore final : private VisitorHost,
                         private HttpsDoorOwner,
                         private TcpHost,
                         private HelloPeeksOwner
{
public:
    WorkerCore(Worker& worker, SharedState& shared, ControlPort& control, WorkerListeners listeners,
               std::vector<Worker*> all);
    ~WorkerCore();

    // From the control thread (Worker::post()).
    AgentLink* findLink(uint64_t id) { return m_links.find(id); }
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
    void adopt(TlsHandover visitor) { m_https.adopt(std::move(visitor)); }

private:
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
    bool becomeAgent(net::StreamSocket& socket, const net::Address&, std::string_view answer,
                     ByteView early) override
    {
        return m_links.upgrade(socket, answer, early);
    }
    void visitorEnded(Visitor& visitor) override;
    http::RequestHead& requestHead() override { return m_requestHead; }
    http::ResponseHead& responseHead() override { return m_responseHead; }
    std::string_view freshRequestId() override;

    // HttpsDoorOwner; findHost() and isLocal() as VisitorHost
    void handOver(const Route& route, TlsHandover visitor) override;
    void agentCame(net::Socket socket, const net::Address& peer) override
    {
        m_links.accepted(std::move(socket), peer);
    }
    void visitorCame(HttpHandover visitor) override { adopt(std::move(visitor)); }
    void visitorCame(H2Handover visitor) override { adopt(std::move(visitor)); }

    // TcpHost
    RouteTable::RoutePtr findPort(uint16_t port) override;
    void handOver(const Route& route, TcpHandover visitor) override;
    void peekHello(PeekedVisitor visitor) override { m_peeks.add(std::move(visitor)); }
    void endTls(PeekedVisitor visitor) override
    {
        m_https.enter(std::move(visitor.socket), visitor.peer);
    }

    // HelloPeeksOwner
    void helloPeeked(PeekedVisitor visitor, const tls::ClientHelloReader& hello) override;
    void notTlsPeeked(PeekedVisitor visitor) override;

    void httpAccepted(net::Socket socket, const net::Address& peer);

    Worker& m_worker;
    SharedState& m_shared;
    std::vector<Worker*> m_all;
    net::IoContext m_io;
    Published<RouteTable>::Reader m_routes;
    Published<tls::CertificateStore>::Reader m_certificates;
    Published<AcmeState>::Reader m_acme;
    Gatekeeper m_gatekeeper;
    http::RequestHead m_requestHead;
    http::ResponseHead m_responseHead;
    std::array<char, 24> m_requestId{};
    uint64_t m_requestCounter = 0;

    std::vector<std::unique_ptr<net::Listener>> m_listeners;
    WorkerLinks m_links;
    HttpsDoor m_https;
    std::unordered_map<Visitor*, std::unique_ptr<Visitor>> m_visitors;
    std::unordered_map<RouteWaiter*, Counted> m_waiting; // for a route
    HelloPeeks m_peeks;
    TcpVisitors m_tcp;
    observe::RepeatGuard m_troubleGuard;
    bool m_finishing = false;
};

} // namespace sallyport::relay
