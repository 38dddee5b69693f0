// Runs the files in pages/ with what they need: a fake agent's session for each scene.
#include "application.h"
#include "fake_agent_control.h"
#include "fake_services.h"
#include "traffic_model.h"

#include <QQmlEngine>
#include <QtQuickTest>

#include <memory>

namespace sallyport::gui {

// The world of one test file, made anew by begin().
class Stage : public QObject
{
    Q_OBJECT
    Q_PROPERTY(sallyport::gui::Session* session READ session NOTIFY begun)

public:
    Session* session() const { return m_session.get(); }

    Q_INVOKABLE void begin(const QString& name)
    {
        demo::Scene scene = demo::Scene::named(name).value();
        scene.requestsPerSecond = 0;
        // The pages of before still look at the old one until they are gone.
        m_before.push_back({std::move(m_control), std::move(m_discovery), std::move(m_session)});
        m_control = std::make_unique<demo::FakeAgentControl>(scene);
        m_discovery = std::make_unique<desktop::ServiceDiscovery>(
            std::make_unique<demo::FakeServices>(), demo::FakeServices::options());
        m_session = std::make_unique<Session>(*m_control);
        m_session->setDiscovery(m_discovery.get());
        emit begun();
    }
    Q_INVOKABLE int tunnelCount() const { return int(m_control->snapshot().tunnels.size()); }
    Q_INVOKABLE bool hasTunnel(const QString& ref) const
    {
        return m_control->tunnel(ref.toStdString()) != nullptr;
    }
    // The newest row that was posted.
    Q_INVOKABLE QString anHttpRecord()
    {
        const TrafficModel& rows = *m_session->traffic();
        for (int row = 0; row < rows.rowCount(); ++row)
            if (rows.data(rows.index(row), TrafficModel::MethodRole) == QString("POST"))
                return QString::number(
                    rows.data(rows.index(row), TrafficModel::IdRole).toULongLong());
        return {};
    }
    Q_INVOKABLE int accountCount() const { return int(m_control->accounts().size()); }
    Q_INVOKABLE void failNext(const QString& reason) { m_control->failNext(reason.toStdString()); }

signals:
    void begun();

private:
    struct World
    {
        std::unique_ptr<demo::FakeAgentControl> control;
        std::unique_ptr<desktop::ServiceDiscovery> discovery;
        std::unique_ptr<Session> session;
    };
    std::unique_ptr<demo::FakeAgentControl> m_control;
    std::unique_ptr<desktop::ServiceDiscovery> m_discovery;
    std::unique_ptr<Session> m_session;
    std::vector<World> m_before;
};

class Setup : public QObject
{
    Q_OBJECT

public slots:
    void applicationAvailable() { Application::prepare(); }
    void qmlEngineAvailable(QQmlEngine* engine)
    {
        engine->addImportPath("qrc:/qt/qml");
        qmlRegisterSingletonType<Stage>("Sallyport.Test", 1, 0, "Stage",
                                        [](QQmlEngine*, QJSEngine*) { return new Stage; });
    }
};

} // namespace sallyport::gui

QUICK_TEST_MAIN_WITH_SETUP(pages, sallyport::gui::Setup)
#include "pages_setup.moc"
