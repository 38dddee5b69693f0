// Random runs of two sessions against a model. SALLYPORT_SEED=N repeats one run, SALLYPORT_RUNS=N
// sets how many there are.
#include "model.h"

#include <QTest>

#include <random>

using namespace sallyport::mux;

class TestSessionModel : public QObject
{
    Q_OBJECT

private slots:
    void deliversEveryByteOnceInOrderAndNeverStalls();
};

void TestSessionModel::deliversEveryByteOnceInOrderAndNeverStalls()
{
#ifdef NDEBUG
    int runs = 10'000;
#else
    int runs = 2'000; // all invariants are checked at every call
#endif
    uint32_t seed = std::random_device()();
    if (qEnvironmentVariableIsSet("SALLYPORT_SEED")) {
        seed = qEnvironmentVariable("SALLYPORT_SEED").toUInt();
        runs = 1;
    }
    if (qEnvironmentVariableIsSet("SALLYPORT_RUNS"))
        runs = qEnvironmentVariableIntValue("SALLYPORT_RUNS");

    ModelStats sum;
    for (int i = 0; i < runs; ++i, ++seed) {
        try {
            Model model(seed);
            model.run();
            const ModelStats& s = model.stats();
            sum.streams += s.streams;
            sum.bytes += s.bytes;
            sum.closed += s.closed;
            sum.resets += s.resets;
            sum.refused += s.refused;
            sum.timeouts += s.timeouts;
            sum.unreadLimits += s.unreadLimits;
            sum.grownWindows += s.grownWindows;
            sum.waits += s.waits;
        } catch (const ModelError& error) {
            QFAIL(qPrintable(QStringLiteral("SALLYPORT_SEED=%1: %2").arg(seed).arg(error.what())));
        }
    }
    qInfo("%d runs: %zu streams, %zu MiB, %zu closed, %zu resets, %zu refused, %zu timed out, "
          "%zu over the unread limit, %zu reads with a grown window, %zu waits for room",
          runs, sum.streams, sum.bytes >> 20, sum.closed, sum.resets, sum.refused, sum.timeouts,
          sum.unreadLimits, sum.grownWindows, sum.waits);
    // Enough runs reach everything.
    if (runs >= 1000) {
        QVERIFY(sum.closed && sum.resets && sum.refused && sum.timeouts && sum.unreadLimits &&
                sum.grownWindows && sum.waits);
    }
}

QTEST_APPLESS_MAIN(TestSessionModel)
#include "tst_session_model.moc"
