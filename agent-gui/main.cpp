#include "application.h"
#include "fake_agent_control.h"

#include <QApplication>
#include <QQuickWindow>
#include <QSettings>

using namespace sallyport::gui;

int main(int argc, char** argv)
{
    Application::prepare();
    QApplication program(argc, argv);
    Application::dress();
    QSettings settings;
    demo::FakeAgentControl control(*demo::Scene::named("empty"));
    Application application(control, &settings);
    QQuickWindow* window = application.load();
    if (window == nullptr)
        return 1;
    window->show();
    return QApplication::exec();
}
