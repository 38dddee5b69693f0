#include <sallyport/desktop/service_discovery.h>

#include <QCoreApplication>
#include <QFileInfo>
#include <QProcess>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <atomic>

using namespace sallyport;
using namespace sallyport::desktop;

namespace {

class ScriptedSource : public ListenerSource
{
public:
    explicit ScriptedSource(std::vector<ScanResult> results) : m_results(std::move(results)) {}
    ScanResult scan() override
    {
        const size_t now = std::min(m_next++, m_results.size() - 1);
        return m_results[now];
    }

private:
    std::vector<ScanResult> m_results;
    size_t m_next = 0;
};

// What the system says of one port. The others are servers of other tests, which must not be asked
// what they are: some count who asks.
class OnePort : public ListenerSource
{
public:
    explicit OnePort(uint16_t port) : m_port(port) {}
    ScanResult scan() override
    {
        ScanResult result = m_system->scan();
        if (result)
            std::erase_if(result->listeners,
                          [this](const Listener& one) { return one.port != m_port; });
        return result;
    }

private:
    uint16_t m_port;
    std::unique_ptr<ListenerSource> m_system = makeListenerSource();
};

Listener listener(uint16_t port, const char* process)
{
    Listener one;
    one.port = port;
    one.host = "127.0.0.1";
    one.process = process;
    one.pid = 1;
    return one;
}

ServiceDiscovery::Options withoutProbe()
{
    ServiceDiscovery::Options options;
    options.probe = false;
    return options;
}

const ListeningService* find(const ServiceDiscovery& discovery, uint16_t port)
{
    for (const ListeningService& service : discovery.services())
        if (service.port == port)
            return &service;
    return nullptr;
}

} // namespace

class TstServiceDiscovery : public QObject
{
    Q_OBJECT

private slots:
    void looksOnlyWhileWatched()
    {
        ServiceDiscovery::Options options = withoutProbe();
        options.interval = std::chrono::milliseconds(10);
        ServiceDiscovery discovery(
            std::make_unique<ScriptedSource>(std::vector<ScanResult>{Scan{}}), options);
        QSignalSpy looks(&discovery, &ServiceDiscovery::looked);
        discovery.setWatched(true);
        QTRY_VERIFY(looks.count() >= 3);
        discovery.setWatched(false);
        QVERIFY(!discovery.isWatched());
        QTRY_VERIFY(!discovery.isLooking());
    }

    void tellsOfChangesAlone()
    {
        Scan scan{{listener(22, "sshd"), listener(3000, "node")}, false};
        Scan fewer{{listener(22, "sshd")}, true};
        ServiceDiscovery discovery(
            std::make_unique<ScriptedSource>(std::vector<ScanResult>{scan, scan, fewer}),
            withoutProbe());
        QSignalSpy changes(&discovery, &ServiceDiscovery::changed);
        QSignalSpy looks(&discovery, &ServiceDiscovery::looked);
        const std::vector<int> changesAfter{1, 1, 2};
        for (int i = 0; i < 3; ++i) {
            discovery.refresh();
            QTRY_COMPARE(looks.count(), i + 1);
            QCOMPARE(changes.count(), changesAfter[static_cast<size_t>(i)]);
        }
        QCOMPARE(discovery.services().size(), size_t(1));
        QCOMPARE(discovery.services()[0].guess.name, std::string("SSH"));
        QVERIFY(discovery.cutShort());
    }

    void saysWhyThereIsNoList()
    {
        ServiceDiscovery discovery(std::make_unique<ScriptedSource>(std::vector<ScanResult>{
                                       ScanResult(Failure(std::string("not here")))}),
                                   withoutProbe());
        QSignalSpy changes(&discovery, &ServiceDiscovery::changed);
        discovery.refresh();
        QTRY_COMPARE(changes.count(), 1);
        QCOMPARE(discovery.problem(), std::string("not here"));
    }

