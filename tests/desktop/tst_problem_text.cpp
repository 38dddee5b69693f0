// What the window says of a problem, in its language.
#include "problem_text.h"
#include "service_text.h"

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
    void aSentenceOfOurOwnComesFirst()
    {
        const std::string own = "your token allows names that begin with dev-";
        const QString said = gui::problemText({ProblemCode::AddressNotAllowed, own});
        QVERIFY2(said.startsWith("The token does not allow") &&
                     said.endsWith(QString("“%1”").arg(QString::fromStdString(own))),
                 qPrintable(said));
        QVERIFY(!gui::problemText({ProblemCode::AddressNotAllowed, ""}).isEmpty());
        QCOMPARE(gui::problemText({ProblemCode::Other, own}), QString::fromStdString(own));
    }

    void nothingIsSaidTwice_data()
    {
        QTest::addColumn<int>("code");
        QTest::newRow("refused") << int(ProblemCode::ConnectionRefused);
        QTest::newRow("lost") << int(ProblemCode::LinkLost);
        QTest::newRow("no link") << int(ProblemCode::NoConnection);
        QTest::newRow("service down") << int(ProblemCode::UpstreamRefused);
        QTest::newRow("token") << int(ProblemCode::TokenExpired);
    }
    void nothingIsSaidTwice()
    {
        QFETCH(int, code);
        const Problem told{ProblemCode(code), "relay.example:7000: nobody listens there"};
        QCOMPARE(gui::problemText(told), gui::problemText({ProblemCode(code), ""}));
    }

    void anotherLanguageHasItsOwnSentences()
    {
        std::vector<QString> english;
        for (int i = int(ProblemCode::Other) + 1; i <= int(LastProblemCode); ++i)
            english.push_back(gui::problemText({ProblemCode(i), ""}));
        desktop::Translator translator(":/i18n");
        translator.setLanguage("de");
        for (int i = int(ProblemCode::Other) + 1; i <= int(LastProblemCode); ++i) {
            const QString said = gui::problemText({ProblemCode(i), ""});
            QVERIFY2(said != english[size_t(i) - 1] && said.size() > 20, qPrintable(said));
        }
        QCOMPARE(gui::problemText({ProblemCode::Other, "the details"}), QString("the details"));
        QVERIFY(gui::problemText({ProblemCode::TokenExpired, "x"}).startsWith("Das Token"));
    }

    void whatKeptAServiceAwayIsSaidInBothLanguages()
    {
        using desktop::ServiceProblem;
        desktop::Translator translator(":/i18n");
        for (int i = 0; i <= int(ServiceProblem::LastCode); ++i) {
            const ServiceProblem problem(ServiceProblem::Code(i), "the details");
            translator.setLanguage("en");
            const QString english = gui::serviceText(problem);
            translator.setLanguage("de");
            const QString german = gui::serviceText(problem);
            QVERIFY2(english.size() > 10 && german.size() > 25 && english != german,
                     qPrintable(english + " / " + german));
        }
        translator.setLanguage("en");
        const ServiceProblem told("Starting the service failed: no such unit");
        QCOMPARE(gui::serviceText(told), QString::fromStdString(told.text));
    }
};

QTEST_MAIN(TstProblemText)
#include "tst_problem_text.moc"
