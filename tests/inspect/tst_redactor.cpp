// Secrets are taken out of what passes, however it is cut, and the rest stays as it is.
#include "head_text.h"
#include "redactor.h"

#include <QTest>

using namespace sallyport::inspect;

class TestRedactor : public QObject
{
    Q_OBJECT

private slots:
    void hidesFieldsOfJson_data()
    {
        QTest::addColumn<std::string>("json");
        QTest::addColumn<std::string>("expected");
        const auto row = [](const char* name, const std::string& json,
                            const std::string& expected) {
            QTest::newRow(name) << json << expected;
        };
        row("text", "{\"password\":\"x\",\"a\":\"password\"}",
            "{\"password\":\"***\",\"a\":\"password\"}");
        row("any case", "{ \"PassWord\" : \"x\" }", "{ \"PassWord\" : \"***\" }");
        row("number", "{\"token\":12.5e3,\"b\":1}", "{\"token\":\"***\",\"b\":1}");
        row("nested", "{\"secret\":{\"a\":[1,\"]}\"]},\"b\":[]}", "{\"secret\":\"***\",\"b\":[]}");
        row("escaped name", "{\"pass\\u0077ord\":\"x\"}", "{\"pass\\u0077ord\":\"***\"}");
        row("escaped value", "{\"token\":\"a\\\"b\\\\\",\"c\":1}", "{\"token\":\"***\",\"c\":1}");
        row("lines of JSON", "{\"token\":1}\n{\"token\":2}\n",
            "{\"token\":\"***\"}\n{\"token\":\"***\"}\n");
        row("only the whole name", "{\"tokens\":1,\"mytoken\":2}", "{\"tokens\":1,\"mytoken\":2}");
        row("cut in the middle", "{\"token\":\"abc", "{\"token\":\"***\"");
        row("no JSON", "hello \"world\": {", "hello \"world\": {");
    }

    void hidesFieldsOfJson()
    {
        QFETCH(std::string, json);
        QFETCH(std::string, expected);
        for (size_t step = 1; step <= json.size(); ++step) {
            JsonRedactor redactor{Redaction()};
            std::string out;
            for (size_t at = 0; at < json.size(); at += step)
                out += redactor.feed(std::string_view(json).substr(at, step));
            QCOMPARE(out, expected);
        }
    }

    void hidesFieldsOfFormsAndQueries()
    {
        QCOMPARE(redactedForm("a=1&pass%77ord=x&token=&b", {}),
                 std::string("a=1&pass%77ord=***&token=***&b"));
        QCOMPARE(redactedQuery("GET /a?token=x&b=1 HTTP/1.1", {}),
                 std::string("GET /a?token=***&b=1 HTTP/1.1"));
        QCOMPARE(redactedQuery("token=x", {}), std::string("token=x"));
    }

    void writesNoSecretHeaders()
    {
        const std::string head = "GET /?secret=1 HTTP/1.1\r\nHost: a:80\r\ncookie: c=1\r\n"
                                 "Referer: http://b/?token=2\r\n\r\n";
        QCOMPARE(withoutSecrets(head, {}),
                 std::string("GET /?secret=*** HTTP/1.1\r\nHost: a:80\r\ncookie: \r\n"
                             "Referer: http://b/?token=***\r\n\r\n"));
    }

    void keepsNoBodyThatItCantLookInto()
    {
        QVERIFY(!planRedaction("application/json", "gzip", "x", {}).keep);
        QVERIFY(!planRedaction("multipart/form-data; boundary=x", "", "x", {}).keep);
        QVERIFY(planRedaction("image/png", "", "x", {}).keep);
        QVERIFY(!planRedaction("image/png", "", "x", {}).redactor);
        QVERIFY(planRedaction("application/octet-stream", "", " {\"a\":1}", {}).redactor);
    }
};

QTEST_APPLESS_MAIN(TestRedactor)
#include "tst_redactor.moc"
