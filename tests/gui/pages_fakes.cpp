// The agent that only plays its part, which the other tests rely on.
#include "fake_agent_control.h"
#include "palette.h"

#include <QSignalSpy>
#include <QTest>

using namespace sallyport::gui::demo;
using sallyport::inspect::Query;
using sallyport::inspect::Record;

class FakesTest : public QObject
{
    Q_OBJECT

private slots:
    void theSameRequestsComeEachTime()
    {
        FakeAgentControl one(*Scene::named("lively"));
        FakeAgentControl two(*Scene::named("lively"));
        std::vector<Record> first;
        std::vector<Record> second;
        one.traffic().query({}, [&](const auto& found) { first = *found; });
        two.traffic().query({}, [&](const auto& found) { second = *found; });
        QTRY_VERIFY(!first.empty() && !second.empty());
        QCOMPARE(first.size(), second.size());
        for (size_t i = 0; i < first.size(); ++i) {
            QCOMPARE(first[i].path, second[i].path);
            QCOMPARE(first[i].status, second[i].status);
        }
    }

    void theOldestRecordsGoAtTheLimit()
    {
        FakeAgentControl control(*Scene::named("many"));
        QCOMPARE(control.traffic().kept(), FakeTrafficSource::MaxRecords);
        QSignalSpy removed(&control.traffic(), &FakeTrafficSource::recordsRemoved);
        control.traffic().produce(10);
        QCOMPARE(control.traffic().kept(), FakeTrafficSource::MaxRecords);
        QCOMPARE(removed.count(), 1);
        QCOMPARE(removed[0][0].toULongLong(), 10ULL);
    }

    void aQueryPagesBackInTime()
    {
        FakeAgentControl control(*Scene::named("lively"));
        Query query;
        query.limit = 10;
        query.before = 100;
        std::vector<Record> page;
        control.traffic().query(query, [&](const auto& found) { page = *found; });
        QTRY_COMPARE(page.size(), size_t(10));
        QCOMPARE(page.front().id, uint64_t(99));
        QCOMPARE(page.back().id, uint64_t(90));
    }

    void aReplayNamesItsOriginal()
    {
        FakeAgentControl control(*Scene::named("lively"));
        uint64_t id = 0;
        control.traffic().replay({1, false, {}, {}, {}, {}}, [&](const auto& made) { id = *made; });
        QTRY_VERIFY(id != 0);
        uint64_t original = 0;
        control.traffic().exchange(
            id, [&](const auto& exchange) { original = exchange->record.replayOf; });
        QTRY_COMPARE(original, uint64_t(1));
    }

    void aPictureKeepsItsColoursWithinAPaletteOf256()
    {
        QImage picture(300, 1, QImage::Format_RGB32);
        for (int x = 0; x < picture.width(); ++x)
            picture.setPixel(x, 0, qRgb(x % 256, x / 256, 0));
        const QImage small = withFewColours(picture);
        QCOMPARE(small.format(), QImage::Format_Indexed8);
        QVERIFY(small.colorCount() <= MaxColours);
        QVERIFY(qAbs(qRed(small.pixel(200, 0)) - 200) <= MaxDistance);
    }

    void aPictureOfTooManyColoursIsLeftAsItIs()
    {
        QImage picture(64, 64, QImage::Format_RGB32);
        for (int x = 0; x < 64; ++x)
            for (int y = 0; y < 64; ++y)
                picture.setPixel(x, y, qRgb(x * 4, y * 4, (x * y) % 256));
        const QImage same = withFewColours(picture);
        QVERIFY(same == picture);
    }

    void everySceneCanBeMade()
    {
        for (const QString& name : Scene::names())
            FakeAgentControl control(*Scene::named(name));
        QVERIFY(!Scene::named("no such scene"));
    }
};

QTEST_MAIN(FakesTest)
#include "pages_fakes.moc"
