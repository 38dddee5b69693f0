#include <sallyport/wire/websocket_upgrade.h>

#include <QTest>

using namespace sallyport;
using namespace sallyport::wire;

class TestWebSocketUpgrade : public QObject
{
    Q_OBJECT

private slots:
    void answersTheKeyOfTheRfc();
    void theKeyIsSixteenBytesOfBase64();
    void bothSidesAgree();
    void takesWhatOtherClientsWrite();
    void refusesBadRequests_data();
    void refusesBadRequests();
    void refusesBadAnswers_data();
    void refusesBadAnswers();
    void tellsTheStatusOfAnAnswerThatIsNo101();
    void refusalsAreWholeAnswers();
};

namespace {

const std::string Key = "dGhlIHNhbXBsZSBub25jZQ=="; // RFC 6455, section 1.3

// The good text with one part replaced.
std::string with(std::string text, const std::string& part, const std::string& other)
{
    const size_t at = text.find(part);
    if (at == std::string::npos)
        qFatal("the text has no %s", part.c_str());
    return text.replace(at, part.size(), other);
}

} // namespace

void TestWebSocketUpgrade::answersTheKeyOfTheRfc()
{
    QCOMPARE(webSocketAccept(Key), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

void TestWebSocketUpgrade::theKeyIsSixteenBytesOfBase64()
{
    std::array<std::byte, 16> nonce;
    for (size_t i = 0; i < nonce.size(); ++i)
        nonce[i] = static_cast<std::byte>("the sample nonce"[i]);
    QCOMPARE(webSocketKey(nonce), Key);
}

void TestWebSocketUpgrade::bothSidesAgree()
{
    const auto key = checkWebSocketRequest(webSocketRequest("relay.example.com", Key));
    QVERIFY(key.ok());
    QCOMPARE(key.value(), Key);
    QVERIFY(checkWebSocketResponse(webSocketResponse(key.value()), Key).ok());
}

void TestWebSocketUpgrade::takesWhatOtherClientsWrite()
{
    const auto key = checkWebSocketRequest(
        "GET /.sallyport/agent?v=1 HTTP/1.1\r\nhost: a\r\nconnection: keep-alive, upgrade\r\n"
        "upgrade: WebSocket\r\nsec-websocket-version: 13\r\n"
        "sec-websocket-extensions: permessage-deflate\r\nsec-websocket-protocol: x, "
        "sallyport.v1\r\n"
        "sec-websocket-key: " +
        Key + "\r\n\r\n");
    QVERIFY(key.ok());
}

void TestWebSocketUpgrade::refusesBadRequests_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<int>("error");
    const std::string good = webSocketRequest("a", Key);
    const auto row = [](const char* name, const std::string& head, UpgradeError error) {
        QTest::newRow(name) << QByteArray::fromStdString(head) << static_cast<int>(error);
    };
    row("no head", "hello", UpgradeError::BadHead);
    row("no host", with(good, "Host: a\r\n", ""), UpgradeError::BadHead);
    row("two hosts", with(good, "Host: a\r\n", "Host: a\r\nHost: b\r\n"), UpgradeError::BadHead);
    row("POST", with(good, "GET", "POST"), UpgradeError::BadMethod);
    row("path", with(good, "/agent", "/agents"), UpgradeError::BadPath);
    row("no upgrade", with(good, "Upgrade: websocket\r\n", ""), UpgradeError::NotUpgrade);
    row("another upgrade", with(good, "Upgrade: websocket", "Upgrade: h2c"),
        UpgradeError::NotUpgrade);
    row("no connection", with(good, "Connection: Upgrade", "Connection: close"),
        UpgradeError::NotUpgrade);
    row("version", with(good, "Version: 13", "Version: 8"), UpgradeError::BadVersion);
    row("no key", with(good, "Key: " + Key, "Kex: x"), UpgradeError::BadKey);
    row("short key", with(good, Key, "c2hvcnQ="), UpgradeError::BadKey);
    row("key is no base64", with(good, Key, "dGhlIHNhbXBsZSBub25jZQ=!"), UpgradeError::BadKey);
    row("two keys", with(good, "Upgrade:", "Sec-WebSocket-Key: " + Key + "\r\nUpgrade:"),
        UpgradeError::BadKey);
    row("no subprotocol", with(good, "sallyport.v1", "mqtt"), UpgradeError::BadSubprotocol);
}

void TestWebSocketUpgrade::refusesBadRequests()
{
    QFETCH(QByteArray, head);
    QFETCH(int, error);
    const auto key = checkWebSocketRequest(head.toStdString());
    QVERIFY(!key);
    QCOMPARE(static_cast<int>(key.error()), error);
}

void TestWebSocketUpgrade::refusesBadAnswers_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<int>("error");
    const std::string good = webSocketResponse(Key);
    const auto row = [](const char* name, const std::string& head, UpgradeError error) {
        QTest::newRow(name) << QByteArray::fromStdString(head) << static_cast<int>(error);
    };
    row("no head", "SSH-2.0\r\n\r\n", UpgradeError::BadHead);
    row("status", with(good, "101", "200"), UpgradeError::BadStatus);
    row("no upgrade", with(good, "Upgrade: websocket\r\n", ""), UpgradeError::NotUpgrade);
    row("accept", with(good, "s3pP", "S3pP"), UpgradeError::BadAccept);
    row("no accept", with(good, "Sec-WebSocket-Accept", "X"), UpgradeError::BadAccept);
    row("no subprotocol", with(good, "sallyport.v1", "mqtt"), UpgradeError::BadSubprotocol);
    row("extension",
        with(good, "\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"),
        UpgradeError::BadExtension);
}

void TestWebSocketUpgrade::refusesBadAnswers()
{
    QFETCH(QByteArray, head);
    QFETCH(int, error);
    const auto checked = checkWebSocketResponse(head.toStdString(), Key);
    QVERIFY(!checked);
    QCOMPARE(static_cast<int>(checked.error().error), error);
}

void TestWebSocketUpgrade::tellsTheStatusOfAnAnswerThatIsNo101()
{
    QCOMPARE(checkWebSocketResponse("HTTP/1.1 503 Busy\r\n\r\n", Key).error().status, 503);
}

void TestWebSocketUpgrade::refusalsAreWholeAnswers()
{
    const std::pair<UpgradeError, int> expected[] = {
        {UpgradeError::BadHead, 400},       {UpgradeError::BadMethod, 405},
        {UpgradeError::BadPath, 404},       {UpgradeError::NotUpgrade, 426},
        {UpgradeError::BadVersion, 426},    {UpgradeError::BadKey, 400},
        {UpgradeError::BadSubprotocol, 400}};
    for (const auto& [error, status] : expected) {
        const std::string answer = webSocketRefusal(error);
        const size_t end = answer.find("\r\n\r\n") + 4;
        const auto head = parseResponseHead(std::string_view(answer).substr(0, end));
        QVERIFY(head.ok());
        QCOMPARE(head.value().status, status);
        QCOMPARE(onlyHeader(head.value().headers, "Content-Length").value(),
                 std::to_string(answer.size() - end));
        QCOMPARE(onlyHeader(head.value().headers, "Sec-WebSocket-Version").has_value(),
                 status == 426);
    }
}

QTEST_APPLESS_MAIN(TestWebSocketUpgrade)
#include "tst_websocket_upgrade.moc"
