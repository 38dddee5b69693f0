#include "application.h"
#include "command_line.h"
#include "type_preload.h"

#include <sallyport/control/open_agent_control.h>
#include <sallyport/desktop/service_discovery.h>
#include <sallyport/desktop/service_installer.h>
#include <sallyport/desktop/single_instance.h>

#include <QApplication>
#include <QQuickWindow>
#include <QSettings>

#include <optional>

using namespace sallyport;
using desktop::SingleInstance;

int main(int argc, char** argv)
{
    if (const auto code = gui::answerCommandLine(argc, argv))
        return *code;
    gui::Application::prepare();
    QApplication program(argc, argv);
    std::optional<gui::TypePreload> preload(std::in_place);
    SingleInstance instance(SingleInstance::defaultFolder());
    if (instance.claim() == SingleInstance::Claim::Other)
        return 0; // it shows its window instead
    gui::Application::dress();
    QSettings settings;
    control::HandOver handOver;
    // A service comes back by itself, and must find its place free then.
    handOver.byItself = [] { return !desktop::ServiceInstaller::isInstalled(); };
    control::AgentControlOptions options;
    options.capture = gui::AppSettings::storedCapture(settings);
    const auto control = control::openAgentControl(std::move(options), handOver);
    desktop::ServiceDiscovery services;
    gui::Application application(*control, &settings);
    application.session().setDiscovery(&services);
    QObject::connect(&instance, &SingleInstance::raiseRequested, &application.session(),
                     &gui::Session::raiseRequested);
    application.addTray();
    preload.reset();
    QQuickWindow* window = application.load();
    if (window == nullptr)
        return 1;
    // Without a tray, which may come later, that shows a window that nobody would find.
    if (!application.session().settings()->startsMinimised())
        window->show();
    return QApplication::exec();
}
