// Visitors' connections: from a stream of the link to a local service and back.
#include "fake_relay.h"
#include "local_service.h"
#include "net/net_test.h"

#include <QLocalServer>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace sallyport;
using namespace sallyport::agent;
using namespace sallyport::agent::test;
using sallyport::net::test::runUntil;

namespace {

// An agent with one tunnel that is open.
struct Running
{
    Running(net::IoContext& io, TunnelSpec spec,
            const std::function<void(AgentOptions&)>& change = {})
        : relay(io)
    {
        AgentOptions options = optionsFor(relay);
        options.tunnels["web"] = std::move(spec);
        if (change)
            change(options);
        agent = std::make_unique<Agent>(std::move(options));
        agent->start();
        if (!runUntil(
                [&] { return relay.idOf("web") != 0 && tunnel().state == TunnelState::Open; }))
            qFatal("the agent did not come up");
    }

    RelayStream& visit(std::string_view payload = {})
    {
        return relay.last().visit(relay.idOf("web"), payload);
    }
    TunnelStatus tunnel() const { return agent->status().tunnels.front(); }
    wire::StreamFailed failure()
    {
        if (!runUntil([&] { return !relay.last().failures.empty(); }))
            return {};
        return relay.last().failures.front();
    }

    FakeRelay relay;
    std::unique_ptr<Agent> agent;
};

} // namespace

class TestAgentConnections : public QObject
{
    Q_OBJECT

    net::IoContext m_io;

private slots:
    void carriesBytesBothWaysAndTheEnds()
    {
        LocalService service;
        Running run(m_io, tcpTunnel(service.upstream()));
        RelayStream& stream = run.visit("hello");
        QVERIFY(runUntil([&] { return service.received == "hello"; }));
        service.sockets[0]->write("welcome");
        QVERIFY(runUntil([&] { return stream.received == "welcome"; }));
        QCOMPARE(run.tunnel().counters.open, uint64_t(1));

        // The visitor's end reaches the service, which can still answer.
        stream.finish();
        QVERIFY(runUntil([&] {
            return service.sockets[0]->state() != QAbstractSocket::ConnectedState ||
                   service.ended == 1;
        }));
        QVERIFY(runUntil([&] { return stream.finished || stream.closed; }));
        QVERIFY(runUntil([&] { return run.tunnel().counters.open == 0; }));
        QCOMPARE(run.tunnel().counters.bytesIn, uint64_t(5));
        QCOMPARE(run.tunnel().counters.bytesOut, uint64_t(7));
        QCOMPARE(run.tunnel().counters.total, uint64_t(1));
    }

    void servesAServiceThatSpeaksFirst()
    {
        LocalService service;
        Running run(m_io, tcpTunnel(service.upstream()));
        RelayStream& stream = run.visit();
        QVERIFY(runUntil([&] { return service.sockets.size() == 1; }));
        service.sockets[0]->write("SSH-2.0");
        QVERIFY(runUntil([&] { return stream.received == "SSH-2.0"; }));
        service.sockets[0]->disconnectFromHost();
        QVERIFY(runUntil([&] { return stream.finished; }));
        stream.finish();
        QVERIFY(runUntil([&] { return stream.closed; }));
    }

    void findsAServiceThatListensOnIpv6LoopbackAlone()
    {
        LocalService service(QHostAddress::LocalHostIPv6);
        if (!service.listening)
            QSKIP("no IPv6 on this machine");
        Running run(m_io, httpTunnel(std::to_string(service.port())));
        run.visit("one");
        QVERIFY(runUntil([&] { return service.received == "one"; }));
        // It is remembered: the second one goes there first.
        run.visit("two");
        QVERIFY(runUntil([&] { return service.received == "onetwo"; }));
        QCOMPARE(run.tunnel().counters.upstreamErrors, uint64_t(0));
    }

