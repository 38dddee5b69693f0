// Configurations of other tunnel programs: what becomes of them, and what is told of the rest.
#include "import_samples.h"

#include <sallyport/auth/password_hash.h>
#include <sallyport/config/agent_config.h>
#include <sallyport/desktop/import.h>
#include <sallyport/wire/access.h>

#include <QTest>

using namespace sallyport;
using namespace sallyport::desktop;

namespace {

std::string described(const std::string& ref, const config::TunnelConfig& tunnel)
{
    std::string text = ref + ": " + tunnel.text();
    if (tunnel.name)
        text += " name=" + *tunnel.name;
    if (tunnel.hostname)
        text += " host=" + *tunnel.hostname;
    if (tunnel.remotePort)
        text += " port=" + std::to_string(*tunnel.remotePort);
    if (!tunnel.httpUpstream.empty())
        text += " plain=" + tunnel.httpUpstream.text();
    if (tunnel.hostHeader)
        text += " header=" + *tunnel.hostHeader;
    if (tunnel.proxyProtocol)
        text += " proxy";
    if (tunnel.protocol == config::UpstreamProtocol::H2c)
        text += " h2c";
    for (const std::string& network : tunnel.access.allow)
        text += " allow=" + network;
    return text;
}

QStringList tunnelsOf(const ImportResult& result)
{
    QStringList lines;
    for (const auto& [ref, tunnel] : result.tunnels)
        lines += QString::fromStdString(described(ref, tunnel));
    return lines;
}

QStringList placesOf(const ImportResult& result)
{
    QStringList places;
    for (const ImportNote& note : result.notes)
        places += QString::fromStdString(note.place);
    return places;
}

} // namespace

class TstImport : public QObject
{
    Q_OBJECT

private slots:
    void takesOverTunnels_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("format");
        QTest::addColumn<QStringList>("tunnels");
        QTest::addColumn<QStringList>("places"); // of notes
        QTest::addColumn<QString>("relay");

