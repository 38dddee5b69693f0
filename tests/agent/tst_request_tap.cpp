// The tap that notes requests: bytes of both directions in, records out.
#include "request_tap.h"

#include <QTest>

using namespace sallyport;
using namespace sallyport::agent;

class TestRequestTap : public QObject
{
    Q_OBJECT

    struct Tapped
    {
        RequestLog log{10, [this] { ++changes; }};
        RequestTap tap{log, "web"};
        int changes = 0;

        void in(std::string_view text) { tap.bytesToSocket(asBytes(text)); }
        void out(std::string_view text) { tap.bytesFromSocket(asBytes(text)); }
        RequestRecord record(size_t i) const { return log.records().at(i); }
        size_t count() const { return log.records().size(); }
    };

private slots:
    void notesARequestAndItsAnswer()
    {
        Tapped t;
        t.in("GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n");
        QCOMPARE(t.count(), size_t(1));
        QCOMPARE(t.record(0).status, 0u);
        t.out("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        QCOMPARE(t.record(0).method, std::string("GET"));
        QCOMPARE(t.record(0).path, std::string("/a?b=c"));
        QCOMPARE(t.record(0).tunnel, std::string("web"));
        QCOMPARE(t.record(0).status, 200u);
        QCOMPARE(t.changes, 2);
    }

    void followsAConnectionThatIsKept_data()
    {
        QTest::addColumn<int>("piece");
        for (const int piece : {1, 2, 7, 100000})
            QTest::addRow("%d bytes at a time", piece) << piece;
    }
    void followsAConnectionThatIsKept()
    {
        QFETCH(int, piece);
        const std::string in = "POST /one HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                               "3\r\nabc\r\n0\r\n\r\n"
                               "HEAD /two HTTP/1.1\r\nHost: x\r\n\r\n"
                               "PUT /three HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nGET /";
        const std::string out = "HTTP/1.1 100 Continue\r\n\r\n"
                                "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n"
                                "2\r\nok\r\n0\r\n\r\n"
                                "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
                                "HTTP/1.1 204 No Content\r\n\r\n";
        Tapped t;
        for (size_t i = 0; i < in.size(); i += size_t(piece))
            t.in(std::string_view(in).substr(i, size_t(piece)));
        for (size_t i = 0; i < out.size(); i += size_t(piece))
            t.out(std::string_view(out).substr(i, size_t(piece)));
        QCOMPARE(t.count(), size_t(3));
        QCOMPARE(t.record(0).path + t.record(1).path + t.record(2).path,
                 std::string("/one/two/three"));
        QCOMPARE(t.record(0).status, 201u);
        QCOMPARE(t.record(1).status, 200u);
        QCOMPARE(t.record(2).status, 204u);
    }

    void looksNoFurtherAfterAnUpgrade()
    {
        Tapped t;
        t.in("GET /ws HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
        t.out("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: "
              "websocket\r\n\r\n");
        QCOMPARE(t.record(0).status, 101u);
        t.in("GET /not-a-request HTTP/1.1\r\nHost: x\r\n\r\n");
        QCOMPARE(t.count(), size_t(1));
    }

    void leavesWhatIsNoHttpAlone()
    {
        Tapped t;
        t.in("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        t.out("nonsense");
        t.in("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        QCOMPARE(t.count(), size_t(0));
    }

    void holdsNoMoreOfAHeadThanItsLimit()
    {
        Tapped t;
        t.in("GET / HTTP/1.1\r\nHost: x\r\nX: ");
        const std::string block(1024, 'a');
        for (size_t i = 0; i < 2 * RequestTap::HeadLimit; i += block.size())
            t.in(block);
        t.in("\r\n\r\n");
        QCOMPARE(t.count(), size_t(0));
    }

    void givesUpWhenTooManyRequestsHaveNoAnswer()
    {
        Tapped t;
        for (size_t i = 0; i < RequestTap::MaxOutstanding + 5; ++i)
            t.in("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        t.out("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        for (const RequestRecord& record : t.log.records())
            QCOMPARE(record.status, 0u);
    }

    void remembersAtMostTheRingsLength()
    {
        Tapped t;
        for (int i = 0; i < 15; ++i) {
            t.in("GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n");
            t.out("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        }
        QCOMPARE(t.count(), size_t(10));
        QCOMPARE(t.record(0).path, std::string("/5"));
        t.log.answer(1, 500, std::chrono::microseconds(1)); // has left the ring
        QCOMPARE(t.record(0).status, 200u);
    }

    void cutsLongPaths()
    {
        Tapped t;
        t.in("GET /" + std::string(2000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n");
        QCOMPARE(t.record(0).path.size(), RequestLog::MaxPath);
    }
};

QTEST_APPLESS_MAIN(TestRequestTap)
#include "tst_request_tap.moc"
