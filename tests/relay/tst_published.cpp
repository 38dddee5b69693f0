#include "published.h"

#include <QTest>

#include <thread>

using namespace sallyport::relay;

class TestPublished : public QObject
{
    Q_OBJECT

private slots:
    void readersSeeTheNewestValue();
    void threadsReadWhileAnotherPublishes();
};

void TestPublished::readersSeeTheNewestValue()
{
    Published<int> value(std::make_shared<const int>(1));
    Published<int>::Reader reader(value);
    QCOMPARE(*reader.get(), 1);
    const auto kept = reader.get();
    value.publish(std::make_shared<const int>(2));
    QCOMPARE(*reader.get(), 2);
    QCOMPARE(*kept, 1);
}

void TestPublished::threadsReadWhileAnotherPublishes()
{
    Published<int> value(std::make_shared<const int>(0));
    constexpr int Last = 2000;
    std::vector<std::thread> readers;
    std::atomic<bool> backwards{false};
    for (int i = 0; i < 3; ++i)
        readers.emplace_back([&] {
            Published<int>::Reader reader(value);
            for (int seen = 0; seen < Last;) {
                const int now = *reader.get();
                if (now < seen)
                    backwards = true;
                seen = now;
            }
        });
    for (int i = 1; i <= Last; ++i)
        value.publish(std::make_shared<const int>(i));
    for (std::thread& reader : readers)
        reader.join();
    QVERIFY(!backwards);
}

QTEST_APPLESS_MAIN(TestPublished)
#include "tst_published.moc"
