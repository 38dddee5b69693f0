// The icon in the desktop's panel with its menu and notifications, and what closing the window
// means: with an icon it hides, without one the program ends.
//
// Where there is no panel for icons yet, it is looked for every few seconds and when the D-Bus name
// of one appears. Threads: the GUI's. Lifetime: shorter than session and window.
#pragma once

#include "notification_policy.h"
#include "tray_menu.h"
#include "tray_state.h"

#include <QObject>
#include <QSystemTrayIcon>
#include <QTimer>

class QWindow;

namespace sallyport::gui {

class Tray : public QObject
{
    Q_OBJECT

public:
    explicit Tray(Session& session, QObject* parent = nullptr);
    ~Tray() override;

    // Once there is one: the icon need not wait for it.
    void setWindow(QWindow& window);

    bool isThere() const { return m_icon.isVisible(); }
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void connectSignals();
    void watchForPanel();
    void lookForPanel();
    void refresh();
    void refreshIcon();
    void takeRecords(const std::vector<inspect::Record>& records);
    void tell();
    void showWindow(const QString& page, const QString& argument);
    void toggleWindow();

    Session& m_session;
    QWindow* m_window = nullptr;
    TrayMenu m_menu;
    TrayState m_state;
    NotificationPolicy m_policy;
    QSystemTrayIcon m_icon;
    std::optional<TrayLook> m_shown;
    Notification m_lastTold;
    QTimer m_iconTimer;   // traffic stops moving
    QTimer m_policyTimer; // a loss has lasted
    QTimer m_panelTimer;
};

} // namespace sallyport::gui
