// TXT records at every kind of provider: REST APIs by a stub that speaks their documented forms,
// rfc2136 by a real bind9, exec by a script.
#include "http_stub.h"

#include <sallyport/certificates/dns_publisher.h>

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <functional>

using namespace sallyport;
using namespace sallyport::certificates;
using Config = config::DnsProviderConfig;

static const DnsRecord Record{"_acme-challenge.app.example.com", "value-1"};

class TestDnsProviders : public QObject
{
    Q_OBJECT

private slots:
    void changesRecordsAtDigitalOcean();
    void changesRecordsAtCloudflare();
    void saysWhatARestApiAnswers_data();
    void saysWhatARestApiAnswers();
    void changesRecordsByRfc2136_data();
    void changesRecordsByRfc2136();
    void saysWhyUpdatesAreRefused();
    void runsACommand();
    void saysHowACommandFailed();
    void endsACommandThatHangs();
    void makesOneChangeAtATime();
    void givesUpWaitingForARecordThatDoesNotAppear();

private:
    // The answer of publish(); "nothing came" when there is none.
    static std::optional<std::string> publish(DnsPublisher& publisher, const DnsRecord& record)
    {
        std::optional<std::optional<std::string>> got;
        publisher.publish(record, [&](std::optional<std::string> trouble) { got = trouble; });
        if (!QTest::qWaitFor([&] { return got.has_value(); }, 30'000))
            return "nothing came";
        return *got;
    }
    static Config quick(Config config)
    {
        config.propagation.wait = std::chrono::milliseconds(0);
        return config;
    }
};

void TestDnsProviders::changesRecordsAtDigitalOcean()
{
    std::vector<std::string> stored;
    HttpStub api([&](const StubRequest& request) {
        if (request.headers.find("Authorization: Bearer secret-token") == std::string::npos)
            return HttpStub::json(401, R"({"id":"unauthorized","message":"no"})");
        if (request.method == "GET" && request.path == "/v2/domains/example.com")
            return HttpStub::json(200, R"({"domain":{"name":"example.com"}})");
        if (request.method == "POST" && request.path == "/v2/domains/example.com/records") {
            stored.push_back(request.body);
            return HttpStub::json(201, R"({"domain_record":{"id":11}})");
        }
        if (request.method == "GET" &&
            request.path.starts_with("/v2/domains/example.com/records?type=TXT"))
            return HttpStub::json(200, R"({"domain_records":[{"id":10,"data":"other"},)"
                                       R"({"id":11,"data":"value-1"}]})");
        if (request.method == "DELETE" && request.path == "/v2/domains/example.com/records/11") {
            stored.clear();
            return std::string("HTTP/1.1 204 No Content\r\n\r\n");
        }
        return HttpStub::json(404, R"({"id":"not_found","message":"none"})");
    });
    Config config;
    config.kind = Config::Kind::DigitalOcean;
    config.token = Secret("secret-token");
    config.api = api.url();
    DnsPublisher publisher(quick(config), {}, {});
    QCOMPARE(publish(publisher, Record).value_or(""), std::string());
    QCOMPARE(stored.size(), size_t(1));
    const auto body = QJsonDocument::fromJson(QByteArray::fromStdString(stored[0])).object();
    QCOMPARE(body["type"].toString(), "TXT");
    QCOMPARE(body["name"].toString(), "_acme-challenge.app");
    QCOMPARE(body["data"].toString(), "value-1");
    publisher.withdraw(Record);
    QTRY_VERIFY(stored.empty());
}

void TestDnsProviders::changesRecordsAtCloudflare()
{
    std::vector<std::string> stored;
    HttpStub api([&](const StubRequest& request) {
        const auto good = [](const std::string& result) {
            return HttpStub::json(200, R"({"success":true,"errors":[],"result":)" + result + "}");
        };
        if (request.path == "/client/v4/zones?name=example.com")
            return good(R"([{"id":"zone-1","name":"example.com"}])");
        if (request.path.starts_with("/client/v4/zones?name="))
            return good("[]");
        if (request.method == "POST" && request.path == "/client/v4/zones/zone-1/dns_records") {
            stored.push_back(request.body);
            return good(R"({"id":"rec-1"})");
        }
        if (request.method == "GET")
            return good(R"([{"id":"rec-0","content":"\"other\""},)"
                        R"({"id":"rec-1","content":"\"value-1\""}])");
        if (request.method == "DELETE" &&
            request.path == "/client/v4/zones/zone-1/dns_records/rec-1") {
            stored.clear();
            return good(R"({"id":"rec-1"})");
        }
        return HttpStub::json(
            404,
            R"({"success":false,"errors":[{"code":7003,"message":"no route"}],"result":null})");
    });
    Config config;
    config.kind = Config::Kind::Cloudflare;
    config.token = Secret("secret-token");
    config.api = api.url();
    DnsPublisher publisher(quick(config), {}, {});
    QCOMPARE(publish(publisher, Record).value_or(""), std::string());
    QCOMPARE(stored.size(), size_t(1));
    const auto body = QJsonDocument::fromJson(QByteArray::fromStdString(stored[0])).object();
    QCOMPARE(body["name"].toString(), "_acme-challenge.app.example.com");
    QCOMPARE(body["content"].toString(), "\"value-1\"");
    publisher.withdraw(Record);
    QTRY_VERIFY(stored.empty());
}

