// Qt's own network classes on the epoll loop.
#include "net_test.h"

#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QProcess>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QThread>

#include <memory>

using namespace sallyport::net;
using namespace sallyport::net::test;

class TestEpollQtClasses : public QObject
{
    Q_OBJECT

private slots:
    void fetchesAPage();
    void fetchesAPageOnAWorkerThread();
    void movesAMebibyteThroughTcpSockets();
    void runsAProcess();
};

namespace {

// Answers every request with the same body and closes.
class PageServer : public QTcpServer
{
public:
    explicit PageServer(QByteArray body)
    {
        connect(this, &QTcpServer::newConnection, this, [this, body] {
            QTcpSocket* const socket = nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, socket, [socket, body] {
                if (!socket->peek(4096).contains("\r\n\r\n"))
                    return;
                socket->readAll();
                socket->write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " +
                              QByteArray::number(body.size()) + "\r\n\r\n" + body);
                socket->disconnectFromHost();
            });
            connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        });
        listen(QHostAddress::LocalHost);
    }
    QUrl url() const { return QUrl(QString("http://127.0.0.1:%1/").arg(serverPort())); }
};

QByteArray fetch(const QUrl& url)
{
    QNetworkAccessManager manager;
    manager.setProxy(QNetworkProxy::NoProxy);
    const std::unique_ptr<QNetworkReply> reply(manager.get(QNetworkRequest(url)));
    QEventLoop loop;
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    loop.exec();
    return reply->readAll();
}

} // namespace

void TestEpollQtClasses::fetchesAPage()
{
    const QByteArray body(200'000, 'b');
    const PageServer server(body);
    QCOMPARE(fetch(server.url()), body);
}

void TestEpollQtClasses::fetchesAPageOnAWorkerThread()
{
    const PageServer server("hello");
    QByteArray got;
    QThread thread;
    thread.setEventDispatcher(new EpollDispatcher);
    QObject object;
    object.moveToThread(&thread);
    QMetaObject::invokeMethod(
        &object,
        [&] {
            got = fetch(server.url());
            thread.quit();
        },
        Qt::QueuedConnection);
    QEventLoop loop;
    connect(&thread, &QThread::finished, &loop, &QEventLoop::quit);
    thread.start();
    loop.exec();
    QVERIFY(thread.wait(30'000));
    QCOMPARE(got, "hello");
}

void TestEpollQtClasses::movesAMebibyteThroughTcpSockets()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    QTcpSocket client;
    client.setProxy(QNetworkProxy::NoProxy);
    client.connectToHost(server.serverAddress(), server.serverPort());
    QVERIFY(runUntil([&] { return server.hasPendingConnections(); }));
    const std::unique_ptr<QTcpSocket> accepted(server.nextPendingConnection());
    const QByteArray sent(1 << 20, 'm');
    QByteArray got;
    connect(accepted.get(), &QTcpSocket::readyRead, this, [&] { got += accepted->readAll(); });
    client.write(sent);
    QVERIFY(runUntil([&] { return got.size() == sent.size(); }));
    QSignalSpy gone(&client, &QTcpSocket::disconnected);
    accepted->close();
    QVERIFY(runUntil([&] { return gone.size() == 1; }));
}

void TestEpollQtClasses::runsAProcess()
{
    QProcess process;
    QSignalSpy finished(&process, &QProcess::finished);
    process.start("/bin/echo", {"hello"});
    QVERIFY(runUntil([&] { return finished.size() == 1; }));
    QCOMPARE(process.readAllStandardOutput(), "hello\n");
}

SALLYPORT_NET_TEST_MAIN(TestEpollQtClasses)
#include "tst_epoll_qt_classes.moc"
