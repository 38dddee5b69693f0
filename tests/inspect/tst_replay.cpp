// A captured request is sent to its upstream again, and the answer becomes a record.
#include "replay_message.h"
#include "replayer.h"
#include "traffic_world.h"

#include <QTcpServer>
#include <QTcpSocket>

using namespace sallyport;
using namespace sallyport::inspect;
using namespace sallyport::inspect::test;

namespace {

// Answers each connection with the same, and notes what came.
struct Upstream
{
    explicit Upstream(QByteArray answer)
    {
        server.listen(QHostAddress::LocalHost);
        QObject::connect(&server, &QTcpServer::newConnection, [this, answer] {
            QTcpSocket* socket = server.nextPendingConnection();
            QObject::connect(socket, &QTcpSocket::readyRead, [this, socket, answer] {
                received += socket->readAll();
                if (!answer.isEmpty() && received.contains("\r\n\r\n")) {
                    socket->write(answer);
                    socket->disconnectFromHost();
                }
            });
        });
    }
    std::string text() const { return "127.0.0.1:" + std::to_string(server.serverPort()); }
    QTcpServer server;
    QByteArray received;
};

CapturedExchange captured()
{
    CapturedExchange one;
    one.record.upstream = "127.0.0.1:3000";
    one.record.host = "a.example.com";
    one.requestHead = "POST /a HTTP/1.1\r\nHost: a.example.com\r\nConnection: keep-alive\r\n"
                      "Transfer-Encoding: chunked\r\nCookie: c=1\r\n\r\n";
    return one;
}

// Records a request to that upstream, and gives its id.
RecordId record(LocalTraffic& traffic, const std::string& upstream)
{
    net::WatchedConnection about = web();
    about.upstream = upstream;
    pass(traffic, get("/"), answerWith("x"), about);
    return waitForRecords(traffic, 1).at(0).id;
}

} // namespace

class TestReplay : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    CaptureSettings settings()
    {
        CaptureSettings settings;
        settings.folder = m_folder.filePath(QString::number(++m_next)).toStdString();
        return settings;
    }
    int m_next = 0;

