// The icon in the desktop's panel with its menu and notifications, and what closing the window
// means: with an icon it hides, without one the program ends.
//
// A panel may start after this program, crash and come back: only after PanelPatience does the
// window say that there is none, and shows itself if it was hidden. Threads: the GUI's. Lifetime:
// shorter than session and window.
#pragma once

#include "desktop_notifier.h"
#include "notification_policy.h"
#include "panel_watch.h"
#include "tray_menu.h"
#include "tray_state.h"

#include <QObject>
#include <QSystemTrayIcon>
#include <QTimer>

#include <memory>
#include <optional>

class QWindow;

namespace sallyport::gui {

class Tray : public QObject
{
    Q_OBJECT

public:
    static constexpr int PanelPatienceMs = 5'000;

    explicit Tray(Session& session, QObject* parent = nullptr);
    ~Tray() override;

    // Once there is one: the icon need not wait for it.
    void setWindow(QWindow& window);

    bool isThere() const { return m_icon != nullptr; }
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void connectSignals();
    void followPanel();
    void addIcon();
    void missPanel();
    void refresh();
    void refreshIcon();
    void refreshTip();
    void takeRecords(const std::vector<inspect::Record>& records);
    void tell();
    void tellByIcon(const Notification& notification);
    void showPlaceOf(const Notification& notification);
    void showWindow(const QString& page, const QString& argument);
    void toggleWindow();

    Session& m_session;
    QWindow* m_window = nullptr;
    TrayMenu m_menu;
    TrayState m_state;
    NotificationPolicy m_policy;
    DesktopNotifier m_notifier;
    PanelWatch m_panel;
    std::unique_ptr<QSystemTrayIcon> m_icon; // while there is a panel
    std::optional<TrayLook> m_shown;
    Notification m_toldByIcon;
    bool m_surfaced = false; // the window stands minimised because there was no panel
    QTimer m_iconTimer;      // traffic stops moving
    QTimer m_policyTimer;    // a loss has lasted
    QTimer m_panelPatience;
};

} // namespace sallyport::gui
