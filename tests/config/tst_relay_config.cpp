// relay.yaml as a whole.
#include "config_folder.h"

#include <sallyport/config/relay_config.h>

#include <QTest>

#include <set>

using namespace sallyport;
using namespace sallyport::config;
using namespace std::chrono_literals;

class TestRelayConfig : public QObject
{
    Q_OBJECT

    ConfigFolder m_folder{"relay.yaml"};

    std::string refusal(const std::string& text)
    {
        const auto loaded = RelayConfig::load(m_folder.sources(text));
        return loaded ? "" : m_folder.shortened(loaded.error().text());
    }

private slots:
    void startsFromADomainAlone()
    {
        const auto loaded = RelayConfig::load(m_folder.sources("domain: example.com\n"));
        QVERIFY2(loaded, loaded ? "" : loaded.error().text().c_str());
        const RelayConfig& config = loaded->config;
        QVERIFY(loaded->warnings.empty());
        QCOMPARE(config.domain, std::string("example.com"));
        QCOMPARE(config.publicHostOrDomain(), std::string("example.com"));
        QCOMPARE(config.listen.http[0].text(), std::string(":80"));
        QCOMPARE(config.listen.agents[0].text(), std::string(":7000"));
        QCOMPARE(config.listen.admin[0].text(), std::string("127.0.0.1:7500"));
        QCOMPARE(config.reconnectGrace, 3000ms);
        QCOMPARE(config.tcpPorts.text(), std::string("20000-29999"));
        QVERIFY(!config.allowPlaintextLinks);
        QVERIFY(!config.stateDir.empty());
        QCOMPARE(config.tokensFile(), config.stateDir + "/tokens.yaml");
        QCOMPARE(config.limits.head, uint64_t(65536));
    }

