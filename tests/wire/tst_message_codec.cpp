#include "wire_samples.h"

#include <QTest>

using namespace sallyport;
using namespace sallyport::wire;
using namespace sallyport::wire::test;

Q_DECLARE_METATYPE(std::string)

class TestMessageCodec : public QObject
{
    Q_OBJECT

private slots:
    void everyMessageSurvivesTheRoundTrip();
    void everyTypeStandsFirstInItsJson();
    void readsTheSmallestHelloThatAStrangerCanWrite();
    void ignoresUnknownFields();
    void takesNullForAMissingField();
    void reservedKindsAreRead();
    void unknownFailureCodesBecomeOther();
    void unknownNoticeLevelsBecomeInfo();
    void keepsRefusalCodesThatItDoesNotKnow();
    void otherAuthSchemesNeedNoToken();
    void hostnamesArriveInCanonicalForm();
    void rejectsBadMessages_data();
    void rejectsBadMessages();
    void namesTheFieldThatIsWrong();
    void namesAnUnknownTypeCleanAndShort();
    void anIllFormedTunnelOfAHelloIsAnsweredAlone_data();
    void anIllFormedTunnelOfAHelloIsAnsweredAlone();
    void anIllFormedTunnelOpenCarriesItsAnswer();
    void aTunnelWithoutRefIsTheWholeMessagesFault();
    void theSecondTunnelOfOneRefIsRefused();
    void anotherProtocolIsToldBeforeAnythingElseIsRead();
    void encodingReplacesBytesThatAreNotUtf8();
    void proseLosesControlCharacters();
};

namespace {

std::string helloWith(const std::string& tunnels)
{
    return R"({"type":"hello","protocol":1,"agent":{"id":"a"},"auth":{"scheme":"token","token":"t"},)"
           R"("tunnels":)" +
           tunnels + "}";
}

template <typename T>
T parsed(const std::string& json)
{
    Result<Message, ParseFailure> message = parseMessage(json);
    if (!message)
        qFatal("%s", std::string(describe(message.error().error)).c_str());
    return std::get<T>(*message);
}

} // namespace

void TestMessageCodec::everyMessageSurvivesTheRoundTrip()
{
    QCOMPARE(sampleMessages().size(), std::variant_size_v<Message>);
    for (const Message& message : sampleMessages()) {
        const Result<Message, ParseFailure> again = parseMessage(encodeMessage(message));
        QVERIFY2(again.ok(), encodeMessage(message).c_str());
        QVERIFY2(*again == message, encodeMessage(*again).c_str());
    }
    const TunnelChecked free{"?1", true, {"https://api.example.com"}, {}};
    QCOMPARE(parsed<TunnelChecked>(encodeMessage(free)).urls, free.urls);
    QVERIFY(parsed<TunnelChecked>(encodeMessage(free)) == free);
}

void TestMessageCodec::everyTypeStandsFirstInItsJson()
{
    for (const Message& message : sampleMessages()) {
        const std::string start = R"({"type":")" + std::string(typeText(message)) + '"';
        QVERIFY(encodeMessage(message).starts_with(start));
    }
}

void TestMessageCodec::readsTheSmallestHelloThatAStrangerCanWrite()
{
    const Hello hello = parsed<Hello>(
        R"({"type":"hello","protocol":1,"agent":{"id":"a"},"auth":{"scheme":"token","token":"t"}})");
    QCOMPARE(hello.agent.id, "a");
    QCOMPARE(hello.auth.token.reveal(), "t");
    QVERIFY(hello.tunnels.empty());

    const Hello one = parsed<Hello>(helloWith(R"([{"ref":"web","kind":"http"}])"));
    QCOMPARE(one.tunnels.size(), 1u);
    QVERIFY(!one.tunnels[0].name && !one.tunnels[0].hostname && !one.tunnels[0].remotePort);
}

void TestMessageCodec::ignoresUnknownFields()
{
    const Drain drain =
        parsed<Drain>(R"({"later":{"deep":[1,2,{"a":null}]},"type":"drain","deadline":5,"x":1.5})");
    QCOMPARE(drain.deadlineMs, 5u);
}

void TestMessageCodec::takesNullForAMissingField()
{
    const Hello hello = parsed<Hello>(
        helloWith(R"([{"ref":"web","kind":"tcp","name":null,"remote_port":null,"options":null}])"));
    QCOMPARE(hello.tunnels.size(), 1u);
    QVERIFY(hello.invalidTunnels.empty());
}

