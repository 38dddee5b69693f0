#include <sallyport/base/backoff.h>

#include <QTest>

using namespace sallyport;
using namespace std::chrono_literals;

class TestBackoff : public QObject
{
    Q_OBJECT

private slots:
    void doublesUpToTheLongest();
    void jittersBetweenHalfAndWhole();
    void startsOverAfterReset();
};

void TestBackoff::doublesUpToTheLongest()
{
    Backoff backoff(500ms, 3s);
    const Duration expected[] = {500ms, 1s, 2s, 3s, 3s};
    for (Duration wait : expected)
        QCOMPARE(backoff.next(0xffffffff).count(), wait.count());
}

void TestBackoff::jittersBetweenHalfAndWhole()
{
    Backoff backoff(1s, 30s);
    QCOMPARE(backoff.next(0).count(), Duration(500ms).count());
    const Duration second = backoff.next(0x80000000);
    QVERIFY(second > 1s && second < 2s);
}

void TestBackoff::startsOverAfterReset()
{
    Backoff backoff(1s, 30s);
    (void)backoff.next(1);
    (void)backoff.next(1);
    backoff.reset();
    QCOMPARE(backoff.next(0xffffffff).count(), Duration(1s).count());
}

QTEST_APPLESS_MAIN(TestBackoff)
#include "tst_backoff.moc"
