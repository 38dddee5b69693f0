// The codes of problems: words that keep their meaning.
#include <sallyport/agent/problem.h>
#include <sallyport/base/result.h>
#include <sallyport/wire/refusal.h>

#include <QTest>

#include <set>

using namespace sallyport;
using namespace sallyport::agent;

class TestProblem : public QObject
{
    Q_OBJECT

private slots:
    void everyCodeHasAWordOfItsOwn()
    {
        std::set<std::string_view> words;
        for (int i = 0; i <= int(LastProblemCode); ++i) {
            const auto code = ProblemCode(i);
            QVERIFY(!toText(code).empty() && words.insert(toText(code)).second);
            QCOMPARE(problemCodeFromText(toText(code)), code);
        }
        QCOMPARE(problemCodeFromText("of a later version"), ProblemCode::Other);
        QCOMPARE(toText(ProblemCode::RelayTooOld), std::string_view("relay_too_old"));
    }

    void refusalsBecomeProblems()
    {
        using wire::RefusalCode;
        const auto of = [](RefusalCode code) { return problemCodeOfRefusal(codeText(code)); };
        QCOMPARE(of(RefusalCode::BadCredentials), ProblemCode::TokenUnknown);
        QCOMPARE(of(RefusalCode::Expired), ProblemCode::TokenExpired);
        QCOMPARE(of(RefusalCode::HostnameTaken), ProblemCode::AddressTaken);
        QCOMPARE(of(RefusalCode::PortNotAllowed), ProblemCode::AddressNotAllowed);
        QCOMPARE(of(RefusalCode::ProtocolVersion), ProblemCode::ProtocolVersion);
        QCOMPARE(problemCodeOfRefusal("of a later version"), ProblemCode::Other);
    }

    void itsTextAloneIsASentenceForLogs()
    {
        const Result<void, std::string> plain = Failure(std::string("no"));
        const Result<void, Problem> problem = plain;
        QVERIFY(problem.error() == Problem("no"));
        const Result<void, std::string> again =
            Result<void, Problem>(Failure(Problem(ProblemCode::TokenUnknown, "who?")));
        QCOMPARE(again.error(), std::string("who?"));
    }
};

QTEST_APPLESS_MAIN(TestProblem)
#include "tst_problem.moc"
