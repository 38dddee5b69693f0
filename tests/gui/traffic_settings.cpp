#include "about_model.h"
#include "app_settings.h"
#include "check_text.h"
#include "diagnose_model.h"
#include "fake_agent_control.h"
#include "log_model.h"
#include "session.h"

#include <QFile>
#include <QRegularExpression>
#include <QSettings>
#include <QTemporaryDir>
#include <QtTest>

using namespace sallyport;
using namespace sallyport::gui;
using Notice = AppSettings::Notice;

namespace {

class FakeRunner final : public desktop::CommandRunner
{
public:
    explicit FakeRunner(std::string output) : m_output(std::move(output)) {}
    void run(const Command&, Done done) override { done({true, 0, m_output}); }

private:
    std::string m_output;
};

} // namespace

class TrafficSettingsTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    int m_files = 0;

    QString freshFile() { return m_folder.filePath(QString("%1.ini").arg(++m_files)); }

private slots:
    void saysWhenAChoiceCantBeSavedAndWhenItIs()
    {
        // A file in the place of the folder: root may write to every folder.
        const QString folder = m_folder.filePath("settings");
        QFile inTheWay(folder);
        QVERIFY(inTheWay.open(QIODevice::WriteOnly));
        QSettings file(folder + "/app.conf", QSettings::IniFormat);
        AppSettings settings(&file);
        QSignalSpy changed(&settings, &AppSettings::unsavedChanged);
        settings.setStartMinimised(true);
        QVERIFY(settings.startsMinimised());
        QCOMPARE(settings.unsavedIn(), file.fileName());
        QVERIFY(inTheWay.remove());
        settings.setKeepHistory(false);
        QCOMPARE(settings.unsavedIn(), QString());
        QVERIFY(changed.count() >= 1);
        // Both are there.
        QFile saved(file.fileName());
        QVERIFY(saved.open(QIODevice::ReadOnly));
        const QByteArray text = saved.readAll();
        QVERIFY2(text.contains("minimised=true") && text.contains("keepHistory=false"), text);
    }

    void whatWasChosenIsThereAfterARestart()
    {
        QSettings file(freshFile(), QSettings::IniFormat);
        {
            AppSettings settings(&file);
            settings.setStartMinimised(true);
            settings.setNotifies(Notice::FirstRequest, false);
            settings.setBodyBudgetMiB(1'024);
            settings.setKeepHistory(false);
            settings.setRedactAlways(true);
            settings.setSecretNames("X-Pin, pin");
        }
        const AppSettings settings(&file);
        QVERIFY(settings.startsMinimised());
        QVERIFY(!settings.notifies(Notice::FirstRequest));
        QVERIFY(settings.notifies(Notice::ConnectionLost));
        const auto capture = settings.captureSettings();
        QCOMPARE(capture.bodyBudget, uint64_t(1'024) << 20);
        QVERIFY(!capture.keepHistory);
        QVERIFY(capture.redaction.always);
        QCOMPARE(capture.redaction.headers.back(), std::string("pin"));
        QCOMPARE(capture.redaction.headers.front(), std::string("Authorization"));
    }

    void whatIsChosenHoldsForTheAgentAtOnceAndAtItsNextStart()
    {
        QSettings file(freshFile(), QSettings::IniFormat);
        demo::FakeAgentControl control(*demo::Scene::named("lively"));
        {
            Session session(control, &file);
            QVERIFY(control.traffic().isRecording());
            session.settings()->setRedactAlways(true);
            session.settings()->setSecretNames("X-Pin");
            session.settings()->setBodyBudgetMiB(64);
            QVERIFY(control.traffic().settings().redaction.always);
            QVERIFY(control.traffic().settings().redaction.hidesHeader("x-pin"));
            QCOMPARE(control.traffic().settings().bodyBudget, uint64_t(64) << 20);
            session.settings()->setKeepHistory(false);
            session.settings()->setCapture(false);
            QVERIFY(!control.traffic().isRecording());
        }
        // The agent is made before its session.
        const auto stored = AppSettings::storedCapture(file);
        QVERIFY(!stored.on && !stored.keepHistory && stored.redaction.always);
        QVERIFY(stored.redaction.hidesField("x-pin"));
        demo::FakeAgentControl next(*demo::Scene::named("lively"));
        const Session session(next, &file);
        QVERIFY(!next.traffic().isRecording());
    }

    void aFileEditedByHandDoesNoHarm()
    {
        QSettings file(freshFile(), QSettings::IniFormat);
        file.setValue("capture/budgetMiB", 99'999'999);
        file.setValue("notifications/muted", "nonsense");
        QStringList names;
        for (int i = 0; i < 500; ++i)
            names.append("n" + QString::number(i));
        file.setValue("capture/secretNames", names.join(','));
        const AppSettings settings(&file);
        QCOMPARE(settings.bodyBudgetMiB(), AppSettings::MaxBudgetMiB);
        QVERIFY(settings.notifies(Notice::TokenRefused));
        QCOMPARE(settings.secretNames().split(", ").size(), AppSettings::MaxSecretNames);
    }

    void startAtLoginWritesTheEntryAndTakesItAway()
    {
        QSettings file(freshFile(), QSettings::IniFormat);
        AppSettings settings(&file);
        settings.setAutostart(desktop::Autostart({"/opt/sallyport-gui", {"--minimised"}},
                                                 m_folder.path().toStdString()));
        QVERIFY(!settings.startsAtLogin());
        settings.setStartAtLogin(true);
        QVERIFY2(settings.startsAtLogin(), qPrintable(settings.startProblem()));
        settings.setStartAtLogin(false);
        QVERIFY(!settings.startsAtLogin());
    }

    void theLogIsFilteredAndFollows()
    {
        demo::FakeAgentControl control(*demo::Scene::named("lively"));
        Session session(control);
        LogModel log;
        log.setSession(&session);
        const int before = log.rowCount();
        QVERIFY(before > 0);
        emit control.logged({{}, true, "the sky falls"});
        QCOMPARE(log.rowCount(), before + 1);
        log.setText("no such words");
        QCOMPARE(log.rowCount(), 0);
        emit control.logged({{}, false, "There are NO such WORDS"});
        QCOMPARE(log.rowCount(), 1);
    }

    void theLogKeepsAThousandLines()
    {
        demo::FakeAgentControl control(*demo::Scene::named("empty"));
        Session session(control);
        LogModel log;
        log.setSession(&session);
        for (size_t i = 0; i < LogModel::MaxLines + 20; ++i)
            emit control.logged({{}, false, "line " + std::to_string(i)});
        QCOMPARE(log.rowCount(), int(LogModel::MaxLines));
    }

    void theDoctorsRowsAreShown()
    {
        QSettings file(freshFile(), QSettings::IniFormat);
        demo::FakeAgentControl control(*demo::Scene::named("lively"));
        Session session(control, &file);
        DiagnoseModel model(std::make_unique<FakeRunner>(
            "warning: something\n{\"ok\":false,\"checks\":[{\"group\":\"TLS\",\"verdict\":\"ok\","
            "\"text\":\"fine\"},{\"group\":\"Link\",\"verdict\":\"failure\",\"text\":\"no\"}]}"));
        model.setProgram("sallyport");
        model.setSession(&session);
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.failures(), 1);
        QVERIFY(model.report().contains("[FAIL]  Link: no"));
    }

    void theDoctorsRowsAreInTheLanguageOfTheWindow()
    {
        QCOMPARE(checkText("tls_by_file", {"TLSv1.3 %2", "/a"}, "?"),
                 QString("TLSv1.3 %2, trusted by /a"));
        QCOMPARE(checkText("of another version", {}, "as it was said"), QString("as it was said"));
        QCOMPARE(checkText("", {}, "as it was said"), QString("as it was said"));
        QVERIFY(checkText("problem:connection_refused", {}, "relay: refused")
                    .startsWith("Nobody listens"));
        // Every code that the program knows, but for the one that is made of its facts alone.
        QFile program(SALLYPORT_CHECKS_SOURCE);
        QVERIFY(program.open(QIODevice::ReadOnly));
        auto codes = QRegularExpression("Sentence\\{\"(\\w+)\"").globalMatch(program.readAll());
        int seen = 0;
        for (; codes.hasNext(); ++seen) {
            const QString code = codes.next().captured(1);
            const QString text = checkText(code, {"a", "b", "c"}, "?");
            QVERIFY2((text == "?") == (code == "failed_at"), qPrintable(code));
        }
        QVERIFY(seen > 15);
    }

    void withoutTheDoctorTheAgentsOwnStateIsShown()
    {
        demo::FakeAgentControl control(*demo::Scene::named("problem"));
        Session session(control);
        DiagnoseModel model(std::make_unique<FakeRunner>("nonsense"));
        model.setSession(&session);
        QVERIFY(model.rowCount() > 2);
        QVERIFY(model.failures() > 0);
    }

    void everyLibraryHasALicence()
    {
        AboutModel about;
        QVERIFY(about.rowCount() > 10);
        for (int row = 0; row < about.rowCount(); ++row)
            QVERIFY(!about.data(about.index(row), AboutModel::LicenceRole).toString().isEmpty());
    }
};

QTEST_MAIN(TrafficSettingsTest)
#include "traffic_settings.moc"
