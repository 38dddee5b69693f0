// The services of this computer and their switches.
#include "fake_agent_control.h"
#include "fake_services.h"
#include "services_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
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

    void whatIsNoWebServiceIsPublishedOnlyWhenConfirmed_data()
    {
        QTest::addColumn<int>("port");
        QTest::addColumn<QString>("title");
        QTest::newRow("shell") << 22 << "SSH";
        QTest::newRow("database") << 5432 << "PostgreSQL";
        QTest::newRow("cache") << 6379 << "Redis";
        QTest::newRow("unknown") << 8080 << "java";
    }

    void whatIsNoWebServiceIsPublishedOnlyWhenConfirmed()
    {
        QFETCH(int, port);
        Desk desk("fresh");
        QSignalSpy asked(desk.model.get(), &ServicesModel::exposureAsked);
        QTRY_VERIFY(desk.rowOf(port) >= 0);
        desk.model->setPublished(desk.rowOf(port), true);
        QTEST(asked.value(0).value(0).toString(), "title");
        QVERIFY(desk.control.snapshot().tunnels.empty());
        QVERIFY(!desk.value(port, ServicesModel::PublishedRole).toBool());
        desk.model->publishForAll(asked[0][1].toString());
        QVERIFY(desk.value(port, ServicesModel::PublishedRole).toBool());
        // It has been said once: pausing and going on asks no more.
        desk.model->setPublished(desk.rowOf(port), false);
        desk.model->setPublished(desk.rowOf(port), true);
        QCOMPARE(asked.size(), 1);
        desk.model->publishForAll(asked[0][1].toString()); // no second tunnel
        QCOMPARE(desk.control.snapshot().tunnels.size(), size_t(1));
    }

    void aSwitchGoesBackWhereItFailed()
    {
        Desk desk("fresh");
        QSignalSpy toasts(&desk.session, &Session::toast);
        QTRY_VERIFY(desk.rowOf(5173) >= 0);
        desk.control.failNext("The disk is full.");
        desk.model->setPublished(desk.rowOf(5173), true);
        QVERIFY(desk.value(5173, ServicesModel::PublishedRole).toBool());
        QTRY_COMPARE(toasts.size(), 1);
        QVERIFY(!desk.value(5173, ServicesModel::PublishedRole).toBool());
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
