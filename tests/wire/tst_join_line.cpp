#include <sallyport/wire/join_line.h>
#include <sallyport/wire/messages.h>

#include <QTest>

using namespace sallyport;
using namespace sallyport::wire;

class TestJoinLine : public QObject
{
    Q_OBJECT

private slots:
    void readsALineWithEverything();
    void readsTheShortestLine();
    void forgivesBlanksAroundTheLine();
    void readsHostsOfEveryForm_data();
    void readsHostsOfEveryForm();
    void survivesTheRoundTrip();
    void refusesBadLines_data();
    void refusesBadLines();
    void errorsNeverRepeatTheToken();
    void pinsSurviveTheRoundTrip();
    void refusesWhatIsNoPin_data();
    void refusesWhatIsNoPin();
};

namespace {

const std::string PinText = "sha256:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

SpkiPin samplePin()
{
    SpkiPin pin;
    for (size_t i = 0; i < pin.sha256.size(); ++i)
        pin.sha256[i] = static_cast<std::byte>(i);
    return pin;
}

} // namespace

void TestJoinLine::readsALineWithEverything()
{
    const auto line =
        parseJoinLine("sallyport://spt_a-B_9.~@Tunnel.Example.com:7443?pin=" + PinText);
    QVERIFY(line.ok());
    QCOMPARE(line.value().token.reveal(), "spt_a-B_9.~");
    QCOMPARE(line.value().host, "tunnel.example.com");
    QCOMPARE(line.value().port, uint16_t(7443));
    QVERIFY(line.value().pin == samplePin());
}

void TestJoinLine::readsTheShortestLine()
{
    const auto line = parseJoinLine("sallyport://t@h");
    QVERIFY(line.ok());
    QCOMPARE(line.value().port, DefaultAgentPort);
    QVERIFY(!line.value().pin);
}

void TestJoinLine::forgivesBlanksAroundTheLine()
{
    QCOMPARE(parseJoinLine("  sallyport://t@h:1/\r\n").value().port, uint16_t(1));
}

void TestJoinLine::readsHostsOfEveryForm_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("host");
    const auto row = [](const char* text, const char* host) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(host);
    };
    row("localhost", "localhost");
    row("127.0.0.1", "127.0.0.1");
    row("[::1]", "::1");
    row("[::]", "::");
    row("[2001:db8::7]", "2001:db8::7");
    row("[1:2:3:4:5:6:7:8]", "1:2:3:4:5:6:7:8");
    row("[::ffff:192.0.2.1]", "::ffff:192.0.2.1");
    row("[1:2:3:4:5:6:192.0.2.1]", "1:2:3:4:5:6:192.0.2.1");
}

void TestJoinLine::readsHostsOfEveryForm()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, host);
    for (const char* port : {"", ":7001"}) {
        const auto line = parseJoinLine("sallyport://t@" + text.toStdString() + port);
        QVERIFY(line.ok());
        QCOMPARE(line.value().host, host.toStdString());
    }
}

void TestJoinLine::survivesTheRoundTrip()
{
    const std::string text = "sallyport://spt_x@[2001:db8::1]:7000?pin=" + PinText;
    QCOMPARE(formatJoinLine(parseJoinLine(text).value()), text);
    QCOMPARE(formatJoinLine(parseJoinLine("sallyport://t@h").value()), "sallyport://t@h:7000");
}

