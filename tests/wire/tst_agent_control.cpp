#include "control_bytes.h"
#include "wire_samples.h"

#include <sallyport/wire/agent_control.h>

#include <QTest>

using namespace sallyport;
using namespace sallyport::wire;
using namespace sallyport::wire::test;
using namespace std::chrono_literals;

class TestAgentControl : public QObject
{
    Q_OBJECT

private slots:
    void saysHelloAtOnce();
    void opensWithTheWelcome();
    void aRefusalIsTheEnd();
    void handsOutARefusalThatCameWithTheClose();
    void givesUpWhenNobodyAnswers();
    void hasNoDeadlineAfterTheWelcome();
    void answersAChallengeBeforeTheWelcome();
    void commandsWaitForTheWelcome();
    void asksForWhatDidNotFitIntoTheHello();
    void handsOutWhatTheRelaySendsLater();
    void aNoticeMayComeBeforeTheWelcome();
    void anAnswerBeforeTheWelcomeIsOutOfOrder_data();
    void anAnswerBeforeTheWelcomeIsOutOfOrder();
    void aSecondWelcomeIsOutOfOrder();
    void answersUnknownTypesAndGoesOn();
    void neverAnswersUnsupported();
    void endsAtAMalformedMessage();
    void endsAtABadFrame();
    void endsWhenTheRelayClosesTheStream();
    void endsWhenTheRelayDoesNotRead();
    void commandsBeforeTheWelcomeAreBounded();

private:
    TimePoint m_now{};

    AgentControl opened()
    {
        AgentControl control(m_now, sampleHello());
        control.consumeOutput(control.output().size());
        if (!isOnly<Welcome>(feed(control, framed(sampleWelcome()))))
            qFatal("no welcome");
        return control;
    }
};

namespace {

ControlEnded endOf(const std::vector<AgentControl::Event>& events)
{
    return events.empty() ? ControlEnded{ControlEnd::Closed, "no event"}
                          : std::get<ControlEnded>(events.back());
}

} // namespace

void TestAgentControl::saysHelloAtOnce()
{
    AgentControl control(m_now, sampleHello());
    QVERIFY(takeMessages(control) == std::vector<Message>{sampleHello()});
    QVERIFY(takeEvents(control).empty());
}

void TestAgentControl::opensWithTheWelcome()
{
    AgentControl control(m_now, sampleHello());
    QVERIFY(!control.isOpen());
    const auto events = feed(control, framed(sampleWelcome()));
    QVERIFY(isOnly<Welcome>(events));
    QVERIFY(std::get<Welcome>(events[0]) == sampleWelcome());
    QVERIFY(control.isOpen());
}

void TestAgentControl::aRefusalIsTheEnd()
{
    for (AgentControl control : {AgentControl(m_now, sampleHello()), opened()}) {
        const auto events = feed(control, framed(Refuse{Refusal(RefusalCode::Revoked)}));
        QCOMPARE(events.size(), 2u);
        QVERIFY(std::get<Refuse>(events[0]).refusal == Refusal(RefusalCode::Revoked));
        QVERIFY(endOf(events).reason == ControlEnd::Refused);
        QCOMPARE(endOf(events).detail, "revoked");
    }
}

void TestAgentControl::handsOutARefusalThatCameWithTheClose()
{
    AgentControl control(m_now, sampleHello());
    control.receive(asBytes(framed(Refuse{Refusal(RefusalCode::Expired)})));
    control.receiveEnd();
    const auto events = takeEvents(control);
    QCOMPARE(events.size(), 2u);
    QVERIFY(std::holds_alternative<Refuse>(events[0]));
    QVERIFY(endOf(events).reason == ControlEnd::Refused);
}

void TestAgentControl::givesUpWhenNobodyAnswers()
{
    AgentControl control(m_now, sampleHello());
    QVERIFY(control.nextDeadline() == m_now + 15s);
    control.handleTimeout(m_now + 14s);
    QVERIFY(takeEvents(control).empty());
    control.handleTimeout(m_now + 15s);
    QVERIFY(endOf(takeEvents(control)).reason == ControlEnd::WelcomeTimeout);
}

void TestAgentControl::hasNoDeadlineAfterTheWelcome()
{
    AgentControl control = opened();
    QVERIFY(!control.nextDeadline());
    control.handleTimeout(m_now + 1h);
    QVERIFY(!control.ended());
}

void TestAgentControl::answersAChallengeBeforeTheWelcome()
{
    AgentControl control(m_now, sampleHello());
    (void)takeMessages(control);
    control.send(TunnelClose{1});
    QVERIFY(isOnly<Challenge>(feed(control, framed(Challenge{"jwt", "n"}))));
    // The fresh credential may take its time, but not for ever.
    QVERIFY(control.nextDeadline() == m_now + 30s);
    control.send(Reauth{{"jwt", Secret("a.b.c")}});
    QVERIFY(isOnly<Reauth>(takeMessages(control)));
    (void)feed(control, framed(sampleWelcome()));
    QVERIFY(isOnly<TunnelClose>(takeMessages(control)));
}

void TestAgentControl::commandsWaitForTheWelcome()
{
    AgentControl control(m_now, sampleHello());
    control.consumeOutput(control.output().size());
    control.send(TunnelOpen{sampleRequest("late")});
    control.send(TunnelClose{4});
    QVERIFY(control.output().empty());
    (void)feed(control, framed(sampleWelcome()));
    QVERIFY(takeMessages(control) ==
            (std::vector<Message>{TunnelOpen{sampleRequest("late")}, TunnelClose{4}}));
}

