#include <sallyport/http/head_reader.h>

#include <QTest>

#include <string>

using namespace sallyport;
using namespace sallyport::http;

Q_DECLARE_METATYPE(HeadError)
Q_DECLARE_METATYPE(BodyFraming)

class TestRequestMeaning : public QObject
{
    Q_OBJECT

private slots:
    void understandsEachTargetForm_data();
    void understandsEachTargetForm();
    void refusesOddTargets_data();
    void refusesOddTargets();
    void letsTheAbsoluteTargetOverrideHost();
    void demandsExactlyOneValidHost_data();
    void demandsExactlyOneValidHost();
    void letsHttp10GoWithoutHost();
    void findsTheBody_data();
    void findsTheBody();
    void refusesAmbiguousFraming_data();
    void refusesAmbiguousFraming();
    void decidesWhetherTheConnectionStays_data();
    void decidesWhetherTheConnectionStays();
    void limitsConnectionOptions();
    void seesAnExpectation();
    void seesAnUpgrade_data();
    void seesAnUpgrade();
    void seesWhetherTrailersAreWelcome();
    void forgetsThePreviousRequest();

private:
    // Reads `start` + `fields`; the head's views refer to m_bytes.
    HeadError read(const std::string& start, const std::string& fields);
    std::string m_bytes;
    RequestHead m_head;
};

HeadError TestRequestMeaning::read(const std::string& start, const std::string& fields)
{
    m_bytes = start + "\r\n" + fields + "\r\n";
    RequestReader reader;
    const ReadStatus status = reader.read(asBytes(m_bytes), m_head);
    Q_ASSERT(status != ReadStatus::NeedMore);
    return reader.error();
}

static QByteArray toBytes(std::string_view text)
{
    return QByteArray(text.data(), static_cast<int>(text.size()));
}

void TestRequestMeaning::understandsEachTargetForm_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<int>("form");
    QTest::addColumn<QByteArray>("path"); // as it would be sent on
    QTest::addColumn<QByteArray>("authority");
    const auto row = [](const char* line, TargetForm form, const char* path,
                        const char* authority) {
        QTest::newRow(line) << QByteArray(line) << static_cast<int>(form) << QByteArray(path)
                            << QByteArray(authority);
    };
    row("GET / HTTP/1.1", TargetForm::Origin, "/", "Field.example:1");
    row("GET //evil/?x HTTP/1.1", TargetForm::Origin, "//evil/?x", "Field.example:1");
    row("GET /a|b{c}\"d HTTP/1.1", TargetForm::Origin, "/a|b{c}\"d", "Field.example:1");
    row("GET http://A.example HTTP/1.1", TargetForm::Absolute, "/", "A.example");
    row("GET HTTPS://a.example:8443/x?y HTTP/1.1", TargetForm::Absolute, "/x?y", "a.example:8443");
    row("GET http://a.example?q=/ HTTP/1.1", TargetForm::Absolute, "/?q=/", "a.example");
    row("GET http://[::1]:80/ HTTP/1.1", TargetForm::Absolute, "/", "[::1]:80");
    row("OPTIONS http://a.example HTTP/1.1", TargetForm::Absolute, "*", "a.example");
    row("OPTIONS http://a.example/ HTTP/1.1", TargetForm::Absolute, "/", "a.example");
    row("OPTIONS * HTTP/1.1", TargetForm::Asterisk, "*", "Field.example:1");
    row("CONNECT a.example:443 HTTP/1.1", TargetForm::Authority, "a.example:443", "a.example:443");
}

void TestRequestMeaning::understandsEachTargetForm()
{
    QFETCH(QByteArray, line);
    QFETCH(int, form);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, authority);
    QCOMPARE(read(line.toStdString(), "Host: Field.example:1\r\n"), HeadError::None);
    QCOMPARE(static_cast<int>(m_head.form), form);
    QCOMPARE((m_head.addSlash ? "/" : "") + toBytes(m_head.path), path);
    QCOMPARE(toBytes(m_head.authority), authority);
}

