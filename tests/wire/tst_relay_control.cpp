#include "control_bytes.h"
#include "wire_samples.h"

#include <sallyport/wire/relay_control.h>

#include <QTest>

using namespace sallyport;
using namespace sallyport::wire;
using namespace sallyport::wire::test;
using namespace std::chrono_literals;

class TestRelayControl : public QObject
{
    Q_OBJECT

private slots:
    void handsTheHelloOutToBeChecked();
    void welcomesWhomItsOwnerAccepts();
    void refusesWhomItsOwnerRefuses();
    void readsNothingWhileTheHelloIsChecked();
    void letsOneReauthInWhileAChallengeIsOut();
    void takesNothingElseBeforeTheWelcome();
    void refusesAHelloThatComesTooLate();
    void hasNoDeadlineOnceTheHelloIsThere();
    void refusesAnotherProtocol();
    void refusesEverythingButAHelloAtFirst_data();
    void refusesEverythingButAHelloAtFirst();
    void refusesASecondHello();
    void handsOutWhatTheAgentSendsLater();
    void answersUnknownTypesAndGoesOn();
    void answersMessagesOfItsOwnDirection();
    void neverAnswersUnsupported();
    void addsIllFormedTunnelsToTheWelcome();
    void refusesAnIllFormedTunnelAlone();
    void refusesAMalformedMessageWithTheFieldsName();
    void refusesAFrameThatIsTooLong();
    void endsWhenTheAgentClosesTheStream();
    void handsOutWhatCameBeforeTheClose();
    void endsAnAgentThatDoesNotReadItsAnswers();
    void endsAnAgentThatFillsTheInputWhileChecked();
    void aRevokedLinkIsRefusedLater();
    void dividesAWelcomeThatExceedsAFrame();
    void ignoresInputsAndCommandsAfterTheEnd();
    void theEndNamesNoToken();

private:
    TimePoint m_now{};

    RelayControl opened()
    {
        RelayControl control(m_now);
        if (!isOnly<Hello>(feed(control, framed(sampleHello()))))
            qFatal("no hello");
        control.accept({"s", {}, {}});
        control.consumeOutput(control.output().size());
        return control;
    }
};

namespace {

ControlEnded endOf(const std::vector<RelayControl::Event>& events)
{
    return events.empty() ? ControlEnded{ControlEnd::Closed, "no event"}
                          : std::get<ControlEnded>(events.back());
}

bool refusedWith(RelayControl& control, RefusalCode code)
{
    const std::vector<Message> messages = takeMessages(control);
    return isOnly<Refuse>(messages) && std::get<Refuse>(messages[0]).refusal.is(code);
}

} // namespace

void TestRelayControl::handsTheHelloOutToBeChecked()
{
    RelayControl control(m_now);
    const auto events = feed(control, framed(sampleHello()));
    QVERIFY(isOnly<Hello>(events));
    QVERIFY(std::get<Hello>(events[0]) == sampleHello());
    QVERIFY(control.output().empty());
    QVERIFY(!control.isOpen());
}

void TestRelayControl::welcomesWhomItsOwnerAccepts()
{
    RelayControl control(m_now);
    (void)feed(control, framed(sampleHello()));
    control.accept(sampleWelcome());
    QVERIFY(control.isOpen());
    const auto messages = takeMessages(control);
    QVERIFY(isOnly<Welcome>(messages));
    QVERIFY(std::get<Welcome>(messages[0]) == sampleWelcome());
}

void TestRelayControl::refusesWhomItsOwnerRefuses()
{
    RelayControl control(m_now);
    (void)feed(control, framed(sampleHello()));
    control.refuse(Refusal(RefusalCode::BadCredentials));
    QVERIFY(refusedWith(control, RefusalCode::BadCredentials));
    QVERIFY(endOf(takeEvents(control)).reason == ControlEnd::Refused);
    QVERIFY(takeEvents(control).empty());
}

