#include "discovery/web_markers.h"

#include <sallyport/desktop/service_guess.h>

#include <QTest>

using namespace sallyport;
using namespace sallyport::desktop;
using Sort = ServiceGuess::Sort;

Q_DECLARE_METATYPE(ServiceGuess::Sort)

class TstServiceGuess : public QObject
{
    Q_OBJECT

private slots:
    void knowsServicesByPortProcessAndAnswer_data()
    {
        QTest::addColumn<int>("port");
        QTest::addColumn<QString>("process");
        QTest::addColumn<QString>("program");
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<Sort>("sort");
        QTest::addColumn<QString>("name");
        const auto row = [](const char* tag, int port, const char* process, const char* program,
                            const QByteArray& answer, Sort sort, const char* name) {
            QTest::newRow(tag) << port << process << program << answer << sort << name;
        };
        const QByteArray ok = "HTTP/1.1 200 OK\r\n";
        row("nothing known", 34567, "", "", "", Sort::Unknown, "");
        row("sshd", 2222, "sshd", "", "", Sort::RemoteShell, "SSH");
        row("port 22", 22, "", "", "", Sort::RemoteShell, "SSH");
        row("postgres", 15432, "postgres", "", "", Sort::Database, "PostgreSQL");
        row("port 5432", 5432, "", "", "", Sort::Database, "PostgreSQL");
        row("mysql", 3306, "", "", "", Sort::Database, "MySQL");
        row("redis", 6380, "redis-server", "", "", Sort::Database, "Redis");
        row("mongodb", 27017, "", "", "", Sort::Database, "MongoDB");
        row("rdp", 3389, "xrdp", "", "", Sort::RemoteDesktop, "RDP");
        row("vnc", 5900, "", "", "", Sort::RemoteDesktop, "VNC");
        row("smtp", 25, "", "", "", Sort::Mail, "SMTP");
        row("ssh by greeting", 34567, "", "", "SSH-2.0-OpenSSH_9.2\r\n", Sort::RemoteShell, "SSH");
        row("vnc by greeting", 34567, "", "", "RFB 003.008\n", Sort::RemoteDesktop, "VNC");
        row("smtp by greeting", 34567, "", "", "220 mail ESMTP\r\n", Sort::Mail, "SMTP");
        row("ftp by greeting", 34567, "", "", "220 (vsFTPd 3.0.3)\r\n", Sort::Files, "FTP");
        row("redis by answer", 34567, "", "", "-ERR unknown command 'GET'\r\n", Sort::Database,
            "Redis");
        row("mariadb by greeting", 34567, "", "",
            QByteArray("\x55\0\0\0\x0a"
                       "5.5.5-10.11-MariaDB",
                       24),
            Sort::Database, "MariaDB");
        row("web without marks", 8080, "", "", ok + "\r\nhello", Sort::Web, "");
        row("web on a database's port", 5432, "", "", ok + "\r\nhello", Sort::Web, "");
        row("nginx", 80, "nginx", "", ok + "Server: nginx/1.22\r\n\r\n", Sort::Web, "nginx");
        row("apache", 80, "apache2", "", ok + "Server: Apache/2.4\r\n\r\n", Sort::Web, "Apache");
        row("caddy", 80, "caddy", "", ok + "server: Caddy\r\n\r\n", Sort::Web, "Caddy");
        row("vite by program", 5173, "node", "vite", ok + "\r\n", Sort::Web, "Vite");
        row("vite by page", 5173, "node", "", ok + "\r\n<script src=\"/@vite/client\"></script>",
            Sort::Web, "Vite");
        row("next", 3000, "node", "", ok + "X-Powered-By: Next.js\r\n\r\n", Sort::Web, "Next.js");
        row("react", 3000, "node", "react-scripts", ok + "\r\n", Sort::Web, "React");
        row("express", 3000, "node", "", ok + "X-Powered-By: Express\r\n\r\n", Sort::Web,
            "Express");
        row("node", 3000, "node", "", ok + "\r\n", Sort::Web, "Node.js");
        row("django", 8000, "python3", "", ok + "Server: WSGIServer/0.2 CPython/3.11\r\n\r\n",
            Sort::Web, "Django");
        row("flask", 5000, "python3", "", ok + "Server: Werkzeug/2.2 Python/3.11\r\n\r\n",
            Sort::Web, "Flask");
        row("rails", 3000, "ruby", "", ok + "X-Runtime: 0.01\r\n\r\n", Sort::Web, "Rails");
        row("jupyter", 8888, "python3", "jupyter-lab", ok + "Server: TornadoServer/6\r\n\r\n",
            Sort::Web, "Jupyter");
        row("home assistant", 8123, "", "", ok + "\r\n<TITLE>Home Assistant</TITLE>", Sort::Web,
            "Home Assistant");
        row("grafana", 3000, "", "", ok + "\r\n<title>Grafana</title>", Sort::Web, "Grafana");
        row("jellyfin", 8096, "", "", ok + "Server: Kestrel\r\n\r\n<title>Jellyfin</title>",
            Sort::Web, "Jellyfin");
        row("php", 8000, "php", "", ok + "X-Powered-By: PHP/8.2\r\n\r\n", Sort::Web, "PHP");
        row("python http.server", 8000, "python3", "http.server",
            ok + "Server: SimpleHTTP/0.6 Python/3.11\r\n\r\n", Sort::Web, "Python http.server");
        row("cups", 631, "cupsd", "", ok + "Server: CUPS/2.4\r\n\r\n", Sort::System, "CUPS");
    }
    void knowsServicesByPortProcessAndAnswer()
    {
        QFETCH(int, port);
        QFETCH(QString, process);
        QFETCH(QString, program);
        QFETCH(QByteArray, answer);
        const std::string bytes = answer.toStdString();
        const ServiceGuess guess = guessService({static_cast<uint16_t>(port), process.toStdString(),
                                                 program.toStdString(), bytes, false});
        QTEST(guess.sort, "sort");
        QTEST(QString::fromStdString(guess.name), "name");
    }