void TestRequestMeaning::refusesOddTargets_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<HeadError>("error");
    const auto row = [](const char* line, HeadError error) {
        QTest::newRow(line) << QByteArray(line) << error;
    };
    row("GET a HTTP/1.1", HeadError::InvalidTarget);
    row("GET * HTTP/1.1", HeadError::InvalidTarget);
    row("GET *a HTTP/1.1", HeadError::InvalidTarget);
    row("OPTIONS ** HTTP/1.1", HeadError::InvalidTarget);
    row("GET a.example:443 HTTP/1.1", HeadError::InvalidTarget);
    row("GET ftp://a/ HTTP/1.1", HeadError::InvalidTarget);
    row("GET http:/a/ HTTP/1.1", HeadError::InvalidTarget);
    row("GET http:// HTTP/1.1", HeadError::InvalidHost);
    row("GET http:///a HTTP/1.1", HeadError::InvalidHost);
    row("GET http://?a HTTP/1.1", HeadError::InvalidHost);
    row("GET http://user@a/ HTTP/1.1", HeadError::InvalidHost);
    row("GET http://user:pw@a/ HTTP/1.1", HeadError::InvalidHost);
    row("GET http://a:99999/ HTTP/1.1", HeadError::InvalidHost);
    row("GET http://a\\b/ HTTP/1.1", HeadError::InvalidHost);
    row("CONNECT / HTTP/1.1", HeadError::InvalidTarget);
    row("CONNECT a HTTP/1.1", HeadError::InvalidTarget);
    row("CONNECT a: HTTP/1.1", HeadError::InvalidTarget);
    row("CONNECT http://a:80/ HTTP/1.1", HeadError::InvalidTarget);
    row("CONNECT :80 HTTP/1.1", HeadError::InvalidHost);
}

void TestRequestMeaning::refusesOddTargets()
{
    QFETCH(QByteArray, line);
    QFETCH(HeadError, error);
    QCOMPARE(read(line.toStdString(), "Host: b\r\n"), error);
}

void TestRequestMeaning::letsTheAbsoluteTargetOverrideHost()
{
    QCOMPARE(read("GET http://A.Example.:80/ HTTP/1.1", "Host: b.example\r\n"), HeadError::None);
    QCOMPARE(m_head.host.view(), std::string_view("a.example"));
    QCOMPARE(m_head.authority, std::string_view("A.Example.:80"));
    QCOMPARE(read("GET / HTTP/1.1", "Host: B.Example:80\r\n"), HeadError::None);
    QCOMPARE(m_head.host.view(), std::string_view("b.example"));
}

void TestRequestMeaning::demandsExactlyOneValidHost_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<HeadError>("error");
    QTest::newRow("none") << QByteArray("GET / HTTP/1.1") << QByteArray("")
                          << HeadError::MissingHost;
    QTest::newRow("none, absolute target")
        << QByteArray("GET http://a/ HTTP/1.1") << QByteArray("") << HeadError::MissingHost;
    QTest::newRow("two") << QByteArray("GET / HTTP/1.1") << QByteArray("Host: a\r\nHost: b\r\n")
                         << HeadError::SeveralHosts;
    QTest::newRow("two equal") << QByteArray("GET / HTTP/1.1")
                               << QByteArray("Host: a\r\nhost: a\r\n") << HeadError::SeveralHosts;
    QTest::newRow("two in HTTP/1.0")
        << QByteArray("GET / HTTP/1.0") << QByteArray("Host: a\r\nHost: a\r\n")
        << HeadError::SeveralHosts;
    QTest::newRow("two, absolute target")
        << QByteArray("GET http://a/ HTTP/1.1") << QByteArray("Host: a\r\nHost: b\r\n")
        << HeadError::SeveralHosts;
    QTest::newRow("empty") << QByteArray("GET / HTTP/1.1") << QByteArray("Host:\r\n")
                           << HeadError::InvalidHost;
    QTest::newRow("list") << QByteArray("GET / HTTP/1.1") << QByteArray("Host: a, b\r\n")
                          << HeadError::InvalidHost;
    QTest::newRow("with path") << QByteArray("GET / HTTP/1.1") << QByteArray("Host: a/b\r\n")
                               << HeadError::InvalidHost;
    QTest::newRow("with user") << QByteArray("GET / HTTP/1.1") << QByteArray("Host: u@a\r\n")
                               << HeadError::InvalidHost;
    QTest::newRow("bad port") << QByteArray("GET / HTTP/1.1") << QByteArray("Host: a:x\r\n")
                              << HeadError::InvalidHost;
    QTest::newRow("invalid though overridden")
        << QByteArray("GET http://a/ HTTP/1.1") << QByteArray("Host: a b\r\n")
        << HeadError::InvalidHost;
}

void TestRequestMeaning::demandsExactlyOneValidHost()
{
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, fields);
    QFETCH(HeadError, error);
    QCOMPARE(read(line.toStdString(), fields.toStdString()), error);
}

void TestRequestMeaning::letsHttp10GoWithoutHost()
{
    QCOMPARE(read("GET / HTTP/1.0", ""), HeadError::None);
    QVERIFY(m_head.host.empty());
    QVERIFY(m_head.authority.empty());
    QCOMPARE(read("GET http://a/ HTTP/1.0", ""), HeadError::None);
    QCOMPARE(m_head.host.view(), std::string_view("a"));
}

