#include <sallyport/config/files.h>
#include <sallyport/control/agent_file.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <string>

using namespace sallyport;
using control::AgentFile;

namespace {

config::TunnelConfig http(uint16_t port, const char* name = nullptr)
{
    config::TunnelConfig tunnel;
    tunnel.upstream.endpoint = {"127.0.0.1", port};
    if (name)
        tunnel.name = name;
    return tunnel;
}

config::TunnelConfig guarded()
{
    config::TunnelConfig tunnel = http(8080, "api");
    tunnel.access.users = {{"alice", "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
                                     "aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhcw"}};
    tunnel.access.allow = {"10.0.0.0/8"};
    tunnel.access.realm = "yes: we # can";
    return tunnel;
}

QString shown(const Result<std::string, std::string>& text)
{
    return QString::fromStdString(text ? *text : "failed: " + text.error());
}

} // namespace

class TestAgentFile : public QObject
{
    Q_OBJECT

private slots:
    void putChangesOneTunnel_data();
    void putChangesOneTunnel();
    void removeTakesOneTunnel_data();
    void removeTakesOneTunnel();
    void writesWhatItReads_data();
    void writesWhatItReads();
    void refusesWhatItCannotEdit_data();
    void refusesWhatItCannotEdit();
    void pausingTouchesOneLine();
    void makesTheFileAndKeepsItPrivate();
    void keepsPermissionBits();
    void namesTheLineOfABrokenFile();
    void leavesTheFileWhereTheTunnelIsWrong();
    void followsASymbolicLink();
};

void TestAgentFile::putChangesOneTunnel_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    const auto row = [](const char* what, const char* before, const char* after) {
        QTest::newRow(what) << QString(before) << QString(after);
    };
    // Always: the tunnel "web" becomes http 4000 with the name "api".
    row("empty", "", "tunnels:\n  web: {http: 4000, name: api}\n");
    row("comments alone", "# mine\n", "# mine\ntunnels:\n  web: {http: 4000, name: api}\n");
    row("no tunnels, no line end", "relay: a.example",
        "relay: a.example\ntunnels:\n  web: {http: 4000, name: api}\n");
    row("null", "tunnels:\nrelay: a.example\n",
        "tunnels:\n  web: {http: 4000, name: api}\nrelay: a.example\n");
    row("empty flow", "tunnels: {} # none yet\nrelay: a.example\n",
        "tunnels:\n  web: {http: 4000, name: api}\nrelay: a.example\n");
    row("beside another", "tunnels:\n  db: {tcp: 22}   # ssh\n\n# the end\n",
        "tunnels:\n  db: {tcp: 22}   # ssh\n  web: {http: 4000, name: api}\n\n# the end\n");
    row("in front of other keys",
        "tunnels:\n    db:\n        tcp: 22\n\n# log\nlog:\n  level: debug\n",
        "tunnels:\n    db:\n        tcp: 22\n    web: {http: 4000, name: api}\n\n# log\nlog:\n  "
        "level: "
        "debug\n");
    row("one line keeps its comment", "tunnels:\n  web: {http: 3000} # site\n  z: {http: 1}\n",
        "tunnels:\n  web: {http: 4000, name: api} # site\n  z: {http: 1}\n");
    row("lines keep their comments",
        "tunnels:\n  # above\n  web:   # it\n    # inside\n    http: localhost:3000 # port\n"
        "    host_header: x.example\n\n  # next\n  z: {http: 1}\n",
        "tunnels:\n  # above\n  web:   # it\n    # inside\n    http: 4000 # port\n    name: api\n"
        "\n  # next\n  z: {http: 1}\n");
    row("same value stays as written", "tunnels:\n  web:\n    http: http://127.0.0.1:4000\n",
        "tunnels:\n  web:\n    http: http://127.0.0.1:4000\n    name: api\n");
    row("another kind", "tunnels:\n  web:\n    tcp: 22\n    remote_port: 2222\n",
        "tunnels:\n  web:\n    http: 4000\n    name: api\n");
    row("all in one flow", "tunnels: {db: {tcp: 22}, web: {http: 3000}} # all\nname: me\n",
        "tunnels:\n  db: {tcp: 22}\n  web: {http: 4000, name: api}\nname: me\n");
    row("flow over lines", "tunnels: {\n  db: {tcp: 22},\n  web: {http: 3000}\n}\nname: me\n",
        "tunnels:\n  db: {tcp: 22}\n  web: {http: 4000, name: api}\nname: me\n");
    row("braces over lines", "tunnels:\n  web: {\n    http: 3000\n  }\n  z: {http: 1}\n",
        "tunnels:\n  web: {http: 4000, name: api}\n  z: {http: 1}\n");
    row("quoted keys", "\"tunnels\":\n  'web':\n    \"http\": \"3000\"\n",
        "\"tunnels\":\n  'web':\n    http: 4000\n    name: api\n");
    row("line ends of Windows", "name: me\r\ntunnels:\r\n  web: {http: 3000}\r\n",
        "name: me\r\ntunnels:\r\n  web: {http: 4000, name: api}\r\n");
    row("document markers", "---\ntunnels:\n  db: {tcp: 22}\n...\n",
        "---\ntunnels:\n  db: {tcp: 22}\n  web: {http: 4000, name: api}\n...\n");
    row("nested lists",
        "tunnels:\n  web:\n    http: 3000\n    access:\n      allow:\n        - 10.0.0.0/8\n"
        "        # more?\n  z: {http: 1}\n",
        "tunnels:\n  web:\n    http: 4000\n    name: api\n  z: {http: 1}\n");
    row("a hash in quotes",
        "name: \"a # b\"\ntunnels:\n  web: {http: 3000, host_header: \"x.example\"} # c\n",
        "name: \"a # b\"\ntunnels:\n  web: {http: 4000, name: api}\n");
    row("a document in braces", "{relay: a.example, tunnels: {web: {http: 3000}}}",
        "relay: a.example\ntunnels:\n  web: {http: 4000, name: api}\n");
    row("JSON over lines",
        "# by a script\n{\n  \"relay\": \"a.example:7000\",\n  \"log\": {\"level\": \"debug\"},\n"
        "  \"credentials\": {\"command\": [\"print\", \"a # b\"]},\n"
        "  \"tunnels\": {\"db\": {\"tcp\": \"22\"}}\n}\n# the end\n",
        "# by a script\nrelay: \"a.example:7000\"\nlog: {level: debug}\n"
        "credentials:\n  command: [print, \"a # b\"]\n"
        "tunnels:\n  db: {tcp: 22}\n  web: {http: 4000, name: api}\n# the end\n");
    row("empty braces", "{}\n", "tunnels:\n  web: {http: 4000, name: api}\n");
    row("text over lines", "name: \"two\n  words\"\ntunnels:\n  web: {http: 3000}\n",
        "name: \"two\n  words\"\ntunnels:\n  web: {http: 4000, name: api}\n");
}

