#include <sallyport/jose/json.h>

#include <QtTest>

using namespace sallyport;
using namespace sallyport::jose;

class TestJson : public QObject
{
    Q_OBJECT

private slots:
    void readsValues();
    void writesWhatItRead();
    void refuses_data();
    void refuses();
    void limitsDepthAndSize();
};

void TestJson::readsValues()
{
    const auto json = parseJson(R"({"a":1,"b":[true,null,"x"],"c":{"d":1.5},"e":null})");
    QVERIFY(json);
    QCOMPARE(*json->find("a")->integer(), 1);
    QCOMPARE(json->find("b")->list()->size(), 3u);
    QCOMPARE(*json->find("c")->find("d")->number(), 1.5);
    QVERIFY(!json->find("e")); // null is missing
    QVERIFY(!json->find("f"));
    QCOMPARE(json->textOf("a"), "");
    // Too large for an integer, still a number.
    QVERIFY(parseJson("18446744073709551615")->number());
    QVERIFY(!parseJson("18446744073709551615")->integer());
}

void TestJson::writesWhatItRead()
{
    const std::string text = R"({"z":"\u00e9\"","a":[1,-2,2.5,true,null],"b":{}})";
    QCOMPARE(parseJson(text)->dump(), text);
}

void TestJson::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("nothing") << QByteArray("");
    QTest::newRow("a member twice") << QByteArray(R"({"a":1,"a":1})");
    QTest::newRow("a member twice, written differently") << QByteArray(R"({"a":1,"\u0061":2})");
    QTest::newRow("a member twice, deep") << QByteArray(R"({"x":[{"a":1,"a":2}]})");
    QTest::newRow("something behind it") << QByteArray("{} {}");
    QTest::newRow("a comment") << QByteArray("{/**/}");
    QTest::newRow("a comma too many") << QByteArray("[1,]");
    QTest::newRow("cut off") << QByteArray(R"({"a":)");
    QTest::newRow("bad UTF-8") << QByteArray("\"\xc3\x28\"");
    QTest::newRow("half a surrogate") << QByteArray(R"("\ud800")");
    QTest::newRow("NaN") << QByteArray("NaN");
    QTest::newRow("a number too large for anything") << QByteArray("1e999");
    QTest::newRow("a zero byte") << QByteArray("{}\0", 3);
}

void TestJson::refuses()
{
    QFETCH(QByteArray, text);
    QVERIFY(!parseJson(text.toStdString()));
}

void TestJson::limitsDepthAndSize()
{
    const auto nested = [](int n) { return std::string(n, '[') + std::string(n, ']'); };
    QVERIFY(parseJson(nested(16)));
    QVERIFY(!parseJson(nested(17)));
    QVERIFY(!parseJson("\"" + std::string(64 * 1024, 'x') + "\""));
    JsonLimits few;
    few.values = 4; // three items and the list
    QVERIFY(parseJson("[1,2,3]", few));
    QVERIFY(!parseJson("[1,2,3,4]", few));
    std::string members = "{\"m\":0";
    for (int i = 0; i < 500; ++i)
        members += ",\"m" + std::to_string(i) + "\":0";
    QVERIFY(!parseJson(members + "}"));
}

QTEST_APPLESS_MAIN(TestJson)
#include "tst_json.moc"
