// The live screen as text.
#include "screen/live_screen.h"
#include "screen/render.h"

#include <QTest>

using namespace sallyport;
using namespace sallyport::cli;

class TestScreenRender : public QObject
{
    Q_OBJECT

    static ScreenModel connected()
    {
        ScreenModel model;
        model.version = "1.2.3";
        model.state = "connected";
        model.stateTone = Tone::Good;
        model.relay = "tunnel.example.com:7000 (tls)";
        model.latency = "12.3 ms";
        model.forwardings = {{"https://web.example.com", "127.0.0.1:3000", Tone::Strong, ""}};
        model.open = 1;
        model.total = 7;
        model.bytesIn = 1536;
        model.showRequests = true;
        model.requests = {{"12:00:00", "GET", "/index.html", 200, "3.1 ms"}};
        return model;
    }
    static std::string text(const std::vector<ScreenLine>& lines)
    {
        std::string result;
        for (const ScreenLine& line : lines)
            result += plainText(line) + "\n";
        return result;
    }

private slots:
    void showsStateAddressAndCounters()
    {
        const std::string screen = text(render(connected(), 80, 24));
        QVERIFY(screen.starts_with("Sallyport 1.2.3"));
        QVERIFY(screen.find("(Ctrl+C to quit)\n") != std::string::npos);
        QVERIFY(screen.find("State         connected\n") != std::string::npos);
        QVERIFY(screen.find("Latency       12.3 ms\n") != std::string::npos);
        QVERIFY(screen.find("Forwarding    https://web.example.com -> 127.0.0.1:3000\n") !=
                std::string::npos);
        QVERIFY(screen.find("1 open, 7 in all; in 1.5 KiB, out 0 B\n") != std::string::npos);
        QVERIFY(screen.find("12:00:00  GET     /index.html") != std::string::npos);
        QVERIFY(screen.find(" 200 3.1 ms\n") != std::string::npos);
    }

    void neverLeavesTheScreen_data()
    {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        for (const int width : {1, 10, 20, 40, 79, 200})
            for (const int height : {1, 2, 5, 10, 24, 100})
                QTest::addRow("%dx%d", width, height) << width << height;
    }
    void neverLeavesTheScreen()
    {
        QFETCH(int, width);
        QFETCH(int, height);
        ScreenModel model = connected();
        for (int i = 0; i < 30; ++i) {
            model.forwardings.push_back({"https://" + std::string(60, 'n') + ".example.com",
                                         "127.0.0.1:3000", Tone::Strong, "down"});
            model.requests.push_back({"12:00:00", "PROPFIND", std::string(500, 'p'), 500, "1 ms"});
        }
        const auto lines = render(model, size_t(width), size_t(height));
        QVERIFY(lines.size() <= size_t(height));
        for (const ScreenLine& line : lines)
            QVERIFY(plainText(line).size() <= size_t(width));
    }

    void saysHowManyTunnelsDoNotFit()
    {
        ScreenModel model = connected();
        for (int i = 0; i < 30; ++i)
            model.forwardings.push_back({"https://t" + std::to_string(i), "x", Tone::Plain, ""});
        const std::string screen = text(render(model, 80, 24));
        QVERIFY(screen.find(" more\n") != std::string::npos);
        QVERIFY(screen.find("Connections") != std::string::npos);
        QVERIFY(screen.find("/index.html") != std::string::npos);
    }

    void showsNothingThatCouldSteerTheTerminal()
    {
        ScreenModel model = connected();
        model.requests = {{"12:00:00", "GET", "/\x1b[2J\x07\r\n\xff", 200, ""}};
        model.message = "bell\x07";
        model.forwardings[0].problem = "\x1b]0;title\x07";
        for (const ScreenLine& line : render(model, 80, 24))
            for (const char c : plainText(line))
                QVERIFY(c >= 0x20 && c <= 0x7e);
    }

    void coloursOnlyWhenAllowed()
    {
        const ScreenLine line = {{"200", Tone::Good}, {" x", Tone::Plain}};
        QCOMPARE(ansiText(line, false), std::string("200 x"));
        QCOMPARE(ansiText(line, true), std::string("\x1b[32m200\x1b[0m x"));
    }

    void saysWhatAnAgentDoes()
    {
        const TimePoint now{};
        agent::Status status;
        status.state = agent::LinkState::Waiting;
        status.relay = "relay:7000";
        status.nextTry = now + std::chrono::milliseconds(2500);
        status.problem = "connection refused";
        agent::TunnelStatus refused;
        refused.ref = "ssh";
        refused.state = agent::TunnelState::Refused;
        refused.refusalText = "the port is taken";
        agent::TunnelStatus open;
        open.ref = "web";
        open.state = agent::TunnelState::Open;
        open.urls = {"https://web.example.com"};
        open.config.upstream = *config::Upstream::parse("3000", config::TunnelKind::Http);
        open.upstreamProblem = "127.0.0.1:3000: connection refused";
        status.tunnels = {refused, open};
        const std::string screen = text(render(modelOf(status, {}, now), 100, 30));
        QVERIFY(screen.find("waiting, next try in 3 s\n") != std::string::npos);
        QVERIFY(screen.find("connection refused") != std::string::npos);
        QVERIFY(screen.find("ssh (refused)") != std::string::npos);
        QVERIFY(screen.find("the port is taken") != std::string::npos);
        QVERIFY(screen.find("the upstream can't be reached: 127.0.0.1:3000") != std::string::npos);
    }

    void showsBytesInReadableUnits()
    {
        QCOMPARE(byteText(0), std::string("0 B"));
        QCOMPARE(byteText(1023), std::string("1023 B"));
        QCOMPARE(byteText(1024), std::string("1.0 KiB"));
        QCOMPARE(byteText(uint64_t(5) << 40), std::string("5.0 TiB"));
    }
};

QTEST_APPLESS_MAIN(TestScreenRender)
#include "tst_screen_render.moc"
