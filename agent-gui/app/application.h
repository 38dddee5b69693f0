// The window and everything behind it, put together: the one place that knows all parts. The
// caller makes the QApplication (prepare() first) and the agent's control.
//
// Threads: the GUI's. Lifetime: shorter than the control and the settings.
#pragma once

#include "session.h"

#include <QQmlApplicationEngine>
#include <QString>

#include <memory>

class QQuickWindow;
class QSettings;

namespace sallyport::gui {

class Tray;

class Application
{
public:
    // What has to be said before there is a QApplication.
    static void prepare();
    // Names and translation; after the QApplication was made. `language`: "de"; empty: the
    // system's. Texts that are not translated are English.
    static void dress(const QString& language = QString());

    // Without `settings` nothing is remembered.
    Application(control::AgentControl& control, QSettings* settings);
    ~Application();

    Session& session() { return m_session; }
    // Loads the window, not yet shown; null when that failed, which a complete build never does.
    QQuickWindow* load();
    QQuickWindow* window() const;
    // The icon in the panel. Before load(), so that it does not wait for the window; closing that
    // then hides it.
    void addTray();

private:
    void followLanguage(QSettings* settings);

    QSettings* m_settings = nullptr;
    Session m_session;
    std::unique_ptr<QQmlApplicationEngine> m_engine; // made by load()
    std::unique_ptr<Tray> m_tray;
};

} // namespace sallyport::gui
