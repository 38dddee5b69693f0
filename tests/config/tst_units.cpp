// Durations, sizes, counts and switches as people write them.
#include <sallyport/config/codec.h>
#include <sallyport/config/suggest.h>
#include <sallyport/config/units.h>

#include <QTest>

using namespace sallyport;
using namespace sallyport::config;

class TestUnits : public QObject
{
    Q_OBJECT
private slots:
    void readsDurations_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("milliseconds");
        QTest::newRow("milliseconds") << "500ms" << qint64(500);
        QTest::newRow("seconds") << "3s" << qint64(3000);
        QTest::newRow("minutes") << "2m" << qint64(120'000);
        QTest::newRow("hours and minutes") << "1h30m" << qint64(5'400'000);
        QTest::newRow("days") << "30d" << qint64(2'592'000'000);
        QTest::newRow("fraction") << "1.5s" << qint64(1500);
        QTest::newRow("three digits") << "0.125s" << qint64(125);
        QTest::newRow("nothing") << "0" << qint64(0);
        QTest::newRow("no seconds") << "0s" << qint64(0);
    }
    void readsDurations()
    {
        QFETCH(QString, text);
        QFETCH(qint64, milliseconds);
        const auto duration = parseDuration(text.toStdString());
        QVERIFY(duration);
        QCOMPARE(qint64(duration->count()), milliseconds);
    }

    void refusesWhatIsNoDuration_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text :
             {"", "s", "-1s", "3 s", "3x", "1.s", "1.2345s", ".5s", "1.5ms", "3S", "3ss",
              "99999999999999999999s", "9223372036854775807d", "9223372036854775807ms1ms"})
            QTest::newRow(*text ? text : "empty") << text;
    }
    void refusesWhatIsNoDuration()
    {
        QFETCH(QString, text);
        QVERIFY(!parseDuration(text.toStdString()));
    }

    void suggestsAUnitForAPlainNumber()
    {
        const auto duration = parseDuration("30");
        QVERIFY(!duration);
        QCOMPARE(duration.error(), std::string("has no unit: did you mean 30s?"));
    }

    void showsDurationsInAWayThatReadsBack()
    {
        for (const int64_t count : {0, 1, 500, 1000, 1500, 60'000, 90'000, 3'600'000, 90'061'001}) {
            const std::chrono::milliseconds duration(count);
            QCOMPARE(*parseDuration(durationText(duration)), duration);
        }
        QCOMPARE(durationText(std::chrono::milliseconds(90'000)), std::string("1m30s"));
    }

    void readsSizes_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<quint64>("bytes");
        QTest::newRow("plain") << "65536" << quint64(65536);
        QTest::newRow("bytes") << "12B" << quint64(12);
        QTest::newRow("binary") << "64KiB" << quint64(65536);
        QTest::newRow("decimal") << "16MB" << quint64(16'000'000);
        QTest::newRow("kilo") << "1kB" << quint64(1000);
        QTest::newRow("large") << "2GiB" << (quint64(2) << 30);
    }
    void readsSizes()
    {
        QFETCH(QString, text);
        QFETCH(quint64, bytes);
        const auto size = parseSize(text.toStdString());
        QVERIFY(size);
        QCOMPARE(quint64(*size), bytes);
    }

    void refusesWhatIsNoSize()
    {
        for (const char* text : {"", "KiB", "-1", "1 KiB", "1.5MiB", "64k", "64Kib",
                                 "99999999999GiB", "18446744073709551616"})
            QVERIFY2(!parseSize(text), text);
    }

    void showsSizesInAWayThatReadsBack()
    {
        for (const uint64_t bytes : {uint64_t(0), uint64_t(1), uint64_t(1000), uint64_t(1024),
                                     uint64_t(65536), uint64_t(3) << 30})
            QCOMPARE(*parseSize(sizeText(bytes)), bytes);
        QCOMPARE(sizeText(65536), std::string("64KiB"));
    }

    void readsSwitchesInTheirUsualSpellings()
    {
        for (const char* text : {"true", "yes", "on"})
            QVERIFY(*parseBool(text));
        for (const char* text : {"false", "no", "off"})
            QVERIFY(!*parseBool(text));
        QVERIFY(!parseBool("True!"));
        QVERIFY(!parseBool("1"));
    }

    void namesTheBoundsOfAValueBeyondThem()
    {
        using std::chrono::seconds;
        const auto codec = durationBetween(seconds(1), seconds(60));
        QVERIFY(codec.parse("1s"));
        QVERIFY(codec.parse("60s"));
        QVERIFY(!codec.parse("999ms"));
        const auto late = codec.parse("61s");
        QVERIFY(!late);
        QCOMPARE(late.error(), std::string("is out of bounds: 1s to 1m"));
        QVERIFY(!sizeBetween(1024, 4096).parse("4097"));
        QVERIFY(!countBetween(1, 10).parse("0"));
        QVERIFY(!countBetween(1, 10).parse("ten"));
    }

    void readsOneOfSeveralWords()
    {
        const auto codec = oneOf<int>({{"text", 1}, {"json", 2}, {"other", 3}});
        QCOMPARE(*codec.parse("json"), 2);
        QCOMPARE(codec.show(1), std::string("text"));
        const auto slip = codec.parse("jsno");
        QVERIFY(!slip);
        QCOMPARE(slip.error(), std::string("must be text, json or other, did you mean \"json\"?"));
    }

    void suggestsOnlyWhatASlipCouldHaveMade()
    {
        const std::vector<std::string> keys{"domain", "listen", "limits", "log"};
        QCOMPARE(closest("domian", keys), std::string("domain"));
        QCOMPARE(closest("listn", keys), std::string("listen"));
        QCOMPARE(closest("limit", keys), std::string("limits"));
        QCOMPARE(closest("banana", keys), std::string());
        QCOMPARE(closest("lo", keys), std::string("log"));
        QCOMPARE(closest("x", keys), std::string());
        QCOMPARE(closest(std::string(10'000, 'd'), keys), std::string());
    }

    void refusesLongAndUnprintableText()
    {
        QVERIFY(plainText(5).parse("12345"));
        QVERIFY(!plainText(5).parse("123456"));
        QVERIFY(!plainText().parse("a\nb"));
    }
};

QTEST_GUILESS_MAIN(TestUnits)
#include "tst_units.moc"
