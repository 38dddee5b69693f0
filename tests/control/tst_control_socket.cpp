// The control socket, and what its clients may cost.
#include "control_fakes.h"

#include <QJsonDocument>
#include <QLocalSocket>

using namespace sallyport;
using namespace sallyport::control;
using namespace sallyport::control::test;

namespace {

// A plain client.
class Client
{
public:
    explicit Client(const std::string& path)
    {
        socket.connectToServer(QString::fromStdString(path));
        QObject::connect(&socket, &QLocalSocket::readyRead, &socket, [this] {
            while (reads && socket.canReadLine())
                messages.push_back(QJsonDocument::fromJson(socket.readLine()).object());
        });
    }
    void send(const QByteArray& line) { socket.write(line + '\n'); }
    bool isGone() const { return socket.state() == QLocalSocket::UnconnectedState; }

    QLocalSocket socket;
    std::vector<QJsonObject> messages;
    bool reads = true;
};

} // namespace

class TestControlSocket : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string path() const { return m_folder.filePath("s.sock").toStdString(); }

private slots:
    void clientsOfEarlierVersionsAreAnswered()
    {
        FakeControl control;
        ControlServer server(actions(control), "id", &control);
        QVERIFY(server.listen(path()));
        Client client(path());
        client.send(R"({"type":"status"})");
        client.send(R"({"type":"retry"})");
        client.send("nonsense");
        QVERIFY(runUntil([&] { return client.messages.size() == 3; }));
        QCOMPARE(client.messages[0]["agent"].toObject()["state"].toString(), QString("connected"));
        QVERIFY(client.messages[0]["pid"].toInteger() > 0);
        QCOMPARE(client.messages[1], QJsonObject({{"type", "done"}}));
        QCOMPARE(client.messages[2]["type"].toString(), QString("error"));
        QCOMPARE(control.told, std::vector<std::string>{"retry"});
    }

    void isBounded()
    {
        FakeControl control;
        ControlLimits limits;
        limits.clients = 2;
        limits.line = 1000;
        ControlServer server(actions(control), "id", &control, limits);
        QVERIFY(server.listen(path()));
        Client first(path()), second(path()), third(path());
        QVERIFY(runUntil([&] { return third.isGone(); }));
        first.send(QByteArray(2000, 'x'));
        QVERIFY(runUntil([&] { return first.isGone(); }));
        second.send(R"({"type":"hello"})");
        QVERIFY(runUntil([&] { return second.messages.size() == 1; }));
        Client fourth(path());
        fourth.send(R"({"type":"hello"})");
        QVERIFY(runUntil([&] { return fourth.messages.size() == 1; }));
    }

    void settingsOfTheCaptureHaveLimits_data()
    {
        QTest::addColumn<QByteArray>("capture");
        QTest::addColumn<QString>("why");
        QByteArray names = R"("n")";
        for (int i = 0; i < 256; ++i)
            names += R"(,"n")";
        QTest::newRow("names") << QByteArray(R"({"secret_headers":[)" + names + "]}")
                               << "at most 256";
        QTest::newRow("a long name")
            << QByteArray(R"({"secret_fields":[")" + QByteArray(257, 'x') + R"("]})") << "1 to 256";
        QTest::newRow("no name") << QByteArray(R"({"secret_fields":[7]})") << "1 to 256";
        QTest::newRow("budget") << QByteArray(R"({"body_budget":"99999999999999"})") << "64 GiB";
        QTest::newRow("no budget") << QByteArray(R"({"body_budget":1})") << "within the budget";
        QTest::newRow("rows") << QByteArray(R"({"rows":0})") << "1,000,000";
    }
    void settingsOfTheCaptureHaveLimits()
    {
        QFETCH(QByteArray, capture);
        QFETCH(QString, why);
        FakeControl control;
        ControlServer server(actions(control), "id", &control);
        QVERIFY(server.listen(path()));
        const inspect::CaptureSettings before = control.source.settings;
        Client client(path());
        client.send(R"({"type":"traffic.settings","capture":)" + capture + "}");
        QVERIFY(runUntil([&] { return client.messages.size() == 1; }));
        QCOMPARE(client.messages[0]["type"].toString(), QString("error"));
        const QString told = client.messages[0]["message"].toString();
        QVERIFY2(told.contains(why), qPrintable(told));
        QVERIFY(control.source.settings == before);
    }

    void aSlowClientGetsTheNewestSnapshotOrIsCut()
    {
        FakeControl control;
        ControlLimits limits;
        limits.events = 64 * 1024;
        limits.backlog = 1024 * 1024;
        ControlServer server(actions(control), "id", &control, limits);
        QVERIFY(server.listen(path()));
        Client client(path());
        client.socket.setReadBufferSize(1024);
        client.reads = false;
        client.send(R"({"type":"subscribe"})");
        QVERIFY(runUntil([&] { return client.socket.bytesAvailable() > 0; }));
        control.now.problem.text = std::string(10'000, 'x');
        // Snapshots alone never cut it.
        for (int i = 0; i < 1000; ++i)
            emit control.snapshotChanged();
        control.now.problem.text = "the newest";
        emit control.snapshotChanged();
        client.reads = true;
        client.socket.setReadBufferSize(0);
        QVERIFY(runUntil([&] {
            emit client.socket.readyRead();
            return !client.messages.empty() &&
                   client.messages.back()["snapshot"].toObject()["problem"].toString() ==
                       "the newest";
        }));
        QVERIFY(client.messages.size() < 500);
        client.reads = false;
        client.socket.setReadBufferSize(1024);
        for (int i = 0; i < 200; ++i)
            emit control.logged({{}, false, std::string(10'000, 'y')});
        client.socket.setReadBufferSize(0);
        QVERIFY(runUntil([&] { return client.isGone(); }));
    }
};

SALLYPORT_NET_TEST_MAIN(TestControlSocket)
#include "tst_control_socket.moc"
