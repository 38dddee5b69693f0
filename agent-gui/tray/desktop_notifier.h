// Shows notifications through the desktop's own service (org.freedesktop.Notifications) and tells
// which one was clicked.
//
// QSystemTrayIcon::showMessage() does less over D-Bus: a click leads nowhere unless the message is
// an error, one on another program's notification counts as ours, and for ten seconds it exchanges
// the icon for a picture of its own.
// Threads: the GUI's; nothing waits for the service. Lifetime: notifications may outlast it.
// Limits: MaxShown can be clicked, the oldest are forgotten; texts are cut at MaxText.
#pragma once

#include "notification_policy.h"

#include <QObject>

#include <deque>

namespace sallyport::gui {

class DesktopNotifier : public QObject
{
    Q_OBJECT

public:
    static constexpr size_t MaxShown = 50;
    static constexpr qsizetype MaxText = 400;

    explicit DesktopNotifier(QObject* parent = nullptr);

    // Of one about the link, an earlier one about it is replaced.
    void show(const Notification& notification);

    // The text as the service takes it: some read it as a kind of HTML.
    static QString body(const QString& text, bool takesMarkup);

signals:
    void clicked(const Notification& notification);
    // Nobody on this desktop shows notifications.
    void refused(const Notification& notification);

private slots:
    void onAction(uint id, const QString& action);
    void onToken(uint id, const QString& token);
    void onClosed(uint id, uint reason);

private:
    struct Shown
    {
        uint id = 0;
        Notification notification;
    };

    void listen();
    void send(const Notification& notification, const QStringList& capabilities);
    void remember(uint id, const Notification& notification);
    std::deque<Shown>::iterator find(uint id);

    std::deque<Shown> m_shown; // oldest first
    uint m_aboutLink = 0;      // the last one's id
    bool m_listens = false;
};

} // namespace sallyport::gui
