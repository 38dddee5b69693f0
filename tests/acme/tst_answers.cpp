// Problems, waits and texts that a CA sends.
#include <sallyport/acme/problem.h>

#include <QTest>

using namespace sallyport;
using namespace sallyport::acme;
using namespace std::chrono_literals;

class TestAnswers : public QObject
{
    Q_OBJECT

private slots:
    void readsRetryAfter_data();
    void readsRetryAfter();
    void readsProblems();
    void cleansWhatItShows();
    void makesAProblemOfAnything();
};

static const tls::SystemTime BaseTime{
    std::chrono::seconds(784'111'777)}; // 06 Nov 1994 08:49:37 GMT

void TestAnswers::readsRetryAfter_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("seconds");
    QTest::newRow("seconds") << "120" << qint64(120);
    QTest::newRow("none") << "0" << qint64(0);
    QTest::newRow("date") << "Sun, 06 Nov 1994 08:50:37 GMT" << qint64(60);
    QTest::newRow("date that is over") << "Sun, 06 Nov 1994 08:00:00 GMT" << qint64(0);
    QTest::newRow("a year") << "31536000" << qint64(30 * 24 * 3600);
    QTest::newRow("more than a number holds")
        << "99999999999999999999999" << qint64(30 * 24 * 3600);
    QTest::newRow("negative") << "-5" << qint64(-1);
    QTest::newRow("words") << "soon" << qint64(-1);
    QTest::newRow("half a date") << "Sun, 06 Nov 1994 08" << qint64(-1);
    QTest::newRow("no such day") << "Sun, 31 Feb 1994 08:50:37 GMT" << qint64(-1);
    QTest::newRow("absent") << "" << qint64(-1);
}

void TestAnswers::readsRetryAfter()
{
    QFETCH(QString, text);
    QFETCH(qint64, seconds);
    const Response response{503, {{"retry-after", text.toStdString()}}, {}};
    const auto wait = response.retryAfter(BaseTime);
    QCOMPARE(wait ? std::chrono::duration_cast<std::chrono::seconds>(*wait).count() : -1, seconds);
}

void TestAnswers::readsProblems()
{
    const Response response{
        403,
        {},
        R"({"type":"urn:ietf:params:acme:error:rejectedIdentifier","detail":"No.",)"
        R"("subproblems":[{"type":"x","detail":"This one."}]})"};
    const Problem problem = problemOf(response, BaseTime);
    QCOMPARE(problem.text(), std::string("rejectedIdentifier: No. (This one.)"));
    QVERIFY(problem.permanent());
}

void TestAnswers::cleansWhatItShows()
{
    const std::string detail = "a\\u001b[31mb\\r\\nc" + std::string(2000, 'x');
    const Problem problem =
        problemOf({400, {}, R"({"type":"about:blank","detail":")" + detail + "\"}"}, BaseTime);
    QVERIFY(problem.detail.starts_with("a [31mb  c"));
    QVERIFY(problem.detail.size() <= 500);
}

void TestAnswers::makesAProblemOfAnything()
{
    QCOMPARE(problemOf({429, {}, ""}, BaseTime).type, std::string("rateLimited"));
    QCOMPARE(problemOf({500, {}, "<html>"}, BaseTime).type, std::string("serverInternal"));
    QCOMPARE(problemOf({404, {}, "[]"}, BaseTime).type, std::string("garbage"));
    QVERIFY(!problemOf({404, {}, "[]"}, BaseTime).detail.empty());
}

QTEST_APPLESS_MAIN(TestAnswers)
#include "tst_answers.moc"
