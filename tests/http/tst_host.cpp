#include <sallyport/http/host.h>

#include <QTest>

#include <string>

using namespace sallyport::http;

class TestHost : public QObject
{
    Q_OBJECT

private slots:
    void normalisesNamesAndAddresses_data();
    void normalisesNamesAndAddresses();
    void refusesEverythingElse_data();
    void refusesEverythingElse();
    void readsThePort();
    void limitsNamesAndLabels();
    void acceptsLabelsAsTheDesignSays();
    void acceptsHostnamesForConfiguration();
};

void TestHost::normalisesNamesAndAddresses_data()
{
    QTest::addColumn<QByteArray>("authority");
    QTest::addColumn<QByteArray>("host");
    const auto row = [](const char* authority, const char* host) {
        QTest::newRow(authority) << QByteArray(authority) << QByteArray(host);
    };
    row("example.com", "example.com");
    row("EXAMPLE.Com", "example.com");
    row("example.com:8080", "example.com");
    row("example.com:", "example.com");
    row("example.com.", "example.com");
    row("example.com.:443", "example.com");
    row("a_b.example.com", "a_b.example.com");
    row("localhost", "localhost");
    row("127.0.0.1:1", "127.0.0.1");
    row("[::1]", "[::1]");
    row("[::1]:80", "[::1]");
    row("[::]", "[::]");
    row("[2001:DB8::1]:65535", "[2001:db8::1]");
    row("[1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:7:8]");
    row("[1:2:3:4:5:6:7::]", "[1:2:3:4:5:6:7::]");
    row("[::ffff:192.0.2.1]", "[::ffff:192.0.2.1]");
    row("[1:2:3:4:5:6:192.0.2.1]", "[1:2:3:4:5:6:192.0.2.1]");
}

void TestHost::normalisesNamesAndAddresses()
{
    QFETCH(QByteArray, authority);
    QFETCH(QByteArray, host);
    const auto name = normaliseHost(authority.toStdString());
    QVERIFY(name);
    QCOMPARE(QByteArray::fromStdString(std::string(name->view())), host);
}

void TestHost::refusesEverythingElse_data()
{
    QTest::addColumn<QByteArray>("authority");
    for (const char* authority : {"",
                                  ".",
                                  ":80",
                                  "a..b",
                                  ".a",
                                  "a..",
                                  "a b",
                                  " a",
                                  "a ",
                                  "user@host",
                                  "user:pw@host",
                                  "a/b",
                                  "a?b",
                                  "a#b",
                                  "a,b",
                                  "a%20b",
                                  "a\\b",
                                  "a:b",
                                  "a:80:80",
                                  "a:65536",
                                  "a:99999999999",
                                  "a:-1",
                                  "a:+1",
                                  "a: 80",
                                  "\xc3\xa4.example",
                                  "a\tb",
                                  "[",
                                  "[]",
                                  "[::1",
                                  "::1",
                                  "[::1]80",
                                  "[::1]x",
                                  "[:::]",
                                  "[1:2]",
                                  "[1:2:3:4:5:6:7:8:9]",
                                  "[1:2:3:4:5:6:7:8::]",
                                  "[::1::2]",
                                  "[12345::]",
                                  "[g::]",
                                  "[::1%25eth0]",
                                  "[fe80::1%eth0]",
                                  "[1.2.3.4]",
                                  "[::1.2.3]",
                                  "[::1.2.3.256]",
                                  "[::01.2.3.4]",
                                  "[1:2:3:4:5:6:7:1.2.3.4]",
                                  "[::1.2.3.4:5]",
                                  "[1:2:3:4:5:6:7:]",
                                  "[:1:2:3:4:5:6:7]"})
        QTest::newRow(*authority ? authority : "(empty)") << QByteArray(authority);
}

void TestHost::refusesEverythingElse()
{
    QFETCH(QByteArray, authority);
    QVERIFY(!normaliseHost(authority.toStdString()));
}

void TestHost::readsThePort()
{
    QCOMPARE(portOf("a:80"), std::optional<uint16_t>(80));
    QCOMPARE(portOf("[::1]:65535"), std::optional<uint16_t>(65535));
    QVERIFY(!portOf("a"));
    QVERIFY(!portOf("a:"));
    QVERIFY(!portOf("[::1]"));
    QVERIFY(!portOf("a:70000"));
}

void TestHost::limitsNamesAndLabels()
{
    const std::string label(63, 'a');
    const std::string longest = label + "." + label + "." + label + "." + std::string(61, 'a');
    QCOMPARE(longest.size(), HostName::MaxSize);
    QVERIFY(normaliseHost(longest));
    QVERIFY(normaliseHost(longest + "."));
    QVERIFY(normaliseHost(longest + ".:443"));
    QVERIFY(!normaliseHost(longest + "a"));
    QVERIFY(normaliseHost(label));
    QVERIFY(!normaliseHost(label + "a"));
    QVERIFY(isValidHostname(longest));
    QVERIFY(!isValidHostname(longest + "a"));
    QVERIFY(!normaliseHost(std::string(100000, 'a')));
    QVERIFY(!normaliseHost("[" + std::string(300, '1') + "]"));
}

void TestHost::acceptsLabelsAsTheDesignSays()
{
    for (const char* good : {"a", "0", "ab", "a-b", "a--b", "xn--4ca"})
        QVERIFY2(isValidLabel(good), good);
    for (const char* bad : {"", "-", "-a", "a-", "A", "a_b", "a.b", "\xc3\xa4"})
        QVERIFY2(!isValidLabel(bad), bad);
    QVERIFY(isValidLabel(std::string(63, 'a')));
    QVERIFY(!isValidLabel(std::string(64, 'a')));
}

void TestHost::acceptsHostnamesForConfiguration()
{
    for (const char* good : {"example.com", "a", "a.b.c", "1.2.3.4.example", "1.2.3"})
        QVERIFY2(isValidHostname(good), good);
    for (const char* bad :
         {"", ".", "a.", ".a", "a..b", "*.a", "Example.com", "a:80", "1.2.3.4", "a_b.c"})
        QVERIFY2(!isValidHostname(bad), bad);
}

QTEST_APPLESS_MAIN(TestHost)
#include "tst_host.moc"