        for (const ImportSample& sample : importSamples())
            QTest::newRow(sample.name) << sample.file << sample.text << sample.format
                                       << sample.tunnels << sample.places << sample.relay;
    }
    void takesOverTunnels()
    {
        QFETCH(QString, file);
        QFETCH(QByteArray, text);
        const auto result = importConfig(text.toStdString(), file.toStdString());
        QVERIFY2(result.ok(), result.ok() ? "" : result.error().c_str());
        const auto name = toText(result->format);
        QTEST(QString::fromUtf8(name.data(), qsizetype(name.size())), "format");
        QTEST(tunnelsOf(*result), "tunnels");
        QTEST(placesOf(*result), "places");
        QTEST(QString::fromStdString(result->relayHint), "relay");
        for (const ImportNote& note : result->notes) {
            QVERIFY2(note.sentence.ends_with('.'), note.sentence.c_str());
            QVERIFY((note.place + note.sentence).find("s3cret") == std::string::npos);
        }
    }

    void whatGuardsATunnelIsTakenOverOrNamed_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("users");
        QTest::addColumn<QString>("lost");
        QTest::newRow("ngrok, one login")
            << QByteArray("version: 2\ntunnels: {web: {addr: 80, auth: 'me:s3:cret'}}\n") << "me"
            << "";
        QTest::newRow("ngrok, two logins")
            << QByteArray("version: 2\ntunnels: {web: {addr: 80, basic_auth: ['a:b', 'c:d']}}\n")
            << "a c"
            << "";
        QTest::newRow("ngrok, a login that is none")
            << QByteArray("version: 2\ntunnels: {web: {addr: 80, basic_auth: ['a:b', 'c']}}\n")
            << "a"
            << "basic_auth";
        QTest::newRow("ngrok, an empty list")
            << QByteArray("version: 2\ntunnels: {web: {addr: 80, basic_auth: []}}\n") << ""
            << "basic_auth";
        QTest::newRow("ngrok, single sign-on")
            << QByteArray("version: 2\ntunnels: {web: {addr: 80, oauth: {provider: x}}}\n") << ""
            << "oauth";
        QTest::newRow("ngrok, policy")
            << QByteArray("version: 3\nendpoints: [{name: web, url: 'https://a.example.com', "
                          "upstream: {url: 80}, traffic_policy: {}}]\n")
            << ""
            << "traffic_policy";
        QTest::newRow("frp") << QByteArray("proxies: [{name: web, type: http, localPort: 80, "
                                           "httpUser: me, httpPassword: s3cret}]\n")
                             << "me"
                             << "";
        QTest::newRow("frp, no password")
            << QByteArray("proxies: [{name: web, type: http, localPort: 80, httpUser: me}]\n") << ""
            << "httpUser";
        QTest::newRow("frp, no user") << QByteArray("proxies: [{name: web, type: http, localPort: "
                                                    "80, httpPassword: s3cret}]\n")
                                      << ""
                                      << "httpPassword";
        QTest::newRow("cloudflared, a rule")
            << QByteArray("ingress: [{hostname: web.example.com, service: 'http://localhost:80', "
                          "originRequest: {access: {required: true}}}]\n")
            << ""
            << "access";
        QTest::newRow("cloudflared, all rules")
            << QByteArray(
                   "originRequest: {access: {required: true}}\n"
                   "ingress: [{hostname: web.example.com, service: 'http://localhost:80'}]\n")
            << ""
            << "access";
    }
    void whatGuardsATunnelIsTakenOverOrNamed()
    {
        QFETCH(QByteArray, text);
        const auto result = importConfig(text.toStdString(), "other.yml");
        QVERIFY2(result.ok(), result.ok() ? "" : result.error().c_str());
        QCOMPARE(result->tunnels.count("web"), size_t(1));
        QVERIFY(result->tunnels.at("web").access.users.empty());
        const ImportProtection& protection = result->protection.at("web");
        QStringList users;
        for (const ImportLogin& login : protection.logins)
            users += QString::fromStdString(login.user);
        QTEST(users.join(' '), "users");
        QStringList lost;
        for (const std::string& key : protection.lost)
            lost += QString::fromStdString(key);
        QTEST(lost.join(' '), "lost");
    }

    void aTunnelThatNothingGuardsHasNoProtection()
    {
        const auto result = importConfig("version: 2\ntunnels: {web: {addr: 80}}\n", "ngrok.yml");
        QVERIFY(result.ok() && result->protection.empty());
    }

    void onlySoManyLoginsAreTakenOver()
    {
        std::string list;
        for (size_t i = 0; i <= wire::AccessLimits::Users; ++i)
            list += "'u" + std::to_string(i) + ":p', ";
        const auto result = importConfig(
            "version: 2\ntunnels: {web: {addr: 80, basic_auth: [" + list + "]}}\n", "ngrok.yml");
        QVERIFY(result.ok());
        const ImportProtection& protection = result->protection.at("web");
        QCOMPARE(protection.logins.size(), wire::AccessLimits::Users);
        QCOMPARE(protection.lost, std::vector<std::string>{"basic_auth"});
    }

    void loginsBecomeUsersWithHashes()
    {
        config::TunnelConfig tunnel;
        QVERIFY(addLogins(tunnel, {{"me", Secret("s3:cret")}}));
        QCOMPARE(tunnel.access.users.size(), size_t(1));
        QCOMPARE(tunnel.access.users[0].name, std::string("me"));
        QVERIFY(auth::passwordMatches(tunnel.access.users[0].hash, Secret("s3:cret")));
    }

    void recognisesAFormatByItsText_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("format");
        QTest::newRow("toml") << QByteArray("serverAddr = \"a\"\n[[proxies]]\nname=\"x\"\n")
                              << "frp";
        QTest::newRow("ini") << QByteArray("[common]\nserver_addr = a.example.com\n") << "frp";
        QTest::newRow("yaml") << QByteArray("tunnels: {}\nauthtoken: x\n") << "ngrok";
        QTest::newRow("env") << QByteArray("export AXR_SERVER=a:1\n") << "ax-router";
        QTest::newRow("json") << QByteArray("{\"serverAddr\": \"a\", \"proxies\": []}") << "frp";
    }
    void recognisesAFormatByItsText()
    {
        QFETCH(QByteArray, text);
        const auto result = importConfig(text.toStdString(), "pasted text");
        QVERIFY2(result.ok(), result.ok() ? "" : result.error().c_str());
        QTEST(QString::fromUtf8(toText(result->format).data()), "format");
    }

    void saysWhyAFileIsNone_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("said");
        QTest::newRow("empty") << "x.yml" << QByteArray() << "not a configuration that is known";
        QTest::newRow("other") << "x.yml" << QByteArray("services: {web: 1}\n")
                               << "not a configuration that is known";
        QTest::newRow("bad yaml") << "x.yml" << QByteArray("a: [\n") << "x.yml:";
        QTest::newRow("bad toml") << "x.toml" << QByteArray("a = \"s3cret\nb")
                                  << "x.toml:1: is not valid TOML";
        QTest::newRow("bad ini") << "x.ini" << QByteArray("[a\n") << "x.ini:1: a section needs";
        QTest::newRow("ours") << "agent.yaml" << QByteArray("tunnels: {web: {http: 3000}}\n")
                              << "Sallyport itself";
        QTest::newRow("large") << "x.yml" << QByteArray(1024 * 1024 + 1, ' ')
                               << "larger than 1 MiB";
        QTest::newRow("binary") << "x"
                                << QByteArray("\x7f"
                                              "ELF\0\1\2",
                                              7)
                                << ".";
    }
    void saysWhyAFileIsNone()
    {
        QFETCH(QString, file);
        QFETCH(QByteArray, text);
        QFETCH(QString, said);
        const auto result = importConfig(text.toStdString(), file.toStdString());
        QVERIFY(!result.ok());
        const QString error = QString::fromStdString(result.error());
        QVERIFY2(error.contains(said), qPrintable(error));
        QVERIFY(!error.contains("s3cret"));
    }

    void turnsWhatWouldNotHoldIntoANote()
    {
        const auto result = importConfig("tunnel_addr: a:1\n"
                                         "tunnels: [{hostname: \"under_score.example.com\", "
                                         "target: \"localhost:1\"}]\n",
                                         "c.yaml");
        QVERIFY(result.ok());
        QCOMPARE(result->tunnels.size(), size_t(1));
        QVERIFY(!result->tunnels.begin()->second.hostname);
        QCOMPARE(placesOf(*result), QStringList{"tunnels[0].hostname"});
    }

    void stopsAtTheLimits()
    {
        std::string text = "tunnel_addr: a:1\ntunnels:\n";
        for (int i = 0; i < int(config::AgentConfig::MaxTunnels) + 300; ++i)
            text += "  - {hostname: h" + std::to_string(i) + ".example.com, target: \"a:1\"}\n";
        const auto result = importConfig(text, "c.yaml");
        QVERIFY(result.ok());
        QCOMPARE(result->tunnels.size(), config::AgentConfig::MaxTunnels);
        QCOMPARE(result->notes.size(), ImportLimits::Notes);
        QCOMPARE(result->notesLeftOut, size_t(100));
    }
};

QTEST_GUILESS_MAIN(TstImport)
#include "tst_import.moc"
