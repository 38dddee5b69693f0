// Moments and expiries.
#include <sallyport/auth/timestamp.h>

#include <QTest>

using namespace sallyport::auth;
using namespace std::chrono_literals;

class TestTimestamp : public QObject
{
    Q_OBJECT

    const Timestamp m_now = *parseTimestamp("2026-01-31T12:00:00Z");

private slots:
    void readsAndShows()
    {
        for (const char* text :
             {"1970-01-01T00:00:00Z", "2024-02-29T23:59:59Z", "2026-01-31T12:00:00Z"})
            QCOMPARE(timestampText(*parseTimestamp(text)), std::string(text));
        QCOMPARE(timestampText(*parseTimestamp("2027-01-31")), std::string("2027-01-31T00:00:00Z"));
        QCOMPARE(timestampText(*parseTimestamp("2027-01-31 08:00:00Z")),
                 std::string("2027-01-31T08:00:00Z"));
        QCOMPARE(m_now.time_since_epoch(), 1'769'860'800s);
    }

    void refusesWhatIsNoTime()
    {
        for (const char* text :
             {"", "2027", "2027-1-1", "2027-02-29", "2027-13-01", "2027-01-00", "27-01-01",
              "2027-01-01T", "2027-01-01T24:00:00Z", "2027-01-01T00:60:00Z", "2027-01-01T00:00:60Z",
              "2027-01-01T00:00:00", "2027-01-01T00:00:00+01:00", "2027-01-01T00:00:00Zx",
              "2027-01-01x", "-027-01-01", "tomorrow"})
            QVERIFY2(!parseTimestamp(text), text);
    }

    void readsExpiries()
    {
        QCOMPARE(**parseExpiry("30d", m_now), m_now + 720h);
        QCOMPARE(**parseExpiry("12h", m_now), m_now + 12h);
        QCOMPARE(timestampText(**parseExpiry("2027-01-31", m_now)),
                 std::string("2027-01-31T00:00:00Z"));
        QVERIFY(!parseExpiry("never", m_now)->has_value());
    }

    void refusesExpiriesThatMakeNoSense()
    {
        for (const char* text :
             {"", "30", "0s", "500ms", "40000d", "2025-01-01", "2026-01-31T12:00:00Z", "soon"})
            QVERIFY2(!parseExpiry(text, m_now), text);
    }
};

QTEST_GUILESS_MAIN(TestTimestamp)
#include "tst_timestamp.moc"
