// The .env reader.
#include <sallyport/config/sources.h>

#include <QTest>

using namespace sallyport;
using namespace sallyport::config;

class TestDotEnv : public QObject
{
    Q_OBJECT
private slots:
    void readsValues_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("value");
        QTest::newRow("bare") << "A=x"
                              << "x";
        QTest::newRow("empty") << "A="
                               << "";
        QTest::newRow("blanks around") << "  A=  x y  "
                                       << "x y";
        QTest::newRow("export") << "export A=x"
                                << "x";
        QTest::newRow("export by tab") << "export\tA=x"
                                       << "x";
        QTest::newRow("equals inside") << "A=x=y"
                                       << "x=y";
        QTest::newRow("comment") << "A=x # why"
                                 << "x";
        QTest::newRow("comment only") << "A= # why"
                                      << "";
        QTest::newRow("hash inside") << "A=x#y"
                                     << "x#y";
        QTest::newRow("single quotes") << "A='$x \"y\" \\n'"
                                       << "$x \"y\" \\n";
        QTest::newRow("double quotes") << "A=\"x \\\"y\\\" \\$z\\n\\t\\\\\""
                                       << "x \"y\" $z\n\t\\";
        QTest::newRow("quotes and comment") << "A='x' # why"
                                            << "x";
        QTest::newRow("empty quotes") << "A=\"\""
                                      << "";
        QTest::newRow("carriage return") << "A=x\r"
                                         << "x";
    }
    void readsValues()
    {
        QFETCH(QString, line);
        QFETCH(QString, value);
        const auto lines = parseDotEnv(line.toStdString() + "\n", ".env");
        QVERIFY2(lines, lines ? "" : lines.error().text().c_str());
        QCOMPARE(lines->size(), size_t(1));
        QCOMPARE(QString::fromStdString(lines->front().name), "A");
        QCOMPARE(QString::fromStdString(lines->front().value), value);
    }

    void refusesLinesThatAShellWouldReadOtherwise_data()
    {
        QTest::addColumn<QString>("line");
        for (const char* line :
             {"A", "A =x", "=x", "1A=x", "A-B=x", "A=$x", "A=\"$x\"", "A='x", "A=\"x", "A='x'y",
              "A='x'#y", "A=x'y'", "A=`x`", "A=x\\ y", "A=\"\\q\"", "export", "export A"})
            QTest::newRow(line) << line;
    }
    void refusesLinesThatAShellWouldReadOtherwise()
    {
        QFETCH(QString, line);
        const auto lines = parseDotEnv("# first\n" + line.toStdString() + "\n", ".env");
        QVERIFY(!lines);
        QVERIFY2(lines.error().text().starts_with(".env:2: "), lines.error().text().c_str());
    }

    void keepsLineNumbersAcrossCommentsAndEmptyLines()
    {
        const auto lines = parseDotEnv("\xef\xbb\xbf# a\n\nA=1\n   # b\nB=2", ".env");
        QVERIFY(lines);
        QCOMPARE((*lines)[0].line, 3);
        QCOMPARE((*lines)[1].line, 5);
    }

    void tellsOfEveryBadLine()
    {
        const auto lines = parseDotEnv("A\nB=1\nC\nB=2\n", ".env");
        QVERIFY(!lines);
        QCOMPARE(lines.error().list().size(), size_t(3));
        QVERIFY(lines.error().text().find(".env:4: B: is given twice (first in line 2)") !=
                std::string::npos);
    }

    void neverRepeatsAValueInAComplaint()
    {
        const auto lines = parseDotEnv("SALLYPORT_TOKEN='spt_secret\n", ".env");
        QVERIFY(!lines);
        QVERIFY(lines.error().text().find("secret") == std::string::npos);
    }

    void stopsAtTheLimitOfLines()
    {
        std::string text;
        for (size_t i = 0; i < MaxDotEnvLines; ++i)
            text += "A" + std::to_string(i) + "=1\n";
        QVERIFY(parseDotEnv(text, ".env"));
        QVERIFY(!parseDotEnv(text + "B=1\n", ".env"));
    }

    void namesVariablesAfterPaths()
    {
        QCOMPARE(environmentName("reconnect_grace"), std::string("SALLYPORT_RECONNECT_GRACE"));
        QCOMPARE(environmentName("listen.http"), std::string("SALLYPORT_LISTEN_HTTP"));
        QCOMPARE(environmentName("tunnels.my-app.http"),
                 std::string("SALLYPORT_TUNNELS_MY_APP_HTTP"));
    }

    void takesOnlyOurVariablesFromTheProcess()
    {
        qputenv("SALLYPORT_DOMAIN", "example.com");
        const auto variables = processEnvironment();
        QCOMPARE(variables.at("SALLYPORT_DOMAIN"), std::string("example.com"));
        QCOMPARE(variables.count("PATH"), size_t(0));
        qunsetenv("SALLYPORT_DOMAIN");
    }
};

QTEST_GUILESS_MAIN(TestDotEnv)
#include "tst_dot_env.moc"