void TestAgentControl::asksForWhatDidNotFitIntoTheHello()
{
    Hello hello = sampleHello();
    hello.auth.token = Secret(std::string(MessageLimits::Token, '"'));
    hello.tunnels.clear();
    for (int i = 0; i < 1000; ++i) {
        hello.tunnels.push_back(sampleRequest("tunnel " + std::to_string(i)));
        hello.tunnels.back().options.hostHeader = std::string(MessageLimits::HostHeader, '"');
    }
    AgentControl control(m_now, hello);
    const auto first = takeMessages(control);
    QVERIFY(isOnly<Hello>(first));
    std::vector<TunnelRequest> asked = std::get<Hello>(first[0]).tunnels;
    QVERIFY(!asked.empty() && asked.size() < 1000);

    (void)feed(control, framed(sampleWelcome()));
    for (const Message& message : takeMessages(control))
        asked.push_back(std::get<TunnelOpen>(message).tunnel);
    QVERIFY(asked == hello.tunnels);
}

void TestAgentControl::handsOutWhatTheRelaySendsLater()
{
    AgentControl control = opened();
    const auto events =
        feed(control, framed(TunnelOpened{sampleGrant()}) +
                          framed(TunnelRefused{"a", Refusal(RefusalCode::NameTaken)}) +
                          framed(Drain{500}) + framed(Challenge{"token", "n"}) +
                          framed(Notice{NoticeLevel::Error, "m"}) + framed(Unsupported{"x"}));
    QCOMPARE(events.size(), 6u);
    QVERIFY(std::get<TunnelOpened>(events[0]).tunnel == sampleGrant());
    QCOMPARE(std::get<TunnelRefused>(events[1]).ref, "a");
    QCOMPARE(std::get<Drain>(events[2]).deadlineMs, 500u);
    QCOMPARE(std::get<Challenge>(events[3]).nonce, "n");
    QCOMPARE(std::get<Notice>(events[4]).message, "m");
    QCOMPARE(std::get<Unsupported>(events[5]).of, "x");
}

void TestAgentControl::aNoticeMayComeBeforeTheWelcome()
{
    AgentControl control(m_now, sampleHello());
    QVERIFY(isOnly<Notice>(feed(control, framed(Notice{NoticeLevel::Info, "busy"}))));
    QVERIFY(isOnly<Welcome>(feed(control, framed(sampleWelcome()))));
}

void TestAgentControl::anAnswerBeforeTheWelcomeIsOutOfOrder_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char* name, const Message& message) {
        QTest::newRow(name) << QByteArray::fromStdString(framed(message));
    };
    row("opened", TunnelOpened{sampleGrant()});
    row("refused", TunnelRefused{"a", Refusal(RefusalCode::NameTaken)});
    row("drain", Drain{1});
}

void TestAgentControl::anAnswerBeforeTheWelcomeIsOutOfOrder()
{
    QFETCH(QByteArray, bytes);
    AgentControl control(m_now, sampleHello());
    QVERIFY(endOf(feed(control, bytes.toStdString())).reason == ControlEnd::OutOfOrder);
}

void TestAgentControl::aSecondWelcomeIsOutOfOrder()
{
    AgentControl control = opened();
    QVERIFY(endOf(feed(control, framed(sampleWelcome()))).reason == ControlEnd::OutOfOrder);
}

void TestAgentControl::answersUnknownTypesAndGoesOn()
{
    AgentControl control = opened();
    QVERIFY(feed(control, encodeControlFrame(R"({"type":"later"})")).empty());
    QVERIFY(feed(control, framed(TunnelClose{1})).empty()); // one of the agent's own
    QVERIFY(takeMessages(control) ==
            (std::vector<Message>{Unsupported{"later"}, Unsupported{"tunnel.close"}}));
    QVERIFY(control.isOpen());
}

void TestAgentControl::neverAnswersUnsupported()
{
    AgentControl control = opened();
    QVERIFY(isOnly<Unsupported>(feed(control, framed(Unsupported{"reauth"}))));
    QVERIFY(control.output().empty());
}

void TestAgentControl::endsAtAMalformedMessage()
{
    AgentControl control = opened();
    const ControlEnded end = endOf(feed(control, encodeControlFrame(R"({"type":"drain"})")));
    QVERIFY(end.reason == ControlEnd::Malformed);
    QCOMPARE(end.detail, "deadline: missing");
}

void TestAgentControl::endsAtABadFrame()
{
    AgentControl control(m_now, sampleHello());
    QVERIFY(endOf(feed(control, "HTTP/1.1 400 Bad Request\r\n\r\n")).reason ==
            ControlEnd::BadFrame);
}

void TestAgentControl::endsWhenTheRelayClosesTheStream()
{
    AgentControl control = opened();
    control.receiveEnd();
    QVERIFY(endOf(takeEvents(control)).reason == ControlEnd::Closed);
    control.send(TunnelClose{1});
    QVERIFY(control.output().empty());
}

void TestAgentControl::endsWhenTheRelayDoesNotRead()
{
    AgentControl control = opened();
    const StreamFailed failed{2, StreamFailure::UpstreamRefused, std::string(1000, 'x')};
    for (int i = 0; i < 10000 && !control.ended(); ++i)
        control.send(failed);
    QVERIFY(control.output().size() <= AgentControl::Limits().outputBytes);
    QVERIFY(endOf(takeEvents(control)).reason == ControlEnd::TooMuchOutput);
}

void TestAgentControl::commandsBeforeTheWelcomeAreBounded()
{
    AgentControl control(m_now, sampleHello());
    for (int i = 0; i < 100000 && !control.ended(); ++i)
        control.send(TunnelOpen{sampleRequest()});
    QVERIFY(endOf(takeEvents(control)).reason == ControlEnd::TooMuchOutput);
}

QTEST_APPLESS_MAIN(TestAgentControl)
#include "tst_agent_control.moc"
