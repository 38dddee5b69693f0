// Counters, and quantiles against exact ones.
#include <sallyport/observe/counters.h>
#include <sallyport/observe/histogram.h>

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>
#include <thread>
#include <vector>

using namespace sallyport::observe;

class TestHistogram : public QObject
{
    Q_OBJECT
private slots:
    void countsFromSeveralThreads()
    {
        Counter counter;
        Gauge gauge;
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (int i = 0; i < 10'000; ++i) {
                    counter.add(2);
                    gauge.add(3);
                    gauge.subtract(2);
                }
            });
        for (auto& thread : threads)
            thread.join();
        QCOMPARE(counter.value(), uint64_t(80'000));
        QCOMPARE(gauge.value(), int64_t(40'000));
        gauge.set(-5);
        QCOMPARE(gauge.value(), int64_t(-5));
    }

    void bucketsCoverAllValuesWithoutGaps()
    {
        using namespace detail;
        for (size_t bucket = 0; bucket < BucketCount; ++bucket) {
            const uint64_t top = bucketTop(bucket);
            QCOMPARE(bucketOf(top), bucket);
            if (bucket + 1 < BucketCount)
                QCOMPARE(bucketOf(top + 1), bucket + 1);
        }
        QCOMPARE(bucketTop(BucketCount - 1), MaxValue);
        QCOMPARE(bucketOf(UINT64_MAX), BucketCount - 1);
        QCOMPARE(bucketOf(0), size_t(0));
    }

    void errorStaysWithinTheBound()
    {
        using namespace detail;
        for (uint64_t value = 1; value < MaxValue; value = value * 21 / 20 + 1) {
            const uint64_t top = bucketTop(bucketOf(value));
            QVERIFY(top >= value);
            QVERIFY(double(top - value) <= double(value) / 32);
        }
    }

    void quantilesMatchExactOnes_data()
    {
        QTest::addColumn<int>("shape");
        QTest::newRow("uniform") << 0;
        QTest::newRow("long tail") << 1;
        QTest::newRow("small numbers") << 2;
        QTest::newRow("one value") << 3;
    }
    void quantilesMatchExactOnes()
    {
        QFETCH(int, shape);
        std::mt19937_64 random(7);
        Histogram histogram;
        std::vector<uint64_t> values;
        for (int i = 0; i < 20'000; ++i) {
            uint64_t value = 12'345;
            if (shape == 0)
                value = random() % 1'000'000;
            else if (shape == 1)
                value = uint64_t(std::exp(double(random() % 200'000) / 10'000));
            else if (shape == 2)
                value = random() % 50;
            values.push_back(value);
            histogram.record(value);
        }
        std::sort(values.begin(), values.end());
        const HistogramSnapshot snapshot = histogram.snapshot();
        QCOMPARE(snapshot.count(), uint64_t(values.size()));
        uint64_t sum = 0;
        for (const uint64_t value : values)
            sum += value;
        QCOMPARE(snapshot.sum(), sum);
        for (const double q : {0.0, 0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1.0}) {
            const size_t rank = std::max<size_t>(1, size_t(std::ceil(q * double(values.size()))));
            const uint64_t exact = values[rank - 1];
            const uint64_t ours = snapshot.quantile(q);
            QVERIFY2(ours >= exact && double(ours - exact) <= double(exact) / 32,
                     qPrintable(QString("q %1: %2 against %3").arg(q).arg(ours).arg(exact)));
        }
        QVERIFY(snapshot.max() >= values.back());
    }

    void mergesAndTakesDifferences()
    {
        Histogram a;
        Histogram b;
        for (uint64_t i = 0; i < 100; ++i)
            a.record(i % 10);
        const HistogramSnapshot before = a.snapshot();
        for (uint64_t i = 0; i < 50; ++i)
            b.record(1'000'000);
        HistogramSnapshot both = a.snapshot();
        both.merge(b.snapshot());
        QCOMPARE(both.count(), uint64_t(150));
        QVERIFY(both.quantile(0.5) < 10);
        QVERIFY(both.quantile(0.9) >= 1'000'000);
        a.record(77);
        const HistogramSnapshot later = a.snapshot().since(before);
        QCOMPARE(later.count(), uint64_t(1));
        QCOMPARE(later.sum(), uint64_t(77));
        QVERIFY(later.quantile(0.5) >= 77);
    }

    void isCalmAboutNothingAndTooMuch()
    {
        Histogram histogram;
        QCOMPARE(histogram.snapshot().quantile(0.99), uint64_t(0));
        QCOMPARE(histogram.snapshot().max(), uint64_t(0));
        QCOMPARE(histogram.snapshot().mean(), 0.0);
        histogram.record(UINT64_MAX);
        QCOMPARE(histogram.snapshot().quantile(0.5), detail::MaxValue);
        histogram.record(std::chrono::nanoseconds(-5));
        QCOMPARE(histogram.snapshot().quantile(0.0), uint64_t(0));
        histogram.record(std::chrono::milliseconds(3));
        QCOMPARE(histogram.snapshot().count(), uint64_t(3));
        QVERIFY(sizeof(Histogram) <= 10'000);
    }

    void maySnapshotWhileAnotherThreadRecords()
    {
        Histogram histogram;
        std::thread writer([&] {
            for (uint64_t i = 0; i < 100'000; ++i)
                histogram.record(i % 1000);
        });
        uint64_t last = 0;
        while (last < 100'000) {
            const HistogramSnapshot snapshot = histogram.snapshot();
            QVERIFY(snapshot.count() >= last);
            QVERIFY(snapshot.quantile(1.0) < 1100);
            last = snapshot.count();
        }
        writer.join();
    }
};

QTEST_GUILESS_MAIN(TestHistogram)
#include "tst_histogram.moc"
