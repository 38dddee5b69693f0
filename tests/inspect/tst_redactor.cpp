// Secrets are taken out of what passes, however it is cut, and the rest stays as it is.
#include "head_text.h"
#include "redactor.h"

#include <sallyport/inspect/masked_text.h>

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

    void whatIsEditedMaskedGetsItsSecretsBack_data()
    {
        QTest::addColumn<std::string>("type");
        QTest::addColumn<std::string>("body");
        QTest::addColumn<std::string>("shown");
        QTest::addColumn<std::string>("edited");
        QTest::addColumn<std::string>("sent");
        const auto row = [](const char* name, const char* type, const char* body, const char* shown,
                            const char* edited, const char* sent) {
            QTest::newRow(name) << std::string(type) << std::string(body) << std::string(shown)
                                << std::string(edited) << std::string(sent);
        };
        const char* json = "application/json";
        const char* form = "application/x-www-form-urlencoded";
        row("untouched", json, R"({"a":1,"password":"x\"y"})", R"({"a":1,"password":"***"})",
            R"({"a":1,"password":"***"})", R"({"a":1,"password":"x\"y"})");
        row("beside a secret", json, R"({"a":1,"token":[1,{"b":2}]})", R"({"a":1,"token":"***"})",
            R"({"a":2, "token" : "***", "c":3})", R"({"a":2, "token" : [1,{"b":2}], "c":3})");
        row("a new secret", json, R"({"token":7})", R"({"token":"***"})", R"({"token":"8"})",
            R"({"token":"8"})");
        row("moved", json, R"({"token":1,"secret":2})", R"({"token":"***","secret":"***"})",
            R"({"secret":"***","token":"***"})", R"({"secret":2,"token":1})");
        row("several of a name", json, R"([{"token":1},{"token":2}])",
            R"([{"token":"***"},{"token":"***"}])", R"([{"token":"***"},{"token":"***"},3])",
            R"([{"token":1},{"token":2},3])");
        row("one of two alike", json, R"([{"token":1},{"token":1}])",
            R"([{"token":"***"},{"token":"***"}])", R"([{"token":"***"}])", R"([{"token":1}])");
        row("form", form, "a=1&password=x%20y", "a=1&password=***", "password=***&a=2",
            "password=x%20y&a=2");
        row("cut", json, R"({"token":"ab)", R"({"token":"***")", R"({"token":"***")",
            R"({"token":"ab)");
        row("parts without a secret", "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b--\r\n",
            "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b--\r\n", "y", "y");
    }
    void whatIsEditedMaskedGetsItsSecretsBack()
    {
        QFETCH(std::string, type);
        QFETCH(std::string, body);
        QFETCH(std::string, shown);
        QFETCH(std::string, edited);
        QFETCH(std::string, sent);
        const auto masked = MaskedText::ofBody(type, body, {});
        QVERIFY(masked);
        QCOMPARE(masked->text(), shown);
        QCOMPARE(masked->hidesSomething(), shown != body);
        const auto restored = masked->restored(edited);
        QVERIFY(restored.ok());
        QCOMPARE(*restored, sent);
    }

    void aSecretThatCannotBeToldFromAnotherIsNamed()
    {
        const auto masked =
            MaskedText::ofBody("application/json", R"([{"token":1},{"token":2}])", {});
        QCOMPARE(masked->restored(R"([{"token":"***"}])").error(), std::string("token"));
        QCOMPARE(masked->restored(R"({"secret":"***"})").error(), std::string("secret"));
    }

    void aBodyWhoseSecretsCannotBePutBackIsNotMasked()
    {
        const std::string body =
            "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nx\r\n--b--\r\n";
        QVERIFY(!MaskedText::ofBody("multipart/form-data; boundary=b", body, {}));
    }

    void theQueryOfAnAddressIsMasked()
    {
        const auto masked = MaskedText::ofAddress("/a?token=x&b=1#token=y", {});
        QCOMPARE(masked.text(), std::string("/a?token=***&b=1#token=y"));
        QCOMPARE(*masked.restored("/b?c=3&token=***"), std::string("/b?c=3&token=x"));
        QCOMPARE(MaskedText::ofAddress("/token=x", {}).text(), std::string("/token=x"));
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
