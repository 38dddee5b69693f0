#include "traffic_export.h"

#include "fake_agent_control.h"
#include "quiet_scene.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>

using namespace sallyport;
using namespace sallyport::gui;

namespace {

struct Bench
{
    explicit Bench(size_t history, size_t maxRecords = TrafficExport::MaxRecords)
        : control(test::quiet(history)),
          session(control),
          model(session.traffic()),
          exporter(nullptr, maxRecords)
    {
        exporter.setTraffic(model);
        exporter.setFile(folder.filePath("out.har"));
    }
    QByteArray written() const
    {
        QFile file(exporter.file());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    QJsonArray entries() const
    {
        return QJsonDocument::fromJson(written())["log"]["entries"].toArray();
    }
    // How many requests the filter finds: connections without any are none.
    size_t matching() const
    {
        size_t count = 0;
        bool answered = false;
        control.traffic().query(
            {model->filter()->value(), 0, 100'000},
            [&](const Result<std::vector<inspect::Record>, std::string>& all) {
                count = size_t(std::count_if(all->begin(), all->end(), [](const auto& record) {
                    return record.kind != inspect::RecordKind::Connection;
                }));
                answered = true;
            });
        return QTest::qWaitFor([&] { return answered; }, 30'000) ? count : 0;
    }

    QTemporaryDir folder;
    mutable demo::FakeAgentControl control;
    Session session;
    TrafficModel* model;
    TrafficExport exporter;
};

} // namespace

class TrafficExportTest : public QObject
{
    Q_OBJECT

private slots:
    void writesAllThatTheFilterFindsAndNotOnlyWhatIsLoaded()
    {
        Bench bench(1'700);
        QSignalSpy finished(&bench.exporter, &TrafficExport::finished);
        QSignalSpy said(&bench.session, &Session::toast);
        bench.exporter.start(false, false);
        QVERIFY(bench.exporter.isBusy());
        QTRY_COMPARE(finished.count(), 1);
        QVERIFY(!bench.exporter.isBusy());
        const size_t requests = bench.matching();
        QVERIFY(requests > 1'000 && requests < 1'700);
        QCOMPARE(size_t(bench.exporter.done()), requests);
        QCOMPARE(size_t(bench.entries().size()), requests);
        QVERIFY(said.last()[0].toString().startsWith(QString::number(requests) + ' '));
        QVERIFY(said.last()[0].toString().contains(QString::number(1'700 - requests) + ' '));
        // Readable by its owner alone.
        QCOMPARE(QFile::permissions(bench.exporter.file()) & (QFile::ReadGroup | QFile::ReadOther),
                 QFile::Permissions());
    }

    void theFilterInForceHolds()
    {
        Bench bench(600);
        bench.model->filter()->setMethod("POST");
        const size_t wanted = bench.matching();
        QVERIFY(wanted > 0 && wanted < 600);
        QSignalSpy finished(&bench.exporter, &TrafficExport::finished);
        bench.exporter.start(false, false);
        QTRY_COMPARE(finished.count(), 1);
        QCOMPARE(bench.entries().size(), qsizetype(wanted));
    }

    void whatIsMoreThanTheLimitIsSaid()
    {
        Bench bench(700, 650);
        QSignalSpy said(&bench.session, &Session::toast);
        bench.exporter.start(false, false);
        QTRY_COMPARE(said.count(), 1);
        QCOMPARE(bench.entries().size(), 650);
        QVERIFY(said.last()[0].toString().contains("newest"));
    }

    void aFileThatIsThereIsReplacedOnlyOnPurpose()
    {
        Bench bench(5);
        QFile file(bench.exporter.file());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("precious");
        file.close();
        QVERIFY(bench.exporter.exists());
        bench.exporter.start(false, false);
        QVERIFY(!bench.exporter.isBusy());
        QVERIFY(!bench.exporter.problem().isEmpty());
        QCOMPARE(bench.written(), QByteArray("precious"));
        QSignalSpy finished(&bench.exporter, &TrafficExport::finished);
        bench.exporter.start(false, true);
        QTRY_COMPARE(finished.count(), 1);
        QCOMPARE(bench.entries().size(), 5);
    }

    void aFolderIsNoFile()
    {
        Bench bench(5);
        bench.exporter.setFile(bench.folder.path());
        QVERIFY(!bench.exporter.exists());
        bench.exporter.start(false, false);
        QVERIFY(bench.exporter.problem().contains("folder"));
    }

    void connectionsAloneAreNothingToExport()
    {
        Bench bench(400);
        bench.model->filter()->setTunnel("ssh");
        bench.exporter.start(false, false);
        QTRY_VERIFY(!bench.exporter.problem().isEmpty());
        QVERIFY(bench.exporter.problem().contains("connections"));
        QVERIFY(!QFile::exists(bench.exporter.file()));
    }

    void cancellingLeavesNoFile()
    {
        Bench bench(1'000);
        QSignalSpy finished(&bench.exporter, &TrafficExport::finished);
        connect(&bench.exporter, &TrafficExport::changed, &bench.exporter, [&bench] {
            if (bench.exporter.isBusy() && bench.exporter.done() > 0)
                bench.exporter.cancel();
        });
        bench.exporter.start(false, false);
        QTRY_VERIFY(!bench.exporter.isBusy());
        QVERIFY(bench.exporter.done() > 0);
        bench.matching(); // what was asked before has been answered
        QCOMPARE(finished.count(), 0);
        QVERIFY(!QFile::exists(bench.exporter.file()));
    }

    void whatLeavesTheHistoryMeanwhileIsLeftOutAndTold()
    {
        Bench bench(700);
        QSignalSpy said(&bench.session, &Session::toast);
        connect(&bench.exporter, &TrafficExport::changed, &bench.exporter, [&bench] {
            if (bench.exporter.isBusy() && bench.exporter.done() == 200)
                bench.control.traffic().clear([](const auto&) {});
        });
        bench.exporter.start(false, false);
        QTRY_COMPARE(said.count(), 1);
        QCOMPARE(bench.entries().size(), 200);
        QVERIFY(said.last()[0].toString().contains("200"));
        const qsizetype gone = bench.exporter.total() - 200;
        QVERIFY(said.last()[0].toString().contains(QString::number(gone) + ' '));
    }

    void whereAllHasLeftThereIsNoFile()
    {
        Bench bench(100);
        bench.exporter.start(false, false);
        bench.control.traffic().clear([](const auto&) {});
        QTRY_VERIFY(!bench.exporter.isBusy());
        QVERIFY(!bench.exporter.problem().isEmpty());
        QVERIFY(!QFile::exists(bench.exporter.file()));
    }

    void saysWhyAFileCannotBeWritten()
    {
        Bench bench(5);
        QSignalSpy finished(&bench.exporter, &TrafficExport::finished);
        bench.exporter.setFile("/nowhere/at/all.har");
        bench.exporter.start(false, false);
        QVERIFY(bench.exporter.problem().contains("/nowhere/at/all.har"));
        QVERIFY(!bench.exporter.problem().contains("No error"));
        QCOMPARE(finished.count(), 0);
        // Another name is another try.
        bench.exporter.setFile(bench.folder.filePath("b.har"));
        QVERIFY(bench.exporter.problem().isEmpty());
    }

    void nothingToExportIsSaid()
    {
        Bench bench(0);
        bench.exporter.start(false, false);
        QTRY_VERIFY(!bench.exporter.problem().isEmpty());
        QVERIFY(!QFile::exists(bench.exporter.file()));
    }

    void knowsTheHomeFolderByItsSign()
    {
        TrafficExport exporter;
        exporter.setFile("~/sub/../y.har");
        QCOMPARE(exporter.url(), QUrl::fromLocalFile(QDir::homePath() + "/y.har"));
        exporter.suggestFile();
        QVERIFY(exporter.file().endsWith(".har"));
        QVERIFY(!exporter.exists());
        exporter.setFormat(TrafficExport::Format::HttpFile);
        QVERIFY(exporter.file().endsWith(".http"));
    }

    void writesAnHttpFile()
    {
        Bench bench(400);
        bench.exporter.setFormat(TrafficExport::Format::HttpFile);
        QSignalSpy finished(&bench.exporter, &TrafficExport::finished);
        bench.exporter.start(false, false);
        QTRY_COMPARE(finished.count(), 1);
        QCOMPARE(size_t(bench.written().count('\n')), bench.matching());
    }
};

QTEST_MAIN(TrafficExportTest)
#include "traffic_export.moc"