    void leavesOutItsOwnPorts()
    {
        ServiceDiscovery discovery(std::make_unique<ScriptedSource>(std::vector<ScanResult>{
                                       Scan{{listener(4040, "x"), listener(80, "y")}, false}}),
                                   withoutProbe());
        discovery.setOwnPorts({4040});
        QSignalSpy changes(&discovery, &ServiceDiscovery::changed);
        discovery.refresh();
        QTRY_COMPARE(changes.count(), 1);
        QCOMPARE(discovery.services().size(), size_t(1));
    }

    void asksASilentServiceThreeTimes()
    {
        QTcpServer silent;
        silent.listen(QHostAddress::LocalHost);
        ServiceDiscovery::Options options;
        options.probing.timeout = std::chrono::milliseconds(20);
        options.interval = std::chrono::milliseconds(30);
        ServiceDiscovery discovery(std::make_unique<ScriptedSource>(std::vector<ScanResult>{
                                       Scan{{listener(silent.serverPort(), "x")}, false}}),
                                   options);
        discovery.setWatched(true);
        QTRY_VERIFY(find(discovery, silent.serverPort()) &&
                    find(discovery, silent.serverPort())->probed);
        QCOMPARE(find(discovery, silent.serverPort())->guess.sort, ServiceGuess::Sort::Unknown);
    }

    void endsWhileItIsLooking()
    {
        QTcpServer silent;
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        for (int i = 0; i < 20; ++i) {
            ServiceDiscovery discovery(std::make_unique<OnePort>(silent.serverPort()), {});
            discovery.refresh();
        }
    }

#ifdef Q_OS_LINUX
    void findsAListenerOfThisProcess()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        ServiceDiscovery discovery(std::make_unique<OnePort>(server.serverPort()), {});
        QSignalSpy looks(&discovery, &ServiceDiscovery::looked);
        discovery.refresh();
        QTRY_COMPARE(looks.count(), 1);
        const ListeningService* found = find(discovery, server.serverPort());
        QVERIFY(found);
        QCOMPARE(found->host, std::string("127.0.0.1"));
        QVERIFY(!found->exposed);
        QCOMPARE(found->pid, int64_t(QCoreApplication::applicationPid()));
        QCOMPARE(found->process,
                 QFileInfo(QCoreApplication::applicationFilePath()).fileName().toStdString());
        QVERIFY(found->probed); // never asked: it is this process
    }

    void knowsARealWebServer()
    {
        QTemporaryDir folder;
        QFile page(folder.filePath("index.html"));
        QVERIFY(page.open(QIODevice::WriteOnly));
        page.write("<title>Hello</title>");
        page.close();
        QProcess server;
        server.setProcessChannelMode(QProcess::MergedChannels);
        server.setWorkingDirectory(folder.path());
        server.start("/usr/bin/python3", {"-u", "-m", "http.server", "0", "--bind", "127.0.0.1"});
        QByteArray said;
        QTRY_VERIFY((said += server.readAll()).contains('\n'));
        const auto port =
            QRegularExpression("port (\\d+)").match(QString::fromUtf8(said)).captured(1).toUShort();
        QVERIFY2(port != 0, said.constData());

        ServiceDiscovery discovery(std::make_unique<OnePort>(port), {});
        discovery.setWatched(true);
        QTRY_VERIFY(find(discovery, port) && find(discovery, port)->probed);
        const ListeningService found = *find(discovery, port);
        QCOMPARE(found.pid, int64_t(server.processId()));
        QCOMPARE(found.process, std::string("python3"));
        QCOMPARE(found.guess.name, std::string("Python http.server"));
        QCOMPARE(found.guess.title, std::string("Hello"));
        QCOMPARE(found.guess.kind, config::TunnelKind::Http);
        server.kill();
        server.waitForFinished();
    }
#endif
};

QTEST_GUILESS_MAIN(TstServiceDiscovery)
#include "tst_service_discovery.moc"
