// Recorder, writer and history together: what passes becomes records that survive.
#include "traffic_world.h"

#include <QFileInfo>

using namespace sallyport;
using namespace sallyport::inspect;
using namespace sallyport::inspect::test;

class TestLocalTraffic : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    CaptureSettings settings() const
    {
        CaptureSettings settings;
        settings.folder = m_folder->filePath("history").toStdString();
        return settings;
    }

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void recordsAnExchange()
    {
        LocalTraffic traffic(settings());
        QSignalSpy changed(&traffic, &TrafficSource::recordsChanged);
        pass(traffic,
             "POST /a?b=1 HTTP/1.1\r\nHost: x.example.com\r\nCookie: c=1\r\nContent-Length: "
             "2\r\n\r\nhi",
             answerWith("{\"ok\":1}", "application/json; charset=utf-8"));
        const auto records = waitForRecords(traffic, 1);
        QCOMPARE(records.size(), size_t(1));
        const Record& record = records[0];
        QCOMPARE(record.id, RecordId(1));
        QCOMPARE(record.kind, RecordKind::Http);
        QCOMPARE(record.outcome, Outcome::Done);
        QCOMPARE(record.tunnel, std::string("web"));
        QCOMPARE(record.upstream, std::string("127.0.0.1:3000"));
        QCOMPARE(record.visitor, std::string("203.0.113.7:50123"));
        QCOMPARE(record.host, std::string("x.example.com"));
        QVERIFY(record.tls);
        QCOMPARE(record.method, std::string("POST"));
        QCOMPARE(record.path, std::string("/a?b=1"));
        QCOMPARE(record.status, 200u);
        QCOMPARE(record.contentType, std::string("application/json"));
        QCOMPARE(record.requestBytes, uint64_t(2));
        QCOMPARE(record.responseBytes, uint64_t(8));
        QVERIFY(record.requestDone && record.answered && record.ended);
        QVERIFY(*record.requestDone <= *record.answered && *record.answered <= *record.ended);
        QTRY_VERIFY(!changed.isEmpty());

        const Exchange exchange =
            await<Exchange>([&](auto done) { traffic.exchange(1, done); }).value();
        QCOMPARE(exchange.record, record);
        QCOMPARE(exchange.requestLine, std::string("POST /a?b=1 HTTP/1.1"));
        QCOMPARE(exchange.statusLine, std::string("HTTP/1.1 200 OK"));
        QCOMPARE(exchange.requestHeaders[1], (HeaderLine{"Cookie", "c=1", true}));
        QVERIFY(!exchange.requestHeaders[0].secret);
        QCOMPARE(exchange.responseBody, (BodyInfo{8, 8}));
        QCOMPARE(bodyOf(traffic, 1, Side::Request), std::string("hi"));
        QCOMPARE(bodyOf(traffic, 1, Side::Response), std::string("{\"ok\":1}"));
    }

    void recordsWhatHasNoAnswer()
    {
        LocalTraffic traffic(settings());
        const auto watch = traffic.watcher()(web());
        watch->bytesToSocket(asBytes(get("/")));
        watch->upstreamFailed(net::UpstreamFault::Refused, "127.0.0.1:3000: connection refused");
        watch->ended(net::WatchEnd::UpstreamFailed);
        const auto records = waitForRecords(traffic, 1);
        QCOMPARE(records.at(0).outcome, Outcome::UpstreamRefused);
        QCOMPARE(records.at(0).error, std::string("127.0.0.1:3000: connection refused"));
        QCOMPARE(records.at(0).path, std::string("/"));
    }

    void recordsAConnectionOfBytes()
    {
        LocalTraffic traffic(settings());
        net::WatchedConnection about = web();
        about.http = false;
        const auto watch = traffic.watcher()(about);
        watch->bytesToSocket(asBytes("12345"));
        watch->bytesFromSocket(asBytes("123"));
        watch->ended(net::WatchEnd::VisitorLeft);
        const auto records = waitForRecords(traffic, 1);
        QCOMPARE(records.at(0).kind, RecordKind::Connection);
        QCOMPARE(records.at(0).outcome, Outcome::VisitorLeft);
        QCOMPARE(records.at(0).requestBytes, uint64_t(5));
        QCOMPARE(records.at(0).responseBytes, uint64_t(3));
    }

    void readsEventsInsideAContentCoding()
    {
        LocalTraffic traffic(settings());
        // "data: one\n\ndata: two\n\n", made by gzip.
        const std::string coded =
            QByteArray::fromHex(
                "1f8b08000000000002034b492c49b452c8cf4be5e24a01334bcaf3b9b800a20d4a3f16000000")
                .toStdString();
        pass(traffic, get("/coded"),
             answerWith(coded, "text/event-stream", "Content-Encoding: gzip\r\n"));
        const auto records = waitForRecords(traffic, 1);
        QCOMPARE(records.at(0).kind, RecordKind::EventStream);
        const Exchange exchange =
            await<Exchange>([&](auto done) { traffic.exchange(records.at(0).id, done); }).value();
        QCOMPARE(exchange.messages.size(), size_t(2));
        QCOMPARE(exchange.messages[0].data, std::string("one"));
        QCOMPARE(exchange.messages[1].data, std::string("two"));
    }

    void keepsTheTimelinesOfSocketsAndEventStreams()
    {
        LocalTraffic traffic(settings());
        pass(traffic,
             "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
             "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
             "\r\n\x81\x02hi");
        pass(traffic, get("/events"),
             answerWith("event: tick\ndata: 1\n\ndata: 2\n\n", "text/event-stream"));
        const auto records = waitForRecords(traffic, 2);
        QCOMPARE(records.at(0).kind, RecordKind::EventStream);
        QCOMPARE(records.at(0).messages, 2u);
        QCOMPARE(records.at(1).kind, RecordKind::WebSocket);
        const Exchange socket =
            await<Exchange>([&](auto done) { traffic.exchange(1, done); }).value();
        QCOMPARE(socket.messages.size(), size_t(1));
        QCOMPARE(socket.messages[0].data, std::string("hi"));
        const Exchange events =
            await<Exchange>([&](auto done) { traffic.exchange(2, done); }).value();
        QCOMPARE(events.messages.at(0).event, std::string("tick"));
        QCOMPARE(events.messages.at(1).data, std::string("2"));
    }

    void keepsTheHistoryAndGoesOnCountingAfterARestart()
    {
        {
            LocalTraffic traffic(settings());
            pass(traffic, get("/first"), answerWith(std::string(50'000, 'x')));
            const auto open = traffic.watcher()(web());
            open->bytesToSocket(asBytes(get("/open")));
        }
        LocalTraffic traffic(settings());
        pass(traffic, get("/second"), answerWith("b"));
        const auto records = waitForRecords(traffic, 3);
        QCOMPARE(records.size(), size_t(3));
        QCOMPARE(records[2].path, std::string("/first"));
        QCOMPARE(records[1].outcome, Outcome::Interrupted);
        QVERIFY(records[0].id > records[1].id);
        QCOMPARE(bodyOf(traffic, records[2].id, Side::Response), std::string(50'000, 'x'));
    }

    void keepsNothingWhereThatIsAsked()
    {
        CaptureSettings noHistory = settings();
        noHistory.keepHistory = false;
        {
            LocalTraffic traffic(noHistory);
            pass(traffic, get("/"), answerWith("x"));
            QCOMPARE(waitForRecords(traffic, 1).size(), size_t(1));
        }
        QVERIFY(!QFileInfo::exists(QString::fromStdString(noHistory.folder)));
        LocalTraffic traffic(noHistory);
        QCOMPARE(waitForRecords(traffic, 0).size(), size_t(0));
    }

    void letsNobodyElseRead()
    {
        LocalTraffic traffic(settings());
        pass(traffic, get("/"), answerWith(std::string(50'000, 'x')));
        waitForRecords(traffic, 1);
        const QString folder = QString::fromStdString(settings().folder);
        const auto others = QFileDevice::ReadGroup | QFileDevice::WriteGroup |
                            QFileDevice::ExeGroup | QFileDevice::ReadOther |
                            QFileDevice::WriteOther | QFileDevice::ExeOther;
        QVERIFY(!(QFileInfo(folder).permissions() & others));
        QVERIFY(!(QFileInfo(folder + "/bodies").permissions() & others));
        QVERIFY(!(QFileInfo(folder + "/history.db").permissions() & others));
        QVERIFY(QFileInfo::exists(folder + "/bodies/1.response"));
        QVERIFY(!(QFileInfo(folder + "/bodies/1.response").permissions() & others));
    }

    void writesNoSecretWhereTheyAreAlwaysRedacted()
    {
        CaptureSettings strict = settings();
        strict.redaction.always = true;
        const std::string secret = "s3cr3t-Value";
        {
            LocalTraffic traffic(strict);
            for (size_t split = 1; split < 12; ++split) {
                const std::string body = "{\"user\":\"bob\",\"pass\\u0077ord\":\"" + secret +
                                         "\",\"nested\":{\"token\":[1,\"" + secret + "\"]}}";
                const auto watch = traffic.watcher()(web());
                const std::string request =
                    "POST /login?token=" + secret +
                    "&a=1 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + secret +
                    "\r\nReferer: https://x/?access_token=" + secret +
                    "\r\nContent-Type: application/json\r\nContent-Length: " +
                    std::to_string(body.size()) + "\r\n\r\n" + body;
                const size_t step = request.size() / split;
                for (size_t at = 0; at < request.size(); at += step)
                    watch->bytesToSocket(asBytes(std::string_view(request).substr(at, step)));
                watch->bytesFromSocket(asBytes(answerWith("password=" + secret + "&b=2",
                                                          "application/x-www-form-urlencoded",
                                                          "Set-Cookie: id=" + secret + "\r\n")));
                watch->ended(net::WatchEnd::Clean);
            }
            pass(traffic, get("/big"),
                 answerWith("[" + std::string(20'000, ' ') + "{\"secret\":\"" + secret + "\"}]",
                            "application/json"));
            pass(traffic, get("/coded"),
                 answerWith("pretend this is gzip " + secret, "application/json",
                            "Content-Encoding: gzip\r\n"));
            pass(traffic,
                 "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
                 "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                 "\r\n\x81\x1a{\"token\":\"" +
                     secret + "\"} .");
            QCOMPARE(waitForRecords(traffic, 14).size(), size_t(14));
            QVERIFY(!folderHolds(m_folder->path(), QByteArray::fromStdString(secret)));
            const Exchange exchange =
                await<Exchange>([&](auto done) { traffic.exchange(1, done); }).value();
            QCOMPARE(exchange.record.path, std::string("/login?token=***&a=1"));
            QCOMPARE(exchange.requestHeaders.at(1), (HeaderLine{"Authorization", "", true}));
            QVERIFY(!exchange.requestBody.cut());
            QCOMPARE(bodyOf(traffic, 1, Side::Request),
                     std::string("{\"user\":\"bob\",\"pass\\u0077ord\":\"***\",\"nested\":{"
                                 "\"token\":\"***\"}}"));
        }
        QVERIFY(!folderHolds(m_folder->path(), QByteArray::fromStdString(secret)));
        QVERIFY(folderHolds(m_folder->path(), "/big"));
    }

    void followsTheSwitchOnConnectionsThatStand()
    {
        LocalTraffic traffic(settings());
        QSignalSpy switched(&traffic, &TrafficSource::recordingChanged);
        traffic.setRecording(false);
        QCOMPARE(switched.count(), 1);
        const auto watch = traffic.watcher()(web());
        watch->bytesToSocket(asBytes(get("/unseen")));
        traffic.setRecording(true);
        watch->bytesFromSocket(asBytes(answerWith("x")));
        watch->bytesToSocket(asBytes(get("/seen")));
        watch->bytesFromSocket(asBytes(answerWith("y")));
        watch->bytesToSocket(asBytes(get("/interrupted")));
        traffic.setRecording(false);
        watch->bytesFromSocket(asBytes(answerWith("z")));
        watch->ended(net::WatchEnd::Clean);
        const auto records = waitForRecords(traffic, 2);
        QCOMPARE(records.size(), size_t(2));
        QCOMPARE(records[1].path, std::string("/seen"));
        QCOMPARE(records[1].outcome, Outcome::Done);
        QCOMPARE(records[0].outcome, Outcome::Interrupted);
    }

    void clearsAllAndGoesOnCounting()
    {
        LocalTraffic traffic(settings());
        pass(traffic, get("/"), answerWith(std::string(50'000, 'q')));
        waitForRecords(traffic, 1);
        QSignalSpy removed(&traffic, &TrafficSource::recordsRemoved);
        QVERIFY(await<bool>([&](auto done) { traffic.clear(done); }).ok());
        QTRY_COMPARE(removed.count(), 1);
        QVERIFY(!folderHolds(m_folder->path(), QByteArray(100, 'q')));
        pass(traffic, get("/next"), answerWith("x"));
        QCOMPARE(waitForRecords(traffic, 1).at(0).id, RecordId(2));
    }

    void saysWhatIsNotThere()
    {
        LocalTraffic traffic(settings());
        const auto answer = await<Exchange>([&](auto done) { traffic.exchange(99, done); });
        QVERIFY(!answer.ok());
        QVERIFY(answer.error().find("99") != std::string::npos);
    }

    void outlivedWatchesSeeNothing()
    {
        auto traffic = std::make_unique<LocalTraffic>(settings());
        const auto watcher = traffic->watcher();
        const auto watch = watcher(web());
        traffic.reset();
        watch->bytesToSocket(asBytes(get("/")));
        watch->ended(net::WatchEnd::Clean);
        QVERIFY(!watcher(web()));
    }

    // The writer can't come in between here: the ring fills up to its mark.
    void missesWhatComesTooFastAndNeverWaits()
    {
        LocalTraffic traffic(settings());
        constexpr size_t Passed = 60'000;
        for (size_t i = 0; i < Passed; ++i)
            pass(traffic, get("/" + std::to_string(i)), answerWith("x"));
        // One that is recorded again comes behind all that was handed over before.
        const auto newest = [&traffic] {
            pass(traffic, get("/last"), answerWith("x"));
            return waitForRecords(traffic, 1).at(0).path;
        };
        QTRY_COMPARE_WITH_TIMEOUT(newest(), std::string("/last"), 30'000);
        // What was begun has ended, whatever was dropped in between.
        Query all;
        all.limit = 100'000;
        for (const Record& record : waitForRecords(traffic, 1, all))
            QVERIFY(record.path == "/last" ||
                    (record.outcome == Outcome::Done && record.status == 200));
    }
};

QTEST_GUILESS_MAIN(TestLocalTraffic)
#include "tst_local_traffic.moc"
