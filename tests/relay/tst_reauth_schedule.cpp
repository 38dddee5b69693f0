#include "links/reauth_schedule.h"

#include <QtTest>

using namespace sallyport;
using namespace sallyport::relay;
using namespace std::chrono_literals;
using Due = ReauthSchedule::Due;

class TestReauthSchedule : public QObject
{
    Q_OBJECT

private slots:
    void asksNothingOfWhoNeitherExpiresNorMustRenew();
    void challengesAfterTheIntervalWithJitter();
    void isOverdueAfterTheGrace();
    void anAnswerThatIsBeingJudgedIsNotOverdue();
    void asksInGoodTimeBeforeTheExpiry();
    void asksHalfWayWhenLittleIsLeft();
    void anUnansweredQuestionBeforeTheExpiryEndsNothingEarly();
    void theExpiryComesBeforeALongInterval();
    void sparesTheLinkWhileNobodyCanJudge();

private:
    const TimePoint m_now{1000s};
};

namespace {

auth::Terms terms(std::optional<std::chrono::seconds> interval)
{
    auth::Terms terms;
    terms.reauthInterval = interval;
    return terms;
}

} // namespace

void TestReauthSchedule::asksNothingOfWhoNeitherExpiresNorMustRenew()
{
    ReauthSchedule schedule;
    QVERIFY(!schedule.nextDeadline());
    schedule.granted(terms({}), {}, m_now, 0.5);
    QVERIFY(!schedule.nextDeadline());
    QVERIFY(schedule.due(m_now + 24h * 365) == Due::Nothing);
}

void TestReauthSchedule::challengesAfterTheIntervalWithJitter()
{
    ReauthSchedule schedule;
    schedule.granted(terms(100s), {}, m_now, 0);
    QVERIFY(schedule.nextDeadline() == m_now + 100s);
    schedule.granted(terms(100s), {}, m_now, 1);
    QVERIFY(schedule.nextDeadline() == m_now + 120s);
    QVERIFY(schedule.due(m_now + 119s) == Due::Nothing);
    QVERIFY(schedule.due(m_now + 120s) == Due::Challenge);
    QVERIFY(schedule.isMandatory());
}

void TestReauthSchedule::isOverdueAfterTheGrace()
{
    ReauthSchedule schedule;
    schedule.granted(terms(100s), {}, m_now, 0);
    schedule.challenged(m_now + 100s, true);
    QVERIFY(schedule.nextDeadline() == m_now + 110s);
    QVERIFY(schedule.due(m_now + 109s) == Due::Nothing);
    QVERIFY(schedule.due(m_now + 110s) == Due::Overdue);
}

void TestReauthSchedule::anAnswerThatIsBeingJudgedIsNotOverdue()
{
    ReauthSchedule schedule;
    schedule.granted(terms(100s), {}, m_now, 0);
    schedule.challenged(m_now + 100s, true);
    schedule.answered();
    QVERIFY(schedule.due(m_now + 1h) == Due::Nothing);
}

void TestReauthSchedule::asksInGoodTimeBeforeTheExpiry()
{
    ReauthSchedule schedule;
    schedule.granted(terms({}), 3600s, m_now, 0);
    QVERIFY(schedule.nextDeadline() == m_now + 3590s);
    QVERIFY(schedule.due(m_now + 3590s) == Due::Challenge);
    QVERIFY(!schedule.isMandatory());
    QVERIFY(schedule.due(m_now + 3600s) == Due::Over);
}

void TestReauthSchedule::asksHalfWayWhenLittleIsLeft()
{
    ReauthSchedule schedule;
    schedule.granted(terms({}), 10s, m_now, 0);
    QVERIFY(schedule.nextDeadline() == m_now + 5s);
    // The same token again: half of the rest, but never in a tight loop.
    schedule.granted(terms({}), 5s, m_now + 5s, 0);
    QVERIFY(schedule.nextDeadline() == m_now + 7500ms);
    schedule.granted(terms({}), 1s, m_now + 9s, 0);
    QVERIFY(schedule.nextDeadline() == m_now + 10s);
    QVERIFY(schedule.due(m_now + 10s) == Due::Over);
}

void TestReauthSchedule::anUnansweredQuestionBeforeTheExpiryEndsNothingEarly()
{
    ReauthSchedule schedule;
    schedule.granted(terms({}), 3600s, m_now, 0);
    schedule.challenged(m_now + 3550s, false);
    QVERIFY(schedule.due(m_now + 3599s) == Due::Nothing);
    QVERIFY(schedule.due(m_now + 3600s) == Due::Over);
}

void TestReauthSchedule::theExpiryComesBeforeALongInterval()
{
    ReauthSchedule schedule;
    schedule.granted(terms(2h), 3600s, m_now, 0);
    QVERIFY(schedule.nextDeadline() == m_now + 3590s);
    schedule.granted(terms(60s), 3600s, m_now, 0);
    QVERIFY(schedule.nextDeadline() == m_now + 60s);
    QVERIFY(schedule.isMandatory());
}

void TestReauthSchedule::sparesTheLinkWhileNobodyCanJudge()
{
    ReauthSchedule schedule;
    schedule.granted(terms(100s), {}, m_now, 0);
    schedule.challenged(m_now + 100s, true);
    schedule.answered();
    QVERIFY(schedule.deferred(m_now + 101s, 30s));
    QVERIFY(schedule.nextDeadline() == m_now + 111s);
    QVERIFY(schedule.due(m_now + 111s) == Due::Challenge);
    schedule.challenged(m_now + 111s, true);
    schedule.answered();
    QVERIFY(!schedule.deferred(m_now + 131s, 30s));
    // One that is granted at last starts anew.
    schedule.granted(terms(100s), {}, m_now + 132s, 0);
    QVERIFY(schedule.deferred(m_now + 233s, 30s));
}

QTEST_APPLESS_MAIN(TestReauthSchedule)
#include "tst_reauth_schedule.moc"
