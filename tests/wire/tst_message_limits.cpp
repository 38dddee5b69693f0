// Every limit of a message: the longest that is taken, and one more.
#include "wire_samples.h"

#include <sallyport/wire/control_frame.h>

#include <QTest>

#include <functional>

using namespace sallyport;
using namespace sallyport::wire;
using namespace sallyport::wire::test;

class TestMessageLimits : public QObject
{
    Q_OBJECT

private slots:
    void takesTheLongestTextAndNoLonger_data();
    void takesTheLongestTextAndNoLonger();
    void takesTheLongestListAndNoLonger();
    void limitsOfATunnelTouchThatTunnelAlone();
    void cutsProseOnBothWays();
    void cutsProseBetweenCharacters();
    void nestsAsDeepAsAllowedAndNoDeeper();
};

namespace {

// Builds a message with one text of the given size.
using Build = std::function<Message(std::string)>;

Message refuseWith(std::string code)
{
    Refusal refusal(RefusalCode::Internal);
    refusal.code = std::move(code);
    return Refuse{refusal};
}

Message grantWith(TunnelGrant grant)
{
    return TunnelOpened{std::move(grant)};
}

bool parses(const Message& message)
{
    return parseMessage(encodeMessage(message)).ok();
}

} // namespace

Q_DECLARE_METATYPE(Build)

void TestMessageLimits::takesTheLongestTextAndNoLonger_data()
{
    QTest::addColumn<Build>("build");
    QTest::addColumn<qsizetype>("limit");
    const auto row = [](const char* name, size_t limit, const Build& build) {
        QTest::newRow(name) << build << static_cast<qsizetype>(limit);
    };
    const auto agentRow = [&](const char* name, std::string AgentInfo::*field) {
        row(name, MessageLimits::AgentField, [field](std::string text) {
            Hello hello = sampleHello();
            hello.agent.*field = std::move(text);
            return hello;
        });
    };
    agentRow("agent.id", &AgentInfo::id);
    agentRow("agent.name", &AgentInfo::name);
    agentRow("agent.version", &AgentInfo::version);
    agentRow("agent.os", &AgentInfo::os);
    agentRow("agent.arch", &AgentInfo::arch);
    row("scheme", MessageLimits::Scheme, [](std::string t) {
        return Reauth{{std::move(t), Secret()}};
    });
    row("token", MessageLimits::Token, [](std::string t) { return Reauth{{"token", Secret(t)}}; });
    row("token of another scheme", MessageLimits::Token, [](std::string t) {
        return Reauth{{"jwt", Secret(t)}};
    });
    row("ref", MessageLimits::Ref,
        [](std::string t) { return TunnelOpen{sampleRequest(std::move(t))}; });
    row("refused ref", MessageLimits::Ref, [](std::string t) {
        return TunnelRefused{std::move(t), Refusal(RefusalCode::Internal)};
    });
    row("granted ref", MessageLimits::Ref, [](std::string t) {
        return grantWith({std::move(t), 1, {}, {}});
    });
    row("granted name", 63, [](std::string t) { return grantWith({"a", 1, std::move(t), {}}); });
    row("url", MessageLimits::Url, [](std::string t) {
        return grantWith({"a", 1, {}, {std::move(t)}});
    });
    row("session", MessageLimits::Session, [](std::string t) {
        return Welcome{std::move(t), {}, {}};
    });
    row("code", MessageLimits::Code, refuseWith);
    row("nonce", MessageLimits::Nonce, [](std::string t) {
        return Challenge{"token", std::move(t)};
    });
}

void TestMessageLimits::takesTheLongestTextAndNoLonger()
{
    QFETCH(Build, build);
    QFETCH(qsizetype, limit);
    const auto size = static_cast<size_t>(limit);
    QVERIFY(parses(build(std::string(size, 'x'))));
    const auto longer = parseMessage(encodeMessage(build(std::string(size + 1, 'x'))));
    QVERIFY(!longer);
    QVERIFY(longer.error().error == ParseError::OutOfRange);
}