void TestRelayControl::readsNothingWhileTheHelloIsChecked()
{
    RelayControl control(m_now);
    QVERIFY(control.wantsInput());
    const auto events =
        feed(control, framed(sampleHello()) + framed(TunnelOpen{sampleRequest("b")}));
    QVERIFY(isOnly<Hello>(events));
    QVERIFY(!control.wantsInput());
    control.accept({"s", {}, {}});
    QVERIFY(isOnly<TunnelOpen>(takeEvents(control)));
}

void TestRelayControl::letsOneReauthInWhileAChallengeIsOut()
{
    RelayControl control(m_now);
    (void)feed(control, framed(sampleHello()));
    control.send(Challenge{"jwt", "n"});
    QVERIFY(isOnly<Challenge>(takeMessages(control)));
    QVERIFY(control.wantsInput());
    const auto events = feed(control, framed(Reauth{{"jwt", Secret("a.b.c")}}) +
                                          framed(TunnelOpen{sampleRequest("b")}));
    QVERIFY(isOnly<Reauth>(events));
    QVERIFY(!control.wantsInput());
    control.accept({"s", {}, {}});
    QVERIFY(isOnly<TunnelOpen>(takeEvents(control)));
}

void TestRelayControl::takesNothingElseBeforeTheWelcome()
{
    RelayControl control(m_now);
    (void)feed(control, framed(sampleHello()));
    control.send(Challenge{"jwt", "n"});
    (void)takeMessages(control);
    const auto events = feed(control, framed(TunnelOpen{sampleRequest("b")}));
    QVERIFY(endOf(events).reason == ControlEnd::OutOfOrder);
    QVERIFY(refusedWith(control, RefusalCode::Malformed));
}

void TestRelayControl::refusesAHelloThatComesTooLate()
{
    RelayControl control(m_now);
    QVERIFY(control.nextDeadline() == m_now + 10s);
    control.handleTimeout(m_now + 9999ms);
    QVERIFY(takeEvents(control).empty());
    control.handleTimeout(m_now + 10s);
    QVERIFY(endOf(takeEvents(control)).reason == ControlEnd::HelloTimeout);
    QVERIFY(refusedWith(control, RefusalCode::HelloTimeout));
    QVERIFY(feed(control, framed(sampleHello())).empty());
}

void TestRelayControl::hasNoDeadlineOnceTheHelloIsThere()
{
    RelayControl control(m_now);
    (void)feed(control, framed(sampleHello()));
    QVERIFY(!control.nextDeadline());
    control.handleTimeout(m_now + 1h);
    QVERIFY(!control.ended());
}

void TestRelayControl::refusesAnotherProtocol()
{
    RelayControl control(m_now);
    const auto events = feed(control, encodeControlFrame(R"({"type":"hello","protocol":2})"));
    QVERIFY(endOf(events).reason == ControlEnd::Refused);
    QVERIFY(refusedWith(control, RefusalCode::ProtocolVersion));
}