    void connectsToAUnixSocket()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath("app.sock");
        QLocalServer server;
        QVERIFY(server.listen(path));
        Running run(m_io, httpTunnel("unix:" + path.toStdString()));
        run.visit("hello");
        QVERIFY(runUntil([&] { return server.hasPendingConnections(); }));
        QLocalSocket* socket = server.nextPendingConnection();
        QVERIFY(runUntil([&] { return socket->bytesAvailable() == 5; }));
        QCOMPARE(socket->readAll(), QByteArray("hello"));
    }

    void looksNamesUp()
    {
        LocalService service;
        TunnelSpec spec = tcpTunnel(service.upstream());
        // A name that is no "localhost" for the agent, yet this machine for every resolver.
        spec.config.upstream.endpoint.host = "127.1";
        Running run(m_io, spec);
        run.visit("hello");
        QVERIFY(runUntil([&] { return service.received == "hello"; }));
    }

    void tellsTheRelayWhenTheUpstreamRefuses()
    {
        quint16 port = 0;
        {
            LocalService service;
            port = service.port();
        }
        Running run(m_io, httpTunnel("127.0.0.1:" + std::to_string(port)));
        QSignalSpy changed(run.agent.get(), &Agent::upstreamChanged);
        RelayStream& stream = run.visit("hello");
        QCOMPARE(run.failure().code, wire::StreamFailure::UpstreamRefused);
        QVERIFY(runUntil([&] { return stream.broken; }));
        QCOMPARE(changed.count(), 1);
        QVERIFY(!run.tunnel().upstreamProblem.empty());
        QCOMPARE(run.tunnel().counters.upstreamErrors, uint64_t(1));
        QVERIFY(runUntil([&] { return run.tunnel().counters.open == 0; }));

        // And says so when it is back.
        LocalService service(QHostAddress::LocalHost, port);
        if (!service.listening)
            QSKIP("the port was taken meanwhile");
        run.visit("again");
        QVERIFY(runUntil([&] { return service.received == "again"; }));
        QCOMPARE(changed.count(), 2);
        QVERIFY(run.tunnel().upstreamProblem.empty());
    }

    void looksWhetherAWebServiceIsThereWithoutAVisitor()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath("app.sock");
        Running run(m_io, httpTunnel("unix:" + path.toStdString()), [](AgentOptions& options) {
            options.probeUpstreams = std::chrono::milliseconds(20);
        });
        QVERIFY(runUntil([&] { return !run.tunnel().upstreamProblem.empty(); }));
        QLocalServer server;
        QVERIFY(server.listen(path));
        QVERIFY(runUntil([&] { return run.tunnel().upstreamProblem.empty(); }));
        QCOMPARE(run.tunnel().counters.total, uint64_t(0));
    }

    void looksAtNothingThatMayTakeOneConnectionAlone()
    {
        LocalService single;
        Running run(m_io, tcpTunnel(single.upstream()), [](AgentOptions& options) {
            options.probeUpstreams = std::chrono::milliseconds(1);
        });
        run.visit("hello");
        QVERIFY(runUntil([&] { return single.received == "hello"; }));
        QCOMPARE(single.sockets.size(), size_t(1));
    }

    void refusesWhatIsNoHeader()
    {
        Running run(m_io, httpTunnel("3000"));
        RelayStream& stream = run.relay.last().openRaw("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        QCOMPARE(run.failure().code, wire::StreamFailure::BadHeader);
        QVERIFY(runUntil([&] { return stream.broken; }));
        QCOMPARE(run.agent->state(), LinkState::Connected);
    }

    void refusesATunnelThatItDoesNotHave()
    {
        Running run(m_io, httpTunnel("3000"));
        run.relay.last().visit(4711, "x");
        QCOMPARE(run.failure().code, wire::StreamFailure::UnknownTunnel);
    }

    void refusesConnectionsBeyondItsLimit()
    {
        LocalService service;
        Running run(m_io, tcpTunnel(service.upstream()),
                    [](AgentOptions& options) { options.maxConnections = 2; });
        run.visit("1");
        run.visit("2");
        QVERIFY(runUntil([&] { return service.received.size() == 2; }));
        run.visit("3");
        QCOMPARE(run.failure().code, wire::StreamFailure::Overloaded);
        QCOMPARE(service.received.size(), size_t(2));
    }

    void takesVisitorsWithoutTlsToTheirOwnUpstream()
    {
        LocalService service;
        LocalService plain;
        TunnelSpec spec = tcpTunnel(service.upstream());
        spec.config.kind = config::TunnelKind::Tls;
        spec.config.httpUpstream =
            config::Upstream::parse(plain.upstream(), config::TunnelKind::Http).value();
        Running run(m_io, spec);
        run.visit("hello");
        QVERIFY(runUntil([&] { return service.received == "hello"; }));

        wire::ProxyHeader header;
        header.tunnelId = run.relay.idOf("web");
        header.plainHttp = true;
        std::array<std::byte, wire::MaxProxyHeader> bytes;
        const size_t size = wire::encodeProxyHeader(header, bytes);
        run.relay.last().openRaw(std::string(asText(ByteView(bytes).first(size))) + "GET /");
        QVERIFY(runUntil([&] { return plain.received == "GET /"; }));
        QCOMPARE(service.received, "hello");
    }

    void handsTheProxyHeaderToAnUpstreamThatWantsIt()
    {
        LocalService service;
        TunnelSpec spec = tcpTunnel(service.upstream());
        spec.config.proxyProtocol = true;
        Running run(m_io, spec);
        RelayStream& stream = run.visit("payload");
        QVERIFY(runUntil([&] { return service.received.ends_with("payload"); }));
        const auto parsed = wire::parseProxyHeader(asBytes(service.received));
        QVERIFY(parsed.ok());
        QCOMPARE(parsed->size + 7, service.received.size());
        QCOMPARE(parsed->header.visitor.port, uint16_t(50123));
        // The header's bytes give their credit back like any others.
        stream.sendMuch(4 * 1024 * 1024);
        QVERIFY(runUntil([&] { return service.received.size() > 4 * 1024 * 1024; }));
    }

    void readsAHeaderThatComesInPieces()
    {
        LocalService service;
        Running run(m_io, tcpTunnel(service.upstream()));
        wire::ProxyHeader header;
        header.tunnelId = run.relay.idOf("web");
        std::array<std::byte, wire::MaxProxyHeader> bytes;
        const size_t size = wire::encodeProxyHeader(header, bytes);
        const std::string text(asText(ByteView(bytes).first(size)));
        RelayStream& stream = run.relay.last().openRaw(text.substr(0, 5));
        net::test::spin(20);
        stream.send(text.substr(5, 10));
        net::test::spin(20);
        stream.send(text.substr(15) + "hello");
        QVERIFY(runUntil([&] { return service.received == "hello"; }));
    }

    void holdsTheVisitorBackWhileTheServiceDoesNotRead()
    {
        LocalService service;
        service.reads = false;
        Running run(m_io, tcpTunnel(service.upstream()));
        RelayStream& stream = run.visit();
        constexpr size_t Much = 64 * 1024 * 1024;
        stream.sendMuch(Much);
        QVERIFY(runUntil([&] { return service.sockets.size() == 1; }));
        // Another connection is not held back by it.
        LocalService other;
        TunnelSpecs tunnels;
        tunnels["web"] = tcpTunnel(other.upstream());
        run.agent->applyTunnels(tunnels);
        run.visit("hello");
        QVERIFY(runUntil([&] { return other.received == "hello"; }));
        net::test::spin(200);
        QVERIFY(stream.leftToSend() > Much / 4);
    }

    void aVisitorThatBreaksOffBreaksTheLocalConnection()
    {
        LocalService service;
        Running run(m_io, tcpTunnel(service.upstream()));
        RelayStream& stream = run.visit("x");
        QVERIFY(runUntil([&] { return service.received == "x"; }));
        stream.reset();
        QVERIFY(runUntil([&] { return service.ended == 1; }));
        QCOMPARE(service.sockets[0]->error(), QAbstractSocket::RemoteHostClosedError);
        QVERIFY(runUntil([&] { return run.tunnel().counters.open == 0; }));
    }

    void aLinkThatBreaksEndsItsConnections()
    {
        LocalService service;
        Running run(m_io, tcpTunnel(service.upstream()));
        run.visit("x");
        QVERIFY(runUntil([&] { return service.received == "x"; }));
        run.relay.last().cut();
        QVERIFY(runUntil([&] { return service.ended == 1; }));
        QVERIFY(runUntil([&] { return run.agent->state() == LinkState::Connected; }));
        run.visit("y");
        QVERIFY(runUntil([&] { return service.received == "xy"; }));
    }

    void anAgentThatIsDeletedCutsItsConnections()
    {
        LocalService service;
        Running run(m_io, tcpTunnel(service.upstream()));
        RelayStream& stream = run.visit("x");
        QVERIFY(runUntil([&] { return service.received == "x"; }));
        run.agent.reset();
        QVERIFY(runUntil([&] { return service.ended == 1 && stream.broken; }));
    }

    void anAgentThatIsDeletedWhileItConnectsForgetsTheVisitor()
    {
        TunnelSpec spec = tcpTunnel("9");
        spec.config.upstream.endpoint = {"192.0.2.1", 9}; // TEST-NET: nobody answers
        Running run(m_io, spec);
        run.visit("x");
        QVERIFY(runUntil([&] { return run.tunnel().counters.open == 1; }));
        run.agent.reset();
    }

    void remembersRequestsWhenAsked()
    {
        LocalService service;
        Running run(m_io, httpTunnel(service.upstream()),
                    [](AgentOptions& options) { options.rememberRequests = 10; });
        RelayStream& stream = run.visit("GET /one HTTP/1.1\r\nHost: x\r\n\r\n");
        QVERIFY(runUntil([&] { return service.received.ends_with("\r\n\r\n"); }));
        service.sockets[0]->write("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno");
        QVERIFY(runUntil([&] { return stream.received.ends_with("no"); }));
        const std::vector<RequestRecord> requests = run.agent->requests();
        QCOMPARE(requests.size(), size_t(1));
        QCOMPARE(requests[0].path, std::string("/one"));
        QCOMPARE(requests[0].status, 404u);
    }
};

SALLYPORT_NET_TEST_MAIN(TestAgentConnections)
#include "tst_agent_connections.moc"