void TestAgentFile::putChangesOneTunnel()
{
    QFETCH(QString, before);
    QFETCH(QString, after);
    const auto edited =
        AgentFile::edited(before.toStdString(), "agent.yaml", "web", http(4000, "api"));
    QCOMPARE(shown(edited), after);
    // Again changes nothing.
    QCOMPARE(shown(AgentFile::edited(*edited, "agent.yaml", "web", http(4000, "api"))), after);
}

void TestAgentFile::removeTakesOneTunnel_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    const auto row = [](const char* what, const char* before, const char* after) {
        QTest::newRow(what) << QString(before) << QString(after);
    };
    row("the first", "tunnels:\n  # a\n  web: {http: 1}\n  # b\n  z: {http: 2}\n",
        "tunnels:\n  # a\n  # b\n  z: {http: 2}\n");
    row("the last", "tunnels:\n  z:\n    http: 2\n  web:\n    http: 1\n    # inside\n# end\n",
        "tunnels:\n  z:\n    http: 2\n# end\n");
    row("the only one", "tunnels:\n  web: {http: 1}\nname: me\n", "tunnels: {}\nname: me\n");
    row("of a flow", "tunnels: {web: {http: 1}, z: {http: 2}}\n", "tunnels:\n  z: {http: 2}\n");
    row("without a line end", "tunnels:\n  z: {http: 2}\n  web: {http: 1}",
        "tunnels:\n  z: {http: 2}\n");
}

void TestAgentFile::removeTakesOneTunnel()
{
    QFETCH(QString, before);
    QFETCH(QString, after);
    QCOMPARE(shown(AgentFile::edited(before.toStdString(), "agent.yaml", "web", std::nullopt)),
             after);
}

void TestAgentFile::writesWhatItReads_data()
{
    QTest::addColumn<int>("which");
    for (int i = 0; i < 5; ++i)
        QTest::addRow("%d", i) << i;
}

// edited() itself reads what it made and refuses where it is something else.
void TestAgentFile::writesWhatItReads()
{
    QFETCH(int, which);
    config::TunnelConfig tunnel = http(3000);
    switch (which) {
    case 0:
        tunnel = guarded();
        break;
    case 1:
        tunnel.upstream = {"/run/my app.sock", {}};
        tunnel.hostHeader = "x.example:80";
        break;
    case 2:
        tunnel.kind = config::TunnelKind::Tls;
        tunnel.hostname = "*.example.org";
        tunnel.certificateFile = "/etc/my: cert.pem";
        tunnel.certificateKey = "/etc/'key'.pem";
        tunnel.httpUpstream.endpoint = {"::1", 80};
        break;
    case 3:
        tunnel.kind = config::TunnelKind::Tcp;
        tunnel.remotePort = 65535;
        tunnel.proxyProtocol = tunnel.paused = true;
        break;
    default:
        tunnel.protocol = config::UpstreamProtocol::H2c;
        tunnel.name = "no";
    }
    for (const char* before :
         {"", "tunnels:\n  web:\n    http: 1\n", "tunnels: {web: {http: 1}}"}) {
        const auto edited = AgentFile::edited(before, "agent.yaml", "web", tunnel);
        QVERIFY2(edited.ok(), qPrintable(shown(edited)));
        const auto back = AgentFile::edited(*edited, "agent.yaml", "web", http(1));
        QVERIFY2(back.ok(), qPrintable(shown(back)));
    }
}

