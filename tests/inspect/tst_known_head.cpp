// Which heads need not be read again.
#include "known_head.h"

#include <QTest>

using sallyport::inspect::KnownHead;

namespace {

std::string head(const std::string& id, const std::string& path = "/a")
{
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\nX-Request-Id: " + id +
           "\r\nAccept: */*\r\n\r\n";
}

class TestKnownHead : public QObject
{
    Q_OBJECT

private slots:
    void knowsNothingAtFirst() { QVERIFY(!KnownHead().begins(head("1"))); }

    void knowsAHeadWhateverItsRequestId()
    {
        KnownHead known;
        known.remember(head("0001"), true);
        QVERIFY(known.begins(head("0001")));
        QVERIFY(known.begins(head("9f3a") + "the body"));
    }

    void knowsAHeadWithoutAnId()
    {
        const std::string plain = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        KnownHead known;
        known.remember(plain, true);
        QVERIFY(known.begins(plain));
        QVERIFY(!known.begins("GET / HTTP/1.1\r\nHost: b\r\n\r\n"));
        QVERIFY(!known.begins(plain.substr(0, plain.size() - 1)));
    }

    void readsWhatDiffersElsewhere()
    {
        KnownHead known;
        known.remember(head("0001"), true);
        QVERIFY(!known.begins(head("0001", "/b")));
        QVERIFY(!known.begins(head("00012")));
        QVERIFY(!known.begins(head("001")));
        std::string longer = head("0001");
        longer.insert(longer.size() - 2, "Upgrade: websocket\r\n");
        QVERIFY(!known.begins(longer));
    }

    void letsNoLineHideInAnId()
    {
        KnownHead known;
        known.remember(head("0001-0002"), true);
        QVERIFY(!known.begins(head("0\r\nTE: x")));
        QVERIFY(!known.begins(head("0001 0002")));
        QVERIFY(!known.begins(head(std::string("0001\0"
                                               "0002",
                                               9))));
    }

    void forgetsWhereTheNextMeansSomethingElse()
    {
        KnownHead known;
        known.remember(head("0001"), true);
        known.remember(head("0001"), false);
        QVERIFY(!known.begins(head("0001")));
    }

    void keepsNoHeadOverTheLimit()
    {
        const std::string at =
            head("0001", "/" + std::string(KnownHead::Limit - head("0001", "/").size(), 'x'));
        KnownHead known;
        known.remember(at, true);
        QVERIFY(known.begins(at));
        const std::string over =
            head("0001", "/x" + std::string(KnownHead::Limit - head("0001", "/").size(), 'x'));
        known.remember(over, true);
        QVERIFY(!known.begins(over));
    }
};

} // namespace

QTEST_APPLESS_MAIN(TestKnownHead)
#include "tst_known_head.moc"
