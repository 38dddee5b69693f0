#include <sallyport/tls/sniff.h>

#include <QTest>

using namespace sallyport;
using namespace sallyport::tls;

class TestSniff : public QObject
{
    Q_OBJECT

private slots:
    void tellsByTheFirstBytes_data();
    void tellsByTheFirstBytes();
    void neverContradictsItself_data();
    void neverContradictsItself();
};

static void addBeginnings()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<Sniff>("expected");
    QTest::newRow("nothing") << QByteArray() << Sniff::NeedMore;
    QTest::newRow("handshake") << QByteArray("\x16\x03\x01\x02\x00") << Sniff::Tls;
    QTest::newRow("half of it") << QByteArray("\x16") << Sniff::NeedMore;
    QTest::newRow("another version") << QByteArray("\x16\x02\x01") << Sniff::Other;
    QTest::newRow("GET") << QByteArray("GET / HTTP/1.1\r\n") << Sniff::Http;
    QTest::newRow("one letter") << QByteArray("G") << Sniff::NeedMore;
    QTest::newRow("three letters") << QByteArray("GET") << Sniff::NeedMore;
    QTest::newRow("OPTIONS") << QByteArray("OPTIONS * HTTP/1.1\r\n") << Sniff::Http;
    QTest::newRow("PROPPATCH") << QByteArray("PROPPATCH / HTTP/1.1\r\n") << Sniff::Http;
    QTest::newRow("HTTP/2") << QByteArray("PRI * HTTP/2.0\r\n") << Sniff::Http;
    QTest::newRow("answer") << QByteArray("HTTP/1.1 200 OK\r\n") << Sniff::Http;
    QTest::newRow("HEAD is no answer") << QByteArray("HEAD / HTTP/1.1\r\n") << Sniff::Http;
    QTest::newRow("lower case") << QByteArray("get / HTTP/1.1\r\n") << Sniff::Other;
    QTest::newRow("SSH") << QByteArray("SSH-2.0-x") << Sniff::Other;
    QTest::newRow("yamux") << QByteArray("\0\0\0\1", 4) << Sniff::Other;
    QTest::newRow("space first") << QByteArray(" GET / HTTP/1.1") << Sniff::Other;
}

void TestSniff::tellsByTheFirstBytes_data()
{
    addBeginnings();
}

void TestSniff::tellsByTheFirstBytes()
{
    QFETCH(QByteArray, bytes);
    QFETCH(Sniff, expected);
    QCOMPARE(sniff(asBytes(std::string_view(bytes.data(), static_cast<size_t>(bytes.size())))),
             expected);
}

void TestSniff::neverContradictsItself_data()
{
    addBeginnings();
}

// Fewer bytes give the same answer or none.
void TestSniff::neverContradictsItself()
{
    QFETCH(QByteArray, bytes);
    QFETCH(Sniff, expected);
    for (qsizetype n = 0; n < bytes.size(); ++n) {
        const Sniff early = sniff(asBytes(std::string_view(bytes.data(), static_cast<size_t>(n))));
        QVERIFY(early == expected || early == Sniff::NeedMore);
    }
}

QTEST_APPLESS_MAIN(TestSniff)
#include "tst_sniff.moc"
