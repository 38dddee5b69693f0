#include "net_test.h"

#include <sallyport/net/dialer.h>

#include <string>

using namespace sallyport;
using namespace sallyport::net;

class TestProxyEnvironment : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void isNothingWhenNothingIsSet();
    void readsTheFormsOfAnAddress_data();
    void readsTheFormsOfAnAddress();
    void readsCredentials();
    void takesTheFirstVariableThatSaysSomething();
    void refusesUnusableValuesWithoutRepeatingThem_data();
    void refusesUnusableValuesWithoutRepeatingThem();
    void leavesHostsOutThatNoProxyNames_data();
    void leavesHostsOutThatNoProxyNames();
    void neverSendsTheLoopbackThroughAProxy();
};

namespace {

constexpr const char* Variables[] = {"HTTPS_PROXY", "https_proxy", "ALL_PROXY",
                                     "all_proxy",   "NO_PROXY",    "no_proxy"};

std::string found(std::string_view host = "relay.example.com")
{
    const auto result = proxyFromEnvironment(host);
    if (!result)
        return "error: " + result.error();
    const std::optional<HttpProxy>& proxy = *result;
    return proxy ? proxy->host + " " + std::to_string(proxy->port) : "none";
}

} // namespace

void TestProxyEnvironment::init()
{
    for (const char* variable : Variables)
        qunsetenv(variable);
}

void TestProxyEnvironment::isNothingWhenNothingIsSet()
{
    QCOMPARE(found(), std::string("none"));
    qputenv("HTTPS_PROXY", "");
    QCOMPARE(found(), std::string("none"));
}

void TestProxyEnvironment::readsTheFormsOfAnAddress_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("url") << QByteArray("http://proxy.example:3128")
                         << QByteArray("proxy.example 3128");
    QTest::newRow("slash") << QByteArray("http://proxy.example:3128/")
                           << QByteArray("proxy.example 3128");
    QTest::newRow("no scheme") << QByteArray("proxy.example:3128")
                               << QByteArray("proxy.example 3128");
    QTest::newRow("no port") << QByteArray("http://proxy.example")
                             << QByteArray("proxy.example 80");
    QTest::newRow("bare") << QByteArray("proxy.example") << QByteArray("proxy.example 80");
    QTest::newRow("ipv4") << QByteArray("10.0.0.1:8080") << QByteArray("10.0.0.1 8080");
    QTest::newRow("ipv6") << QByteArray("http://[2001:db8::5]:8080")
                          << QByteArray("2001:db8::5 8080");
    QTest::newRow("blanks") << QByteArray(" http://proxy.example:1 ")
                            << QByteArray("proxy.example 1");
    QTest::newRow("upper case") << QByteArray("HTTP://Proxy.Example:1")
                                << QByteArray("proxy.example 1");
}

void TestProxyEnvironment::readsTheFormsOfAnAddress()
{
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, expected);
    qputenv("HTTPS_PROXY", value);
    QCOMPARE(found(), expected.toStdString());
}

void TestProxyEnvironment::readsCredentials()
{
    qputenv("HTTPS_PROXY", "http://us%40er:p%3Ass%2Fw%25rd@proxy.example:3128");
    const auto result = proxyFromEnvironment("relay.example.com");
    QVERIFY(result);
    const auto& credentials = (*result)->credentials;
    QVERIFY(credentials);
    QCOMPARE(credentials->user, std::string("us@er"));
    QCOMPARE(credentials->password.reveal(), std::string("p:ss/w%rd"));
    qputenv("HTTPS_PROXY", "http://proxy.example:3128");
    QVERIFY(!(*proxyFromEnvironment("relay.example.com"))->credentials);
}

void TestProxyEnvironment::takesTheFirstVariableThatSaysSomething()
{
    qputenv("all_proxy", "d:4");
    QCOMPARE(found(), std::string("d 4"));
    qputenv("ALL_PROXY", "c:3");
    QCOMPARE(found(), std::string("c 3"));
    qputenv("https_proxy", "b:2");
    QCOMPARE(found(), std::string("b 2"));
    qputenv("HTTPS_PROXY", "a:1");
    QCOMPARE(found(), std::string("a 1"));
    qputenv("HTTPS_PROXY", "");
    QCOMPARE(found(), std::string("b 2"));
}