void TestMessageCodec::reservedKindsAreRead()
{
    const Hello hello =
        parsed<Hello>(helloWith(R"([{"ref":"a","kind":"tls"},{"ref":"b","kind":"udp"}])"));
    QVERIFY(hello.tunnels[0].kind == TunnelKind::Tls);
    QVERIFY(hello.tunnels[1].kind == TunnelKind::Udp);
}

void TestMessageCodec::unknownFailureCodesBecomeOther()
{
    const auto failed =
        parsed<StreamFailed>(R"({"type":"stream.failed","stream":2,"code":"on_fire"})");
    QVERIFY(failed.code == StreamFailure::Other);
}

void TestMessageCodec::unknownNoticeLevelsBecomeInfo()
{
    QVERIFY(parsed<Notice>(R"({"type":"notice","level":"loud"})").level == NoticeLevel::Info);
}

void TestMessageCodec::keepsRefusalCodesThatItDoesNotKnow()
{
    const auto refuse = parsed<Refuse>(R"({"type":"refuse","code":"moon_phase","retry":true})");
    QCOMPARE(refuse.refusal.code, "moon_phase");
    QVERIFY(refuse.refusal.retry);
    QVERIFY(!refuse.refusal.known());
}

void TestMessageCodec::otherAuthSchemesNeedNoToken()
{
    const auto reauth = parsed<Reauth>(R"({"type":"reauth","auth":{"scheme":"mtls"}})");
    QCOMPARE(reauth.auth.scheme, "mtls");
    QVERIFY(reauth.auth.token.empty());
}

void TestMessageCodec::hostnamesArriveInCanonicalForm()
{
    const Hello hello =
        parsed<Hello>(helloWith(R"([{"ref":"a","kind":"http","hostname":"API.Acme.ORG."}])"));
    QCOMPARE(*hello.tunnels.at(0).hostname, "api.acme.org");
}

