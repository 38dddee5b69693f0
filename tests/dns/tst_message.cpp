// DNS messages: made, read, signed, and refused.
#include <sallyport/dns/message.h>
#include <sallyport/dns/tsig.h>

#include <QTest>

using namespace sallyport;
using namespace sallyport::dns;
using namespace std::string_literals;

class TestMessage : public QObject
{
    Q_OBJECT

private slots:
    void asksForARecord();
    void refusesWhatIsNoName_data();
    void refusesWhatIsNoName();
    void addsAndRemovesARecord();
    void readsTextsAndZones();
    void refusesAnswersToOtherQuestions();
    void survivesEveryCut();
    void survivesLoopsOfPointers();
    void signsAndVerifies();
    void noticesWhatWasChanged();
    void saysWhatTheServerDoesNotLike();
};

static const std::string Query("\x12\x34\x01\0\0\1\0\0\0\0\0\0\1a\4test\0\0\x10\0\1"s);

// The answer to it: a TXT record of two strings, and a SOA record in the authority section.
static std::string answer()
{
    std::string text = Query;
    text[2] = char(0x85);
    text[7] = 1;
    text[9] = 1;
    text += "\xc0\x0c\0\x10\0\1\0\0\0\x3c\0\7\3abc\2de"s;
    text += "\xc0\x0e\0\6\0\1\0\0\0\x3c\0\2\0\0"s;
    return text;
}

void TestMessage::asksForARecord()
{
    QCOMPARE(query(0x1234, "A.test.", Type::Txt), Query);
}

void TestMessage::refusesWhatIsNoName_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("two dots") << "a..test";
    QTest::newRow("long label") << QString(64, 'a') + ".test";
    QTest::newRow("long name") << QString("abc.").repeated(70);
    QTest::newRow("dot first") << ".test";
}

void TestMessage::refusesWhatIsNoName()
{
    QFETCH(QString, name);
    QCOMPARE(query(1, name.toStdString(), Type::Txt), std::string());
    QCOMPARE(update(1, {"test", name.toStdString(), "v", 60, false}), std::string());
}

void TestMessage::addsAndRemovesARecord()
{
    QCOMPARE(update(7, {"test", "a.test", "v", 60, false}),
             "\0\7\x28\0\0\1\0\0\0\1\0\0\4test\0\0\6\0\1\1a\4test\0\0\x10\0\1\0\0\0\x3c\0\2\1v"s);
    QCOMPARE(update(7, {"test", "a.test", "v", 60, true}),
             "\0\7\x28\0\0\1\0\0\0\1\0\0\4test\0\0\6\0\1\1a\4test\0\0\x10\0\xfe\0\0\0\0\0\2\1v"s);
    QCOMPARE(update(7, {"test", "a.test", std::string(256, 'v'), 60, true}), std::string());
}

void TestMessage::readsTextsAndZones()
{
    const auto read = parseAnswer(answer(), Query);
    QVERIFY(read.ok());
    QCOMPARE(read.value().texts, std::vector<std::string>{"abcde"});
    QCOMPARE(read.value().zone, std::string("test"));
    QCOMPARE(read.value().code, uint8_t(0));
    QCOMPARE(codeText(3), std::string("NXDOMAIN"));
}

void TestMessage::refusesAnswersToOtherQuestions()
{
    std::string other = answer();
    other[0] = 'x';
    QVERIFY(!parseAnswer(other, Query).ok());
    other = answer();
    other[13] = 'b';
    QVERIFY(!parseAnswer(other, Query).ok());
    QVERIFY(!parseAnswer(Query, Query).ok()); // a question is no answer
}

void TestMessage::survivesEveryCut()
{
    const std::string whole = answer();
    for (size_t n = 0; n < whole.size(); ++n)
        QVERIFY(!parseAnswer(whole.substr(0, n), Query).ok());
}

void TestMessage::survivesLoopsOfPointers()
{
    std::string text = Query;
    text[2] = char(0x85);
    text[9] = 1;
    text += "\xc0\x1a\0\6\0\1\0\0\0\x3c\0\0"s; // a name that points at itself
    const auto read = parseAnswer(text, Query);
    QVERIFY(read.ok());
    QCOMPARE(read.value().zone, std::string());
}

static TsigKey testKey(TsigAlgorithm algorithm = TsigAlgorithm::HmacSha256)
{
    return {"Key.test", algorithm, Secret("0123456789abcdef")};
}

// A server's signed answer: signed as a request is, but over the request's MAC as well. Made by
// signing what the server would sign.
void TestMessage::signsAndVerifies()
{
    for (const auto algorithm : {TsigAlgorithm::HmacSha256, TsigAlgorithm::HmacSha512}) {
        const auto request = sign(Query, testKey(algorithm), 1'700'000'000);
        QVERIFY(request.ok());
        QCOMPARE(request.value().mac.size(),
                 algorithm == TsigAlgorithm::HmacSha512 ? size_t(64) : size_t(32));
        QCOMPARE(uint8_t(request.value().message[11]), uint8_t(1));
        // Not an answer to itself: the MAC of a request covers less.
        QVERIFY(!verify(request.value().message, request.value(), testKey(algorithm), 1'700'000'000)
                     .ok());
        // With an empty request MAC, what is signed differs only by its length field.
        QVERIFY(!verify(answer(), request.value(), testKey(algorithm), 1'700'000'000).ok());
    }
    QVERIFY(!sign(Query, {"no..name", TsigAlgorithm::HmacSha256, Secret("x")}, 1).ok());
}

void TestMessage::noticesWhatWasChanged()
{
    const auto request = sign(Query, testKey(), 1'700'000'000);
    const std::string& whole = request.value().message;
    for (size_t n = 0; n < whole.size(); ++n)
        QVERIFY(!verify(whole.substr(0, n), request.value(), testKey(), 1'700'000'000).ok());
}

void TestMessage::saysWhatTheServerDoesNotLike()
{
    auto request = sign(Query, testKey(), 1'700'000'000);
    std::string refusal = request.value().message;
    refusal[refusal.size() - 3] = 17;
    const auto verdict = verify(refusal, request.value(), testKey(), 1'700'000'000);
    QVERIFY(!verdict.ok());
    QVERIFY(verdict.error().find("BADKEY") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestMessage)
#include "tst_message.moc"