void TestProxyEnvironment::refusesUnusableValuesWithoutRepeatingThem_data()
{
    QTest::addColumn<QByteArray>("value");
    for (const char* value :
         {"socks5://user:hunter2@proxy:1080", "https://user:hunter2@proxy:443", "http://",
          "http://user:hunter2@:3128", "http://user:hunter2@proxy:99999", "http://proxy:0",
          "http://user:hun ter2@proxy:3128", "http://[::1:3128", "user:hunter2@pro xy:3128"})
        QTest::newRow(value) << QByteArray(value);
}

void TestProxyEnvironment::refusesUnusableValuesWithoutRepeatingThem()
{
    QFETCH(QByteArray, value);
    qputenv("HTTPS_PROXY", value);
    const std::string answer = found();
    QVERIFY2(answer.starts_with("error: HTTPS_PROXY "), answer.c_str());
    QVERIFY(answer.find("hunter2") == std::string::npos);
    QVERIFY(answer.find("user") == std::string::npos);
}

void TestProxyEnvironment::leavesHostsOutThatNoProxyNames_data()
{
    QTest::addColumn<QByteArray>("list");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<bool>("direct");
    const auto row = [](const char* list, const char* host, bool direct) {
        QTest::addRow("%s for %s", list, host) << QByteArray(list) << QByteArray(host) << direct;
    };
    row("*", "relay.example.com", true);
    row("example.com", "relay.example.com", true);
    row("example.com", "example.com", true);
    row("example.com", "notexample.com", false);
    row("example.com", "example.com.evil.org", false);
    row(".example.com", "relay.example.com", true);
    row(".example.com", "example.com", true);
    row("*.example.com", "relay.example.com", true);
    row("EXAMPLE.com", "relay.Example.COM", true);
    row("example.com:7000", "relay.example.com", true);
    row("other.org, example.com", "relay.example.com", true);
    row("other.org example.com", "relay.example.com", true);
    row(" ,, other.org,", "relay.example.com", false);
    row(".", "relay.example.com", false);
    row("10.1.2.3", "10.1.2.3", true);
    row("10.1.2.3:8080", "10.1.2.3", true);
    row("10.1.2.3", "10.1.2.30", false);
    row("10.0.0.0/8", "10.200.1.1", true);
    row("10.0.0.0/8", "11.0.0.1", false);
    row("192.168.4.0/22", "192.168.7.255", true);
    row("192.168.4.0/22", "192.168.8.0", false);
    row("0.0.0.0/0", "8.8.8.8", true);
    row("10.0.0.0/33", "10.0.0.1", false);
    row("10.0.0.0/x", "10.0.0.1", false);
    row("10.0.0.0/8", "2001:db8::1", false);
    row("2001:db8::/32", "2001:db8:1::1", true);
    row("2001:db8::1", "2001:db8:0::1", true);
    row("[2001:db8::1]:7000", "2001:db8::1", true);
    row("2001:db8::1", "2001:db8::2", false);
}

void TestProxyEnvironment::leavesHostsOutThatNoProxyNames()
{
    QFETCH(QByteArray, list);
    QFETCH(QByteArray, host);
    QFETCH(bool, direct);
    qputenv("HTTPS_PROXY", "http://proxy.example:3128");
    for (const char* variable : {"NO_PROXY", "no_proxy"}) {
        qputenv(variable, list);
        QCOMPARE(found(host.toStdString()) == "none", direct);
        qunsetenv(variable);
    }
}

void TestProxyEnvironment::neverSendsTheLoopbackThroughAProxy()
{
    qputenv("HTTPS_PROXY", "http://proxy.example:3128");
    for (const char* host : {"localhost", "hello.localhost", "127.0.0.1", "127.9.9.9", "::1"})
        QCOMPARE(found(host), std::string("none"));
    QCOMPARE(found("localhost.example.com"), std::string("proxy.example 3128"));
}

QTEST_GUILESS_MAIN(TestProxyEnvironment)
#include "tst_proxy_environment.moc"