void TestAgentFile::refusesWhatItCannotEdit_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("says");
    QTest::newRow("comments between braces") << "{relay: a.example, # ours\n tunnels: {}}"
                                             << "each key in a line of its own";
    QTest::newRow("question marks") << "? tunnels\n: web: {http: 1}\n"
                                    << "by hand";
    QTest::newRow("anchors") << "tunnels:\n  web: &a {http: 1}\n"
                             << "agent.yaml:2";
    QTest::newRow("a list") << "- a\n"
                            << "agent.yaml:1";
    QTest::newRow("broken") << "tunnels:\n  web: {http: 1\n"
                            << "agent.yaml:";
    QTest::newRow("twice") << "tunnels:\n  web: {http: 1}\n  web: {http: 2}\n"
                           << "agent.yaml:3";
}

void TestAgentFile::refusesWhatItCannotEdit()
{
    QFETCH(QString, before);
    QFETCH(QString, says);
    const auto edited = AgentFile::edited(before.toStdString(), "agent.yaml", "web", http(2));
    QVERIFY2(!edited.ok(), qPrintable(shown(edited)));
    QVERIFY2(QString::fromStdString(edited.error()).contains(says), edited.error().c_str());
}

void TestAgentFile::pausingTouchesOneLine()
{
    QTemporaryDir folder;
    const std::string path = folder.filePath("agent.yaml").toStdString();
    const std::string before = "# mine\ntunnels:\n  web:\n    http: 3000 # here\n";
    QVERIFY(config::writeFileAtomically(path, before).ok());
    AgentFile file(path);
    QVERIFY(file.setPaused("web", true).ok());
    QCOMPARE(config::readFile(path).value().text, before + "    paused: true\n");
    QVERIFY(file.setPaused("web", false).ok());
    QCOMPARE(config::readFile(path).value().text, before);
    QVERIFY(!file.setPaused("other", true).ok());
    QVERIFY(!file.remove("other").ok());
}

void TestAgentFile::makesTheFileAndKeepsItPrivate()
{
    QTemporaryDir folder;
    const std::string path = folder.filePath("new/agent.yaml").toStdString();
    QVERIFY(AgentFile(path).put("web", http(3000)).ok());
    const auto file = config::readFile(path);
    QVERIFY(file.ok());
    QVERIFY(QString::fromStdString(file->text).endsWith("tunnels:\n  web: {http: 3000}\n"));
    QCOMPARE(file->mode, 0600u);
    QCOMPARE(QDir(folder.filePath("new")).entryList(QDir::Files), QStringList{"agent.yaml"});
}

void TestAgentFile::keepsPermissionBits()
{
    QTemporaryDir folder;
    const QString path = folder.filePath("agent.yaml");
    QVERIFY(config::writeFileAtomically(path.toStdString(), "name: me\n").ok());
    QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup |
                                    QFile::ReadOther);
    QVERIFY(AgentFile(path.toStdString()).put("web", http(3000)).ok());
    QCOMPARE(config::readFile(path.toStdString()).value().mode, 0644u);
}

void TestAgentFile::namesTheLineOfABrokenFile()
{
    QTemporaryDir folder;
    const std::string path = folder.filePath("agent.yaml").toStdString();
    const std::string broken = "name: me\nrelayy: a.example\n";
    QVERIFY(config::writeFileAtomically(path, broken).ok());
    const auto put = AgentFile(path).put("web", http(3000));
    QVERIFY(!put.ok());
    QVERIFY2(put.error().starts_with(path + ":2: relayy"), put.error().c_str());
    QCOMPARE(config::readFile(path).value().text, broken);
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files), QStringList{"agent.yaml"});
}

void TestAgentFile::leavesTheFileWhereTheTunnelIsWrong()
{
    QTemporaryDir folder;
    const std::string path = folder.filePath("agent.yaml").toStdString();
    const std::string before = "tunnels:\n  web: {http: 3000}\n";
    QVERIFY(config::writeFileAtomically(path, before).ok());
    config::TunnelConfig wrong = http(3000);
    wrong.remotePort = 22; // has a meaning for others only
    QVERIFY(!AgentFile(path).put("web", wrong).ok());
    QVERIFY(!AgentFile(path).put("a_b c", http(1)).ok()); // no name for a tunnel
    QCOMPARE(config::readFile(path).value().text, before);
}

void TestAgentFile::followsASymbolicLink()
{
    QTemporaryDir folder;
    const QString real = folder.filePath("real.yaml");
    const QString link = folder.filePath("agent.yaml");
    QVERIFY(config::writeFileAtomically(real.toStdString(), "name: me\n").ok());
    QVERIFY(QFile::link(real, link));
    QVERIFY(AgentFile(link.toStdString()).put("web", http(3000)).ok());
    QVERIFY(QFileInfo(link).isSymLink());
    QVERIFY(config::readFile(real.toStdString()).value().text.ends_with("web: {http: 3000}\n"));
}

QTEST_GUILESS_MAIN(TestAgentFile)
#include "tst_agent_file.moc"
