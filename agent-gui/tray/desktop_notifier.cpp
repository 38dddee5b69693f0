#include "desktop_notifier.h"

#include <QGuiApplication>
#include <QIcon>

#include <algorithm>
#include <utility>

#ifdef SALLYPORT_DBUS
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#endif

namespace sallyport::gui {

using Notice = AppSettings::Notice;

QString DesktopNotifier::body(const QString& text, bool takesMarkup)
{
    const QString cut = text.size() > MaxText ? text.left(MaxText - 1) + "…" : text;
    return takesMarkup ? cut.toHtmlEscaped() : cut;
}

std::deque<DesktopNotifier::Shown>::iterator DesktopNotifier::find(uint id)
{
    return std::find_if(m_shown.begin(), m_shown.end(),
                        [id](const Shown& shown) { return shown.id == id; });
}

void DesktopNotifier::remember(uint id, const Notification& notification)
{
    if (notification.isAboutLink())
        m_aboutLink = id;
    if (const auto known = find(id); known != m_shown.end())
        m_shown.erase(known);
    m_shown.push_back({id, notification});
    if (m_shown.size() > MaxShown)
        m_shown.pop_front();
}

void DesktopNotifier::onAction(uint id, const QString&)
{
    if (const auto shown = find(id); shown != m_shown.end())
        emit clicked(Notification(shown->notification));
}

// Comes before the action: with it the window may come to the front.
void DesktopNotifier::onToken(uint id, const QString& token)
{
    if (find(id) != m_shown.end())
        qputenv("XDG_ACTIVATION_TOKEN", token.toUtf8());
}

void DesktopNotifier::onClosed(uint id, uint)
{
    if (const auto shown = find(id); shown != m_shown.end())
        m_shown.erase(shown);
}

#ifdef SALLYPORT_DBUS

namespace {

const QString Service = "org.freedesktop.Notifications";
const QString Path = "/org/freedesktop/Notifications";

QDBusMessage callOf(const QString& method)
{
    return QDBusMessage::createMethodCall(Service, Path, Service, method);
}

QString iconOf(const Notification& notification)
{
    if (notification.isBad())
        return "dialog-warning";
    const QString own = QGuiApplication::desktopFileName();
    return QIcon::hasThemeIcon(own) ? own : QString();
}

} // namespace

DesktopNotifier::DesktopNotifier(QObject* parent) : QObject(parent) {}

// With the first that is shown: it asks the bus who the service is, which a start need not wait
// for.
void DesktopNotifier::listen()
{
    if (std::exchange(m_listens, true))
        return;
    auto bus = QDBusConnection::sessionBus();
    bus.connect(Service, Path, Service, "ActionInvoked", this, SLOT(onAction(uint, QString)));
    bus.connect(Service, Path, Service, "ActivationToken", this, SLOT(onToken(uint, QString)));
    bus.connect(Service, Path, Service, "NotificationClosed", this, SLOT(onClosed(uint, uint)));
}

void DesktopNotifier::show(const Notification& notification)
{
    listen();
    // What it can is asked each time: the service may have been exchanged since.
    auto* asked = new QDBusPendingCallWatcher(
        QDBusConnection::sessionBus().asyncCall(callOf("GetCapabilities")), this);
    connect(asked, &QDBusPendingCallWatcher::finished, this, [this, asked, notification] {
        asked->deleteLater();
        const QDBusPendingReply<QStringList> answer = *asked;
        if (answer.isError())
            emit refused(notification);
        else
            send(notification, answer.value());
    });
}

void DesktopNotifier::send(const Notification& notification, const QStringList& capabilities)
{
    // Where actions are not known they would be buttons of a dialog.
    const QStringList actions =
        capabilities.contains("actions") ? QStringList{"default", tr("Show")} : QStringList{};
    const QVariantMap hints{{"desktop-entry", QGuiApplication::desktopFileName()}};
    QDBusMessage call = callOf("Notify");
    call << "Sallyport" << (notification.isAboutLink() ? m_aboutLink : uint(0))
         << iconOf(notification) << notification.title
         << body(notification.text, capabilities.contains("body-markup")) << actions << hints << -1;
    auto* sent = new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(call), this);
    connect(sent, &QDBusPendingCallWatcher::finished, this, [this, sent, notification] {
        sent->deleteLater();
        const QDBusPendingReply<uint> answer = *sent;
        if (answer.isError())
            emit refused(notification);
        else
            remember(answer.value(), notification);
    });
}

#else

DesktopNotifier::DesktopNotifier(QObject* parent) : QObject(parent) {}

void DesktopNotifier::listen() {}

void DesktopNotifier::show(const Notification& notification)
{
    emit refused(notification);
}

void DesktopNotifier::send(const Notification&, const QStringList&) {}

#endif

} // namespace sallyport::gui
