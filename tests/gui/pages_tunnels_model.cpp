// The tunnels as rows that keep their place.
#include "fake_agent_control.h"
#include "qr_code.h"
#include "tunnels_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace sallyport::gui;
using demo::FakeAgentControl;
using demo::Scene;

class TunnelsModelTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<FakeAgentControl> m_control;
    std::unique_ptr<Session> m_session;
    std::unique_ptr<TunnelsModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;

    void begin(const char* name)
    {
        m_tester.reset();
        m_model.reset();
        m_session.reset();
        Scene scene = *Scene::named(name);
        scene.requestsPerSecond = 0;
        m_control = std::make_unique<FakeAgentControl>(scene);
        m_session = std::make_unique<Session>(*m_control);
        m_model = std::make_unique<TunnelsModel>();
        m_tester = std::make_unique<QAbstractItemModelTester>(
            m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        m_model->setSession(m_session.get());
    }
    QVariant value(const char* ref, int role) const
    {
        return m_model->data(m_model->index(m_model->rowOf(ref)), role);
    }

private slots:
    void saysHowEachTunnelIs()
    {
        using State = TunnelCard::State;
        begin("lively");
        QCOMPARE(m_model->count(), 6);
        const auto state = [this](const char* ref) {
            return State(value(ref, TunnelsModel::StateRole).toInt());
        };
        QCOMPARE(state("api"), State::Open);
        QCOMPARE(state("blog"), State::UpstreamDown);
        QCOMPARE(state("docs"), State::Paused);
        QCOMPARE(state("site"), State::Refused);
        QVERIFY(value("site", TunnelsModel::ProblemRole).toString().contains("www.acme.example"));
        QCOMPARE(value("shop", TunnelsModel::ShortUrlRole).toString(), "shop.tunnel.example.com");
    }

    void rowsComeAndGoOneByOne()
    {
        begin("lively");
        QSignalSpy resets(m_model.get(), &QAbstractItemModel::modelReset);
        QSignalSpy inserted(m_model.get(), &QAbstractItemModel::rowsInserted);
        QSignalSpy removed(m_model.get(), &QAbstractItemModel::rowsRemoved);
        m_control->putTunnel("new", *m_control->tunnel("shop"), [](const auto&) {});
        QCOMPARE(inserted.count(), 1);
        m_model->remove("blog");
        QCOMPARE(removed.count(), 1);
        QCOMPARE(m_model->count(), 6);
        QCOMPARE(m_model->rowOf("blog"), -1);
        QCOMPARE(resets.count(), 0);
    }

    void onlyWhatChangedIsTold()
    {
        begin("lively");
        QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
        m_model->setPaused("shop", true);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(changed[0][0].toModelIndex().row(), m_model->rowOf("shop"));
    }

    void theAddressStaysOnTheScreenDuringAnOutageAndAPause()
    {
        begin("lively");
        const QString before = value("shop", TunnelsModel::UrlRole).toString();
        QVERIFY(!before.isEmpty() && value("shop", TunnelsModel::LiveRole).toBool());
        m_control->setLink(Scene::Link::Waiting);
        QCOMPARE(value("shop", TunnelsModel::UrlRole).toString(), before);
        QVERIFY(!value("shop", TunnelsModel::LiveRole).toBool());
        m_control->setLink(Scene::Link::Connected);
        QVERIFY(value("shop", TunnelsModel::LiveRole).toBool());
        m_model->setPaused("shop", true);
        QCOMPARE(value("shop", TunnelsModel::UrlRole).toString(), before);
    }

    void anAddressIsForgottenWithTheSettingsThatMadeIt()
    {
        begin("lively");
        m_control->setLink(Scene::Link::Waiting);
        auto config = *m_control->tunnel("shop");
        config.name = "other";
        m_control->putTunnel("shop", config, [](const auto&) {});
        QCOMPARE(value("shop", TunnelsModel::UrlRole).toString(), QString());
    }

    void aSearchLooksAtNameAddressAndService()
    {
        begin("lively");
        m_model->setSearch("SHOP");
        QCOMPARE(m_model->count(), 1);
        m_model->setSearch(":8080");
        QCOMPARE(m_model->count(), 1);
        m_model->setSearch("nowhere");
        QCOMPARE(m_model->count(), 0);
        QCOMPARE(m_model->total(), 6);
        m_model->setSearch("");
        QCOMPARE(m_model->count(), 6);
    }

    void threeHundredTunnelsAreRefreshedQuickly()
    {
        begin("many");
        QCOMPARE(m_model->count(), 300);
        QBENCHMARK
        {
            emit m_control->snapshotChanged();
        }
    }

    void aFailedRemovalIsSaidAndTheRowStays()
    {
        begin("lively");
        QSignalSpy toast(m_session.get(), &Session::toast);
        m_control->failNext("agent.yaml is read-only.");
        m_model->remove("shop");
        QVERIFY(toast.wait());
        QVERIFY(m_model->rowOf("shop") >= 0);
    }

    void aTextTooLongForAQrCodeHasNone()
    {
        QVERIFY(!QrCode::modules("https://shop.tunnel.example.com").isNull());
        QVERIFY(QrCode::modules(QString(QrCode::MaxText + 1, 'a')).isNull());
        QVERIFY(QrCode::modules("").isNull());
    }
};

QTEST_MAIN(TunnelsModelTest)
#include "pages_tunnels_model.moc"
