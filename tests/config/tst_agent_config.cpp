// agent.yaml as a whole.
#include "config_folder.h"

#include <sallyport/config/agent_config.h>

#include <QTest>

#include <sys/stat.h>

#include <algorithm>

using namespace sallyport;
using namespace sallyport::config;
using namespace std::chrono_literals;

class TestAgentConfig : public QObject
{
    Q_OBJECT

    ConfigFolder m_folder{"agent.yaml"};

    std::string refusal(const Sources& sources)
    {
        const auto loaded = AgentConfig::load(sources);
        return loaded ? "" : m_folder.shortened(loaded.error().text());
    }
    std::string refusal(const std::string& text) { return refusal(m_folder.sources(text)); }

private slots:
    void cleanup() { QFile::remove(QString::fromStdString(m_folder.path(".env"))); }

    void readsTheExampleOfTheDesign()
    {
        const auto loaded = AgentConfig::load(m_folder.sources(R"(relay: tunnel.example.com
tunnels:
  web:  {http: 3000}
  api:  {http: 8080, hostname: api.acme.org}
  ssh:  {tcp: 22, remote_port: 2222}
)"));
        QVERIFY2(loaded, loaded ? "" : loaded.error().text().c_str());
        const AgentConfig& config = loaded->config;
        QCOMPARE(config.relay->host, std::string("tunnel.example.com"));
        QCOMPARE(int(config.relay->port), 7000);
        QCOMPARE(config.tunnels.size(), size_t(3));
        QCOMPARE(config.tunnels.at("web").upstream.text(), std::string("127.0.0.1:3000"));
        QCOMPARE(*config.tunnels.at("api").hostname, std::string("api.acme.org"));
        QCOMPARE(config.tunnels.at("ssh").kind, TunnelKind::Tcp);
        QCOMPARE(int(*config.tunnels.at("ssh").remotePort), 2222);
        QCOMPARE(config.reconnect.min, 500ms);
        QCOMPARE(config.reconnect.max, 30'000ms);
        QCOMPARE(config.ping, 10'000ms);
    }

    void startsWithoutAnyFile()
    {
        Sources sources;
        sources.environment["SALLYPORT_RELAY"] = "relay.example.com:7001";
        sources.environment["SALLYPORT_TUNNELS_WEB_HTTP"] = "app:3000";
        sources.environment["SALLYPORT_TOKEN"] = "spt_x";
        const auto loaded = AgentConfig::load(sources);
        QVERIFY2(loaded, loaded ? "" : loaded.error().text().c_str());
        QCOMPARE(int(loaded->config.relay->port), 7001);
        QCOMPARE(loaded->config.tunnels.at("web").text(), std::string("http app:3000"));
        QCOMPARE(loaded->config.token->reveal(), std::string_view("spt_x"));
    }

    void letsTheEnvironmentChangeATunnelOfTheFile()
    {
        Sources sources = m_folder.sources("tunnels:\n  web: {http: 3000}\n");
        sources.environment["SALLYPORT_TUNNELS_WEB_HTTP"] = "4000";
        sources.environment["SALLYPORT_TUNNELS_WEB_PROXY_PROTOCOL"] = "yes";
        const auto loaded = AgentConfig::load(sources);
        QVERIFY(loaded);
        QCOMPARE(loaded->config.tunnels.at("web").upstream.text(), std::string("127.0.0.1:4000"));
        QVERIFY(loaded->config.tunnels.at("web").proxyProtocol);
    }

    void readsRelayAddresses_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("transport");
        QTest::addColumn<QString>("host");
        QTest::addColumn<int>("port");
        QTest::addColumn<QString>("path");
        QTest::newRow("host") << "example.com" << int(Transport::Auto) << "example.com" << 7000
                              << "";
        QTest::newRow("port") << "example.com:443" << int(Transport::Auto) << "example.com" << 443
                              << "";
        QTest::newRow("v6") << "[::1]:7001" << int(Transport::Auto) << "::1" << 7001 << "";
        QTest::newRow("bare v6") << "2001:db8::1" << int(Transport::Auto) << "2001:db8::1" << 7000
                                 << "";
        QTest::newRow("tls") << "tls://example.com" << int(Transport::Tls) << "example.com" << 7000
                             << "";
        QTest::newRow("slash") << "tls://example.com/" << int(Transport::Tls) << "example.com"
                               << 7000 << "";
        QTest::newRow("tcp") << "tcp://127.0.0.1:7002" << int(Transport::Tcp) << "127.0.0.1" << 7002
                             << "";
        QTest::newRow("wss") << "wss://example.com" << int(Transport::Wss) << "example.com" << 443
                             << "/.sallyport/agent";
        QTest::newRow("wss path") << "wss://example.com:8443/link" << int(Transport::Wss)
                                  << "example.com" << 8443 << "/link";
    }
    void readsRelayAddresses()
    {
        QFETCH(QString, text);
        QFETCH(int, transport);
        QFETCH(QString, host);
        QFETCH(int, port);
        QFETCH(QString, path);
        const auto address = RelayAddress::parse(text.toStdString());
        QVERIFY(address);
        QCOMPARE(int(address->transport), transport);
        QCOMPARE(QString::fromStdString(address->host), host);
        QCOMPARE(int(address->port), port);
        QCOMPARE(QString::fromStdString(address->path), path);
        QCOMPARE(*RelayAddress::parse(address->text()), *address);
    }

    void refusesRelayAddressesWithAHint()
    {
        QVERIFY(RelayAddress::parse("https://example.com").error().find("unknown scheme") !=
                std::string::npos);
        QVERIFY(RelayAddress::parse("sallyport://spt_x@host").error().find("sallyport login") !=
                std::string::npos);
        QVERIFY(RelayAddress::parse("tls://example.com/path").error().find("only as a wss://") !=
                std::string::npos);
        QVERIFY(!RelayAddress::parse("wss://example.com/a?b"));
        QVERIFY(!RelayAddress::parse(""));
        QVERIFY(!RelayAddress::parse("a b"));
        QVERIFY(!RelayAddress::parse("example.com:0"));
    }

    void readsPinsInTheirForms()
    {
        const std::string base64 = "sha256:n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg";
        const std::string hex =
            "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        const auto pin = readPin(base64);
        QVERIFY(pin);
        QCOMPARE(pin->toString(), base64);
        QCOMPARE(*readPin(hex), *pin);
        QCOMPARE(*readPin("sha256:9F:86" + hex.substr(11)), *pin);
        QCOMPARE(*readPin("sha256:n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg="), *pin);
        for (const std::string& text :
             {std::string("n4bQ"), std::string("sha256:"), hex.substr(0, 70), hex + "0",
              std::string("md5:n4bQ"), base64.substr(0, 49)})
            QVERIFY2(!readPin(text), text.c_str());
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("start");
        QTest::newRow("two kinds")
            << "tunnels:\n  web: {http: 1, tcp: 2}\n"
            << "agent.yaml:2: tunnels.web.tcp: a tunnel has one kind, and this one is http";
        QTest::newRow("no kind") << "tunnels:\n  web: {name: x}\n"
                                 << "agent.yaml:2: tunnels.web: says nothing to publish";
        QTest::newRow("udp")
            << "tunnels:\n  dns: {udp: 53}\n"
            << "agent.yaml:2: tunnels.dns.udp: tunnels of this kind are not yet supported";
        QTest::newRow("host header of tls")
            << "tunnels:\n  site: {tls: 8443, host_header: a}\n"
            << "agent.yaml:2: tunnels.site.host_header: has a meaning for http";
        QTest::newRow("http upstream of http")
            << "tunnels:\n  web: {http: 1, http_upstream: 80}\n"
            << "agent.yaml:2: tunnels.web.http_upstream: has a meaning for tls";
        QTest::newRow("http upstream that is none")
            << "tunnels:\n  site: {tls: 8443, http_upstream: x}\n"
            << "agent.yaml:2: tunnels.site.http_upstream \"x\": has no port";
        QTest::newRow("remote port of http")
            << "tunnels:\n  web: {http: 1, remote_port: 5}\n"
            << "agent.yaml:2: tunnels.web.remote_port: has a meaning for tcp and tls";
        QTest::newRow("hostname of tcp")
            << "tunnels:\n  ssh: {tcp: 22, hostname: a.b.c}\n"
            << "agent.yaml:2: tunnels.ssh.hostname: has a meaning for http";
        QTest::newRow("label") << "tunnels:\n  My_web: {http: 1}\n"
                               << "agent.yaml:2: tunnels \"My_web\": underscore";
        QTest::newRow("underscore") << "tunnels:\n  web: {http: 1, hostname: a_b.org}\n"
                                    << "agent.yaml:2: tunnels.web.hostname \"a_b.org\": underscore "
                                       "is not allowed in a host name";
        QTest::newRow("list")
            << "tunnels:\n  - {http: 1}\n"
            << "agent.yaml:1: tunnels: takes names and what they mean, like web: {http: 3000}";
        QTest::newRow("short")
            << "tunnels:\n  web: 3000\n"
            << "agent.yaml:2: tunnels.web \"3000\": needs keys of its own, like web: {http: 3000}";
        QTest::newRow("reconnect") << "reconnect: {min: 1m, max: 1s}\n"
                                   << "agent.yaml:1: reconnect.min: is longer";
        QTest::newRow("transports") << "relay: tls://a\ntransport: wss\n"
                                    << "agent.yaml:2: transport: says wss but";
        QTest::newRow("upstream") << "tunnels:\n  web: {http: \"https://localhost:1\"}\n"
                                  << "agent.yaml:2: tunnels.web.http \"https://localhost:1\": "
                                     "upstreams with TLS are not yet";
    }
    void refuses()
    {
        QFETCH(QString, text);
        QFETCH(QString, start);
        const QString said = QString::fromStdString(refusal(text.toStdString()));
        QVERIFY2(said.startsWith(start), qPrintable(said));
        QCOMPARE(said.count('\n'), 1);
    }

    void refusesATokenThatOthersCanRead()
    {
        Sources sources = m_folder.sources("token: spt_secret\n");
        QCOMPARE(refusal(sources), std::string());
        QCOMPARE(::chmod(m_folder.file().c_str(), 0644), 0);
        const std::string said = refusal(sources);
        QVERIFY2(said.starts_with("agent.yaml:1: token: can be read by every user"), said.c_str());
        QVERIFY(said.find("chmod 600") != std::string::npos);
        QVERIFY(said.find("secret") == std::string::npos);
        QCOMPARE(::chmod(m_folder.file().c_str(), 0640), 0);
        const auto loaded = AgentConfig::load(sources);
        QVERIFY(loaded);
        QCOMPARE(loaded->warnings.list().size(), size_t(1));
    }

    void refusesATokenInAnOpenDotEnvToo()
    {
        Sources sources = m_folder.sources("");
        m_folder.write(".env", "SALLYPORT_TOKEN=spt_secret\n");
        QCOMPARE(refusal(sources), std::string());
        QCOMPARE(::chmod(m_folder.path(".env").c_str(), 0644), 0);
        QVERIFY(refusal(sources).starts_with(".env:1: token: can be read by every user"));
    }

    void takesATokenFileOfAnyMode()
    {
        // A container's secrets are often readable by all inside it.
        m_folder.write("secret", "spt_x\n");
        QCOMPARE(::chmod(m_folder.path("secret").c_str(), 0444), 0);
        Sources sources = m_folder.sources("");
        sources.environment["SALLYPORT_TOKEN_FILE"] = m_folder.path("secret");
        const auto loaded = AgentConfig::load(sources);
        QVERIFY(loaded);
        QCOMPARE(loaded->config.token->reveal(), std::string_view("spt_x"));
        QVERIFY(std::find(loaded->files.begin(), loaded->files.end(), m_folder.path("secret")) !=
                loaded->files.end());
    }

    void aTokenFileIsAskedAnewEachTime()
    {
        m_folder.write("secret", "spt_x\n");
        Sources sources = m_folder.sources("");
        sources.environment["SALLYPORT_TOKEN_FILE"] = m_folder.path("secret");
        QCOMPARE(AgentConfig::load(sources)->config.credentials.tokenFile, m_folder.path("secret"));
        const auto inFile = AgentConfig::load(m_folder.sources("token_file: secret\n"));
        QVERIFY(inFile);
        QCOMPARE(inFile->config.credentials.tokenFile, m_folder.path("secret"));
        QVERIFY(!inFile->config.token);
    }

    void takesOneSourceOfTokens()
    {
        QCOMPARE(refusal("token_command: [helper, -x]\n"), std::string());
        QVERIFY(refusal("token_file: a\ntoken_command: b\n").find("beside token_file") !=
                std::string::npos);
        QVERIFY(refusal("token_file: a\njwt: {secret_file: b}\n").find("one source of tokens") !=
                std::string::npos);
        // What somebody says for this run goes before what stands in the file.
        Sources sources = m_folder.sources("token_command: [helper]\n");
        sources.environment["SALLYPORT_TOKEN"] = "spt_x";
        const auto loaded = AgentConfig::load(sources);
        QVERIFY(loaded);
        QVERIFY(loaded->config.credentials.command.empty());
        QCOMPARE(loaded->config.token->reveal(), std::string_view("spt_x"));
    }

    void refusesMoreTunnelsThanTheLimit()
    {
        std::string text = "tunnels:\n";
        for (size_t i = 0; i < AgentConfig::MaxTunnels; ++i)
            text += "  t" + std::to_string(i) + ": {http: 3000}\n";
        QCOMPARE(refusal(text), std::string());
        QVERIFY(refusal(text + "  more: {http: 3000}\n").find("more than the 100") !=
                std::string::npos);
    }

    void prefersTheAddressesOwnTransport()
    {
        AgentConfig config;
        QCOMPARE(config.effectiveTransport(), Transport::Auto);
        config.transport = Transport::Wss;
        config.relay = *RelayAddress::parse("example.com");
        QCOMPARE(config.effectiveTransport(), Transport::Wss);
        config.relay = *RelayAddress::parse("tcp://example.com");
        QCOMPARE(config.effectiveTransport(), Transport::Tcp);
    }

    void tellsWhetherAReloadNeedsANewLink()
    {
        AgentConfig before;
        AgentConfig after = before;
        after.tunnels["web"];
        after.log.level = LogLevel::Debug;
        QVERIFY(!linkChanged(before, after));
        after.token = Secret("spt_y");
        QVERIFY(linkChanged(before, after));
        after = before;
        after.relay = *RelayAddress::parse("example.com");
        QVERIFY(linkChanged(before, after));
    }
};

QTEST_GUILESS_MAIN(TestAgentConfig)
#include "tst_agent_config.moc"
