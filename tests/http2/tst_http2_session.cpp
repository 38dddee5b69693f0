#include "http2_harness.h"

using namespace sallyport;
using namespace sallyport::http2;
using std::chrono::seconds;

class TestHttp2Session : public QObject
{
    Q_OBJECT

private slots:
    void aServerTellsItsLimitsFirst();
    void aRequestComesAsAnEvent();
    void aBodyAndItsEndComeAsEvents();
    void answersWithHeadDataAndTrailers();
    void sendsInterimHeads();
    void anAnswerIsRidOfHttp1sOwn();
    void onlyTheRelaysOwnAnswerMaySayError();
    void creditGoesBackWhenTheReaderTookTheBytes();
    void streamsTakeTurns();
    void aClosedWindowHoldsDataBack();
    void aSmallFirstWindowOpensBySettings();
    void aPeersResetIsTold();
    void ownResetsLeaveNoEvent();
    void dataBehindAnOwnResetIsDropped();
    void aMalformedMessageEndsItsStreamAlone();
    void aHeadBeyondTheLimitIsTold();
    void streamsBeyondTheLimitAreRefused();
    void bytesThatAreNoPrefaceEndTheConnection();
    void eventsDoNotDependOnCuts();
    void goAwayLetsStreamsEnd();
    void aClientAsksAndHearsTheAnswer();
    void aClientHearsTrailersAndInterims();
    void aClientKeepsToThePeersLimit();
    void aClientWithAGoingPeerTakesNoMore();
    void movesBetweenPools();
};

static std::optional<StreamId> ask(Harness& client, const std::string& text, bool ended)
{
    http::RequestReader reader;
    http::RequestHead head;
    if (reader.read(asBytes(text), head) != http::ReadStatus::Complete)
        return std::nullopt;
    return client.session.request(head, ended, &client);
}

static const std::string Post = "POST /p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
static const std::string Get = "GET /p HTTP/1.1\r\nHost: h\r\n\r\n";

void TestHttp2Session::aServerTellsItsLimitsFirst()
{
    Harness server;
    const std::string bytes = server.take();
    QVERIFY(bytes.find(std::string("\0\x03\0\0\0\x64", 6)) != bytes.npos); // 100 streams
    QVERIFY(bytes.find(std::string("\0\x08\0\0\0\x01", 6)) != bytes.npos); // extended CONNECT
    QCOMPARE(describeFrames(bytes),
             std::string("SETTINGS 0\nWINDOW_UPDATE 0 +") + std::to_string(1024 * 1024 - 65535));
}

void TestHttp2Session::aRequestComesAsAnEvent()
{
    Harness server;
    server.settle();
    server.session.receive(asBytes(headers(1, get("/x"), EndStreamFlag)), server.now);
    // The bytes must outlive the call, as in the contract.
    const std::string bytes = headers(3, get("/x"), EndStreamFlag);
    server.session.receive(asBytes(bytes), server.now);
    const auto event = server.session.nextEvent();
    QVERIFY(event);
    const auto& head = std::get<Head>(*event);
    QCOMPARE(head.text, std::string("GET /x HTTP/1.1\r\nhost: a.example\r\n\r\n"));
    QVERIFY(head.ended);
}

void TestHttp2Session::aBodyAndItsEndComeAsEvents()
{
    Harness server;
    server.settle();
    QCOMPARE(server.receive(headers(1, get(), 0) + frame(DataFrame, 0, 1, "ab") +
                            frame(DataFrame, EndStreamFlag, 1, "c")),
             std::string("Head 1\nData 1 ab\nData 1 c\nEnded 1"));
    QCOMPARE(server.receive(headers(3, get(), 0) + frame(DataFrame, 0, 3, "ab") +
                            headers(3, {{"x-sum", "1"}}, EndStreamFlag)),
             std::string("Head 3\nData 3 ab\nEnded 3 x-sum: 1\r\n"));
}

