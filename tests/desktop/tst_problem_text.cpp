// What the window says of a problem, in its language.
#include "problem_text.h"

#include <sallyport/desktop/translator.h>

#include <QGuiApplication>
#include <QTest>

using namespace sallyport;
using agent::LastProblemCode;
using agent::Problem;
using agent::ProblemCode;

class TstProblemText : public QObject
{
    Q_OBJECT

private slots:
    void theRelaysWordsStandAloneInEnglish()
    {
        const std::string own = "your token allows names that begin with dev-";
        QCOMPARE(gui::problemText({ProblemCode::AddressNotAllowed, own}),
                 QString::fromStdString(own));
        QVERIFY(!gui::problemText({ProblemCode::AddressNotAllowed, ""}).isEmpty());
        QCOMPARE(gui::problemText({ProblemCode::Other, own}), QString::fromStdString(own));
    }

    void theSystemsOwnWordsFollowWhatToDo()
    {
        const QString refused = gui::problemText(
            {ProblemCode::ConnectionRefused, "relay.example:7000: nobody listens there"});
        QVERIFY2(refused.startsWith("Nobody listens at the relay's address.") &&
                     refused.endsWith(" (relay.example:7000: nobody listens there)"),
                 qPrintable(refused));
        const QString said =
            gui::problemText({ProblemCode::UpstreamRefused, "127.0.0.1:4000: Connection refused"});
        QVERIFY2(said.contains("Start it") &&
                     said.endsWith(" (127.0.0.1:4000: Connection refused)"),
                 qPrintable(said));
    }

    void anotherLanguageHasTheDetailsInBrackets()
    {
        desktop::Translator translator(":/i18n");
        translator.setLanguage("de");
        for (int i = int(ProblemCode::Other) + 1; i <= int(LastProblemCode); ++i) {
            const QString said = gui::problemText({ProblemCode(i), "the details"});
            QVERIFY2(said.endsWith(" (the details)") && said.size() > 30, qPrintable(said));
        }
        QCOMPARE(gui::problemText({ProblemCode::Other, "the details"}), QString("the details"));
        QVERIFY(gui::problemText({ProblemCode::TokenExpired, "x"}).startsWith("Das Token"));
    }
};

QTEST_MAIN(TstProblemText)
#include "tst_problem_text.moc"
