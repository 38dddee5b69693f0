#include "application.h"
#include "driver.h"
#include "fake_agent_control.h"
#include "fake_services.h"
#include "options.h"
#include "palette.h"
#include "still.h"

#include <QAccessible>
#include <QApplication>
#include <QImage>
#include <QQuickWindow>
#include <QTimer>

#include <cstdio>
#include <functional>
#include <memory>
#include <optional>

using namespace sallyport::gui;
namespace desktop = sallyport::desktop;

namespace {

constexpr int StepMs = 350; // what a step sets off takes its time

void fail(const QString& why)
{
    std::fprintf(stderr, "sallyport-gui-demo: %s\n", qPrintable(why));
    QApplication::exit(1);
}

void grabAndEnd(QQuickWindow& window, const QString& file)
{
    // Quality 0 is the smallest file; PNG loses nothing by it.
    if (demo::withFewColours(window.grabWindow()).save(file, "PNG", 0))
        QApplication::exit(0);
    else
        fail(file + " can't be written");
}

// The steps one after another, then the picture, if one is wanted.
void play(QQuickWindow& window, const demo::Options& options, std::function<void()> beforeGrab)
{
    int at = options.steps.isEmpty() ? 0 : StepMs;
    for (const QString& step : options.steps) {
        QTimer::singleShot(at, &window, [&window, step] {
            if (const auto done = demo::Driver(window).perform(step); !done)
                fail(done.error());
        });
        at += StepMs;
    }
    if (options.grab.isEmpty())
        return;
    QTimer::singleShot(at + options.settleMs, &window,
                       [&window, file = options.grab, beforeGrab = std::move(beforeGrab)] {
                           beforeGrab();
                           grabAndEnd(window, file);
                       });
}

} // namespace

int main(int argc, char** argv)
{
    Application::prepare();
    QApplication program(argc, argv);
    auto options = demo::Options::fromArguments(QApplication::arguments());
    if (options.mirrored)
        QApplication::setLayoutDirection(Qt::RightToLeft);
    QAccessible::setActive(!options.steps.isEmpty());
    Application::dress(options.language);
    std::optional<demo::Still> still;
    if (options.still) {
        still.emplace(options.scene);
        QApplication::setCursorFlashTime(0);
    }
    // An outage comes after the tunnels had their addresses.
    const bool outage = options.scene.link == demo::Scene::Link::Waiting;
    if (outage)
        options.scene.link = demo::Scene::Link::Connected;
    demo::FakeAgentControl control(options.scene);
    control.setTrialTime(std::chrono::milliseconds(1'200));
    desktop::ServiceDiscovery services(
        std::make_unique<demo::FakeServices>(options.scene.name == "fresh"),
        demo::FakeServices::options());
    Application application(control, nullptr);
    Session& session = application.session();
    session.setDiscovery(&services);
    if (outage)
        control.setLink(demo::Scene::Link::Waiting);
    if (still)
        still->passTraffic(control, session);
    if (!options.theme.isEmpty())
        session.appearance()->setMode(options.theme == "dark" ? Appearance::Mode::Dark
                                                              : Appearance::Mode::Light);
    if (!options.page.isEmpty())
        session.open(options.page, options.argument);
    if (options.tray)
        application.addTray();
    QQuickWindow* window = application.load();
    if (window == nullptr)
        return 1;
    window->resize(options.size);
    window->show();
    window->requestActivate();
    play(*window, options, [&still, &control] {
        if (still)
            still->touchUp(control);
    });
    return QApplication::exec();
}
