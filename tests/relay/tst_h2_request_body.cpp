#include "visitors/h2_request_body.h"

#include <QTest>

using namespace sallyport;
using namespace sallyport::relay;

class TestH2RequestBody : public QObject
{
    Q_OBJECT

    BufferPool m_pool;

    H2RequestBody body(std::string_view data = {}, bool ended = false)
    {
        return H2RequestBody(m_pool, data, ended, {});
    }
    // All that next() gives.
    static std::string framed(H2RequestBody& body, size_t room = 1000)
    {
        std::string text;
        while (auto piece = body.next(room)) {
            text += piece->before;
            text += asText(piece->data.view());
            text += piece->after;
        }
        return text;
    }

private slots:
    void passesABodyOfKnownLengthOnAsItIs()
    {
        H2RequestBody body = this->body();
        body.append(asBytes("hello"));
        QCOMPARE(framed(body), std::string("hello"));
        body.append(asBytes(" world"));
        body.end({});
        QCOMPARE(framed(body), std::string(" world"));
        QVERIFY(!body.next(1000));
    }

    void framesChunksAndTheEndWithItsTrailers()
    {
        H2RequestBody body = this->body();
        body.useChunks(true);
        body.append(asBytes("seventeen bytes !"));
        QCOMPARE(framed(body), std::string("11\r\nseventeen bytes !\r\n"));
        QVERIFY(!body.next(1000)); // more may come
        body.end("sum: 1\r\n");
        QCOMPARE(framed(body), std::string("0\r\nsum: 1\r\n\r\n"));
        QVERIFY(!body.next(1000)); // the end is said once
    }

    void givesNoMoreThanThereIsRoomFor()
    {
        H2RequestBody body = this->body("abcdefgh", true);
        body.useChunks(true);
        QCOMPARE(framed(body, 5), std::string("5\r\nabcde\r\n3\r\nfgh\r\n0\r\n\r\n"));
    }

    void holdsWhatHasNoRoom()
    {
        H2RequestBody body = this->body("abc");
        body.append(asBytes("def"));
        QCOMPARE(body.size(), size_t(6));
        body.consume(2);
        QCOMPARE(body.peekText(), std::string("cdef"));
        body.clear();
        QVERIFY(body.empty());
        QVERIFY(!body.hasEnded());
    }
};

QTEST_APPLESS_MAIN(TestH2RequestBody)
#include "tst_h2_request_body.moc"
