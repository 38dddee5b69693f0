// Bytes of recorded connections -> events, however they are cut.
#include "event_stream_reader.h"
#include "exchange_reader.h"
#include "message_inflater.h"

#include <QTest>

#include <map>

using namespace sallyport;
using namespace sallyport::inspect;

namespace {

// One piece of a conversation.
struct Say
{
    bool visitor;
    std::string bytes;
};

// What came of an exchange, as text.
struct Seen
{
    std::map<uint32_t, std::string> exchanges;

    void take(ExchangeReader& reader)
    {
        for (const ExchangeEvent& event : reader.events()) {
            std::string& text = exchanges[event.exchange];
            if (const auto* begun = std::get_if<Begun>(&event.what))
                text += begun->http ? begun->head.substr(0, begun->head.find(" HTTP"))
                                    : std::string_view("bytes");
            else if (const auto* piece = std::get_if<BodyPiece>(&event.what))
                body(text, *piece);
            else if (const auto* answered = std::get_if<Answered>(&event.what))
                text += " -> " + std::to_string(answered->status);
            else if (const auto* seen = std::get_if<MessageSeen>(&event.what))
                text += (seen->direction == Message::Direction::FromVisitor ? " >" : " <") +
                        std::to_string(int(seen->kind)) + std::string(seen->data);
            else if (const auto* ended = std::get_if<Ended>(&event.what))
                text += " " + std::string(toText(ended->outcome)) + " " +
                        std::to_string(ended->requestBytes) + "/" +
                        std::to_string(ended->responseBytes) +
                        (ended->trailers.empty() ? "" : " trailers");
        }
        reader.clearEvents();
    }

    void body(std::string& text, const BodyPiece& piece)
    {
        const std::string mark = piece.side == Side::Request ? " up:" : " down:";
        if (piece.offset == 0)
            text += mark;
        text += piece.bytes;
    }
};

Seen run(const std::vector<Say>& conversation, size_t step, Outcome end = Outcome::Done)
{
    ExchangeReader reader(1024 * 1024);
    Seen seen;
    const TimePoint now{};
    for (const Say& say : conversation) {
        for (size_t at = 0; at < say.bytes.size(); at += step) {
            const ByteView bytes = asBytes(std::string_view(say.bytes).substr(at, step));
            if (say.visitor)
                reader.fromVisitor(bytes, now);
            else
                reader.fromUpstream(bytes, now);
            seen.take(reader);
        }
    }
    reader.ended(end, {}, now);
    seen.take(reader);
    return seen;
}

std::string frame(uint8_t first, const std::string& payload, bool masked)
{
    std::string bytes(1, char(first));
    bytes.push_back(char(payload.size() | (masked ? 0x80 : 0)));
    if (!masked)
        return bytes + payload;
    const std::string mask = "\x11\x22\x33\x44";
    bytes += mask;
    for (size_t i = 0; i < payload.size(); ++i)
        bytes.push_back(char(payload[i] ^ mask[i % 4]));
    return bytes;
}

const std::string WebSocketAnswer =
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
const std::string WebSocketRequest =
    "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

} // namespace

