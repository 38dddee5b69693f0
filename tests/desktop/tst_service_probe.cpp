// Real services on loopback are asked what they are.
#include <sallyport/desktop/service_probe.h>

#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <functional>
#include <map>

using namespace sallyport::desktop;

namespace {

// Answers each connection by a function of the bytes received so far; empty: waits.
class FakeService : public QTcpServer
{
public:
    explicit FakeService(std::function<QByteArray(const QByteArray&)> answer,
                         QByteArray greeting = {})
        : m_answer(std::move(answer))
    {
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, [this, greeting] {
            QTcpSocket* socket = nextPendingConnection();
            socket->write(greeting);
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
                m_received[socket] += socket->readAll();
                const QByteArray said = m_answer(m_received[socket]);
                if (said.isEmpty())
                    return;
                requests += m_received[socket].left(m_received[socket].indexOf('\r'));
                socket->write(said);
                socket->disconnectFromHost();
            });
        });
    }

    ServiceProbe::Target target() { return {"127.0.0.1", serverPort(), 0, "", ""}; }
    QByteArrayList requests;

private:
    std::function<QByteArray(const QByteArray&)> m_answer;
    std::map<QTcpSocket*, QByteArray> m_received;
};

ServiceGuess ask(FakeService& service, ServiceProbe::Options options = {})
{
    ServiceProbe probe(options);
    ServiceGuess result;
    bool done = false;
    QObject::connect(&probe, &ServiceProbe::answered, &probe,
                     [&](const auto&, const ServiceGuess& guess) {
                         result = guess;
                         done = true;
                     });
    probe.ask(service.target());
    [&] { QTRY_VERIFY(done); }();
    return result;
}

} // namespace

class TstServiceProbe : public QObject
{
    Q_OBJECT

private slots:
    void readsAPagesTitle()
    {
        FakeService service([](const QByteArray& bytes) {
            return bytes.endsWith("\r\n\r\n")
                       ? QByteArray("HTTP/1.1 200 OK\r\nServer: nginx\r\n\r\n<title>Shop</title>")
                       : QByteArray();
        });
        const ServiceGuess guess = ask(service);
        QCOMPARE(guess.name, std::string("nginx"));
        QCOMPARE(guess.title, std::string("Shop"));
        QCOMPARE(service.requests, QByteArrayList{"GET / HTTP/1.1"});
    }

    void followsTwoRedirectsOfTheSameService()
    {
        FakeService service([](const QByteArray& bytes) -> QByteArray {
            if (bytes.startsWith("GET / "))
                return "HTTP/1.1 302 Found\r\nLocation: web/\r\n\r\n";
            if (bytes.startsWith("GET /web/ "))
                return "HTTP/1.1 302 Found\r\nLocation: /web/login\r\n\r\n";
            return "HTTP/1.1 302 Found\r\nLocation: /again\r\n\r\n<title>Found</title>";
        });
        QCOMPARE(ask(service).title, std::string());
        QCOMPARE(service.requests.size(), 3);
    }

    void staysAwayFromOtherHosts()
    {
        FakeService service([](const QByteArray&) -> QByteArray {
            return "HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\n\r\n";
        });
        QCOMPARE(ask(service).sort, ServiceGuess::Sort::Web);
        QCOMPARE(service.requests.size(), 1);
    }

    void takesAGreetingForAnAnswer()
    {
        FakeService service([](const QByteArray&) { return QByteArray(); },
                            "SSH-2.0-OpenSSH_9.2\r\n");
        QCOMPARE(ask(service).name, std::string("SSH"));
    }

    void givesUpOnASilentService()
    {
        FakeService service([](const QByteArray&) { return QByteArray(); });
        ServiceProbe::Options options;
        options.timeout = std::chrono::milliseconds(50);
        QCOMPARE(ask(service, options).sort, ServiceGuess::Sort::Unknown);
    }

    void readsNoMoreThanItsLimit()
    {
        FakeService service([](const QByteArray&) {
            return "HTTP/1.1 200 OK\r\n\r\n" + QByteArray(70'000, ' ') + "<title>late</title>";
        });
        const ServiceGuess guess = ask(service);
        QCOMPARE(guess.sort, ServiceGuess::Sort::Web);
        QCOMPARE(guess.title, std::string());
    }

    void triesTlsWhenTheServiceAsksForIt()
    {
        QByteArray second;
        FakeService service([&](const QByteArray& bytes) -> QByteArray {
            if (bytes.startsWith("GET "))
                return QByteArray("\x15\x03\x01\x00\x02\x02\x16", 7);
            second = bytes; // a ClientHello
            return "no";
        });
        ask(service);
        QVERIFY(second.startsWith("\x16\x03"));
    }

    void asksFourAtOnceAndEachOnce()
    {
        FakeService one([](const QByteArray&) { return QByteArray(); });
        ServiceProbe::Options options;
        options.timeout = std::chrono::milliseconds(300);
        options.waiting = 6;
        ServiceProbe probe(options);
        int answers = 0;
        connect(&probe, &ServiceProbe::answered, this, [&] { ++answers; });
        for (int64_t pid = 1; pid <= 10; ++pid) {
            ServiceProbe::Target target = one.target();
            target.pid = pid;
            QVERIFY(probe.ask(target));
            QVERIFY(probe.ask(target));
        }
        ServiceProbe::Target eleventh = one.target();
        eleventh.pid = 11;
        QVERIFY(!probe.ask(eleventh));
        QCOMPARE(probe.asking(), size_t(4));
        connect(&probe, &ServiceProbe::answered, this, [&] { QVERIFY(probe.asking() < 4); });
        QTRY_COMPARE(answers, 10);
        QCOMPARE(probe.asking(), size_t(0));
    }
};

QTEST_GUILESS_MAIN(TstServiceProbe)
#include "tst_service_probe.moc"
