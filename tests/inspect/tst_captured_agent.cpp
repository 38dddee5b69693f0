// The agent's engine with a capture: what visitors do becomes records.
#include "agent/fake_relay.h"
#include "agent/local_service.h"
#include "net/net_test.h"
#include "tls/engine_pair.h"

#include <sallyport/inspect/local_traffic.h>

#include <QFile>
#include <QTemporaryDir>

#include <algorithm>
#include <array>
#include <utility>

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

    std::string write(const QString& name, std::string_view text) const
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly, QFileDevice::ReadOwner | QFileDevice::WriteOwner))
            return {};
        file.write(text.data(), qint64(text.size()));
        return file.fileName().toStdString();
    }

    // A visitor's end of TLS on a stream of the relay's.
    struct TlsVisitor
    {
        RelayStream& stream;
        tls::Engine engine;
        std::string received;

        void pump()
        {
            if (!stream.received.empty()) {
                const std::string ciphertext = std::exchange(stream.received, {});
                engine.receive(asBytes(ciphertext));
                std::array<std::byte, 4096> plain;
                while (const size_t n = engine.read(plain))
                    received.append(asText(ByteView(plain).first(n)));
            }
            for (ByteQueue& output = engine.output(); !output.empty();) {
                const ByteView front = output.front();
                stream.send(asText(front));
                output.consume(front.size());
            }
        }
    };

private slots:
    void recordsInPlaintextWhereTlsEndsInTheAgent()
    {
        LocalService service;
        inspect::CaptureSettings settings;
        settings.folder = m_folder.filePath("tls").toStdString();
        inspect::LocalTraffic traffic(settings);
        FakeRelay relay(m_io);
        AgentOptions options = optionsFor(relay);
        options.watch = traffic.watcher();
        TunnelSpec secure = tcpTunnel(service.upstream());
        secure.config.kind = wire::TunnelKind::Tls;
        secure.config.certificateFile = write("chain.pem", tls::test::relayKeys().chainPem);
        secure.config.certificateKey = write("key.pem", tls::test::relayKeys().keyPem);
        options.tunnels["secure"] = secure;
        Agent agent(std::move(options));
        agent.start();
        QVERIFY(runUntil([&] { return relay.idOf("secure") != 0; }));

        TlsVisitor visitor{relay.last().visit(relay.idOf("secure")),
                           {tls::test::clientContext({"http/1.1"}), m_io.pool()},
                           {}};
        QVERIFY(runUntil([&] {
            visitor.pump();
            return visitor.engine.handshakeDone();
        }));
        const std::string request = "POST /behind-tls HTTP/1.1\r\nHost: relay.example.com\r\n"
                                    "Content-Length: 6\r\n\r\nsecret";
        visitor.engine.write(asBytes(request));
        QVERIFY(runUntil([&] {
            visitor.pump();
            return service.received.ends_with("secret");
        }));
        service.sockets[0]->write("HTTP/1.1 201 Created\r\nContent-Length: 4\r\n\r\nmade");
        QVERIFY(runUntil([&] {
            visitor.pump();
            return visitor.received.ends_with("made");
        }));

        const auto found = records(traffic, 1);
        QCOMPARE(found.size(), size_t(1));
        QCOMPARE(found[0].kind, inspect::RecordKind::Http);
        QCOMPARE(found[0].method, std::string("POST"));
        QCOMPARE(found[0].path, std::string("/behind-tls"));
        QCOMPARE(found[0].status, 201u);
        QVERIFY(found[0].tls);
        QCOMPARE(found[0].requestBytes, uint64_t(6));
        QCOMPARE(found[0].responseBytes, uint64_t(4));
    }

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
