#include "panel_watch.h"

#include <QGuiApplication>
#include <QSystemTrayIcon>

#ifdef SALLYPORT_DBUS
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusServiceWatcher>
#include <QDBusVariant>
#endif
#ifdef SALLYPORT_XCB
#include <xcb/xcb.h>

#include <cstdlib>
#endif

namespace sallyport::gui {

namespace {

#ifdef SALLYPORT_DBUS

const QString WatcherName = "org.kde.StatusNotifierWatcher";
const QString WatcherPath = "/StatusNotifierWatcher";

bool hasHostOnBus()
{
    QDBusMessage question = QDBusMessage::createMethodCall(
        WatcherName, WatcherPath, "org.freedesktop.DBus.Properties", "Get");
    question << WatcherName << "IsStatusNotifierHostRegistered";
    question.setAutoStartService(false);
    const QDBusMessage answer =
        QDBusConnection::sessionBus().call(question, QDBus::Block, PanelWatch::AnswerMs);
    if (answer.type() == QDBusMessage::ReplyMessage && !answer.arguments().isEmpty())
        return answer.arguments().first().value<QDBusVariant>().variant().toBool();
    // One that is busy, or does not know this property, is there all the same.
    const QString error = answer.errorName();
    return error.endsWith(".NoReply") || error.endsWith(".Timeout") ||
           error.endsWith(".UnknownProperty") || error.endsWith(".InvalidArgs");
}

bool isBusThere()
{
    return QDBusConnection::sessionBus().isConnected();
}

#else

bool hasHostOnBus()
{
    return QSystemTrayIcon::isSystemTrayAvailable();
}

bool isBusThere()
{
    return false;
}

#endif

#ifdef SALLYPORT_XCB

// The owner of the selection that https://specifications.freedesktop.org/systemtray-spec/ names;
// that of the first screen, as everywhere today.
bool hasEmbedder()
{
    const auto* x11 = qGuiApp->nativeInterface<QNativeInterface::QX11Application>();
    if (x11 == nullptr || x11->connection() == nullptr)
        return false;
    constexpr std::string_view Selection = "_NET_SYSTEM_TRAY_S0";
    xcb_connection_t* const server = x11->connection();
    const auto named = xcb_intern_atom(server, 1, Selection.size(), Selection.data());
    auto* atom = xcb_intern_atom_reply(server, named, nullptr);
    const xcb_atom_t selection = atom != nullptr ? atom->atom : xcb_atom_t(XCB_ATOM_NONE);
    std::free(atom);
    if (selection == XCB_ATOM_NONE)
        return false;
    auto* owner =
        xcb_get_selection_owner_reply(server, xcb_get_selection_owner(server, selection), nullptr);
    const bool owned = owner != nullptr && owner->owner != XCB_WINDOW_NONE;
    std::free(owner);
    return owned;
}

#else

bool hasEmbedder()
{
    return false;
}

#endif

} // namespace

PanelWatch::PanelWatch(QObject* parent) : QObject(parent)
{
    m_poll.setInterval(PollMs);
    connect(&m_poll, &QTimer::timeout, this, &PanelWatch::look);
    m_embed.setInterval(EmbedMs);
    m_embed.setSingleShot(true);
    connect(&m_embed, &QTimer::timeout, this, [this] {
        m_embedAwaited = true;
        look();
    });
    watchBus();
    look();
}

void PanelWatch::watchBus()
{
#ifdef SALLYPORT_DBUS
    auto bus = QDBusConnection::sessionBus();
    auto* names =
        new QDBusServiceWatcher(WatcherName, bus, QDBusServiceWatcher::WatchForOwnerChange, this);
    connect(names, &QDBusServiceWatcher::serviceOwnerChanged, this, &PanelWatch::look);
    for (const char* signal : {"StatusNotifierHostRegistered", "StatusNotifierHostUnregistered"})
        bus.connect(WatcherName, WatcherPath, WatcherName, signal, this, SLOT(look()));
#endif
}

void PanelWatch::look()
{
    const Place now = find();
    // One on D-Bus tells of its end; of the other nobody does.
    if (now == Place::Desktop)
        m_poll.stop();
    else if (!m_poll.isActive())
        m_poll.start();
    if (now == m_place)
        return;
    m_place = now;
    emit changed();
}

PanelWatch::Place PanelWatch::find()
{
    const bool embedder = hasEmbedder();
    // An icon that stands is not moved.
    if (m_place == Place::Embedded && embedder)
        return Place::Embedded;
    if (hasHostOnBus())
        return Place::Desktop;
    if (!embedder)
        return Place::None;
    if (m_embedAwaited || !isBusThere())
        return Place::Embedded;
    if (!m_embed.isActive())
        m_embed.start();
    return Place::None;
}

} // namespace sallyport::gui