void TestDnsProviders::saysWhatARestApiAnswers_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("said");
    for (const auto kind : {Config::Kind::DigitalOcean, Config::Kind::Cloudflare}) {
        const QByteArray name = kind == Config::Kind::DigitalOcean ? "do " : "cf ";
        QTest::newRow(name + "token")
            << int(kind) << 401 << QByteArray("{}") << "refuses the token";
        QTest::newRow(name + "fault") << int(kind) << 500 << QByteArray("<html>") << "answers 500";
        QTest::newRow(name + "list") << int(kind) << 500 << QByteArray("[1]") << "answers 500";
    }
    QTest::newRow("do no zone") << int(Config::Kind::DigitalOcean) << 404 << QByteArray("{}")
                                << "has no zone";
    QTest::newRow("cf no zone") << int(Config::Kind::Cloudflare) << 200
                                << QByteArray(R"({"success":true,"result":[]})") << "has no zone";
}

void TestDnsProviders::saysWhatARestApiAnswers()
{
    QFETCH(int, kind);
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(QString, said);
    HttpStub api([&](const StubRequest&) { return HttpStub::json(status, body.toStdString()); });
    Config config;
    config.kind = Config::Kind(kind);
    config.token = Secret("secret-token");
    config.api = api.url();
    DnsPublisher publisher(quick(config), {}, {});
    const QString trouble = QString::fromStdString(publish(publisher, Record).value_or("fine"));
    QVERIFY2(trouble.contains(said), qPrintable(trouble));
    QVERIFY(!trouble.contains("secret-token"));
}

// --- bind9 ---

