// The agent's engine with a capture: what visitors do becomes records.
#include "agent/fake_relay.h"
#include "agent/local_service.h"
#include "net/net_test.h"

#include <sallyport/inspect/local_traffic.h>

#include <QTemporaryDir>

#include <algorithm>

using namespace sallyport;
using namespace sallyport::agent;
using namespace sallyport::agent::test;
using sallyport::net::test::runUntil;

class TestCapturedAgent : public QObject
{
    Q_OBJECT

    net::IoContext m_io;
    QTemporaryDir m_folder;

    static std::vector<inspect::Record> records(inspect::LocalTraffic& traffic, size_t ended)
    {
        std::vector<inspect::Record> found;
        bool asking = false;
        (void)runUntil([&] {
            const auto count =
                std::count_if(found.begin(), found.end(), [](const inspect::Record& record) {
                    return record.outcome != inspect::Outcome::Pending;
                });
            if (asking || size_t(count) >= ended)
                return !asking;
            asking = true;
            traffic.query({}, [&](auto answer) {
                found = answer ? *answer : found;
                asking = false;
            });
            return false;
        });
        return found;
    }

private slots:
    void recordsWhatPassesAnHttpTunnelAndWhatIsRefused()
    {
        LocalService service;
        inspect::CaptureSettings settings;
        settings.folder = m_folder.path().toStdString();
        inspect::LocalTraffic traffic(settings);
        FakeRelay relay(m_io);
        AgentOptions options = optionsFor(relay);
        options.watch = traffic.watcher();
        options.rememberRequests = 10; // the terminal screen's log stands beside it
        options.tunnels["web"] = httpTunnel(service.upstream());
        options.tunnels["web"].config.proxyProtocol = true;
        options.tunnels["raw"] = tcpTunnel(service.upstream());
        options.tunnels["gone"] = httpTunnel("1"); // nobody listens there
        Agent agent(std::move(options));
        agent.start();
        QVERIFY(runUntil([&] {
            return relay.idOf("web") != 0 && relay.idOf("gone") != 0 && relay.idOf("raw") != 0;
        }));

        RelayStream& visit =
            relay.last().visit(relay.idOf("web"), "GET /seen HTTP/1.1\r\nHost: a\r\n\r\n");
        QVERIFY(runUntil([&] { return service.received.find("/seen") != std::string::npos; }));
        service.sockets[0]->write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        QVERIFY(runUntil([&] { return visit.received.find("ok") != std::string::npos; }));
        auto found = records(traffic, 1);
        QCOMPARE(found.size(), size_t(1));
        QCOMPARE(found[0].path, std::string("/seen"));
        QCOMPARE(found[0].status, 200u);
        QCOMPARE(found[0].upstream, service.upstream());
        QCOMPARE(found[0].tunnel, std::string("web"));
        QCOMPARE(agent.requests().size(), size_t(1));
        QCOMPARE(agent.requests().front().status, 200u);

        relay.last().visit(relay.idOf("gone"), "GET /gone HTTP/1.1\r\nHost: a\r\n\r\n");
        found = records(traffic, 2);
        QCOMPARE(found[0].path, std::string("/gone"));
        QCOMPARE(found[0].outcome, inspect::Outcome::UpstreamRefused);
        QVERIFY(!found[0].error.empty());

        RelayStream& raw = relay.last().visit(relay.idOf("raw"), "12345");
        QVERIFY(runUntil([&] { return service.received.ends_with("12345"); }));
        service.sockets[1]->disconnectFromHost();
        QVERIFY(runUntil([&] { return raw.finished; }));
        raw.finish();
        found = records(traffic, 3);
        QCOMPARE(found[0].kind, inspect::RecordKind::Connection);
        QCOMPARE(found[0].requestBytes, uint64_t(5));
        QCOMPARE(found[0].outcome, inspect::Outcome::Done);
    }
};

SALLYPORT_NET_TEST_MAIN(TestCapturedAgent)
#include "tst_captured_agent.moc"