    void publishesWebAsHttpTlsAsTlsAndOthersAsTcp()
    {
        const std::string_view page = "HTTP/1.1 200 OK\r\n\r\n";
        QCOMPARE(guessService({80, "", "", page, false}).kind, config::TunnelKind::Http);
        QCOMPARE(guessService({443, "", "", page, true}).kind, config::TunnelKind::Tls);
        QVERIFY(guessService({443, "", "", page, true}).tls);
        QCOMPARE(guessService({22, "sshd", "", "", false}).kind, config::TunnelKind::Tcp);
    }

    void namesNoServiceByItsErrorPage()
    {
        const std::string page = "\r\nServer: nginx\r\n\r\n<title>Shop</title>";
        const auto title = [&](const std::string& status) {
            return guessService({80, "", "", "HTTP/1.1 " + status + page, false}).title;
        };
        QCOMPARE(title("200 OK"), std::string("Shop"));
        QCOMPARE(title("404 Not Found"), std::string());
        QCOMPARE(title("302 Found"), std::string());
        QCOMPARE(title("503 Service Unavailable"), std::string());
    }

    void readsTitlesAsPlainText_data()
    {
        QTest::addColumn<QByteArray>("page");
        QTest::addColumn<QString>("title");
        QTest::newRow("plain") << QByteArray("<html><title>My shop</title>") << "My shop";
        QTest::newRow("attributes") << QByteArray("<title data-x=\"1\">A</title>") << "A";
        QTest::newRow("references")
            << QByteArray("<title>A &amp; B &lt;c&gt;</title>") << "A & B <c>";
        QTest::newRow("not twice") << QByteArray("<title>&amp;lt;</title>") << "&lt;";
        QTest::newRow("lines") << QByteArray("<title>\n  A\x1b\n\tB\n</title>") << "A B";
        QTest::newRow("open") << QByteArray("<title>A") << "";
        QTest::newRow("none") << QByteArray("<p>hello") << "";
        QTest::newRow("long") << QByteArray("<title>" + QByteArray(119, 'a') + "äöü</title>")
                              << QString(119, 'a');
    }
    void readsTitlesAsPlainText()
    {
        QFETCH(QByteArray, page);
        QTEST(QString::fromStdString(pageTitle(page.toStdString())), "title");
    }

    void asksNobodyThatIsKnownToSpeakNoHttp()
    {
        QVERIFY(isKnownWithoutAsking({2222, "sshd", "", {}, false}));
        QVERIFY(isKnownWithoutAsking({9100, "", "", {}, false}));
        QVERIFY(!isKnownWithoutAsking({3000, "node", "", {}, false}));
        QVERIFY(!isKnownWithoutAsking({5900, "node", "vite", {}, false}));
    }
};

QTEST_GUILESS_MAIN(TstServiceGuess)
#include "tst_service_guess.moc"
