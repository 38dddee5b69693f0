#include "exchange_model.h"
#include "fake_agent_control.h"
#include "replay_model.h"

#include <QSignalSpy>
#include <QtTest>

using namespace sallyport;
using namespace sallyport::gui;

namespace {

demo::Scene quiet()
{
    demo::Scene scene = *demo::Scene::named("lively");
    scene.requestsPerSecond = 0;
    return scene;
}

inspect::Exchange request(const std::string& body = {})
{
    inspect::Exchange exchange;
    exchange.record.id = 9;
    exchange.record.method = "POST";
    exchange.record.path = "/orders";
    exchange.requestLine = "POST /orders HTTP/1.1";
    exchange.requestHeaders = {{"Host", "shop.example", false},
                               {"Authorization", "Bearer hidden-value", true}};
    exchange.requestBody.size = exchange.requestBody.kept = body.size();
    return exchange;
}

} // namespace

class TrafficExchangeTest : public QObject
{
    Q_OBJECT

    // The first record that is an HTTP exchange with an answer.
    static double httpRecord(demo::FakeAgentControl& control)
    {
        double found = 0;
        bool answered = false;
        control.traffic().query(
            {}, [&](const Result<std::vector<inspect::Record>, std::string>& all) {
                answered = true;
                for (const auto& record : all.value())
                    if (record.kind == inspect::RecordKind::Http && record.status == 200)
                        found = double(record.id);
            });
        return QTest::qWaitFor([&] { return answered; }) ? found : 0;
    }

private slots:
    void hidesSecretsUntilTheyAreShown()
    {
        demo::FakeAgentControl control(quiet());
        Session session(control);
        ExchangeModel model;
        model.setSession(&session);
        model.setWantBodies(true);
        model.setRecordId(httpRecord(control));
        QTRY_VERIFY(model.isReady());
        QVERIFY(model.hasSecrets());
        const auto text = [&model] {
            QString all = model.rawRequest() + model.rawResponse();
            for (int row = 0; row < model.requestHeaders()->rowCount(); ++row)
                all += model.requestHeaders()
                           ->data(model.requestHeaders()->index(row), NamedValuesModel::ValueRole)
                           .toString();
            return all;
        };
        QVERIFY(!text().contains("not-a-real-credential"));
        model.setShowSecrets(true);
        QVERIFY(text().contains("not-a-real-credential"));
        // The next one begins hidden again.
        model.setRecordId(model.recordId() + 1);
        QVERIFY(!model.showsSecrets());
    }

    void saysWhyARecordCannotBeShown()
    {
        demo::FakeAgentControl control(quiet());
        Session session(control);
        ExchangeModel model;
        model.setSession(&session);
        model.setRecordId(999'999);
        QTRY_VERIFY(!model.problem().isEmpty());
    }

    void aDraftSendsHiddenSecretsAsTheyWere()
    {
        ReplayDraft draft;
        draft.begin(request(), "{}");
        QVERIFY(!draft.property("headers").toString().contains("hidden-value"));
        const auto wanted = draft.request();
        QVERIFY(wanted.ok());
        QCOMPARE(wanted->headers[1].value, std::string("Bearer hidden-value"));
        QCOMPARE(wanted->target, std::string("/orders"));
        QVERIFY(wanted->edited);
    }

    void aDraftSaysWhatIsWrong_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("value");
        QTest::newRow("method of two words") << "method"
                                             << "GET IT";
        QTest::newRow("no method") << "method"
                                   << "";
        QTest::newRow("path without slash") << "target"
                                            << "orders";
        QTest::newRow("space in the path") << "target"
                                           << "/a b";
        QTest::newRow("line that is no header") << "headers"
                                                << "nonsense";
        QTest::newRow("header without a name") << "headers"
                                               << ": value";
    }
    void aDraftSaysWhatIsWrong()
    {
        QFETCH(QString, field);
        QFETCH(QString, value);
        ReplayDraft draft;
        draft.begin(request(), {});
        QVERIFY(draft.problem().isEmpty());
        draft.setProperty(qPrintable(field), value);
        QVERIFY(!draft.problem().isEmpty());
        QVERIFY(!draft.problem().contains("hidden-value"));
    }

    void aBodyThatIsNoTextIsSentAsItWas()
    {
        const std::string picture("\x89PNG\0\xff", 6);
        ReplayDraft draft;
        draft.begin(request(picture), picture);
        QVERIFY(!draft.isBodyEditable());
        QCOMPARE(draft.request()->body, picture);
    }

    void aReplayPutsTheAnswersSideBySide()
    {
        demo::FakeAgentControl control(quiet());
        Session session(control);
        ReplayModel replay;
        replay.setSession(&session);
        QSignalSpy sent(&replay, &ReplayModel::sent);
        const double id = httpRecord(control);
        replay.send(id);
        QVERIFY(replay.isBusy());
        QTRY_VERIFY(replay.isReady());
        QCOMPARE(sent.count(), 1);
        QVERIFY(replay.answerId() > id);
        QVERIFY(replay.before().startsWith("200"));
        QVERIFY(replay.after().startsWith("200"));
        QCOMPARE(replay.bodyDiff()->differences(), 0);
    }
};

QTEST_MAIN(TrafficExchangeTest)
#include "traffic_exchange.moc"
