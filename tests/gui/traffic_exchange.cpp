#include "exchange_model.h"
#include "fake_agent_control.h"
#include "replay_model.h"

#include <QSignalSpy>
#include <QThreadPool>
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

    template <typename Wanted>
    static double recordWhere(demo::FakeAgentControl& control, Wanted wanted)
    {
        double found = 0;
        bool answered = false;
        control.traffic().query({},
                                [&](const Result<std::vector<inspect::Record>, std::string>& all) {
                                    answered = true;
                                    for (const auto& record : all.value())
                                        if (wanted(record))
                                            found = double(record.id);
                                });
        return QTest::qWaitFor([&] { return answered; }, 30'000) ? found : 0;
    }
    // The first record that is an HTTP exchange with an answer.
    static double httpRecord(demo::FakeAgentControl& control)
    {
        return recordWhere(control, [](const inspect::Record& record) {
            return record.kind == inspect::RecordKind::Http && record.status == 200;
        });
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

    void hidesWhatThePersonCalledSecret()
    {
        demo::FakeAgentControl control(quiet());
        Session session(control);
        session.settings()->setSecretNames("note, q, X-Forwarded-For");
        ExchangeModel model;
        model.setSession(&session);
        model.setWantBodies(true);
        model.setRecordId(recordWhere(
            control, [](const inspect::Record& record) { return record.method == "PUT"; }));
        QTRY_VERIFY(model.requestBody()->isReady());
        QVERIFY(model.requestBody()->hasSecrets());
        QVERIFY(!model.requestBody()->text().contains("as a present"));
        QVERIFY(!model.rawRequest().contains("as a present"));
        QVERIFY(model.rawRequest().contains("X-Forwarded-For: ***"));
        model.setShowSecrets(true);
        QVERIFY(model.requestBody()->text().contains("as a present"));
        // The query, in the title and where the request is told.
        model.setRecordId(recordWhere(control, [](const inspect::Record& record) {
            return record.path.starts_with("/search?");
        }));
        QTRY_VERIFY(model.isReady());
        QCOMPARE(model.title(), QString("GET /search?q=***"));
        QVERIFY(model.rawRequest().startsWith("GET /search?q=*** HTTP/1.1"));
        model.setShowSecrets(true);
        QCOMPARE(model.title(), QString("GET /search?q=brass+lantern"));
    }

    void aLongBodyIsReadInTheBackground()
    {
        BodyModel body;
        QSignalSpy changed(&body, &BodyModel::changed);
        const std::string text(BodyModel::AtOnce + 1, 'x');
        body.setBody({}, {text.size(), text.size()}, text);
        QVERIFY(!body.isReady());
        QTRY_VERIFY(body.isReady());
        QCOMPARE(size_t(body.text().size()), text.size());
        // What is not wanted any more is not shown.
        const std::string longer(16 * BodyModel::AtOnce, 'y');
        body.setBody({}, {longer.size(), longer.size()}, longer);
        body.clear();
        QThreadPool::globalInstance()->waitForDone();
        QCoreApplication::processEvents();
        QVERIFY(!body.isReady());
        QVERIFY(body.text().isEmpty());
        // Cut on the screen.
        body.setBody({}, {longer.size(), longer.size()}, longer);
        QTRY_VERIFY(body.isReady());
        QCOMPARE(body.text().size(), BodyModel::MaxShown);
        QVERIFY(body.problem().contains("not shown"));
    }

    void secretsOfABodyOrAQueryAloneCanBeShownOnPurpose()
    {
        NamedValuesModel values;
        values.setRows({{"Referer", "https://a/?token=x", true, "https://a/?token=***"}});
        QCOMPARE(values.data(values.index(0), NamedValuesModel::ValueRole).toString(),
                 QString("https://a/?token=***"));
        BodyModel body;
        const std::string json = R"({"password":"hunter2"})";
        body.setBody({}, {json.size(), json.size()}, json);
        QVERIFY(body.hasSecrets());
        QVERIFY(!body.text().contains("hunter2"));
        body.setShowSecrets(true);
        QVERIFY(body.hasSecrets());
        QVERIFY(body.text().contains("hunter2"));
        body.setBody({}, {5, 5}, "\"***\"");
        QVERIFY(!body.hasSecrets());
        MessageModel messages;
        inspect::Message message;
        message.data = json;
        messages.setMessages({message});
        QVERIFY(messages.hasSecrets());
        QVERIFY(!messages.data(messages.index(0), MessageModel::TextRole)
                     .toString()
                     .contains("hunter2"));
        messages.setShowSecrets(true);
        QVERIFY(messages.data(messages.index(0), MessageModel::TextRole)
                    .toString()
                    .contains("hunter2"));
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
        draft.begin(request(), "{}", {});
        QVERIFY(!draft.property("headers").toString().contains("hidden-value"));
        const auto wanted = draft.request();
        QVERIFY(wanted.ok());
        QCOMPARE(wanted->headers[1].value, std::string("Bearer hidden-value"));
        QCOMPARE(wanted->target, std::string("/orders"));
        QVERIFY(wanted->edited);
    }

    void aDraftHidesTheSecretsOfBodyAndQuery()
    {
        inspect::Exchange original = request();
        original.requestLine = "POST /orders?token=querysecret&a=1 HTTP/1.1";
        original.requestHeaders.push_back({"Referer", "https://a/?token=referred", false});
        const std::string body = R"({"password":"hunter2secret","a":1})";
        ReplayDraft draft;
        draft.begin(original, body, {});
        QVERIFY(draft.hasSecrets());
        QVERIFY(!draft.isEdited());
        QCOMPARE(draft.property("body").toString(), QString(R"({"password":"***","a":1})"));
        QCOMPARE(draft.property("target").toString(), QString("/orders?token=***&a=1"));
        QVERIFY(draft.property("headers").toString().contains("Referer: https://a/?token=***"));
        draft.setProperty("body", R"({"password":"***","a":2})");
        draft.setProperty("target", "/orders?token=***&a=2");
        QVERIFY(draft.isEdited());
        const auto wanted = draft.request();
        QVERIFY(wanted.ok());
        QCOMPARE(wanted->body, std::string(R"({"password":"hunter2secret","a":2})"));
        QCOMPARE(wanted->target, std::string("/orders?token=querysecret&a=2"));
        QCOMPARE(wanted->headers.back().value, std::string("https://a/?token=referred"));
    }

    void aDraftKeepsItsChangesWhileSecretsAreShown()
    {
        ReplayDraft draft;
        draft.begin(request(), R"({"password":"hunter2secret","a":1})", {});
        draft.setProperty("body", R"({"password":"***","a":2})");
        draft.setShowSecrets(true);
        QCOMPARE(draft.property("body").toString(),
                 QString(R"({"password":"hunter2secret","a":2})"));
        QVERIFY(draft.property("headers").toString().contains("hidden-value"));
        draft.setProperty("body", R"({"password":"another","a":2})");
        draft.setShowSecrets(false);
        QCOMPARE(draft.property("body").toString(), QString(R"({"password":"***","a":2})"));
        QVERIFY(!draft.property("headers").toString().contains("hidden-value"));
        QVERIFY(draft.isEdited());
        QCOMPARE(draft.request()->body, std::string(R"({"password":"another","a":2})"));
        QCOMPARE(draft.request()->headers[1].value, std::string("Bearer hidden-value"));
    }

    void aBodyWhoseSecretsCannotBeMaskedIsKeptOutUntilTheyAreShown()
    {
        inspect::Exchange original = request();
        original.requestHeaders.push_back(
            {"Content-Type", "multipart/form-data; boundary=b", false});
        const std::string body =
            "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nhunter2\r\n--b--\r\n";
        ReplayDraft draft;
        draft.begin(original, body, {});
        QVERIFY(draft.hasSecrets());
        QVERIFY(draft.isBodyHidden());
        QVERIFY(!draft.isBodyEditable());
        QVERIFY(draft.property("body").toString().isEmpty());
        QCOMPARE(draft.request()->body, body);
        draft.setShowSecrets(true);
        QVERIFY(draft.isBodyEditable());
        // The editor has line ends of its own; the body keeps those that it had.
        const QString plain = draft.property("body").toString().replace("\r\n", "\n");
        draft.setProperty("body", plain);
        QVERIFY(!draft.isEdited());
        QCOMPARE(draft.request()->body, body);
        draft.setProperty("body", QString(plain).replace("hunter2", "hunter3"));
        QCOMPARE(draft.request()->body,
                 std::string(body).replace(body.find("hunter2"), 7, "hunter3"));
    }

    void whatAnEditorCannotHoldIsNoChange()
    {
        const std::string body = "a\u00a0b\r\nc\u2028d";
        ReplayDraft draft;
        draft.begin(request(body), body, {});
        draft.setProperty("body", "a b\nc\nd");
        QVERIFY(!draft.isEdited());
        QCOMPARE(draft.request()->body, body);
    }

    void aDraftThatCannotTellItsSecretsApartSaysSo()
    {
        ReplayDraft draft;
        draft.begin(request(), R"([{"token":"first"},{"token":"other"}])", {});
        draft.setProperty("body", R"([{"token":"***"}])");
        QVERIFY(draft.problem().contains("token"));
        QVERIFY(!draft.problem().contains("first"));
        draft.setShowSecrets(true);
        QVERIFY(!draft.showsSecrets());
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
        draft.begin(request(), {}, {});
        QVERIFY(draft.problem().isEmpty());
        draft.setProperty(qPrintable(field), value);
        QVERIFY(!draft.problem().isEmpty());
        QVERIFY(!draft.problem().contains("hidden-value"));
    }

    void aBodyThatIsNoTextIsSentAsItWas()
    {
        const std::string picture("\x89PNG\0\xff", 6);
        ReplayDraft draft;
        draft.begin(request(picture), picture, {});
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

    void longBodiesAreComparedInPartAndThatIsSaid()
    {
        demo::FakeAgentControl control(quiet());
        Session session(control);
        ReplayModel replay;
        replay.setSession(&session);
        const double id = httpRecord(control);
        control.traffic().setBodies(std::string(ReplayModel::CompareLimit, 'x'));
        replay.send(id);
        QTRY_VERIFY(replay.isReady());
        QVERIFY(!replay.property("cut").toBool());
        control.traffic().setBodies(std::string(ReplayModel::CompareLimit + 1, 'x'));
        replay.send(id);
        QTRY_VERIFY(replay.isReady() && replay.property("cut").toBool());
        QCOMPARE(replay.bodyDiff()->differences(), 0);
    }

    void stoppingAReplayStopsItsRequest_data()
    {
        QTest::addColumn<bool>("atOnce");
        QTest::newRow("while it waits for the answer") << false;
        QTest::newRow("before its record is known") << true;
    }

    void stoppingAReplayStopsItsRequest()
    {
        QFETCH(bool, atOnce);
        demo::FakeAgentControl control(quiet());
        control.traffic().setAnswersLate(true);
        Session session(control);
        ReplayModel replay;
        replay.setSession(&session);
        QSignalSpy sent(&replay, &ReplayModel::sent);
        const double id = httpRecord(control);
        replay.send(id);
        if (!atOnce)
            QTRY_COMPARE(sent.count(), 1);
        QVERIFY(replay.isBusy());
        replay.close();
        QVERIFY(!replay.isBusy());
        QTRY_VERIFY(recordWhere(control, [id](const inspect::Record& record) {
                        return record.replayOf == inspect::RecordId(id) &&
                               record.outcome == inspect::Outcome::Interrupted;
                    }) > id);
    }
};

QTEST_MAIN(TrafficExchangeTest)
#include "traffic_exchange.moc"
