#include "traffic_model.h"

#include "fake_agent_control.h"
#include "quiet_scene.h"
#include "session.h"
#include "traffic_text.h"

#include <QSignalSpy>
#include <QtTest>

#include <limits>

using namespace sallyport;
using namespace sallyport::gui;

namespace {

struct Bench
{
    explicit Bench(size_t history, size_t maxRows = TrafficModel::MaxRows)
        : control(test::quiet(history)), session(control), model(nullptr, maxRows)
    {
        model.setSession(&session);
    }
    bool settled()
    {
        return QTest::qWaitFor([this] { return !model.isLoading(); }, 30'000);
    }
    QVariant at(int row, TrafficModel::Role role) const
    {
        return model.data(model.index(row), role);
    }

    demo::FakeAgentControl control;
    Session session;
    TrafficModel model;
};

} // namespace

class TrafficModelTest : public QObject
{
    Q_OBJECT

private slots:
    void showsTheNewestFirstAndFetchesOlderOnDemand()
    {
        Bench bench(1'200);
        QVERIFY(bench.settled());
        QCOMPARE(bench.model.rowCount(), int(TrafficModel::PageRows));
        QCOMPARE(bench.at(0, TrafficModel::IdRole).toDouble(), 1'200.0);
        QVERIFY(bench.model.canFetchMore({}));
        bench.model.fetchMore({});
        QTRY_COMPARE(bench.model.rowCount(), 1'000);
        bench.model.fetchMore({});
        QTRY_COMPARE(bench.model.rowCount(), 1'200);
        QCOMPARE(bench.at(1'199, TrafficModel::IdRole).toDouble(), 1.0);
        QVERIFY(!bench.model.canFetchMore({}));
    }

    void insertsABatchAtOnceAndNeverResets()
    {
        Bench bench(0);
        QVERIFY(bench.settled());
        QSignalSpy inserts(&bench.model, &QAbstractItemModel::rowsInserted);
        QSignalSpy resets(&bench.model, &QAbstractItemModel::modelReset);
        for (int batch = 0; batch < 20; ++batch)
            bench.control.traffic().produce(100);
        QCOMPARE(inserts.count(), 20);
        QCOMPARE(resets.count(), 0);
        QCOMPARE(bench.model.rowCount(), 2'000);
        QCOMPARE(bench.at(0, TrafficModel::IdRole).toDouble(), 2'000.0);
    }

    void keepsAHundredThousandRowsAndDropsTheOldest()
    {
        Bench bench(0);
        QVERIFY(bench.settled());
        for (int batch = 0; batch < 52; ++batch)
            bench.control.traffic().produce(2'000);
        QCOMPARE(bench.model.rowCount(), int(TrafficModel::MaxRows));
        QCOMPARE(bench.at(0, TrafficModel::IdRole).toDouble(), 104'000.0);
        QCOMPARE(bench.at(99'999, TrafficModel::IdRole).toDouble(), 4'001.0);
        QVERIFY(!bench.model.canFetchMore({}));
    }

    void theSelectionStaysWithItsRecord()
    {
        Bench bench(10);
        QVERIFY(bench.settled());
        bench.model.setSelectedId(7);
        QCOMPARE(bench.model.rowOf(7), 3);
        bench.control.traffic().produce(50);
        QCOMPARE(bench.model.selectedId(), 7.0);
        QCOMPARE(bench.model.rowOf(7), 53);
        QCOMPARE(bench.model.moveSelection(1), 54);
        QCOMPARE(bench.model.selectedId(), 6.0);
        QCOMPARE(bench.model.moveSelection(1'000), 59);
    }

    void allOfTheFilterMustHold()
    {
        Bench bench(400);
        QVERIFY(bench.settled());
        bench.model.filter()->setMethod("POST");
        bench.model.filter()->setStatusClass(2);
        QTRY_VERIFY(!bench.model.isLoading());
        QVERIFY(bench.model.rowCount() > 0);
        QVERIFY(bench.model.rowCount() < 400);
        bench.control.traffic().produce(300);
        for (int row = 0; row < bench.model.rowCount(); ++row) {
            QCOMPARE(bench.at(row, TrafficModel::MethodRole).toString(), QString("POST"));
            QCOMPARE(bench.at(row, TrafficModel::StatusRole).toInt() / 100, 2);
        }
        bench.model.filter()->clear();
        QTRY_COMPARE(bench.model.rowCount(), int(TrafficModel::PageRows));
    }

    void oneThatMatchesOnlyWhenItEndsFindsItsPlace()
    {
        Bench bench(0);
        QVERIFY(bench.settled());
        bench.model.filter()->setStatusClass(5);
        QTRY_VERIFY(!bench.model.isLoading());
        inspect::Record slow;
        slow.id = 1;
        slow.method = "GET";
        inspect::Record quick = slow;
        quick.id = 2;
        quick.status = 500;
        inspect::Record older = quick;
        older.id = 0;
        auto& source = bench.control.traffic();
        emit source.recordsChanged({slow, quick});
        QCOMPARE(bench.model.rowCount(), 1);
        inspect::Record third = quick;
        third.id = 3;
        emit source.recordsChanged({third});
        slow.status = 503;
        slow.outcome = inspect::Outcome::Done;
        emit source.recordsChanged({slow});
        // It is older than all that is loaded: the next question finds it.
        QCOMPARE(bench.model.rowCount(), 2);
        inspect::Record fifth = quick;
        fifth.id = 5;
        inspect::Record fourth = quick;
        fourth.id = 4;
        emit source.recordsChanged({fifth});
        emit source.recordsChanged({fourth});
        QCOMPARE(bench.model.rowCount(), 4);
        QCOMPARE(bench.at(1, TrafficModel::IdRole).toDouble(), 4.0);
    }

    void aChangedRecordChangesItsRow()
    {
        Bench bench(0);
        QVERIFY(bench.settled());
        inspect::Record record;
        record.id = 1;
        record.method = "GET";
        emit bench.control.traffic().recordsChanged({record});
        QVERIFY(bench.at(0, TrafficModel::PendingRole).toBool());
        QSignalSpy changes(&bench.model, &QAbstractItemModel::dataChanged);
        record.status = 502;
        record.outcome = inspect::Outcome::UpstreamRefused;
        emit bench.control.traffic().recordsChanged({record});
        QCOMPARE(changes.count(), 1);
        QVERIFY(bench.at(0, TrafficModel::FailedRole).toBool());
    }

    void countsWhatComesWhilePausedAndShowsItAfterwards()
    {
        Bench bench(10);
        QVERIFY(bench.settled());
        bench.model.setPaused(true);
        bench.control.traffic().produce(30);
        QCOMPARE(bench.model.rowCount(), 10);
        QCOMPARE(bench.model.missed(), 30);
        bench.model.setPaused(false);
        QTRY_COMPARE(bench.model.rowCount(), 40);
        QCOMPARE(bench.model.missed(), 0);
    }

    void whatComesDuringAQuestionIsNotLost()
    {
        Bench bench(10);
        bench.control.traffic().produce(5); // before the answer
        QVERIFY(bench.settled());
        QCOMPARE(bench.model.rowCount(), 15);
    }

    void asksAnewWhenTheSourceIsAnother()
    {
        Bench bench(30);
        QVERIFY(bench.settled());
        QCOMPARE(bench.model.rowCount(), 30);
        emit bench.control.traffic().recordsRemoved(std::numeric_limits<inspect::RecordId>::max());
        QVERIFY(bench.settled());
        QCOMPARE(bench.model.rowCount(), 30);
    }

    void clearingEmptiesTheTable()
    {
        Bench bench(10);
        QVERIFY(bench.settled());
        bench.model.clear();
        QCOMPARE(bench.model.rowCount(), 0);
    }

    void hidesSecretsInAPath()
    {
        Bench bench(0);
        QVERIFY(bench.settled());
        inspect::Record record;
        record.id = 1;
        record.path = "/a?token=querysecret&mine=own&b=1";
        emit bench.control.traffic().recordsChanged({record});
        QCOMPARE(bench.at(0, TrafficModel::PathRole).toString(),
                 QString("/a?token=***&mine=own&b=1"));
        bench.session.settings()->setSecretNames("mine");
        QTRY_VERIFY(!bench.model.isLoading());
        emit bench.control.traffic().recordsChanged({record});
        QCOMPARE(bench.at(0, TrafficModel::PathRole).toString(),
                 QString("/a?token=***&mine=***&b=1"));
    }

    void thePageIsFoundAsItWasLeft()
    {
        demo::FakeAgentControl control(test::quiet(10));
        Session session(control);
        session.open("traffic");
        TrafficModel* model = session.traffic();
        model->filter()->setMethod("GET");
        model->setPaused(true);
        model->setSelectedId(3);
        session.open("tunnels");
        session.open("traffic");
        QCOMPARE(session.traffic(), model);
        QCOMPARE(model->selectedId(), 3.0);
        QVERIFY(model->isPaused());
        QVERIFY(model->filter()->isActive());
    }

    void whatTheSessionIsAskedToShowIsShown()
    {
        demo::FakeAgentControl control(test::quiet(10));
        Session session(control);
        session.open("traffic", "7");
        QCOMPARE(session.traffic()->selectedId(), 7.0);
        // While the page is there already.
        session.open("traffic", "4");
        QCOMPARE(session.traffic()->selectedId(), 4.0);
        session.traffic()->filter()->setMethod("POST");
        session.open("tunnels");
        session.open("traffic", "tunnel:shop");
        QCOMPARE(session.traffic()->selectedId(), 0.0);
        QCOMPARE(session.traffic()->filter()->property("tunnel").toString(), QString("shop"));
        QCOMPARE(session.traffic()->filter()->property("method").toString(), QString());
        // Tunnels may be called so; that is no record.
        session.open("traffic", "tunnel:42");
        QCOMPARE(session.traffic()->selectedId(), 0.0);
        // Others' arguments stay theirs.
        session.open("publish", "edit:9");
        QCOMPARE(session.takeArgument(), QString("edit:9"));
        QCOMPARE(session.traffic()->selectedId(), 0.0);
    }

    void manyMethodsOfAVisitorEndInOne()
    {
        StringPool pool;
        for (size_t i = 0; i < StringPool::MaxTexts + 10; ++i)
            pool.add("M" + std::to_string(i));
        QCOMPARE(pool.add("another"), uint16_t(0));
        QCOMPARE(pool.text(pool.add("M3")), QString("M3"));
    }

    void rowsOlderThanTodayHaveTheirDate()
    {
        const QDate day(2026, 11, 25);
        const auto at = QDateTime(day, QTime(13, 7, 42)).toMSecsSinceEpoch();
        QCOMPARE(TrafficText::time(at, day), QString("13:07:42"));
        QCOMPARE(TrafficText::time(at, day.addDays(1)), QString("Nov 25 13:07"));
        Bench bench(0);
        QVERIFY(bench.settled());
        inspect::Record record;
        record.id = 1;
        record.begun = std::chrono::system_clock::now() - std::chrono::hours(48);
        QVERIFY(!bench.model.isDated());
        emit bench.control.traffic().recordsChanged({record});
        QVERIFY(bench.model.isDated());
    }
};

QTEST_MAIN(TrafficModelTest)
#include "traffic_model.moc"