    void readsEverySection()
    {
        const auto loaded = RelayConfig::load(m_folder.sources(R"(
domain: Example.com
public_host: tunnel.example.com
public_url: {scheme: https, port: 443}
listen: {http: ["127.0.0.1:8080", "[::1]:8080"], agents: ":7001", admin: none}
tls: {certificate: cert.pem, key: key.pem}
state_dir: state
auth: {tokens_file: tokens.yaml}
tcp_ports: 20000-20010,2222
tcp_bind: 127.0.0.1
reconnect_grace: 500ms
trusted_proxies: [10.0.0.0/8, "fd00::/8"]
workers: 4
shutdown_timeout: 1m
upstream_timeout: 10s
log: {level: debug, format: json}
limits: {head: 32KiB, uri: 8KiB, links: 5, links_per_tenant: 2, ping: 5s, upstream_idle: 0}
)"));
        QVERIFY2(loaded, loaded ? "" : loaded.error().text().c_str());
        const RelayConfig& config = loaded->config;
        QCOMPARE(config.domain, std::string("example.com"));
        QCOMPARE(config.listen.http.size(), size_t(2));
        QVERIFY(config.listen.admin.empty());
        QCOMPARE(config.tls.key, m_folder.path("key.pem"));
        QCOMPARE(config.tokensFile(), m_folder.path("tokens.yaml"));
        QCOMPARE(config.stateDir, m_folder.path("state"));
        QVERIFY(config.tcpPorts.contains(2222));
        QCOMPARE(config.trustedProxies.size(), size_t(2));
        QCOMPARE(config.workers, uint64_t(4));
        QCOMPARE(config.log.format, LogFormat::Json);
        QCOMPARE(config.limits.links, uint64_t(5));
        QCOMPARE(config.limits.ping, 5000ms);
        QCOMPARE(config.limits.upstreamIdle, uint64_t(0));
        QCOMPARE(loaded->files.front(), m_folder.file());
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("start");
        QTest::newRow("no domain") << ""
                                   << "relay.yaml: domain: is missing: set it";
        QTest::newRow("no certificate at all")
            << "domain: a.b\ntls: {mode: files}\n"
            << "relay.yaml:2: tls.mode: is files, but there is none";
        QTest::newRow("half a visitors' certificate")
            << "domain: a.b\ntls:\n  mode: files\n  certificates:\n    main: {certificate: c}\n"
            << "relay.yaml:5: tls.certificates.main: needs both";
        QTest::newRow("certificates without their mode")
            << "domain: a.b\ntls:\n  certificates:\n    main: {certificate: c, key: k}\n"
            << "relay.yaml: tls.certificates: is used only with";
        QTest::newRow("the relay's own label")
            << "domain: a.b\ntls:\n  mode: files\n  certificates:\n    relay: {key: k}\n"
            << "relay.yaml:5: tls.certificates \"relay\": is the label of tls.certificate";
        QTest::newRow("a default that is none")
            << "domain: a.b\ntls:\n  mode: files\n  default_certificate: other\n"
               "  certificates: {main: {certificate: c, key: k}}\n"
            << "relay.yaml:4: tls.default_certificate: \"other\" is no label";
        QTest::newRow("redirect without https") << "domain: a.b\nhttps_redirect: true\n"
                                                << "relay.yaml:2: https_redirect: needs https";
        QTest::newRow("underscore")
            << "domain: a_b.org\n"
            << "relay.yaml:1: domain \"a_b.org\": underscore is not allowed in a host name";
        QTest::newRow("no agents") << "domain: a.b\nlisten:\n  agents: none\n"
                                   << "relay.yaml:3: listen.agents: is empty";
        QTest::newRow("half a certificate")
            << "domain: a.b\ntls: {key: k}\n"
            << "relay.yaml:2: tls.key: certificate and key belong together";
        QTest::newRow("uri over head") << "domain: a.b\nlimits:\n  head: 2KiB\n  uri: 4KiB\n"
                                       << "relay.yaml:4: limits.uri: is larger than limits.head";
        QTest::newRow("grace")
            << "domain: a.b\nreconnect_grace: 3\n"
            << "relay.yaml:2: reconnect_grace \"3\": has no unit: did you mean 3s?";
        QTest::newRow("jwt") << "domain: a.b\nauth: {jwt: {isuer: x}}\n"
                             << "relay.yaml:2: auth.jwt.isuer: unknown key";
        QTest::newRow("limit")
            << "domain: a.b\nlimits: {head: 10B}\n"
            << "relay.yaml:2: limits.head \"10B\": is out of bounds: 1KiB to 1MiB";
    }
    void refuses()
    {
        QFETCH(QString, text);
        QFETCH(QString, start);
        const QString said = QString::fromStdString(refusal(text.toStdString()));
        QVERIFY2(said.startsWith(start), qPrintable(said));
    }

    void listensForHttpsWhenItHasCertificates()
    {
        const auto off = RelayConfig::load(m_folder.sources("domain: a.b\n"));
        QVERIFY(off && off->config.listen.https.empty());
        QVERIFY(!off->config.servesHttps());
        const auto on = RelayConfig::load(
            m_folder.sources("domain: a.b\ntls:\n  mode: files\n"
                             "  certificates: {main: {certificate: c.pem, key: k.pem}}\n"));
        QVERIFY2(on, on ? "" : on.error().text().c_str());
        QCOMPARE(on->config.listen.https.front().port, uint16_t(443));
        QCOMPARE(on->config.tls.certificates.at("main").key, m_folder.path("k.pem"));
        QVERIFY(on->config.servesHttps());
        QCOMPARE(on->config.urlOf("x.a.b", 80, 443), std::string("https://x.a.b/"));
        QCOMPARE(on->config.urlOf("x.a.b", 80, 8443), std::string("https://x.a.b:8443/"));
        const auto none = RelayConfig::load(
            m_folder.sources("domain: a.b\nlisten: {https: none}\ntls:\n  mode: files\n"
                             "  certificates: {main: {certificate: c.pem, key: k.pem}}\n"));
        QVERIFY(none && !none->config.servesHttps());
        QCOMPARE(none->config.urlOf("x.a.b", 80), std::string("http://x.a.b/"));
    }

    void warnsOfWhatIsAllowedButRisky()
    {
        const auto loaded = RelayConfig::load(m_folder.sources(
            "domain: a.b\nallow_plaintext_links: true\nlisten: {admin: ':7500'}\n"));
        QVERIFY(loaded);
        QCOMPARE(loaded->warnings.list().size(), size_t(2));
        QVERIFY(loaded->warnings.text().find("relay.yaml:2: allow_plaintext_links: lets tokens") !=
                std::string::npos);
    }

    void readsEveryKeyFromTheEnvironment()
    {
        RelayConfig model;
        Fields fields;
        model.declare(fields);
        std::set<std::string> names;
        for (const Field& field : fields.fields()) {
            const std::string name = environmentName(field.path);
            QVERIFY2(names.insert(name).second, name.c_str());
            Sources sources = m_folder.sources("domain: a.b\n");
            sources.environment[name] = "\x01 not a value";
            const auto loaded = RelayConfig::load(sources);
            QVERIFY2(!loaded, name.c_str());
            QVERIFY2(loaded.error().text().find(name + ": " + field.path) != std::string::npos,
                     loaded.error().text().c_str());
        }
        QVERIFY(names.count("SALLYPORT_LISTEN_HTTP") == 1);
        QVERIFY(names.count("SALLYPORT_RECONNECT_GRACE") == 1);
    }

    void takesItsOwnDefaultsBack()
    {
        // What the reference page shows as a default must be accepted as a value.
        RelayConfig model;
        Fields fields;
        model.declare(fields);
        for (const Field& field : fields.fields()) {
            if (field.shown.empty())
                continue;
            Sources sources = m_folder.sources("domain: a.b\n");
            sources.environment[environmentName(field.path)] = field.shown;
            const auto loaded = RelayConfig::load(sources);
            QVERIFY2(loaded, loaded ? "" : loaded.error().text().c_str());
        }
    }

    void showsUrlsAsVisitorsReachThem()
    {
        RelayConfig config;
        QCOMPARE(config.urlOf("a.example.com", 80), std::string("http://a.example.com/"));
        QCOMPARE(config.urlOf("a.example.com", 8080), std::string("http://a.example.com:8080/"));
        config.publicUrl.port = 80;
        QCOMPARE(config.urlOf("a.example.com", 8080), std::string("http://a.example.com/"));
        config.publicUrl = {RelayConfig::Scheme::Https, 0};
        QCOMPARE(config.urlOf("a.example.com", 8080), std::string("https://a.example.com/"));
        config.publicUrl = {RelayConfig::Scheme::Https, 8443};
        QCOMPARE(config.urlOf("a.example.com", 8080), std::string("https://a.example.com:8443/"));
    }

    void takesSignedTokensWhenItIsToldWhose()
    {
        const std::string base = "domain: example.com\nauth:\n  jwt:\n    ";
        QCOMPARE(refusal(base + "{keys_file: k, issuer: idp, audience: [a, b]}\n"), std::string());
        QCOMPARE(refusal(base + "{verifier_url: \"https://v.example.com/\"}\n"), std::string());
        QVERIFY(refusal(base + "{secret_file: s, audience: a}\n").find("auth.jwt.issuer") !=
                std::string::npos);
        QVERIFY(refusal(base + "{secret_file: s, issuer: i}\n").find("auth.jwt.audience") !=
                std::string::npos);
        QVERIFY(refusal(base + "{nonce: maybe}\n").find("optional") != std::string::npos);
        QVERIFY(refusal(base + "{verifier_timeout: 11s}\n").find("10s") != std::string::npos);
    }

    void asksForKeysOverNoPlainNetwork()
    {
        const auto with = [&](const std::string& url, const std::string& more = "") {
            return refusal(
                "domain: example.com\nauth: {jwt: {issuer: i, audience: a, jwks_url: \"" + url +
                "\"" + more + "}}\n");
        };
        QCOMPARE(with("https://idp.example.com/jwks"), std::string());
        QCOMPARE(with("http://127.0.0.1:8080/"), std::string());
        QCOMPARE(with("http://localhost/"), std::string());
        QCOMPARE(with("http://[::1]/"), std::string());
        for (const char* url :
             {"http://idp.example.com/", "http://127.0.0.1.example.com/", "http://127.evil.a.b/"})
            QVERIFY2(with(url).find("https://") != std::string::npos, url);
        QCOMPARE(with("http://idp.example.com/", ", allow_plain_http: true"), std::string());
        for (const char* url : {"ftp://x/", "file:///etc/passwd", "idp.example.com", "https://",
                                "https://user:pw@idp.example.com/"})
            QVERIFY2(!with(url).empty(), url);
    }
};

QTEST_GUILESS_MAIN(TestRelayConfig)
#include "tst_relay_config.moc"
