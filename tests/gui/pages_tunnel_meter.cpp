// Rates, latency and the last minute of each tunnel.
#include "fake_agent_control.h"
#include "sparkline.h"
#include "tunnel_meter.h"

#include <QSignalSpy>
#include <QTest>

#include <numeric>

using namespace sallyport::gui;
using demo::FakeAgentControl;
using demo::Scene;

namespace {

Scene still()
{
    Scene scene = *Scene::named("lively");
    scene.history = 0;
    scene.requestsPerSecond = 0;
    return scene;
}

} // namespace

class TunnelMeterTest : public QObject
{
    Q_OBJECT

private slots:
    void countsEachNewRequestOnce()
    {
        FakeAgentControl control(still());
        TunnelMeter meter(control);
        control.traffic().produce(50);
        control.traffic().produce(50);
        meter.sample();
        QCOMPARE(meter.total().history.last(), 100.0);
        QCOMPARE(meter.total().perSecond, 20.0);
        QVERIFY(meter.total().latencyMs > 0);
        meter.sample();
        QCOMPARE(meter.total().history.last(), 0.0);
    }

    void theSumOfTheTunnelsIsTheTotal()
    {
        FakeAgentControl control(still());
        TunnelMeter meter(control);
        control.traffic().produce(500);
        meter.sample();
        double sum = 0;
        for (const auto& view : control.snapshot().tunnels)
            sum += meter.reading(view.status.ref).history.last();
        QCOMPARE(sum, 500.0);
    }

    void keepsNoMoreThanAMinute()
    {
        FakeAgentControl control(still());
        TunnelMeter meter(control);
        control.traffic().produce(10);
        for (int second = 0; second <= TunnelMeter::Samples; ++second)
            meter.sample();
        QCOMPARE(meter.total().history.size(), TunnelMeter::Samples);
        QCOMPARE(meter.total().history.first(), 0.0);
    }

    void beginsWithWhatIsRemembered()
    {
        Scene scene = still();
        scene.history = 100;
        FakeAgentControl control(scene);
        TunnelMeter meter(control);
        QSignalSpy sampled(&meter, &TunnelMeter::sampled);
        QVERIFY(sampled.wait());
        const auto& history = meter.total().history;
        QVERIFY(std::accumulate(history.begin(), history.end(), 0.0) > 50);
    }

    void aTunnelThatIsGoneReadsAsNothing()
    {
        FakeAgentControl control(still());
        TunnelMeter meter(control);
        QCOMPARE(meter.reading("no such tunnel"), TunnelMeter::Reading{});
    }

    void barsFillTheHeightAndWhatIsThereIsSeen()
    {
        const auto bars = Sparkline::barHeights({0, 1, 1'000}, 30);
        QCOMPARE(bars, (QList<qreal>{1, 2, 30}));
    }

    void aSparklineKeepsItsLimit()
    {
        Sparkline line;
        line.setValues(QList<qreal>(500, 1.0));
        QCOMPARE(line.values().size(), Sparkline::MaxValues);
    }
};

QTEST_MAIN(TunnelMeterTest)
#include "pages_tunnel_meter.moc"