private slots:
    void framesTheRequestAnew()
    {
        const auto message = replayMessage(captured(), {}, "hello");
        QVERIFY(message.ok());
        QCOMPARE(*message, std::string("POST /a HTTP/1.1\r\nHost: a.example.com\r\nCookie: c=1\r\n"
                                       "Content-Length: 5\r\nConnection: close\r\n\r\nhello"));
    }

    void refusesWhatCantBeSent_data()
    {
        QTest::addColumn<ReplayRequest>("request");
        const auto row = [](const char* name, auto change) {
            ReplayRequest request;
            request.edited = true;
            request.method = "GET";
            request.target = "/";
            change(request);
            QTest::newRow(name) << request;
        };
        row("method", [](ReplayRequest& r) { r.method = "GE T"; });
        row("CONNECT", [](ReplayRequest& r) { r.method = "CONNECT"; });
        row("target", [](ReplayRequest& r) { r.target = "/a b"; });
        row("target with a line", [](ReplayRequest& r) { r.target = "/a\r\nX: 1"; });
        row("header name", [](ReplayRequest& r) { r.headers = {{"A B", "1", false}}; });
        row("header value", [](ReplayRequest& r) { r.headers = {{"A", "1\r\nB: 2", false}}; });
    }

    void refusesWhatCantBeSent()
    {
        QFETCH(ReplayRequest, request);
        QVERIFY(!replayMessage(captured(), request, {}).ok());
    }

    void refusesABodyThatWasNotKeptWhole()
    {
        CapturedExchange cut = captured();
        cut.record.requestBytes = 100;
        cut.request.kept = 50;
        QVERIFY(replayMessage(cut, {}, std::string(50, 'x'))
                    .error()
                    .find("part of the request's body") != std::string::npos);
        ReplayRequest edited{0, true, "POST", "/", {}, "new"};
        QVERIFY(replayMessage(cut, edited, {}).ok());
    }

    void refusesConnectionsAndSockets()
    {
        CapturedExchange one = captured();
        one.record.kind = RecordKind::Connection;
        QVERIFY(!replayMessage(one, {}, {}).ok());
        one.record.kind = RecordKind::WebSocket;
        QVERIFY(!replayMessage(one, {}, {}).ok());
        one = captured();
        one.record.upstream.clear();
        QVERIFY(!replayMessage(one, {}, {}).ok());
    }

    void keepsTheAnswerBesideTheOriginal()
    {
        Upstream upstream("HTTP/1.1 202 Accepted\r\nContent-Length: 3\r\n\r\nnew");
        LocalTraffic traffic(settings());
        net::WatchedConnection about = web();
        about.upstream = upstream.text();
        pass(traffic, "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi",
             answerWith("old"), about);
        const RecordId original = waitForRecords(traffic, 1).at(0).id;
        ReplayRequest request;
        request.original = original;
        const auto id = await<RecordId>([&](auto done) { traffic.replay(request, done); });
        QVERIFY(id.ok());
        QVERIFY(*id > original);
        const auto records = waitForRecords(traffic, 2);
        QCOMPARE(records[0].replayOf, original);
        QVERIFY(!records[0].edited);
        QCOMPARE(records[0].status, 202u);
        QCOMPARE(records[0].outcome, Outcome::Done);
        QVERIFY(upstream.received.startsWith("POST /a HTTP/1.1\r\n"));
        QTRY_VERIFY(upstream.received.contains("\r\n\r\nhi")); // it answers before it has all
        QCOMPARE(bodyOf(traffic, *id, Side::Response), std::string("new"));
    }

    void tellsOfAnUpstreamThatIsGone()
    {
        QTcpServer gone;
        QVERIFY(gone.listen(QHostAddress::LocalHost));
        const std::string upstream = "127.0.0.1:" + std::to_string(gone.serverPort());
        gone.close();
        LocalTraffic traffic(settings());
        ReplayRequest request;
        request.original = record(traffic, upstream);
        QVERIFY(await<RecordId>([&](auto done) { traffic.replay(request, done); }).ok());
        const auto records = waitForRecords(traffic, 2);
        QCOMPARE(records[0].outcome, Outcome::UpstreamRefused);
        QVERIFY(records[0].error.starts_with(upstream));
    }

    void givesUpOnAnUpstreamThatSaysNothing()
    {
        struct Noted final : net::ConnectionWatch
        {
            explicit Noted(std::string& log) : text(log) {}
            void bytesToSocket(ByteView) override { text += "sent "; }
            void bytesFromSocket(ByteView) override { text += "answer "; }
            void upstreamFailed(net::UpstreamFault fault, std::string_view) override
            {
                text += fault == net::UpstreamFault::Timeout ? "timeout " : "failed ";
            }
            void ended(net::WatchEnd) override { text += "ended"; }
            std::string& text;
        };
        Upstream silent({});
        std::string log;
        auto* replayer = new Replayer(std::make_unique<Noted>(log), silent.text(),
                                      "GET / HTTP/1.1\r\n\r\n", this);
        replayer->setTimeouts(std::chrono::seconds(10), std::chrono::milliseconds(20));
        replayer->start();
        QTRY_COMPARE(log, std::string("sent timeout ended"));
    }

    void stopsAtAWord()
    {
        Upstream silent({});
        LocalTraffic traffic(settings());
        const RecordId original = record(traffic, silent.text());
        ReplayRequest request;
        request.original = original;
        const auto answer = await<RecordId>([&](auto done) { traffic.replay(request, done); });
        QVERIFY(answer.ok());
        traffic.stopReplay(original); // that is none
        traffic.stopReplay(*answer);
        traffic.stopReplay(*answer);
        const auto ended = [&] {
            const auto found = await<Exchange>([&](auto done) { traffic.exchange(*answer, done); });
            return found.ok() && found->record.outcome == Outcome::Interrupted &&
                   found->record.error == "it was stopped";
        };
        QTRY_VERIFY(ended());
    }

    void sendsNoMoreThanSoManyAtOnce()
    {
        Upstream silent({});
        LocalTraffic traffic(settings());
        ReplayRequest request;
        request.original = record(traffic, silent.text());
        RecordId last = 0;
        for (size_t i = 0; i < LocalTraffic::MaxReplays; ++i) {
            const auto answer = await<RecordId>([&](auto done) { traffic.replay(request, done); });
            QVERIFY(answer.ok());
            last = *answer;
        }
        const auto send = [&] {
            return await<RecordId>([&](auto done) { traffic.replay(request, done); });
        };
        QVERIFY(send().error().find("stop one of them") != std::string::npos);
        traffic.stopReplay(last);
        QVERIFY(send().ok());
    }

    void saysThatARecordIsNotThere()
    {
        LocalTraffic traffic(settings());
        ReplayRequest request;
        request.original = 42;
        QVERIFY(!await<RecordId>([&](auto done) { traffic.replay(request, done); }).ok());
    }
};

QTEST_GUILESS_MAIN(TestReplay)
#include "tst_replay.moc"
