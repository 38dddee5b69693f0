// Names and host names, and the hints for what people write instead.
#include <sallyport/config/host_name.h>

#include <QTest>

using namespace sallyport::config;

class TestHostName : public QObject
{
    Q_OBJECT
private slots:
    void takesNames()
    {
        for (const char* name : {"a", "api", "a-b", "0", "x1-2y"})
            QCOMPARE(*parseName(name), std::string(name));
        QVERIFY(parseName(std::string(63, 'a')));
    }

    void refusesNamesWithAHint_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("hint");
        QTest::newRow("empty") << ""
                               << "empty";
        QTest::newRow("dots") << "a.b"
                              << "without dots";
        QTest::newRow("underscore") << "a_b"
                                    << "underscore is not allowed";
        QTest::newRow("upper case") << "Api"
                                    << "write api";
        QTest::newRow("hyphen") << "-a"
                                << "hyphens";
        QTest::newRow("blank") << "a b"
                               << "a-z";
        QTest::newRow("long") << QString(64, 'a') << "63";
        QTest::newRow("umlaut") << "käse"
                                << "a-z";
    }
    void refusesNamesWithAHint()
    {
        QFETCH(QString, text);
        QFETCH(QString, hint);
        const auto name = parseName(text.toStdString());
        QVERIFY(!name);
        QVERIFY2(QString::fromStdString(name.error()).contains(hint), name.error().c_str());
    }

    void foldsHostNames()
    {
        QCOMPARE(*parseHostName("API.Acme.ORG"), std::string("api.acme.org"));
        QCOMPARE(*parseHostName("localhost"), std::string("localhost"));
        QCOMPARE(*parseHostPattern("*.Acme.org"), std::string("*.acme.org"));
    }

    void refusesHostNamesWithAHint_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("hint");
        QTest::newRow("empty") << ""
                               << "empty";
        QTest::newRow("underscore") << "a_b.org"
                                    << "underscore is not allowed in a host name";
        QTest::newRow("url") << "https://acme.org"
                             << "without http://";
        QTest::newRow("port") << "acme.org:80"
                              << "without a port";
        QTest::newRow("path") << "acme.org/x"
                              << "without a path";
        QTest::newRow("address") << "192.0.2.1"
                                 << "IP address";
        QTest::newRow("v6") << "::1"
                            << "IP address";
        QTest::newRow("umlaut") << "käse.org"
                                << "xn--";
        QTest::newRow("two dots") << "a..org"
                                  << "two dots";
        QTest::newRow("wildcard") << "*.acme.org"
                                  << "wildcard";
    }
    void refusesHostNamesWithAHint()
    {
        QFETCH(QString, text);
        QFETCH(QString, hint);
        const auto host = parseHostName(text.toStdString());
        QVERIFY(!host);
        QVERIFY2(QString::fromStdString(host.error()).contains(hint), host.error().c_str());
    }

    void refusesWildcardsThatSpanTooMuch()
    {
        for (const char* text : {"*", "*.", "*.org", "a.*.org", "*a.acme.org", "*.*.org"})
            QVERIFY2(!parseHostPattern(text), text);
    }
};

QTEST_GUILESS_MAIN(TestHostName)
#include "tst_host_name.moc"
