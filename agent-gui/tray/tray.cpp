#include "tray.h"

#include "problem_text.h"
#include "tray_icons.h"

#include <QCoreApplication>
#include <QEvent>
#include <QGuiApplication>
#include <QWindow>

#ifdef SALLYPORT_DBUS
#include <QDBusConnection>
#include <QDBusServiceWatcher>
#endif

namespace sallyport::gui {

namespace {

constexpr int PanelPollMs = 5'000;

std::chrono::milliseconds until(TimePoint then)
{
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(then - Clock::now());
    return std::max(left, std::chrono::milliseconds(0));
}

bool hasTunnelProblem(const control::Snapshot& now)
{
    for (const auto& tunnel : now.tunnels)
        if (!tunnel.paused && (tunnel.status.state == agent::TunnelState::Refused ||
                               !tunnel.status.upstreamProblem.empty()))
            return true;
    return false;
}

} // namespace

Tray::Tray(Session& session, QObject* parent) : QObject(parent), m_session(session), m_menu(session)
{
    m_iconTimer.setSingleShot(true);
    m_policyTimer.setSingleShot(true);
    m_icon.setContextMenu(m_menu.menu());
    connectSignals();
    watchForPanel();
    refresh();
    lookForPanel();
}

Tray::~Tray() = default;

void Tray::setWindow(QWindow& window)
{
    m_window = &window;
    window.installEventFilter(this);
    lookForPanel();
}

void Tray::connectSignals()
{
    using control::AgentControl;
    AgentControl& control = m_session.control();
    connect(&m_session, &Session::changed, this, &Tray::refresh);
    connect(&control.traffic(), &inspect::TrafficSource::recordsChanged, this, &Tray::takeRecords);
    connect(&control, &AgentControl::upstreamChanged, this,
            [this](const std::string& ref, const std::string& problem) {
                m_policy.setUpstream(ref, problem, Clock::now());
                tell();
            });
    connect(&control, &AgentControl::credentialRefused, this, [this](const agent::Problem& reason) {
        m_policy.credentialRefused(problemText(reason));
        tell();
    });
    connect(&m_iconTimer, &QTimer::timeout, this, &Tray::refreshIcon);
    connect(&m_policyTimer, &QTimer::timeout, this, [this] {
        m_policy.handleTimeout(Clock::now());
        tell();
    });
    connect(&m_menu, &TrayMenu::showRequested, this, &Tray::showWindow);
    connect(&m_menu, &TrayMenu::quitRequested, qApp, &QCoreApplication::quit);
    connect(&m_icon, &QSystemTrayIcon::messageClicked, this,
            [this] { showWindow(m_lastTold.page, m_lastTold.argument); });
    connect(&m_icon, &QSystemTrayIcon::activated, this,
            [this](QSystemTrayIcon::ActivationReason reason) {
                if (reason == QSystemTrayIcon::Trigger)
                    toggleWindow();
            });
    qGuiApp->installEventFilter(this);
}

void Tray::watchForPanel()
{
    connect(&m_panelTimer, &QTimer::timeout, this, &Tray::lookForPanel);
    m_panelTimer.setInterval(PanelPollMs);
#ifdef SALLYPORT_DBUS
    auto* watcher =
        new QDBusServiceWatcher("org.kde.StatusNotifierWatcher", QDBusConnection::sessionBus(),
                                QDBusServiceWatcher::WatchForOwnerChange, this);
    connect(watcher, &QDBusServiceWatcher::serviceOwnerChanged, this, &Tray::lookForPanel);
#endif
}

void Tray::lookForPanel()
{
    const bool there = QSystemTrayIcon::isSystemTrayAvailable();
    m_session.setTrayMissing(!there);
    QGuiApplication::setQuitOnLastWindowClosed(!there);
    m_icon.setVisible(there);
    // A panel may crash or be exchanged; one that is there tells of its end over D-Bus.
    if (there)
        m_panelTimer.stop();
    else {
        m_panelTimer.start();
        // Nobody could bring a hidden window back.
        if (m_window != nullptr && !m_window->isVisible() && m_window->handle() != nullptr)
            m_window->showMinimized();
    }
}

void Tray::refresh()
{
    const auto now = Clock::now();
    m_state.setLink(m_session.state(), hasTunnelProblem(m_session.control().snapshot()));
    m_policy.setLink(m_session.state(), m_session.relay(), m_session.problem(), now);
    m_icon.setToolTip("Sallyport – " + m_session.stateText());
    refreshIcon();
    tell();
}

void Tray::refreshIcon()
{
    const auto now = Clock::now();
    const TrayLook look = m_state.look(now);
    if (const auto next = m_state.nextChange(now))
        m_iconTimer.start(until(*next));
    if (look == m_shown)
        return;
    m_shown = look;
    m_icon.setIcon(TrayIcons::icon(look, TrayIcons::isPanelDark()));
}

void Tray::takeRecords(const std::vector<inspect::Record>& records)
{
    m_state.trafficSeen(Clock::now());
    m_menu.addRecent(records);
    for (const auto& record : records)
        if (record.replayOf == 0)
            m_policy.requestSeen(record.tunnel);
    if (!m_iconTimer.isActive())
        refreshIcon();
    tell();
}

void Tray::tell()
{
    for (const Notification& notification : m_policy.takeNotifications()) {
        if (!m_icon.isVisible() || !m_session.settings()->notifies(notification.notice))
            continue;
        m_lastTold = notification;
        const bool bad = notification.notice == AppSettings::Notice::ConnectionLost ||
                         notification.notice == AppSettings::Notice::UpstreamDown ||
                         notification.notice == AppSettings::Notice::TokenRefused;
        m_icon.showMessage(notification.title, notification.text,
                           bad ? QSystemTrayIcon::Warning : QSystemTrayIcon::Information);
    }
    if (const auto due = m_policy.nextDeadline())
        m_policyTimer.start(until(*due));
    else
        m_policyTimer.stop();
}

void Tray::showWindow(const QString& page, const QString& argument)
{
    if (!page.isEmpty())
        m_session.open(page, argument);
    emit m_session.raiseRequested();
}

void Tray::toggleWindow()
{
    if (m_window != nullptr && m_window->isVisible() && m_window->isActive())
        m_window->hide();
    else
        emit m_session.raiseRequested();
}

bool Tray::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == qGuiApp && event->type() == QEvent::ApplicationPaletteChange) {
        m_shown.reset();
        refreshIcon();
    }
    if (watched != m_window || event->type() != QEvent::Close || !m_icon.isVisible())
        return QObject::eventFilter(watched, event);
    m_window->hide();
    event->ignore();
    return true;
}

} // namespace sallyport::gui