void TestMessageLimits::takesTheLongestListAndNoLonger()
{
    Hello hello = sampleHello();
    hello.tunnels.clear();
    for (size_t i = 0; i < MessageLimits::Tunnels; ++i)
        hello.tunnels.push_back({std::to_string(i), TunnelKind::Tcp, {}, {}, {}, {}});
    QVERIFY(parses(hello));
    hello.tunnels.push_back({"more", TunnelKind::Tcp, {}, {}, {}, {}});
    QVERIFY(parseMessage(encodeMessage(hello)).error().error == ParseError::TooMany);

    Welcome welcome{"s", std::vector<TunnelGrant>(MessageLimits::Tunnels, sampleGrant()), {}};
    QVERIFY(parses(welcome));
    welcome.tunnels.push_back(sampleGrant());
    QVERIFY(parseMessage(encodeMessage(welcome)).error().error == ParseError::TooMany);

    const TunnelRefused refused{"a", Refusal(RefusalCode::Internal)};
    Welcome refusals{"s", {}, std::vector<TunnelRefused>(MessageLimits::Tunnels, refused)};
    QVERIFY(parses(refusals));
    refusals.refused.push_back(refused);
    QVERIFY(parseMessage(encodeMessage(refusals)).error().error == ParseError::TooMany);

    TunnelGrant grant{"a", 1, {}, std::vector<std::string>(MessageLimits::Urls, "https://a")};
    QVERIFY(parses(TunnelOpened{grant}));
    grant.urls.push_back("https://b");
    QVERIFY(parseMessage(encodeMessage(TunnelOpened{grant})).error().error == ParseError::TooMany);
}

void TestMessageLimits::limitsOfATunnelTouchThatTunnelAlone()
{
    const std::string label(63, 'a');
    const std::string longest = label + '.' + label + '.' + label + '.' + std::string(61, 'b');
    QCOMPARE(longest.size(), MessageLimits::Hostname);
    TunnelRequest request{"a", TunnelKind::Http, std::string(63, 'n'), longest, {}, {}};
    request.options.hostHeader = std::string(MessageLimits::HostHeader, 'h');
    QVERIFY(parses(TunnelOpen{request}));

    const auto refuses = [](const TunnelRequest& bad) {
        const auto message = parseMessage(encodeMessage(TunnelOpen{bad}));
        return !message && message.error().error == ParseError::InvalidTunnel;
    };
    TunnelRequest name = request, hostname = request, header = request;
    name.name->push_back('n');
    hostname.hostname->push_back('b');
    header.options.hostHeader->push_back('h');
    QVERIFY(refuses(name));
    QVERIFY(refuses(hostname));
    QVERIFY(refuses(header));
}

void TestMessageLimits::cutsProseOnBothWays()
{
    const std::string json = encodeMessage(Notice{NoticeLevel::Info, std::string(5000, 'x')});
    QVERIFY(json.size() < MessageLimits::Text + 100);
    const auto notice =
        parseMessage(R"({"type":"notice","message":")" + std::string(5000, 'x') + "\"}");
    QCOMPARE(std::get<Notice>(notice.value()).message.size(), MessageLimits::Text);
}

void TestMessageLimits::cutsProseBetweenCharacters()
{
    std::string text(MessageLimits::Text - 1, 'x');
    text += "\xe2\x82\xac"; // a euro sign that does not fit
    const auto notice = parseMessage(encodeMessage(Notice{NoticeLevel::Info, text}));
    QCOMPARE(std::get<Notice>(notice.value()).message, std::string(MessageLimits::Text - 1, 'x'));
}

void TestMessageLimits::nestsAsDeepAsAllowedAndNoDeeper()
{
    const auto nested = [](int depth) { // the message itself is one level
        return R"({"type":"drain","deadline":1,"x":)" + std::string(size_t(depth - 1), '[') +
               std::string(size_t(depth - 1), ']') + "}";
    };
    QVERIFY(parseMessage(nested(MaxJsonDepth)).ok());
    QVERIFY(parseMessage(nested(MaxJsonDepth + 1)).error().error == ParseError::TooDeep);
    // Brackets inside a text are text.
    const std::string inText =
        "{\"type\":\"drain\",\"deadline\":1,\"x\":\"\\\"" + std::string(30, '[') + "\"}";
    QVERIFY(parseMessage(inText).ok());
    // As deep as a frame allows: no recursion may end the process.
    QVERIFY(parseMessage(std::string(MaxControlFrame, '[')).error().error == ParseError::TooDeep);
}

QTEST_APPLESS_MAIN(TestMessageLimits)
#include "tst_message_limits.moc"