class Bind
{
public:
    explicit Bind(const char* algorithm = "hmac-sha256")
    {
        const QString program = QStandardPaths::findExecutable("named", {"/usr/sbin", "/sbin"});
        if (program.isEmpty())
            return;
        QTcpServer probe;
        probe.listen(QHostAddress::LocalHost);
        m_port = probe.serverPort();
        probe.close();
        write("zone",
              "$TTL 60\n@ IN SOA ns hostmaster 1 60 60 60 60\n@ IN NS ns\nns IN A 127.0.0.1\n");
        write("named.conf",
              QStringLiteral(
                  "key \"update.test\" { algorithm %1; secret \"%2\"; };\n"
                  "options { directory \"%3\"; listen-on port %4 { 127.0.0.1; };\n"
                  " listen-on-v6 { none; }; pid-file none; session-keyfile none; recursion no;\n"
                  " dnssec-validation no; };\ncontrols {};\n"
                  "zone \"example.com\" { type primary; file \"zone\";\n"
                  " update-policy { grant update.test zonesub TXT; }; };\n")
                  .arg(algorithm, secret(), m_folder.path())
                  .arg(m_port)
                  .toUtf8());
        m_named.setProcessChannelMode(QProcess::MergedChannels);
        m_named.start(program, {"-g", "-c", m_folder.filePath("named.conf")});
        QByteArray said;
        m_running =
            QTest::qWaitFor(
                [&] {
                    said += m_named.readAll();
                    return said.contains("running\n") || m_named.state() == QProcess::NotRunning;
                },
                30'000) &&
            said.contains("running\n");
        if (!m_running)
            qWarning("%s", said.constData());
    }
    ~Bind()
    {
        m_named.kill();
        m_named.waitForFinished();
    }
    bool running() const { return m_running; }
    std::string server() const { return "127.0.0.1:" + std::to_string(m_port); }
    static QString secret() { return "c2VjcmV0LWtleS1vZi0zMi1ieXRlcy4uLi4uLi4uLi4="; }

    Config config() const
    {
        Config config;
        config.kind = Config::Kind::Rfc2136;
        config.server = server();
        config.tsig.name = "update.test";
        config.tsig.secret = Secret(secret().toStdString());
        config.propagation.wait = std::chrono::milliseconds(0);
        config.propagation.servers = {server()};
        return config;
    }

private:
    void write(const char* name, const QByteArray& text)
    {
        QFile file(m_folder.filePath(name));
        file.open(QFile::WriteOnly);
        file.write(text);
    }
    QTemporaryDir m_folder;
    QProcess m_named;
    quint16 m_port = 0;
    bool m_running = false;
};

void TestDnsProviders::changesRecordsByRfc2136_data()
{
    QTest::addColumn<QByteArray>("algorithm");
    QTest::newRow("hmac-sha256") << QByteArray("hmac-sha256");
    QTest::newRow("hmac-sha512") << QByteArray("hmac-sha512");
}

void TestDnsProviders::changesRecordsByRfc2136()
{
    QFETCH(QByteArray, algorithm);
    Bind bind(algorithm.constData());
    if (!bind.running())
        QFAIL("bind9's named is missing: ./dev packages test");
    Config config = bind.config();
    if (algorithm == "hmac-sha512")
        config.tsig.algorithm = Config::Tsig::Algorithm::HmacSha512;
    DnsPublisher publisher(config, {}, {});
    // publish() answers once the server shows the record; both stand beside each other.
    const DnsRecord other{Record.name, "value-2"};
    QCOMPARE(publish(publisher, Record).value_or(""), std::string());
    QCOMPARE(publish(publisher, other).value_or(""), std::string());
    publisher.withdraw(Record);
    // Changes are made in turn, so that the withdrawal is done when this one is answered.
    QCOMPARE(publish(publisher, other).value_or(""), std::string());
    config.propagation.timeout = std::chrono::milliseconds(1000);
    config.kind = Config::Kind::Exec;
    config.command = "/bin/true"; // changes nothing: what does the server show?
    DnsPublisher looker(config, {}, {});
    QVERIFY(publish(looker, Record).value_or("").find("did not appear") != std::string::npos);
    QCOMPARE(publish(looker, other).value_or(""), std::string());
}

void TestDnsProviders::saysWhyUpdatesAreRefused()
{
    Bind bind;
    if (!bind.running())
        QFAIL("bind9's named is missing: ./dev packages test");
    const auto trouble = [&](const std::function<void(Config&)>& change, const DnsRecord& record) {
        Config config = bind.config();
        change(config);
        DnsPublisher publisher(config, {}, {});
        return QString::fromStdString(publish(publisher, record).value_or("fine"));
    };
    QVERIFY(trouble([](Config& c) { c.tsig.name = "nobody.test"; }, Record).contains("BADKEY"));
    QVERIFY(
        trouble([](Config& c) { c.tsig.secret = Secret("d3Jvbmc="); }, Record).contains("BADSIG"));
    QVERIFY(trouble([](Config& c) { c.tsig.secret = Secret("not base64!"); }, Record)
                .contains("base64"));
    QVERIFY(trouble(
                [](Config& c) {
                    c.tsig.name.clear();
                    c.tsig.secret.reset();
                },
                Record)
                .contains("REFUSED"));
    QVERIFY(trouble([](Config& c) { c.zone = "other.org"; }, {"_acme-challenge.other.org", "v"})
                .contains("NOTAUTH"));
    QVERIFY(trouble([](Config&) {}, {"_acme-challenge.other.org", "v"}).contains("no zone"));
    QVERIFY(
        trouble([](Config& c) { c.server = "127.0.0.1:1"; }, Record).contains("can't be asked"));
}

// --- exec ---

static QString script(const QTemporaryDir& folder, const QByteArray& text)
{
    QFile file(folder.filePath("hook"));
    file.open(QFile::WriteOnly);
    file.write("#!/bin/sh\n" + text);
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    return file.fileName();
}

static Config execConfig(const QString& command)
{
    Config config;
    config.kind = Config::Kind::Exec;
    config.command = command.toStdString();
    config.propagation.wait = std::chrono::milliseconds(0);
    return config;
}

void TestDnsProviders::runsACommand()
{
    QTemporaryDir folder;
    DnsPublisher publisher(
        execConfig(script(folder, "echo \"$1 $2 $3\" >> " + folder.path().toUtf8() + "/log\n")), {},
        {});
    QCOMPARE(publish(publisher, Record).value_or(""), std::string());
    publisher.withdraw(Record);
    QCOMPARE(publish(publisher, {"b.test", "v"}).value_or(""), std::string());
    QFile log(folder.filePath("log"));
    QVERIFY(log.open(QFile::ReadOnly));
    QCOMPARE(log.readAll(), "present _acme-challenge.app.example.com. value-1\n"
                            "cleanup _acme-challenge.app.example.com. value-1\n"
                            "present b.test. v\n");
}

void TestDnsProviders::saysHowACommandFailed()
{
    QTemporaryDir folder;
    const auto trouble = [&](const QByteArray& text) {
        DnsPublisher publisher(execConfig(script(folder, text)), {}, {});
        return QString::fromStdString(publish(publisher, Record).value_or("fine"));
    };
    QVERIFY(trouble("echo one >&2; echo no such zone >&2; exit 3\n")
                .endsWith("ended with code 3: no such zone"));
    QVERIFY(trouble("kill -9 $$\n").contains("was ended"));
    QVERIFY(trouble("yes x | head -c 10000000 >&2; exit 1\n").endsWith("code 1: x"));
    DnsPublisher missing(execConfig("/nonexistent/hook"), {}, {});
    QVERIFY(publish(missing, Record).value_or("").find("can't be started") != std::string::npos);
}

void TestDnsProviders::endsACommandThatHangs()
{
    QTemporaryDir folder;
    Config config = execConfig(script(folder, "exec sleep 1000\n"));
    config.timeout = std::chrono::milliseconds(300);
    DnsPublisher publisher(config, {}, {});
    QVERIFY(publish(publisher, Record).has_value());
    QVERIFY(publish(publisher, Record).value_or("").find("still running") == std::string::npos);
}

void TestDnsProviders::makesOneChangeAtATime()
{
    QTemporaryDir folder;
    const QByteArray lock = folder.path().toUtf8() + "/lock";
    DnsPublisher publisher(
        execConfig(script(folder, "mkdir " + lock + " || exit 1\nrmdir " + lock + "\n")), {}, {});
    int answers = 0, troubles = 0;
    for (int i = 0; i < 10; ++i)
        publisher.publish({"a.test", std::to_string(i)}, [&](std::optional<std::string> trouble) {
            ++answers;
            troubles += trouble ? 1 : 0;
        });
    QVERIFY(QTest::qWaitFor([&] { return answers == 10; }, 30'000));
    QCOMPARE(troubles, 0);
}

void TestDnsProviders::givesUpWaitingForARecordThatDoesNotAppear()
{
    QTemporaryDir folder;
    Config config = execConfig(script(folder, "exit 0\n"));
    config.propagation.servers = {"127.0.0.1:1"};
    config.propagation.timeout = std::chrono::milliseconds(700);
    DnsPublisher publisher(config, {}, {});
    QVERIFY(publish(publisher, Record).value_or("").find("did not appear") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestDnsProviders)
#include "tst_dns_providers.moc"
