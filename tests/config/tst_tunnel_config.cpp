// Upstreams, kinds, and what a reload has to touch.
#include <sallyport/config/tunnel_config.h>

#include <QTest>

using namespace sallyport::config;

class TestTunnelConfig : public QObject
{
    Q_OBJECT
private slots:
    void readsUpstreams_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("shown");
        QTest::newRow("port") << "3000"
                              << "127.0.0.1:3000";
        QTest::newRow("host and port") << "app:3000"
                                       << "app:3000";
        QTest::newRow("v6") << "[::1]:3000"
                            << "[::1]:3000";
        QTest::newRow("url") << "http://app:3000"
                             << "app:3000";
        QTest::newRow("url with slash") << "http://app:3000/"
                                        << "app:3000";
        QTest::newRow("url without port") << "http://app"
                                          << "app:80";
        QTest::newRow("unix") << "unix:/run/app.sock"
                              << "unix:/run/app.sock";
    }
    void readsUpstreams()
    {
        QFETCH(QString, text);
        QFETCH(QString, shown);
        const auto upstream = Upstream::parse(text.toStdString(), TunnelKind::Http);
        QVERIFY(upstream);
        QCOMPARE(QString::fromStdString(upstream->text()), shown);
        QCOMPARE(*Upstream::parse(upstream->text(), TunnelKind::Http), *upstream);
    }

    void refusesUpstreams_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("hint");
        QTest::newRow("port 0") << "0"
                                << "is not a port";
        QTest::newRow("port too large") << "65536"
                                        << "is not a port";
        QTest::newRow("no port") << "app"
                                 << "has no port";
        QTest::newRow("https") << "https://app"
                               << "not yet supported";
        QTest::newRow("path") << "http://app/x"
                              << "without path";
        QTest::newRow("user") << "http://me@app"
                              << "without path or user";
        QTest::newRow("scheme") << "ftp://app"
                                << "unknown scheme";
        QTest::newRow("relative socket") << "unix:app.sock"
                                         << "absolute path";
        QTest::newRow("long socket") << "unix:/" + QString(107, 'x') << "107";
        QTest::newRow("empty") << ""
                               << "no port";
    }
    void refusesUpstreams()
    {
        QFETCH(QString, text);
        QFETCH(QString, hint);
        const auto upstream = Upstream::parse(text.toStdString(), TunnelKind::Http);
        QVERIFY(!upstream);
        QVERIFY2(QString::fromStdString(upstream.error()).contains(hint), upstream.error().c_str());
    }

    void refusesUrlsForTcp()
    {
        QVERIFY(!Upstream::parse("http://app:80", TunnelKind::Tcp));
        QVERIFY(!Upstream::parse("https://app:443", TunnelKind::Tls));
        QVERIFY(Upstream::parse("app:80", TunnelKind::Tcp));
    }

    void namesKinds()
    {
        for (const TunnelKind kind :
             {TunnelKind::Http, TunnelKind::Tls, TunnelKind::Tcp, TunnelKind::Udp})
            QCOMPARE(*sallyport::wire::kindFromText(sallyport::wire::kindText(kind)), kind);
        QVERIFY(!sallyport::wire::kindFromText("quic"));
    }

    void tellsWhatAReloadHasToTouch()
    {
        Tunnels before;
        before["same"].upstream = *Upstream::parse("1", TunnelKind::Http);
        before["gone"].upstream = *Upstream::parse("2", TunnelKind::Http);
        before["other"].upstream = *Upstream::parse("3", TunnelKind::Http);
        Tunnels after = before;
        after.erase("gone");
        after["other"].upstream = *Upstream::parse("4", TunnelKind::Http);
        after["new"];
        const TunnelChanges changes = compare(before, after);
        QCOMPARE(changes.added, std::vector<std::string>{"new"});
        QCOMPARE(changes.removed, std::vector<std::string>{"gone"});
        QCOMPARE(changes.changed, std::vector<std::string>{"other"});
        QVERIFY(compare(after, after).empty());
        for (auto change :
             {+[](TunnelConfig& t) { t.name = "x"; }, +[](TunnelConfig& t) { t.hostname = "x.y"; },
              +[](TunnelConfig& t) { t.remotePort = 1; },
              +[](TunnelConfig& t) { t.proxyProtocol = true; },
              +[](TunnelConfig& t) { t.hostHeader = "x"; },
              +[](TunnelConfig& t) { t.httpUpstream = *Upstream::parse("80", TunnelKind::Http); },
              +[](TunnelConfig& t) { t.protocol = UpstreamProtocol::H2c; },
              +[](TunnelConfig& t) { t.kind = TunnelKind::Tcp; }}) {
            Tunnels changed = before;
            change(changed["same"]);
            QCOMPARE(compare(before, changed).changed, std::vector<std::string>{"same"});
        }
    }
};

QTEST_GUILESS_MAIN(TestTunnelConfig)
#include "tst_tunnel_config.moc"