class TestExchangeReader : public QObject
{
    Q_OBJECT

private slots:
    void readsConversationsHoweverTheyAreCut_data()
    {
        QTest::addColumn<std::vector<Say>>("conversation");
        QTest::addColumn<std::vector<std::string>>("expected");
        const auto row = [](const char* name, const std::vector<Say>& conversation,
                            const std::vector<std::string>& expected) {
            QTest::newRow(name) << conversation << expected;
        };
        row("keep-alive with bodies",
            {{true, "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"},
             {false, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"},
             {true, "GET /b HTTP/1.1\r\nHost: a\r\n\r\n"},
             {false, "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nxyz\r\n0\r\n"
                     "T: 1\r\n\r\n"}},
            {"POST /a up:abc -> 200 down:hello done 3/5",
             "GET /b -> 404 down:xyz done 0/3 trailers"});
        row("the same heads again, and as the answer to another method",
            {{true, "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"},
             {false, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"},
             {true, "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"},
             {false, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nho"},
             {true, "HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n"},
             {false, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"},
             {true, "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"},
             {false, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
                     "he"}},
            {"GET /a -> 200 down:hi done 0/2", "GET /a -> 200 down:ho done 0/2",
             "HEAD /a -> 200 done 0/0", "GET /a -> 200 down:he done 0/2"});
        row("the same heads but for the request's id",
            {{true,
              "POST /a HTTP/1.1\r\nHost: a\r\nX-Request-Id: 0001\r\nContent-Length: 1\r\n\r\nx"},
             {false, "HTTP/1.1 204 No Content\r\n\r\n"},
             {true,
              "POST /a HTTP/1.1\r\nHost: a\r\nX-Request-Id: 0002\r\nContent-Length: 1\r\n\r\ny"},
             {false, "HTTP/1.1 204 No Content\r\n\r\n"},
             {true,
              "POST /a HTTP/1.1\r\nHost: a\r\nX-Request-Id: 0003\r\nContent-Length: 2\r\n\r\nzz"},
             {false, "HTTP/1.1 204 No Content\r\n\r\n"}},
            {"POST /a up:x -> 204 done 1/0", "POST /a up:y -> 204 done 1/0",
             "POST /a up:zz -> 204 done 2/0"});
        row("pipelining",
            {{true, "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nHEAD /2 HTTP/1.1\r\nHost: a\r\n\r\n"
                    "GET /3 HTTP/1.1\r\nHost: a\r\n\r\n"},
             {false, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1HTTP/1.1 200 OK\r\n"
                     "Content-Length: 9\r\n\r\nHTTP/1.1 304 Not Modified\r\n\r\n"}},
            {"GET /1 -> 200 down:1 done 0/1", "HEAD /2 -> 200 done 0/0", "GET /3 -> 304 done 0/0"});
        row("interim answers",
            {{true,
              "PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"},
             {false, "HTTP/1.1 100 Continue\r\n\r\n"},
             {true, "ok"},
             {false, "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"}},
            {"PUT / up:ok -> 204 done 2/0"});
        row("a body until the end",
            {{true, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"},
             {false, "HTTP/1.1 200 OK\r\n\r\nall of it"}},
            {"GET / -> 200 down:all of it done 0/9"});
        row("no answer", {{true, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"}},
            {"GET / upstream_failed 0/0"});
        row("an answer that breaks off",
            {{true, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"},
             {false, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"}},
            {"GET / -> 200 down:half upstream_failed 0/4"});
        row("an answer that is none",
            {{true, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"}, {false, "SSH-2.0-x\r\n\r\n"}},
            {"GET / upstream_failed 0/0"});
        row("HTTP/2", {{true, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"}, {false, "12345"}},
            {"bytes done 24/5"});
        row("a WebSocket",
            {{true, WebSocketRequest},
             {false, WebSocketAnswer + frame(0x81, "hi", false)},
             {true, frame(0x01, "he", true) + frame(0x89, "p", true) + frame(0x80, "llo", true)},
             {false, frame(0x88, "\x03\xe8", false)}},
            {"GET /chat -> 101 <0hi >2p >0hello <4\x03\xe8 done 24/8"});
        row("an upgrade that is declined",
            {{true, WebSocketRequest + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n"},
             {false, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 201 Created\r\n"
                     "Content-Length: 0\r\n\r\n"}},
            {"GET /chat -> 200 done 0/0", "GET /next -> 201 done 0/0"});
        row("another protocol",
            {{true, "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: raw\r\n\r\n"},
             {false, "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: raw\r\n"
                     "\r\nabc"},
             {true, "12"}},
            {"GET / -> 101 done 2/3"});
    }

    void readsConversationsHoweverTheyAreCut()
    {
        QFETCH(std::vector<Say>, conversation);
        QFETCH(std::vector<std::string>, expected);
        for (size_t step : {size_t(1), size_t(2), size_t(3), size_t(7), size_t(100'000)}) {
            const Seen seen = run(conversation, step);
            QCOMPARE(seen.exchanges.size(), expected.size());
            for (size_t i = 0; i < expected.size(); ++i)
                QCOMPARE(seen.exchanges.at(uint32_t(i)), expected[i]);
        }
    }

    void splitsAtEveryPosition()
    {
        const std::string request = "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                                    "chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
        for (size_t cut = 0; cut <= request.size(); ++cut) {
            const Seen seen = run({{true, request.substr(0, cut)},
                                   {true, request.substr(cut)},
                                   {false, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}},
                                  100'000);
            QCOMPARE(seen.exchanges.size(), size_t(1));
            QCOMPARE(seen.exchanges.at(0), std::string("POST /a up:abc -> 200 done 3/0"));
        }
    }

    void marksWhatTheVisitorLeft()
    {
        const Seen seen =
            run({{true, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"}}, 100, Outcome::VisitorLeft);
        QCOMPARE(seen.exchanges.at(0), std::string("GET / visitor_left 0/0"));
    }

    void keepsNoMoreOfABodyThanItsLimit()
    {
        ExchangeReader reader(10);
        reader.fromVisitor(asBytes("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 40\r\n\r\n"), {});
        for (int i = 0; i < 10; ++i)
            reader.fromVisitor(asBytes("abcd"), {});
        reader.fromUpstream(asBytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), {});
        Seen seen;
        seen.take(reader);
        QCOMPARE(seen.exchanges.at(0), std::string("POST / up:abcdabcdab -> 200 done 40/0"));
    }

    void followsNoMoreRequestsThanItsLimit()
    {
        ExchangeReader reader(10);
        for (size_t i = 0; i <= ExchangeReader::MaxOpen; ++i)
            reader.fromVisitor(asBytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), {});
        Seen seen;
        seen.take(reader);
        QCOMPARE(seen.exchanges.size(), ExchangeReader::MaxOpen + 1);
        QCOMPARE(seen.exchanges.rbegin()->second, std::string("bytes"));
        reader.ended(Outcome::Interrupted, {}, {});
        QVERIFY(reader.isIdle());
    }

    void holdsNoMoreOfAHeadThanItsLimit()
    {
        ExchangeReader reader(10);
        reader.fromVisitor(asBytes("GET / HTTP/1.1\r\nHost: a\r\nX: "), {});
        const std::string block(8192, 'x');
        for (int i = 0; i < 20; ++i)
            reader.fromVisitor(asBytes(block), {});
        Seen seen;
        seen.take(reader);
        QCOMPARE(seen.exchanges.at(0), std::string("bytes"));
    }

    void tellsProgressOncePerSecond()
    {
        ExchangeReader reader(10);
        const TimePoint begun{};
        reader.countOnly(begun);
        for (int i = 0; i < 50; ++i)
            reader.fromVisitor(asBytes("0123456789"), begun + std::chrono::milliseconds(100 * i));
        int told = 0;
        for (const ExchangeEvent& event : reader.events())
            told += std::holds_alternative<Progress>(event.what);
        QCOMPARE(told, 4);
    }

    void cutsALongMessageAndCountsItAll()
    {
        WebSocketReader reader;
        std::string bytes("\x82\x7f\x00\x00\x00\x00\x00\x02\x00\x00", 10);
        bytes += std::string(0x20000, 'm');
        std::vector<WebSocketReader::Found> found;
        reader.read(asBytes(bytes), found);
        QCOMPARE(found.size(), size_t(1));
        QCOMPARE(found[0].size, uint64_t(0x20000));
        QCOMPARE(found[0].data.size(), WebSocketReader::DataLimit);
    }

    void undoesCompressedMessagesWithTheirCommonWindow()
    {
        // RFC 7692 section 7.2.3.2: "Hello" twice; the second refers to the first.
        MessageInflater inflater;
        uint64_t size = 0;
        QCOMPARE(*inflater.inflate(std::string("\xf2\x48\xcd\xc9\xc9\x07\x00", 7), 100, size),
                 std::string("Hello"));
        QCOMPARE(*inflater.inflate(std::string("\xf2\x00\x11\x00\x00", 5), 100, size),
                 std::string("Hello"));
        inflater.giveUp();
        QVERIFY(!inflater.inflate(std::string("\xf2\x00\x11\x00\x00", 5), 100, size));
    }

    void readsServerSentEvents()
    {
        const std::string stream =
            ": hi\n\nevent: tick\ndata: 1\ndata: 2\n\ndata:x\r\n\r\nid: 7\n\ndata: unfinished";
        for (size_t step = 1; step < stream.size(); ++step) {
            EventStreamReader reader;
            std::vector<Message> found;
            for (size_t at = 0; at < stream.size(); at += step)
                reader.read(std::string_view(stream).substr(at, step), found);
            QCOMPARE(found.size(), size_t(2));
            QCOMPARE(found[0].event, std::string("tick"));
            QCOMPARE(found[0].data, std::string("1\n2"));
            QCOMPARE(found[1].data, std::string("x"));
        }
    }
};

QTEST_APPLESS_MAIN(TestExchangeReader)
#include "tst_exchange_reader.moc"