void TestHttp2Session::answersWithHeadDataAndTrailers()
{
    Harness server;
    server.settle();
    server.receive(headers(1, get(), EndStreamFlag));
    server.answer(1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", false);
    QCOMPARE(server.output(), std::string("HEADERS 1"));
    server.session.write(1, asBytes("hello"));
    QCOMPARE(server.output(), std::string("DATA 1 hello"));
    QCOMPARE(server.events(), std::string("Taken 1"));
    server.session.write(1, asBytes("bye"));
    server.session.finish(1, "x-sum: 7\r\n");
    QCOMPARE(server.output(), std::string("DATA 1 bye\nHEADERS 1 END"));
    QCOMPARE(server.events(), std::string("Taken 1\nClosed 1"));
}

void TestHttp2Session::sendsInterimHeads()
{
    Harness server;
    server.settle();
    server.receive(headers(1, get(), 0));
    server.answer(1, "HTTP/1.1 100 Continue\r\n\r\n", false);
    server.answer(1, "HTTP/1.1 103 Hints\r\nLink: </a>\r\n\r\n", false);
    server.answer(1, "HTTP/1.1 204 No\r\n\r\n", true);
    QCOMPARE(server.output(), std::string("HEADERS 1\nHEADERS 1\nHEADERS 1 END"));
}

void TestHttp2Session::anAnswerIsRidOfHttp1sOwn()
{
    // A client session reads what the server sent.
    Harness server;
    Harness client(Role::Client);
    http::RequestReader reader;
    http::RequestHead request;
    const std::string text = "GET /p HTTP/1.1\r\nHost: h.example\r\nConnection: X-Own, upgrade\r\n"
                             "X-Own: 1\r\nUpgrade: foo\r\nTE: trailers\r\nX-Kept: 2\r\n\r\n";
    QCOMPARE(reader.read(asBytes(text), request), http::ReadStatus::Complete);
    QVERIFY(client.session.request(request, true, nullptr));
    const std::string out = client.take();
    server.session.receive(asBytes(out), server.now);
    QCOMPARE(
        std::get<Head>(*server.session.nextEvent()).text,
        std::string("GET /p HTTP/1.1\r\nhost: h.example\r\nx-kept: 2\r\nte: trailers\r\n\r\n"));
    server.answer(1,
                  "HTTP/1.1 200 OK\r\nConnection: X-Mine\r\nX-Mine: 1\r\nKeep-Alive: 5\r\n"
                  "Transfer-Encoding: chunked\r\nSallyport-Error: forged\r\nX-Kept: 2\r\n\r\n",
                  false);
    const std::string back = server.take();
    client.session.receive(asBytes(back), client.now);
    QCOMPARE(std::get<Head>(*client.session.nextEvent()).text,
             std::string("HTTP/1.1 200 \r\nx-kept: 2\r\ntransfer-encoding: chunked\r\n\r\n"));
}

void TestHttp2Session::onlyTheRelaysOwnAnswerMaySayError()
{
    for (const bool own : {false, true}) {
        Harness server;
        Harness client(Role::Client);
        ask(client, Get, true);
        server.receive(client.take());
        server.answer(1, "HTTP/1.1 404 No\r\nSallyport-Error: x\r\nContent-Length: 0\r\n\r\n", true,
                      own);
        const std::string back = server.take();
        client.session.receive(asBytes(back), client.now);
        const std::string text = std::get<Head>(*client.session.nextEvent()).text;
        QCOMPARE(text.find("sallyport-error: x") != text.npos, own);
    }
}

void TestHttp2Session::creditGoesBackWhenTheReaderTookTheBytes()
{
    Config config;
    config.streamWindow = 1000;
    Harness server(Role::Server, config);
    server.settle();
    server.hold = true;
    server.receive(headers(1, get(), 0) + frame(DataFrame, 0, 1, std::string(900, 'x')));
    QCOMPARE(server.output(), std::string());
    server.session.consumed(1, 900);
    QCOMPARE(server.output(), std::string("WINDOW_UPDATE 1 +900"));
    // Beyond the window: the stream, or the connection, ends with FLOW_CONTROL_ERROR.
    server.receive(frame(DataFrame, 0, 1, std::string(1001, 'x')));
    QVERIFY(server.output().find("code=3") != std::string::npos);
}

void TestHttp2Session::streamsTakeTurns()
{
    Harness server;
    server.settle(1 << 20);
    // The first claims to come before all others.
    server.receive(headers(1, get(), EndStreamFlag) + headers(3, get(), EndStreamFlag) +
                   frame(PriorityFrame, 0, 3, u32(1) + '\xff') +
                   frame(WindowUpdateFrame, 0, 0, u32(1 << 20)));
    for (StreamId id : {1u, 3u}) {
        server.answer(id, "HTTP/1.1 200 OK\r\n\r\n", false);
        server.session.write(id, asBytes(std::string(48 * 1024, 'x')));
    }
    const std::string data = "DATA 1 16384 bytes\nDATA 3 16384 bytes\n";
    QCOMPARE(server.output() + "\n", "HEADERS 1\nHEADERS 3\n" + data + data + data);
}

void TestHttp2Session::aClosedWindowHoldsDataBack()
{
    Harness server;
    server.settle(10);
    server.receive(headers(1, get(), EndStreamFlag));
    server.answer(1, "HTTP/1.1 200 OK\r\n\r\n", false);
    server.session.write(1, asBytes("0123456789abcdef"));
    server.session.finish(1);
    QCOMPARE(server.output(), std::string("HEADERS 1\nDATA 1 0123456789"));
    QCOMPARE(server.session.queued(1), size_t(6));
    QCOMPARE(server.output(), std::string());
    server.receive(frame(WindowUpdateFrame, 0, 1, u32(2)));
    QCOMPARE(server.output(), std::string("DATA 1 ab"));
    server.receive(frame(WindowUpdateFrame, 0, 1, u32(20)));
    QCOMPARE(server.output(), std::string("DATA 1 END cdef"));
}

void TestHttp2Session::aSmallFirstWindowOpensBySettings()
{
    Harness server;
    server.settle(0);
    server.receive(headers(1, get(), EndStreamFlag));
    server.answer(1, "HTTP/1.1 200 OK\r\n\r\n", false);
    server.session.write(1, asBytes("abc"));
    QCOMPARE(server.output(), std::string("HEADERS 1"));
    server.receive(frame(SettingsFrame, 0, 0, std::string("\0\x04", 2) + u32(2)));
    QCOMPARE(server.output(), std::string("SETTINGS 0 ACK\nDATA 1 ab"));
}

void TestHttp2Session::aPeersResetIsTold()
{
    Harness server;
    server.settle();
    QCOMPARE(server.receive(headers(1, get(), 0) + frame(RstStreamFrame, 0, 1, u32(8))),
             std::string("Head 1\nReset 1 code=8 by peer"));
}

void TestHttp2Session::ownResetsLeaveNoEvent()
{
    Harness server;
    server.settle();
    server.receive(headers(1, get(), 0));
    server.session.reset(1, ErrorCode::Cancel);
    QCOMPARE(server.output(), std::string("RST_STREAM 1 code=8"));
    QCOMPARE(server.events(), std::string());
    QCOMPARE(server.session.streamCount(), size_t(0));
}

void TestHttp2Session::dataBehindAnOwnResetIsDropped()
{
    Config config;
    config.connectionWindow = 65535;
    Harness server(Role::Server, config);
    server.settle();
    server.receive(headers(1, get(), 0));
    server.session.reset(1, ErrorCode::Cancel);
    server.take();
    // What a client had under way; the connection's window opens again by itself.
    QCOMPARE(server.receive(frame(DataFrame, 0, 1, std::string(16384, 'x')) +
                            frame(DataFrame, 0, 1, std::string(16384, 'x'))),
             std::string());
    QVERIFY(!server.session.failed());
    QVERIFY(server.output().find("WINDOW_UPDATE 0") != std::string::npos);
}

void TestHttp2Session::aMalformedMessageEndsItsStreamAlone()
{
    Harness server;
    server.settle();
    Fields bad = get();
    bad.push_back({"host", "other.example"});
    QCOMPARE(server.receive(headers(1, bad, EndStreamFlag)), std::string());
    QCOMPARE(server.output(), std::string("RST_STREAM 1 code=1"));
    bad = get();
    bad.push_back({"transfer-encoding", "chunked"});
    server.receive(headers(3, bad, EndStreamFlag));
    QCOMPARE(server.output(), std::string("RST_STREAM 3 code=1"));
    // Less payload than announced.
    Fields lengthy = get();
    lengthy.push_back({"content-length", "5"});
    server.receive(headers(5, lengthy, 0) + frame(DataFrame, EndStreamFlag, 5, "abc"));
    QCOMPARE(server.output(), std::string("RST_STREAM 5 code=1"));
    QCOMPARE(server.events(), std::string("Reset 5 code=1"));
    QCOMPARE(server.receive(headers(7, get(), EndStreamFlag)), std::string("Head 7 ended"));
}

void TestHttp2Session::aHeadBeyondTheLimitIsTold()
{
    Config config;
    config.maxHead = 1000;
    Harness server(Role::Server, config);
    server.settle();
    Fields fields = get();
    fields.push_back({"x", std::string(2000, 'x')});
    QCOMPARE(server.receive(headers(1, fields, EndStreamFlag)),
             std::string("Head 1 ended fault=") + std::to_string(int(HeadFault::TooLarge)));
}

void TestHttp2Session::streamsBeyondTheLimitAreRefused()
{
    Config config;
    config.maxStreams = 2;
    const std::string three = headers(1, get(), EndStreamFlag) + headers(3, get(), EndStreamFlag) +
                              headers(5, get(), EndStreamFlag);
    // A client that cannot know the limit yet may send it again.
    Harness early(Role::Server, config);
    QCOMPARE(early.receive(std::string(Preface) + frame(SettingsFrame, 0, 0, "") + three),
             std::string("Head 1 ended\nHead 3 ended"));
    QVERIFY(early.output().find("RST_STREAM 5 code=7") != std::string::npos);
    QVERIFY(!early.session.failed());
    // One that has acknowledged it breaks the protocol.
    Harness server(Role::Server, config);
    server.settle();
    QCOMPARE(server.receive(three), std::string("Head 1 ended\nHead 3 ended"));
    QCOMPARE(server.output(), std::string("GOAWAY 0 last=3 code=1"));
    QCOMPARE(server.events(), std::string("Failed code=1"));
}

void TestHttp2Session::bytesThatAreNoPrefaceEndTheConnection()
{
    Harness server;
    QCOMPARE(server.receive("GET / HTTP/1.1\r\nHost: x\r\n\r\n......"),
             std::string("Failed code=1"));
}

void TestHttp2Session::eventsDoNotDependOnCuts()
{
    const std::string bytes = std::string(Preface) + frame(SettingsFrame, 0, 0, "") +
                              headers(1, get(), 0) + frame(DataFrame, 0, 1, "ab") +
                              headers(1, {{"x", "y"}}, EndStreamFlag) +
                              headers(3, get(), EndStreamFlag);
    Harness whole;
    const std::string expected = whole.receive(bytes);
    QCOMPARE(expected, std::string("Head 1\nData 1 ab\nEnded 1 x: y\r\n\nHead 3 ended"));
    Harness cut;
    std::string events;
    for (char c : bytes) {
        const std::string line = cut.receive(std::string_view(&c, 1));
        if (line.empty())
            continue;
        events += (events.empty() ? "" : "\n") + line;
    }
    QCOMPARE(events, std::string("Head 1\nData 1 a\nData 1 b\nEnded 1 x: y\r\n\nHead 3 ended"));
}

void TestHttp2Session::goAwayLetsStreamsEnd()
{
    Harness server;
    server.settle();
    server.receive(headers(1, get(), EndStreamFlag));
    server.session.beginGoAway();
    QCOMPARE(server.output(), std::string("GOAWAY 0 last=2147483647 code=0"));
    QCOMPARE(server.receive(headers(3, get(), EndStreamFlag)), std::string("Head 3 ended"));
    server.session.finishGoAway();
    QCOMPARE(server.output(), std::string("GOAWAY 0 last=3 code=0"));
    QCOMPARE(server.receive(headers(5, get(), EndStreamFlag)), std::string());
    QVERIFY(!server.session.done());
    for (StreamId id : {1u, 3u})
        server.answer(id, "HTTP/1.1 204 No\r\n\r\n", true);
    QCOMPARE(server.output(), std::string("HEADERS 1 END\nHEADERS 3 END"));
    QVERIFY(server.session.done());
}

void TestHttp2Session::aClientAsksAndHearsTheAnswer()
{
    Harness client(Role::Client);
    client.settle();
    QCOMPARE(ask(client, Post, false), std::optional<StreamId>(1));
    client.session.write(1, asBytes("abc"));
    client.session.finish(1, "x-sum: 1\r\n");
    QCOMPARE(client.output(), std::string("HEADERS 1\nDATA 1 abc\nHEADERS 1 END"));
    QCOMPARE(client.events(), std::string("Taken 1"));
    QCOMPARE(client.receive(headers(1, {{":status", "200"}}, 0) +
                            frame(DataFrame, EndStreamFlag, 1, "xyz")),
             std::string("Head 1\nData 1 xyz\nEnded 1\nClosed 1"));
}

void TestHttp2Session::aClientHearsTrailersAndInterims()
{
    Harness client(Role::Client);
    client.settle();
    ask(client, Get, true);
    client.take();
    QCOMPARE(client.receive(headers(1, {{":status", "103"}}, 0) +
                            headers(1, {{":status", "200"}}, 0) +
                            headers(1, {{"grpc-status", "5"}}, EndStreamFlag)),
             std::string("Head 1\nHead 1\nEnded 1 grpc-status: 5\r\n\nClosed 1"));
}

void TestHttp2Session::aClientKeepsToThePeersLimit()
{
    Harness client(Role::Client);
    client.settle(65535, 2);
    QVERIFY(client.session.settled());
    QVERIFY(ask(client, Get, true));
    QVERIFY(ask(client, Get, true));
    QVERIFY(!ask(client, Get, true));
}

void TestHttp2Session::aClientWithAGoingPeerTakesNoMore()
{
    Harness client(Role::Client);
    client.settle();
    ask(client, Get, true);
    ask(client, Get, true);
    client.take();
    QCOMPARE(client.receive(frame(GoAwayFrame, 0, 0, u32(1) + u32(0))),
             std::string("GoAway code=0\nReset 3 code=7 by peer"));
    QVERIFY(!ask(client, Get, true));
    QVERIFY(!client.session.done());
    client.receive(headers(1, {{":status", "204"}}, EndStreamFlag));
    QVERIFY(client.session.done());
}

void TestHttp2Session::movesBetweenPools()
{
    Harness server;
    server.settle();
    server.receive(headers(1, get(), EndStreamFlag));
    QVERIFY(server.session.movable());
    BufferPool other;
    server.session.moveTo(other);
    server.answer(1, "HTTP/1.1 200 OK\r\n\r\n", false);
    server.session.write(1, asBytes("abc"));
    QVERIFY(!server.session.movable());
    server.session.finish(1);
    QCOMPARE(server.output(), std::string("HEADERS 1\nDATA 1 END abc"));
}

QTEST_APPLESS_MAIN(TestHttp2Session)
#include "tst_http2_session.moc"