void TestRequestMeaning::findsTheBody_data()
{
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<BodyFraming>("body");
    const auto row = [](const char* fields, BodyFraming body) {
        QTest::newRow(fields) << QByteArray(fields) << body;
    };
    row("", {BodyKind::None, 0});
    row("Content-Length: 0\r\n", {BodyKind::Length, 0});
    row("Content-Length: 5\r\n", {BodyKind::Length, 5});
    row("content-length:\t0005 \r\n", {BodyKind::Length, 5});
    row("Content-Length: 9223372036854775807\r\n", {BodyKind::Length, INT64_MAX});
    row("Transfer-Encoding: chunked\r\n", {BodyKind::Chunked, 0});
    row("transfer-encoding: ChunkeD\r\n", {BodyKind::Chunked, 0});
}

void TestRequestMeaning::findsTheBody()
{
    QFETCH(QByteArray, fields);
    QFETCH(BodyFraming, body);
    QCOMPARE(read("POST / HTTP/1.1", "Host: a\r\n" + fields.toStdString()), HeadError::None);
    QVERIFY(m_head.body == body);
}

void TestRequestMeaning::refusesAmbiguousFraming_data()
{
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<HeadError>("error");
    const auto row = [](const char* fields, HeadError error) {
        QTest::newRow(fields) << QByteArray(fields) << error;
    };
    for (const char* value :
         {"", "+1", "-1", "1 2", "1,1", "1, 1", "0x1", "1.0", "1e3", "a", "9223372036854775808",
          "18446744073709551616", "99999999999999999999999999", "\"1\""})
        QTest::newRow(value) << "Content-Length: " + QByteArray(value) + "\r\n"
                             << HeadError::InvalidContentLength;
    row("Content-Length: 1\r\nContent-Length: 1\r\n", HeadError::SeveralContentLengths);
    row("Content-Length: 1\r\ncontent-length: 2\r\n", HeadError::SeveralContentLengths);
    row("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
        HeadError::LengthAndTransferEncoding);
    row("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n",
        HeadError::LengthAndTransferEncoding);
    row("Transfer-Encoding: identity\r\nContent-Length: 1\r\n",
        HeadError::LengthAndTransferEncoding);
    for (const char* value : {"", "xchunked", "chunkedx", "chunked, identity", "identity, chunked",
                              "identity", "gzip", "gzip, chunked", "chunked, chunked",
                              "chunked;q=1", "\"chunked\"", ", chunked", "chunked,"})
        QTest::newRow((std::string("TE ") + value).c_str())
            << "Transfer-Encoding: " + QByteArray(value) + "\r\n"
            << HeadError::UnsupportedTransferEncoding;
    row("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        HeadError::UnsupportedTransferEncoding);
    row("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        HeadError::UnsupportedTransferEncoding);
}

void TestRequestMeaning::refusesAmbiguousFraming()
{
    QFETCH(QByteArray, fields);
    QFETCH(HeadError, error);
    QCOMPARE(read("POST / HTTP/1.1", "Host: a\r\n" + fields.toStdString()), error);
    QCOMPARE(describe(error).status, 400u);
    if (fields.startsWith("Transfer-Encoding") && !fields.contains("Content-Length"))
        QCOMPARE(read("POST / HTTP/1.0", fields.toStdString()),
                 HeadError::TransferEncodingInHttp10);
}

void TestRequestMeaning::decidesWhetherTheConnectionStays_data()
{
    QTest::addColumn<QByteArray>("version");
    QTest::addColumn<QByteArray>("connection");
    QTest::addColumn<bool>("stays");
    const auto row = [](const char* version, const char* connection, bool stays) {
        QTest::addRow("%s %s", version, connection)
            << QByteArray(version) << QByteArray(connection) << stays;
    };
    row("1.1", "", true);
    row("1.1", "Connection: keep-alive\r\n", true);
    row("1.1", "Connection: Close\r\n", false);
    row("1.1", "Connection: foo , close\r\n", false);
    row("1.1", "Connection: foo\r\nConnection: close\r\n", false);
    row("1.1", "Connection: keep-alive, close\r\n", false);
    row("1.1", "Connection: closed\r\n", true);
    row("1.1", "Proxy-Connection: close\r\n", true);
    row("1.0", "", false);
    row("1.0", "Connection: Keep-Alive\r\n", true);
    row("1.0", "Connection: keep-alive, close\r\n", false);
    row("1.0", "Proxy-Connection: keep-alive\r\n", false);
}

void TestRequestMeaning::decidesWhetherTheConnectionStays()
{
    QFETCH(QByteArray, version);
    QFETCH(QByteArray, connection);
    QFETCH(bool, stays);
    QCOMPARE(read("GET / HTTP/" + version.toStdString(), "Host: a\r\n" + connection.toStdString()),
             HeadError::None);
    QCOMPARE(m_head.keepAlive, stays);
}

void TestRequestMeaning::limitsConnectionOptions()
{
    const auto options = [](int n) {
        std::string text = "Host: a\r\nConnection: ";
        for (int i = 0; i < n; ++i)
            text += "x" + std::to_string(i) + ",";
        return text + "\r\n";
    };
    QCOMPARE(read("GET / HTTP/1.1", options(64)), HeadError::None);
    QVERIFY(m_head.connectionNamesFields);
    QCOMPARE(read("GET / HTTP/1.1", options(65)), HeadError::TooManyConnectionOptions);
    // In sum over all fields.
    QCOMPARE(read("GET / HTTP/1.1", options(40) + options(40).substr(9)),
             HeadError::TooManyConnectionOptions);
}

void TestRequestMeaning::seesAnExpectation()
{
    QCOMPARE(read("POST / HTTP/1.1", "Host: a\r\nExpect: 100-Continue\r\n"), HeadError::None);
    QVERIFY(m_head.expectsContinue);
    QCOMPARE(read("POST / HTTP/1.0", "Expect: 100-continue\r\n"), HeadError::None);
    QVERIFY(!m_head.expectsContinue);
    QCOMPARE(read("POST / HTTP/1.1", "Host: a\r\nExpect: 200-ok\r\n"),
             HeadError::UnknownExpectation);
    QCOMPARE(describe(HeadError::UnknownExpectation).status, 417u);
}

void TestRequestMeaning::seesAnUpgrade_data()
{
    QTest::addColumn<QByteArray>("version");
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QByteArray>("protocol"); // empty: none
    const auto row = [](const char* name, const char* version, const char* fields,
                        const char* protocol) {
        QTest::newRow(name) << QByteArray(version) << QByteArray(fields) << QByteArray(protocol);
    };
    row("websocket", "1.1", "Connection: Upgrade\r\nUpgrade: websocket\r\n", "websocket");
    row("among options", "1.1", "Connection: keep-alive, upgrade\r\nUpgrade: Foo/2\r\n", "Foo/2");
    row("several", "1.1", "Connection: upgrade\r\nUpgrade: a, b\r\n", "a, b");
    row("not named by Connection", "1.1", "Upgrade: websocket\r\n", "");
    row("without Upgrade", "1.1", "Connection: upgrade\r\n", "");
    row("empty Upgrade", "1.1", "Connection: upgrade\r\nUpgrade:\r\n", "");
    row("HTTP/1.0", "1.0", "Connection: upgrade\r\nUpgrade: websocket\r\n", "");
    row("h2c", "1.1", "Connection: upgrade, http2-settings\r\nUpgrade: h2c\r\n", "");
    row("h2c beside another", "1.1",
        "Connection: upgrade\r\nUpgrade: websocket\r\nUpgrade: H2C\r\n", "");
}

void TestRequestMeaning::seesAnUpgrade()
{
    QFETCH(QByteArray, version);
    QFETCH(QByteArray, fields);
    QFETCH(QByteArray, protocol);
    QCOMPARE(read("GET / HTTP/" + version.toStdString(), "Host: a\r\n" + fields.toStdString()),
             HeadError::None);
    QCOMPARE(m_head.upgrade, !protocol.isEmpty());
    QCOMPARE(toBytes(m_head.upgradeProtocol), protocol);
}

void TestRequestMeaning::seesWhetherTrailersAreWelcome()
{
    QCOMPARE(read("GET / HTTP/1.1", "Host: a\r\nTE: gzip;q=0.5, Trailers\r\n"), HeadError::None);
    QVERIFY(m_head.acceptsTrailers);
    QCOMPARE(read("GET / HTTP/1.1", "Host: a\r\nTE: gzip\r\n"), HeadError::None);
    QVERIFY(!m_head.acceptsTrailers);
}

void TestRequestMeaning::forgetsThePreviousRequest()
{
    QCOMPARE(
        read("POST http://a?b HTTP/1.1",
             "Host: x\r\nConnection: close, upgrade, foo\r\nUpgrade: websocket\r\nTE: trailers\r\n"
             "Expect: 100-continue\r\nContent-Length: 5\r\n"),
        HeadError::None);
    QCOMPARE(read("GET / HTTP/1.0", "Connection: keep-alive\r\n"), HeadError::None);
    QVERIFY(m_head.keepAlive && !m_head.upgrade && !m_head.connectionNamesFields);
    QVERIFY(!m_head.expectsContinue && !m_head.acceptsTrailers && !m_head.addSlash);
    QVERIFY(m_head.host.empty() && m_head.authority.empty() && m_head.upgradeProtocol.empty());
    QVERIFY(m_head.body == BodyFraming());
    QVERIFY(!m_head.present.has(FieldId::Host));
}

QTEST_APPLESS_MAIN(TestRequestMeaning)
#include "tst_request_meaning.moc"