void TestJoinLine::refusesBadLines_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("error");
    const auto row = [](const char* text, JoinLineError error) {
        QTest::newRow(text) << QByteArray(text) << static_cast<int>(error);
    };
    row("", JoinLineError::BadScheme);
    row("spt_token", JoinLineError::BadScheme);
    row("https://t@h:7000", JoinLineError::BadScheme);
    row("SALLYPORT://t@h", JoinLineError::BadScheme);
    row("sallyport://", JoinLineError::MissingToken);
    row("sallyport://host:7000", JoinLineError::MissingToken);
    row("sallyport://@host:7000", JoinLineError::MissingToken);
    row("sallyport://a:b@h", JoinLineError::BadToken);
    row("sallyport://a b@h", JoinLineError::BadToken);
    row("sallyport://a%20@h", JoinLineError::BadToken);
    row("sallyport://t@", JoinLineError::BadHost);
    row("sallyport://t@u@h", JoinLineError::BadHost);
    row("sallyport://t@a_b", JoinLineError::BadHost);
    row("sallyport://t@*.acme.org", JoinLineError::BadHost);
    row("sallyport://t@999.0.0.1", JoinLineError::BadHost);
    row("sallyport://t@127.0.0.01", JoinLineError::BadHost);
    row("sallyport://t@[::1", JoinLineError::BadHost);
    row("sallyport://t@[]", JoinLineError::BadHost);
    row("sallyport://t@[1::2::3]", JoinLineError::BadHost);
    row("sallyport://t@[1:2:3:4:5:6:7]", JoinLineError::BadHost);
    row("sallyport://t@[1:2:3:4:5:6:7:8:9]", JoinLineError::BadHost);
    row("sallyport://t@[1:2:3:4::5:6:7:8]", JoinLineError::BadHost);
    row("sallyport://t@[12345::]", JoinLineError::BadHost);
    row("sallyport://t@[::1.2.3]", JoinLineError::BadHost);
    row("sallyport://t@[1.2.3.4::]", JoinLineError::BadHost);
    row("sallyport://t@[fe80::1%eth0]", JoinLineError::BadHost);
    row("sallyport://t@[::1]x", JoinLineError::BadPort);
    row("sallyport://t@::1", JoinLineError::BadHost);
    row("sallyport://t@h:", JoinLineError::BadPort);
    row("sallyport://t@h:0", JoinLineError::BadPort);
    row("sallyport://t@h:65536", JoinLineError::BadPort);
    row("sallyport://t@h:+7", JoinLineError::BadPort);
    row("sallyport://t@h:7000x", JoinLineError::BadPort);
    row("sallyport://t@h/path", JoinLineError::BadHost);
    row("sallyport://t@h?pin=", JoinLineError::BadPin);
    row("sallyport://t@h?pin=sha1:AAAA", JoinLineError::BadPin);
    row("sallyport://t@h?Pin=x", JoinLineError::UnknownOption);
    row("sallyport://t@h?x=1", JoinLineError::UnknownOption);
    const std::string pin = "pin=" + PinText;
    QTest::newRow("two pins") << QByteArray::fromStdString("sallyport://t@h?" + pin + '&' + pin)
                              << static_cast<int>(JoinLineError::BadPin);
    QTest::newRow("endless") << "sallyport://" + QByteArray(MessageLimits::Token + 2000, 'x') + "@h"
                             << static_cast<int>(JoinLineError::TooLong);
}

void TestJoinLine::refusesBadLines()
{
    QFETCH(QByteArray, text);
    QFETCH(int, error);
    const auto line = parseJoinLine(text.toStdString());
    QVERIFY(!line);
    QCOMPARE(static_cast<int>(line.error()), error);
}

void TestJoinLine::errorsNeverRepeatTheToken()
{
    const auto line = parseJoinLine("sallyport://spt_secret@h:bad");
    QVERIFY(describe(line.error()).find("spt_") == std::string_view::npos);
    QCOMPARE(describe(line.error()), "the port is not a number from 1 to 65535");
}

void TestJoinLine::pinsSurviveTheRoundTrip()
{
    QCOMPARE(samplePin().toString(), PinText);
    QVERIFY(SpkiPin::fromString(PinText) == samplePin());
}

void TestJoinLine::refusesWhatIsNoPin_data()
{
    QTest::addColumn<QByteArray>("text");
    const QByteArray pin = QByteArray::fromStdString(PinText);
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no prefix") << pin.mid(7);
    QTest::newRow("other digest") << "sha512:" + pin.mid(7);
    QTest::newRow("padded") << pin + "=";
    QTest::newRow("short") << pin.chopped(1);
    QTest::newRow("long") << pin + "AA";
    QTest::newRow("unused bits") << pin.chopped(1) + "9";
    QTest::newRow("other alphabet") << pin.chopped(2) + "+8";
}

void TestJoinLine::refusesWhatIsNoPin()
{
    QFETCH(QByteArray, text);
    QVERIFY(!SpkiPin::fromString(text.toStdString()));
}

QTEST_APPLESS_MAIN(TestJoinLine)
#include "tst_join_line.moc"
