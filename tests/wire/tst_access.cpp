// Who may visit, as it travels: its form and its limits.
#include <sallyport/wire/access.h>
#include <sallyport/wire/message_codec.h>

#include <QTest>

using namespace sallyport;
using namespace sallyport::wire;

namespace {

const std::string GoodHash = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
                             "aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhcw";

std::string openWith(const std::string& access)
{
    return "{\"type\":\"tunnel.open\",\"tunnel\":{\"ref\":\"web\",\"kind\":\"http\","
           "\"options\":{\"access\":" +
           access + "}}}";
}

std::string list(size_t count, const std::string& item)
{
    std::string text = "[";
    for (size_t i = 0; i < count; ++i)
        text += (i == 0 ? "\"" : ",\"") + item + "\"";
    return text + "]";
}

} // namespace

class TestAccess : public QObject
{
    Q_OBJECT
private slots:
    void passwordHashes_data()
    {
        QTest::addColumn<QByteArray>("hash");
        QTest::addColumn<bool>("good");
        const auto row = [](const char* name, std::string hash, bool good) {
            QTest::newRow(name) << QByteArray::fromStdString(hash) << good;
        };
        const auto with = [](const char* from, const char* to) {
            return QByteArray::fromStdString(GoodHash).replace(from, to).toStdString();
        };
        row("as libsodium writes it", GoodHash, true);
        row("the costliest", with("m=19456,t=2", "m=65536,t=4"), true);
        row("too much memory", with("m=19456", "m=65537"), false);
        row("too many passes", with("t=2", "t=5"), false);
        row("no passes", with("t=2", "t=0"), false);
        row("lanes", with("p=1", "p=2"), false);
        row("a number that overflows", with("m=19456", "m=99999999999"), false);
        row("negative", with("m=19456", "m=-1"), false);
        row("argon2i", with("argon2id", "argon2i"), false);
        row("another version", with("v=19", "v=16"), false);
        row("no salt", with("c29tZXNhbHRzb21lc2FsdA", ""), false);
        row("no hash", with("aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhcw", ""), false);
        row("something behind", GoodHash + "$", false);
        row("blank", GoodHash + " ", false);
        row("bcrypt", "$2y$10$abcdefghijklmnopqrstuv", false);
        row("a password", "hunter2", false);
        row("nothing", "", false);
        row("long", GoodHash + std::string(128, 'a'), false);
    }
    void passwordHashes()
    {
        QFETCH(QByteArray, hash);
        QTEST(!checkPasswordHash(hash.toStdString()).has_value(), "good");
    }

    void tokenHeaders_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<bool>("good");
        for (const char* name : {"X-Token", "Authorization", "x_api_key", "Api-Key"})
            QTest::newRow(name) << QByteArray(name) << true;
        for (const char* name :
             {"", "Host", "content-LENGTH", "Transfer-Encoding", "Connection", "X-Forwarded-For",
              "Sec-WebSocket-Key", "Cookie", "a b", "a:b", "\xc3\xa9"})
            QTest::newRow(name) << QByteArray(name) << false;
    }
    void tokenHeaders()
    {
        QFETCH(QByteArray, name);
        QTEST(!checkTokenHeader(name.toStdString()).has_value(), "good");
    }

    // Whatever is not well formed refuses the tunnel: it must not open without its guard.
    void malformedAccessRefusesTheTunnel_data()
    {
        QTest::addColumn<QByteArray>("access");
        const auto row = [](const char* name, const std::string& access) {
            QTest::newRow(name) << QByteArray::fromStdString(access);
        };
        row("a list", "[]");
        row("a text", "\"yes\"");
        row("users as a list", "{\"users\":[\"alice\"]}");
        row("a plain password", "{\"users\":{\"alice\":\"hunter2\"}}");
        row("a hash that is no text", "{\"users\":{\"alice\":7}}");
        row("a user with a colon", "{\"users\":{\"a:b\":\"" + GoodHash + "\"}}");
        row("allow as a text", "{\"allow\":\"10.0.0.0/8\"}");
        row("a network that is no text", "{\"allow\":[10]}");
        row("an empty network", "{\"allow\":[\"\"]}");
        row("too many networks", "{\"deny\":" + list(101, "10.0.0.1") + "}");
        row("too many tokens", "{\"token_hashes\":" + list(51, "sha256:00") + "}");
        row("too many exceptions", "{\"except\":" + list(51, "/x") + "}");
        row("a long path", "{\"except\":[\"/" + std::string(256, 'x') + "\"]}");
        row("a long realm", "{\"realm\":\"" + std::string(65, 'x') + "\"}");
        row("a flag as a number", "{\"pass_credentials\":1}");
        std::string users = "{\"users\":{";
        for (int i = 0; i < 51; ++i)
            users += (i ? ",\"u" : "\"u") + std::to_string(i) + "\":\"" + GoodHash + "\"";
        row("too many users", users + "}}");
    }
    void malformedAccessRefusesTheTunnel()
    {
        QFETCH(QByteArray, access);
        const auto parsed = parseMessage(openWith(access.toStdString()));
        QVERIFY(!parsed);
        QCOMPARE(parsed.error().error, ParseError::InvalidTunnel);
        QVERIFY(parsed.error().answer);
        QVERIFY(parsed.error().answer->refusal.message.find("hunter2") == std::string::npos);
    }

    void anUpdateMayEmptyThePolicy()
    {
        const auto parsed = parseMessage("{\"type\":\"tunnel.update\",\"id\":7,\"access\":{}}");
        QVERIFY(parsed);
        QVERIFY(std::get<TunnelUpdate>(*parsed).access.empty());
    }
};

QTEST_APPLESS_MAIN(TestAccess)
#include "tst_access.moc"