void TestRelayControl::refusesEverythingButAHelloAtFirst_data()
{
    QTest::addColumn<QByteArray>("bytes");
    for (const Message& message : sampleMessages())
        if (!std::holds_alternative<Hello>(message))
            QTest::newRow(std::string(typeText(message)).c_str())
                << QByteArray::fromStdString(framed(message));
    QTest::newRow("unknown type") << QByteArray::fromStdString(
        encodeControlFrame(R"({"type":"dance"})"));
    QTest::newRow("ill-formed tunnel") << QByteArray::fromStdString(
        encodeControlFrame(R"({"type":"tunnel.open","tunnel":{"ref":"a","kind":"x"}})"));
    QTest::newRow("an HTTP request") << QByteArray("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
}

void TestRelayControl::refusesEverythingButAHelloAtFirst()
{
    QFETCH(QByteArray, bytes);
    RelayControl control(m_now);
    const auto events = feed(control, bytes.toStdString());
    QVERIFY(isOnly<ControlEnded>(events));
    QVERIFY(refusedWith(control, RefusalCode::Malformed));
}

void TestRelayControl::refusesASecondHello()
{
    RelayControl control = opened();
    QVERIFY(endOf(feed(control, framed(sampleHello()))).reason == ControlEnd::OutOfOrder);
    QVERIFY(refusedWith(control, RefusalCode::Malformed));
}

void TestRelayControl::handsOutWhatTheAgentSendsLater()
{
    RelayControl control = opened();
    const auto events =
        feed(control, framed(TunnelOpen{sampleRequest()}) + framed(TunnelClose{3}) +
                          framed(Reauth{{"token", Secret("t")}}) +
                          framed(StreamFailed{4, StreamFailure::UpstreamTimeout, "slow"}));
    QCOMPARE(events.size(), 4u);
    QVERIFY(std::get<TunnelOpen>(events[0]).tunnel == sampleRequest());
    QCOMPARE(std::get<TunnelClose>(events[1]).id, 3u);
    QCOMPARE(std::get<Reauth>(events[2]).auth.token.reveal(), "t");
    QVERIFY(std::get<StreamFailed>(events[3]).code == StreamFailure::UpstreamTimeout);
    QVERIFY(control.output().empty());
}

void TestRelayControl::answersUnknownTypesAndGoesOn()
{
    RelayControl control = opened();
    QVERIFY(feed(control, encodeControlFrame(R"({"type":"tunnel.paint"})")).empty());
    QVERIFY(takeMessages(control) == std::vector<Message>{Unsupported{"tunnel.paint"}});
    QVERIFY(isOnly<TunnelClose>(feed(control, framed(TunnelClose{1}))));
}

void TestRelayControl::answersMessagesOfItsOwnDirection()
{
    RelayControl control = opened();
    QVERIFY(feed(control, framed(sampleWelcome())).empty());
    QVERIFY(takeMessages(control) == std::vector<Message>{Unsupported{"welcome"}});
}

void TestRelayControl::neverAnswersUnsupported()
{
    RelayControl control = opened();
    QVERIFY(feed(control, framed(Unsupported{"unsupported"})).empty());
    QVERIFY(control.output().empty());
}

void TestRelayControl::addsIllFormedTunnelsToTheWelcome()
{
    RelayControl control(m_now);
    (void)feed(control, encodeControlFrame(R"({"type":"hello","protocol":1,"agent":{"id":"a"},)"
                                           R"("auth":{"scheme":"token","token":"t"},)"
                                           R"("tunnels":[{"ref":"x","kind":"http","name":"_"}]})"));
    control.accept({"s", {}, {{"y", Refusal(RefusalCode::PortTaken)}}});
    const auto messages = takeMessages(control);
    const Welcome& welcome = std::get<Welcome>(messages.at(0));
    QCOMPARE(welcome.refused.size(), 2u);
    QCOMPARE(welcome.refused[0].ref, "y");
    QCOMPARE(welcome.refused[1].ref, "x");
    QVERIFY(welcome.refused[1].refusal.is(RefusalCode::NameInvalid));
}

void TestRelayControl::refusesAnIllFormedTunnelAlone()
{
    RelayControl control = opened();
    const std::string json = R"({"type":"tunnel.open","tunnel":{"ref":"a","kind":"smoke"}})";
    QVERIFY(feed(control, encodeControlFrame(json)).empty());
    const auto messages = takeMessages(control);
    QVERIFY(isOnly<TunnelRefused>(messages));
    QVERIFY(std::get<TunnelRefused>(messages[0]).refusal.is(RefusalCode::UnsupportedKind));
    QVERIFY(control.isOpen());
}

void TestRelayControl::refusesAMalformedMessageWithTheFieldsName()
{
    RelayControl control = opened();
    const ControlEnded end = endOf(feed(control, encodeControlFrame(R"({"type":"tunnel.close"})")));
    QVERIFY(end.reason == ControlEnd::Malformed);
    QCOMPARE(end.detail, "id: missing");
    const auto messages = takeMessages(control);
    QCOMPARE(std::get<Refuse>(messages.at(0)).refusal.message,
             "The request breaks the protocol: id: missing");
}

void TestRelayControl::refusesAFrameThatIsTooLong()
{
    RelayControl control = opened();
    QVERIFY(endOf(feed(control, "\x7f\xff\xff\xff")).reason == ControlEnd::BadFrame);
    QVERIFY(refusedWith(control, RefusalCode::Malformed));
}

void TestRelayControl::endsWhenTheAgentClosesTheStream()
{
    for (RelayControl control : {RelayControl(m_now), opened()}) {
        control.receiveEnd();
        QVERIFY(endOf(takeEvents(control)).reason == ControlEnd::Closed);
    }
    RelayControl checking(m_now);
    (void)feed(checking, framed(sampleHello()));
    checking.receiveEnd();
    QVERIFY(endOf(takeEvents(checking)).reason == ControlEnd::Closed);
    checking.accept({"s", {}, {}}); // the answer of a check that took longer
    QVERIFY(checking.output().empty());
}

void TestRelayControl::handsOutWhatCameBeforeTheClose()
{
    RelayControl control = opened();
    control.receive(asBytes(framed(TunnelClose{9})));
    control.receiveEnd();
    const auto events = takeEvents(control);
    QCOMPARE(events.size(), 2u);
    QCOMPARE(std::get<TunnelClose>(events[0]).id, 9u);
    QVERIFY(endOf(events).reason == ControlEnd::Closed);
}

void TestRelayControl::endsAnAgentThatDoesNotReadItsAnswers()
{
    RelayControl control = opened();
    const std::string unknown = encodeControlFrame(R"({"type":"?"})");
    std::vector<RelayControl::Event> events;
    size_t rounds = 0;
    while (events.empty() && ++rounds < 1000000) {
        events = feed(control, unknown);
        QVERIFY(control.output().size() <= RelayControl::Limits().outputBytes);
    }
    QVERIFY(endOf(events).reason == ControlEnd::TooMuchOutput);
}

void TestRelayControl::endsAnAgentThatFillsTheInputWhileChecked()
{
    RelayControl control(m_now);
    (void)feed(control, framed(sampleHello()));
    const std::string more = framed(TunnelOpen{sampleRequest()});
    for (size_t sent = 0; sent < 1024 * 1024; sent += more.size())
        control.receive(asBytes(more));
    control.accept({"s", {}, {}});
    QVERIFY(endOf(takeEvents(control)).reason == ControlEnd::TooMuchInput);
}

void TestRelayControl::aRevokedLinkIsRefusedLater()
{
    RelayControl control = opened();
    control.refuse(Refusal(RefusalCode::Revoked));
    QVERIFY(refusedWith(control, RefusalCode::Revoked));
    QVERIFY(control.ended());
}

void TestRelayControl::dividesAWelcomeThatExceedsAFrame()
{
    RelayControl control(m_now);
    (void)feed(control, framed(sampleHello()));
    Welcome welcome{"s", {}, {}};
    for (uint32_t i = 0; i < 500; ++i) {
        welcome.tunnels.push_back({"t" + std::to_string(i), i, "n", {std::string(500, '"')}});
        welcome.refused.push_back({"r" + std::to_string(i), Refusal(RefusalCode::PortTaken, "x")});
    }
    control.accept(welcome);
    QVERIFY(control.isOpen());

    Welcome seen;
    for (const Message& message : takeMessages(control)) {
        if (const auto* first = std::get_if<Welcome>(&message))
            seen = *first;
        else if (const auto* granted = std::get_if<TunnelOpened>(&message))
            seen.tunnels.push_back(granted->tunnel);
        else
            seen.refused.push_back(std::get<TunnelRefused>(message));
    }
    QVERIFY(seen == welcome);
}

void TestRelayControl::ignoresInputsAndCommandsAfterTheEnd()
{
    RelayControl control = opened();
    control.receiveEnd();
    (void)takeEvents(control);
    control.send(Drain{5});
    control.refuse(Refusal(RefusalCode::Internal));
    QVERIFY(feed(control, framed(TunnelClose{1})).empty());
    QVERIFY(control.output().empty());
}

void TestRelayControl::theEndNamesNoToken()
{
    RelayControl control(m_now);
    const ControlEnded end =
        endOf(feed(control, encodeControlFrame(R"({"type":"hello","protocol":1,"agent":{"id":"a"},)"
                                               R"("auth":{"scheme":"token","token":"spt_x\n"}})")));
    QCOMPARE(end.detail, "auth.token: out of range");
}

QTEST_APPLESS_MAIN(TestRelayControl)
#include "tst_relay_control.moc"