void TestMessageCodec::rejectsBadMessages_data()
{
    QTest::addColumn<std::string>("json");
    QTest::addColumn<int>("error");
    const auto row = [](const char* name, const std::string& json, ParseError error) {
        QTest::newRow(name) << json << static_cast<int>(error);
    };
    row("empty", "", ParseError::BadJson);
    row("no JSON", "hello", ParseError::BadJson);
    row("cut off", R"({"type":"drain")", ParseError::BadJson);
    row("two values", R"({"type":"drain","deadline":1}{})", ParseError::BadJson);
    row("comment", R"({"type":"drain"/**/})", ParseError::BadJson);
    row("lone surrogate", R"({"type":"\ud800"})", ParseError::BadJson);
    row("NaN", R"({"type":"drain","deadline":NaN})", ParseError::BadJson);
    row("stray byte", "{\"type\":\"\x80\"}", ParseError::BadUtf8);
    row("overlong slash", "{\"type\":\"\xc0\xaf\"}", ParseError::BadUtf8);
    row("surrogate in UTF-8", "{\"type\":\"\xed\xa0\x80\"}", ParseError::BadUtf8);
    row("above U+10FFFF", "{\"type\":\"\xf4\x90\x80\x80\"}", ParseError::BadUtf8);
    row("cut sequence", "{\"type\":\"\xe2\x82", ParseError::BadUtf8);
    row("array", R"([{"type":"drain"}])", ParseError::NotAnObject);
    row("number", "1", ParseError::NotAnObject);
    row("no type", R"({"deadline":1})", ParseError::MissingType);
    row("type is no text", R"({"type":1})", ParseError::MissingType);
    row("unknown type", R"({"type":"dance"})", ParseError::UnknownType);
    row("type in other letters", R"({"type":"Hello"})", ParseError::UnknownType);
    row("hello without protocol", R"({"type":"hello"})", ParseError::MissingField);
    row("protocol as text", R"({"type":"hello","protocol":"1"})", ParseError::WrongType);
    row("protocol 2", R"({"type":"hello","protocol":2})", ParseError::ProtocolVersion);
    row("protocol 0", R"({"type":"hello","protocol":0})", ParseError::ProtocolVersion);
    row("hello without agent", R"({"type":"hello","protocol":1})", ParseError::MissingField);
    row("agent is no object", R"({"type":"hello","protocol":1,"agent":[]})", ParseError::WrongType);
    row("agent without id", R"({"type":"hello","protocol":1,"agent":{}})",
        ParseError::MissingField);
    row("empty id", R"({"type":"hello","protocol":1,"agent":{"id":""}})", ParseError::OutOfRange);
    row("line break in id", R"({"type":"hello","protocol":1,"agent":{"id":"a\nb"}})",
        ParseError::OutOfRange);
    row("escape in id", R"({"type":"hello","protocol":1,"agent":{"id":"a\u001b[2J"}})",
        ParseError::OutOfRange);
    row("C1 control in id", R"({"type":"hello","protocol":1,"agent":{"id":"a\u009bb"}})",
        ParseError::OutOfRange);
    row("hello without auth", R"({"type":"hello","protocol":1,"agent":{"id":"a"}})",
        ParseError::MissingField);
    row("auth without scheme", R"({"type":"reauth","auth":{"token":"t"}})",
        ParseError::MissingField);
    row("auth without token", R"({"type":"reauth","auth":{"scheme":"token"}})",
        ParseError::MissingField);
    row("empty token", R"({"type":"reauth","auth":{"scheme":"token","token":""}})",
        ParseError::OutOfRange);
    row("tunnels is no list", helloWith("{}"), ParseError::WrongType);
    row("a tunnel is no object", helloWith("[1]"), ParseError::WrongType);
    row("negative number", R"({"type":"drain","deadline":-1})", ParseError::OutOfRange);
    row("number too large", R"({"type":"drain","deadline":4294967296})", ParseError::OutOfRange);
    row("huge number", R"({"type":"drain","deadline":99999999999999999999999})",
        ParseError::WrongType);
    row("fraction", R"({"type":"drain","deadline":1.0})", ParseError::WrongType);
    row("close without id", R"({"type":"tunnel.close"})", ParseError::MissingField);
    row("open without tunnel", R"({"type":"tunnel.open"})", ParseError::MissingField);
    row("failed stream 0", R"({"type":"stream.failed","stream":0,"code":"other"})",
        ParseError::OutOfRange);
    row("failed without code", R"({"type":"stream.failed","stream":2})", ParseError::MissingField);
    row("refuse without code", R"({"type":"refuse"})", ParseError::MissingField);
    row("retry as text", R"({"type":"refuse","code":"a","retry":"yes"})", ParseError::WrongType);
    row("message is no text", R"({"type":"notice","message":[]})", ParseError::WrongType);
    row("welcome without session", R"({"type":"welcome"})", ParseError::MissingField);
    row("grant without id", R"({"type":"tunnel.opened","tunnel":{"ref":"a"}})",
        ParseError::MissingField);
    row("url is no text", R"({"type":"tunnel.opened","tunnel":{"ref":"a","id":1,"urls":[1]}})",
        ParseError::WrongType);
    row("control in url",
        R"({"type":"tunnel.opened","tunnel":{"ref":"a","id":1,"urls":["\u0007"]}})",
        ParseError::OutOfRange);
    row("challenge without scheme", R"({"type":"challenge"})", ParseError::MissingField);
}

void TestMessageCodec::rejectsBadMessages()
{
    QFETCH(std::string, json);
    QFETCH(int, error);
    const Result<Message, ParseFailure> message = parseMessage(json);
    QVERIFY(!message);
    QCOMPARE(static_cast<int>(message.error().error), error);
    QVERIFY(!describe(message.error().error).empty());
}

void TestMessageCodec::namesTheFieldThatIsWrong()
{
    QCOMPARE(parseMessage(R"({"type":"hello","protocol":1,"agent":{"id":5}})").error().where,
             "agent.id");
    QCOMPARE(parseMessage(helloWith(R"([{"ref":"a","kind":"tcp"},{}])")).error().where,
             "tunnels[1].ref");
}

void TestMessageCodec::namesAnUnknownTypeCleanAndShort()
{
    const std::string json = R"({"type":"\u001b[2J)" + std::string(500, 'x') + "\"}";
    const ParseFailure failure = parseMessage(json).error();
    QVERIFY(failure.error == ParseError::UnknownType);
    QVERIFY(failure.where.starts_with(" [2J"));
    QCOMPARE(failure.where.size(), 64u);
}

void TestMessageCodec::anIllFormedTunnelOfAHelloIsAnsweredAlone_data()
{
    QTest::addColumn<std::string>("fields");
    QTest::addColumn<int>("code");
    const auto row = [](const char* name, const std::string& fields, RefusalCode code) {
        QTest::newRow(name) << fields << static_cast<int>(code);
    };
    row("unknown kind", R"("kind":"carrier-pigeon")", RefusalCode::UnsupportedKind);
    row("no kind", R"("name":"a")", RefusalCode::Malformed);
    row("bad name", R"("kind":"http","name":"Not-Lower")", RefusalCode::NameInvalid);
    row("long name", R"("kind":"http","name":")" + std::string(64, 'a') + '"',
        RefusalCode::Malformed);
    row("bad hostname", R"("kind":"http","hostname":"a_b.org")", RefusalCode::HostnameInvalid);
    row("port 0", R"("kind":"tcp","remote_port":0)", RefusalCode::Malformed);
    row("port 65536", R"("kind":"tcp","remote_port":65536)", RefusalCode::Malformed);
    row("port as text", R"("kind":"tcp","remote_port":"22")", RefusalCode::Malformed);
    row("options as list", R"("kind":"http","options":[])", RefusalCode::Malformed);
    row("unknown protocol", R"("kind":"http","options":{"protocol":"spdy"})",
        RefusalCode::Malformed);
    row("flag as number", R"("kind":"http","options":{"proxy_protocol":1})",
        RefusalCode::Malformed);
}

