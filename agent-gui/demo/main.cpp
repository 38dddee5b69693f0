#include "application.h"
#include "fake_agent_control.h"
#include "fake_services.h"
#include "options.h"

#include <QApplication>
#include <QQuickWindow>
#include <QTimer>

#include <cstdio>
#include <memory>

using namespace sallyport::gui;
namespace desktop = sallyport::desktop;

namespace {

void grabAndEnd(QQuickWindow& window, const demo::Options& options)
{
    QTimer::singleShot(options.settleMs, &window, [&window, file = options.grab] {
        const bool written = window.grabWindow().save(file);
        if (!written)
            std::fprintf(stderr, "sallyport-gui-demo: %s can't be written\n", qPrintable(file));
        QApplication::exit(written ? 0 : 1);
    });
}

} // namespace

int main(int argc, char** argv)
{
    Application::prepare();
    QApplication program(argc, argv);
    const auto options = demo::Options::fromArguments(QApplication::arguments());
    Application::dress(options.language);
    demo::FakeAgentControl control(options.scene);
    control.setTrialTime(std::chrono::milliseconds(1'200));
    desktop::ServiceDiscovery services(
        std::make_unique<demo::FakeServices>(options.scene.name == "fresh"),
        demo::FakeServices::options());
    Application application(control, nullptr);
    Session& session = application.session();
    session.setDiscovery(&services);
    if (!options.theme.isEmpty())
        session.appearance()->setMode(options.theme == "dark" ? Appearance::Mode::Dark
                                                              : Appearance::Mode::Light);
    if (!options.page.isEmpty())
        session.open(options.page, options.argument);
    QQuickWindow* window = application.load();
    if (window == nullptr)
        return 1;
    window->resize(options.size);
    window->show();
    if (!options.grab.isEmpty())
        grabAndEnd(*window, options);
    return QApplication::exec();
}
