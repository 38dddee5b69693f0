// The services of this computer and their switches.
#include "fake_agent_control.h"
#include "fake_services.h"
#include "services_model.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace sallyport::gui;
using demo::FakeAgentControl;
using demo::Scene;

namespace {

struct Desk
{
    explicit Desk(const char* scene)
        : control(*Scene::named(scene)),
          session(control),
          discovery(std::make_unique<demo::FakeServices>(), demo::FakeServices::options())
    {
        session.setDiscovery(&discovery);
        model = std::make_unique<ServicesModel>();
        model->setSession(&session);
    }
    int rowOf(int port) const
    {
        for (int row = 0; row < model->count(); ++row)
            if (model->data(model->index(row), ServicesModel::PortRole).toInt() == port)
                return row;
        return -1;
    }
    QVariant value(int port, int role) const
    {
        return model->data(model->index(rowOf(port)), role);
    }

    FakeAgentControl control;
    Session session;
    sallyport::desktop::ServiceDiscovery discovery;
    std::unique_ptr<ServicesModel> model;
};

} // namespace

class ServicesModelTest : public QObject
{
    Q_OBJECT

private slots:
    void showsWhatListensAndWhatItSeemsToBe()
    {
        Desk desk("fresh");
        QTRY_VERIFY(desk.model->count() > 5);
        QCOMPARE(desk.value(5432, ServicesModel::IconRole).toString(), "database");
        QVERIFY(!desk.value(3000, ServicesModel::PublishedRole).toBool());
        QCOMPARE(desk.value(3000, ServicesModel::UpstreamRole).toString(), "127.0.0.1:3000");
    }

    void theSwitchPublishesAndThenPauses()
    {
        Desk desk("fresh");
        QTRY_VERIFY(desk.rowOf(5173) >= 0);
        desk.model->setPublished(desk.rowOf(5173), true);
        QVERIFY(desk.value(5173, ServicesModel::PublishedRole).toBool());
        QVERIFY(!desk.value(5173, ServicesModel::UrlRole).toString().isEmpty());
        desk.model->setPublished(desk.rowOf(5173), false);
        QVERIFY(!desk.value(5173, ServicesModel::PublishedRole).toBool());
        QCOMPARE(desk.control.snapshot().tunnels.size(), size_t(1));
        desk.model->setPublished(desk.rowOf(5173), true);
        QCOMPARE(desk.control.snapshot().tunnels.size(), size_t(1));
    }

    void knowsTheTunnelThatAlreadyPublishesAService()
    {
        Desk desk("lively");
        QTRY_VERIFY(desk.rowOf(3000) >= 0);
        QCOMPARE(desk.value(3000, ServicesModel::RefRole).toString(), "shop");
        QVERIFY(desk.value(3000, ServicesModel::PublishedRole).toBool());
    }

    void looksOnlyWhileItIsShown()
    {
        Desk desk("fresh");
        QVERIFY(desk.discovery.isWatched());
        desk.model.reset();
        QVERIFY(!desk.discovery.isWatched());
    }
};

QTEST_MAIN(ServicesModelTest)
#include "pages_services_model.moc"