void TestMessageCodec::anIllFormedTunnelOfAHelloIsAnsweredAlone()
{
    QFETCH(std::string, fields);
    QFETCH(int, code);
    const Hello hello = parsed<Hello>(
        helloWith(R"([{"ref":"bad",)" + fields + R"(},{"ref":"good","kind":"tcp"}])"));
    QCOMPARE(hello.tunnels.size(), 1u);
    QCOMPARE(hello.tunnels[0].ref, "good");
    QCOMPARE(hello.invalidTunnels.size(), 1u);
    QCOMPARE(hello.invalidTunnels[0].ref, "bad");
    QVERIFY2(hello.invalidTunnels[0].refusal.is(static_cast<RefusalCode>(code)),
             hello.invalidTunnels[0].refusal.message.c_str());
}

void TestMessageCodec::anIllFormedTunnelOpenCarriesItsAnswer()
{
    const auto message = parseMessage(
        R"({"type":"tunnel.open","tunnel":{"ref":"a","kind":"http","hostname":"-x.org"}})");
    QVERIFY(!message);
    QVERIFY(message.error().error == ParseError::InvalidTunnel);
    QCOMPARE(message.error().answer->ref, "a");
    QVERIFY(message.error().answer->refusal.is(RefusalCode::HostnameInvalid));
}

void TestMessageCodec::aTunnelWithoutRefIsTheWholeMessagesFault()
{
    QVERIFY(parseMessage(helloWith(R"([{"kind":"tcp"}])")).error().error ==
            ParseError::MissingField);
    const auto open = parseMessage(R"({"type":"tunnel.open","tunnel":{"kind":"tcp"}})");
    QVERIFY(open.error().error == ParseError::MissingField);
    QVERIFY(!open.error().answer);
}

void TestMessageCodec::theSecondTunnelOfOneRefIsRefused()
{
    const Hello hello =
        parsed<Hello>(helloWith(R"([{"ref":"a","kind":"tcp"},{"ref":"a","kind":"http"}])"));
    QCOMPARE(hello.tunnels.size(), 1u);
    QVERIFY(hello.tunnels[0].kind == TunnelKind::Tcp);
    QVERIFY(hello.invalidTunnels.at(0).refusal.is(RefusalCode::DuplicateRef));
}

void TestMessageCodec::anotherProtocolIsToldBeforeAnythingElseIsRead()
{
    const auto message = parseMessage(R"({"type":"hello","protocol":9,"agent":"changed since"})");
    QVERIFY(message.error().error == ParseError::ProtocolVersion);
}

void TestMessageCodec::encodingReplacesBytesThatAreNotUtf8()
{
    Hello hello = sampleHello();
    hello.agent.name = "h\xff\xfe";
    QCOMPARE(parsed<Hello>(encodeMessage(hello)).agent.name, "h\xef\xbf\xbd\xef\xbf\xbd");
}

void TestMessageCodec::proseLosesControlCharacters()
{
    const auto notice = parsed<Notice>(R"({"type":"notice","message":"a\u001b[2J\r\nb\u009bc"})");
    QCOMPARE(notice.message, "a [2J  b c");
}

QTEST_APPLESS_MAIN(TestMessageCodec)
#include "tst_message_codec.moc"
