// Records for other programs.
#include "export.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

using namespace sallyport::inspect;

namespace {

ExportItem sample()
{
    ExportItem item;
    Exchange& exchange = item.exchange;
    exchange.record.host = "api.example.com";
    exchange.record.tls = true;
    exchange.record.method = "POST";
    exchange.record.path = "/it's?a=1&token=hidden";
    exchange.record.status = 201;
    exchange.record.requestDone = std::chrono::milliseconds(2);
    exchange.record.answered = std::chrono::milliseconds(12);
    exchange.record.ended = std::chrono::milliseconds(15);
    exchange.requestLine = "POST /it's?a=1&token=hidden HTTP/1.1";
    exchange.statusLine = "HTTP/1.1 201 Made It";
    exchange.requestHeaders = {{"Host", "api.example.com", false},
                               {"Content-Type", "application/json", false},
                               {"Authorization", "Bearer hidden", true},
                               {"Content-Length", "20", false}};
    exchange.responseHeaders = {{"Content-Type", "image/png", false},
                                {"Set-Cookie", "sid=hidden; Path=/", true}};
    item.requestBody = "{\"token\":\"hidden\",\"q\":\"it's\"}";
    item.responseBody = std::string("\x89PNG\x00\xff", 6);
    return item;
}

// What a shell makes of it, with "curl" as a program that prints its arguments.
QByteArray inShell(const std::string& command)
{
    QProcess shell;
    shell.start("/bin/sh",
                {"-c", "curl() { printf '%s\\n' \"$@\"; case \"$*\" in *@-*) cat;; esac; }\n" +
                           QString::fromStdString(command)});
    shell.waitForFinished();
    return shell.readAllStandardOutput();
}

} // namespace

class TestExport : public QObject
{
    Q_OBJECT

private slots:
    void leavesSecretsOutUnlessAsked_data()
    {
        QTest::addColumn<ExportFormat>("format");
        QTest::newRow("cURL") << ExportFormat::Curl;
        QTest::newRow("HAR") << ExportFormat::Har;
        QTest::newRow(".http") << ExportFormat::HttpFile;
    }

    void leavesSecretsOutUnlessAsked()
    {
        QFETCH(ExportFormat, format);
        QVERIFY(exportAs(format, {sample()}, {}).find("hidden") == std::string::npos);
        ExportOptions open;
        open.withSecrets = true;
        QVERIFY(exportAs(format, {sample()}, open).find("Bearer hidden") != std::string::npos);
    }

    void quotesForTheShell()
    {
        ExportOptions open;
        open.withSecrets = true;
        QCOMPARE(inShell(toCurl(sample(), open)),
                 QByteArray("https://api.example.com/it's?a=1&token=hidden\n-H\nContent-Type: "
                            "application/json\n-H\nAuthorization: Bearer hidden\n--data-binary\n"
                            "{\"token\":\"hidden\",\"q\":\"it's\"}\n"));
    }

    void pipesABodyThatIsNoText()
    {
        ExportItem item = sample();
        item.requestBody = std::string("\x00%'\\\xff\n", 6);
        QVERIFY(inShell(toCurl(item, {})).endsWith(QByteArray("@-\n\x00%'\\\xff\n", 9)));
        item.requestBody = "@file";
        QVERIFY(inShell(toCurl(item, {})).endsWith("@-\n@file"));
    }

    void namesTheMethodWhereCurlWouldNotGuessIt()
    {
        ExportItem item = sample();
        item.requestBody.clear();
        item.exchange.record.method = "DELETE";
        QVERIFY(toCurl(item, {}).find("-X 'DELETE'") != std::string::npos);
        item.exchange.record.method = "HEAD";
        QVERIFY(toCurl(item, {}).find("--head") != std::string::npos);
        item.exchange.record.method = "GET";
        QVERIFY(toCurl(item, {}).find("-X") == std::string::npos);
    }

    void writesAHarThatBrowsersOpen()
    {
        ExportOptions open;
        open.withSecrets = true;
        open.version = "1.2.3";
        const QJsonObject log =
            QJsonDocument::fromJson(QByteArray::fromStdString(toHar({sample()}, open)))
                .object()["log"]
                .toObject();
        QCOMPARE(log["version"].toString(), QString("1.2"));
        QCOMPARE(log["creator"].toObject()["version"].toString(), QString("1.2.3"));
        const QJsonObject entry = log["entries"].toArray().at(0).toObject();
        QCOMPARE(entry["time"].toDouble(), 15.0);
        QCOMPARE(entry["startedDateTime"].toString(), QString("1970-01-01T00:00:00.000Z"));
        const QJsonObject timings = entry["timings"].toObject();
        QCOMPARE(timings["send"].toDouble(), 2.0);
        QCOMPARE(timings["wait"].toDouble(), 10.0);
        QCOMPARE(timings["receive"].toDouble(), 3.0);
        const QJsonObject request = entry["request"].toObject();
        QCOMPARE(request["url"].toString(),
                 QString("https://api.example.com/it's?a=1&token=hidden"));
        QCOMPARE(request["queryString"].toArray().size(), 2);
        QCOMPARE(request["postData"].toObject()["mimeType"].toString(),
                 QString("application/json"));
        // HAR 1.2: "text and params fields are mutually exclusive".
        QVERIFY(!request["postData"].toObject()["text"].toString().isEmpty());
        QVERIFY(!request["postData"].toObject().contains("params"));
        const QJsonObject response = entry["response"].toObject();
        QCOMPARE(response["status"].toInt(), 201);
        QCOMPARE(response["statusText"].toString(), QString("Made It"));
        const QJsonObject content = response["content"].toObject();
        QCOMPARE(content["encoding"].toString(), QString("base64"));
        QCOMPARE(QByteArray::fromBase64(content["text"].toString().toLatin1()),
                 QByteArray("\x89PNG\x00\xff", 6));
        for (const char* key : {"cookies", "headers", "queryString"})
            QVERIFY(request[key].isArray());
        for (const char* key : {"cookies", "headers"})
            QVERIFY(response[key].isArray());
        QVERIFY(entry["cache"].isObject());
        QVERIFY(log["pages"].isArray());
        for (const QJsonObject& side : {request, response})
            for (const char* key : {"headersSize", "bodySize"})
                QVERIFY(side[key].isDouble());
        QCOMPARE(response["headersSize"].toInt(), 81);
        for (const char* key : {"size", "mimeType"})
            QVERIFY(content.contains(key));
    }
};

QTEST_GUILESS_MAIN(TestExport)
#include "tst_export.moc"
