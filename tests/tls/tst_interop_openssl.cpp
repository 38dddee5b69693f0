// Our engine on a real socket against the openssl program, both roles.
#include "engine_pair.h"

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

using namespace sallyport;
using namespace sallyport::tls;
using namespace sallyport::tls::test;

class TestInteropOpenssl : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void servesSClient_data();
    void servesSClient();
    void resumesSClientsSession();
    void talksToSServer_data();
    void talksToSServer();

private:
    QString file(const char* name) const { return m_folder.filePath(name); }

    QString m_openssl;
    QTemporaryDir m_folder;
};

// Carries bytes between an engine and a QTcpSocket; what arrives as plaintext is collected.
class Wire : public QObject
{
public:
    Wire(Engine& engine, QTcpSocket& socket) : m_engine(engine), m_socket(socket)
    {
        connect(&socket, &QTcpSocket::readyRead, this, &Wire::pump);
        connect(&socket, &QTcpSocket::disconnected, this, [this] {
            m_engine.receiveEof();
            pump();
        });
        pump();
    }
    void pump()
    {
        const QByteArray bytes = m_socket.readAll();
        m_engine.receive(asBytes({bytes.data(), static_cast<size_t>(bytes.size())}));
        EnginePair::drain(m_engine, plain);
        flush();
    }
    void flush()
    {
        m_engine.output().forEachPiece([this](ByteView piece) {
            m_socket.write(asText(piece).data(), static_cast<qint64>(piece.size()));
            return true;
        });
        m_engine.output().clear();
    }
    std::string plain;

private:
    Engine& m_engine;
    QTcpSocket& m_socket;
};

void TestInteropOpenssl::initTestCase()
{
    m_openssl = QStandardPaths::findExecutable("openssl");
    if (m_openssl.isEmpty())
        QFAIL("the openssl program is missing: ./dev packages test");
    const auto put = [&](const char* name, const std::string& text) {
        QFile out(file(name));
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(text.c_str());
    };
    put("chain.pem", relayKeys().chainPem);
    put("key.pem", relayKeys().keyPem);
}

void TestInteropOpenssl::servesSClient_data()
{
    QTest::addColumn<QString>("version");
    QTest::newRow("1.2") << "-tls1_2";
    QTest::newRow("1.3") << "-tls1_3";
}

void TestInteropOpenssl::servesSClient()
{
    QFETCH(QString, version);
    QTcpServer listener;
    QVERIFY(listener.listen(QHostAddress::LocalHost));
    QProcess client;
    client.start(m_openssl, {"s_client", version, "-quiet", "-verify_return_error", "-connect",
                             QString("127.0.0.1:%1").arg(listener.serverPort()), "-servername",
                             "relay.example.com", "-verify_hostname", "relay.example.com",
                             "-CAfile", file("chain.pem"), "-alpn", "sallyport/1"});
    QVERIFY(QTest::qWaitFor([&] { return listener.hasPendingConnections(); }, 10'000));
    BufferPool pool;
    Engine engine(serverContext(relayKeys(), {"sallyport/1"}), pool);
    QTcpSocket* socket = listener.nextPendingConnection();
    Wire wire(engine, *socket);

    const QByteArray question(100'000, 'q');
    client.write(question);
    QTRY_COMPARE_WITH_TIMEOUT(wire.plain.size(), size_t(question.size()), 10'000);
    QCOMPARE(engine.state(), State::Open);
    QCOMPARE(engine.alpn(), std::string_view("sallyport/1"));
    QCOMPARE(engine.serverName(), std::string("relay.example.com"));

    const std::string answer(300'000, 'a');
    QCOMPARE(engine.write(asBytes(answer)), answer.size());
    engine.shutdown();
    wire.flush();
    socket->disconnectFromHost();
    QTRY_COMPARE_WITH_TIMEOUT(client.state(), QProcess::NotRunning, 10'000);
    QCOMPARE(client.exitCode(), 0);
    QCOMPARE(client.readAllStandardOutput(), QByteArray(300'000, 'a'));
}

void TestInteropOpenssl::resumesSClientsSession()
{
    QTcpServer listener;
    QVERIFY(listener.listen(QHostAddress::LocalHost));
    const auto context = serverContext();
    for (int round = 0; round < 2; ++round) {
        QProcess client;
        client.start(m_openssl,
                     {"s_client", "-tls1_3", "-quiet", "-connect",
                      QString("127.0.0.1:%1").arg(listener.serverPort()), "-CAfile",
                      file("chain.pem"), round ? "-sess_in" : "-sess_out", file("session.pem")});
        QVERIFY(QTest::qWaitFor([&] { return listener.hasPendingConnections(); }, 10'000));
        BufferPool pool;
        Engine engine(context, pool);
        QTcpSocket* socket = listener.nextPendingConnection();
        Wire wire(engine, *socket);
        client.write("hello");
        QTRY_COMPARE_WITH_TIMEOUT(wire.plain, std::string("hello"), 10'000);
        QCOMPARE(engine.resumed(), round == 1);
        engine.shutdown();
        wire.flush();
        socket->disconnectFromHost();
        QTRY_COMPARE_WITH_TIMEOUT(client.state(), QProcess::NotRunning, 10'000);
    }
}

void TestInteropOpenssl::talksToSServer_data()
{
    servesSClient_data();
}

void TestInteropOpenssl::talksToSServer()
{
    QFETCH(QString, version);
    QProcess server;
    server.setProcessChannelMode(QProcess::MergedChannels);
    server.start(m_openssl, {"s_server", version, "-rev", "-accept", "127.0.0.1:0", "-cert",
                             file("chain.pem"), "-key", file("key.pem"), "-alpn", "sallyport/1"});
    QString said;
    QRegularExpressionMatch port;
    QTRY_VERIFY_WITH_TIMEOUT((said += QString::fromUtf8(server.readAll()),
                              port = QRegularExpression("ACCEPT .*:(\\d+)").match(said),
                              port.hasMatch()),
                             10'000);
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, static_cast<quint16>(port.captured(1).toInt()));
    QVERIFY(socket.waitForConnected(10'000));
    BufferPool pool;
    Engine engine(clientContext({"sallyport/1"}), pool);
    Wire wire(engine, socket);
    QTRY_COMPARE_WITH_TIMEOUT(engine.state(), State::Open, 10'000);
    QCOMPARE(engine.alpn(), std::string_view("sallyport/1"));
    engine.write(asBytes("abcdef\n"));
    wire.flush();
    QTRY_COMPARE_WITH_TIMEOUT(wire.plain, std::string("fedcba\n"), 10'000);
    // Its way of being told to close the connection.
    engine.write(asBytes("CLOSE\n"));
    wire.flush();
    QTRY_COMPARE_WITH_TIMEOUT(engine.state(), State::PeerClosed, 10'000);
    server.kill();
    server.waitForFinished();
}

QTEST_GUILESS_MAIN(TestInteropOpenssl)
#include "tst_interop_openssl.moc"
