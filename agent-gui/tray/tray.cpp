#include "tray.h"

#include "problem_text.h"
#include "tray_icons.h"

#include <QCoreApplication>
#include <QEvent>
#include <QGuiApplication>
#include <QWindow>

namespace sallyport::gui {

namespace {

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

// With the code, if the snapshot has it already, it can be said in the window's language.
QString upstreamText(const control::Snapshot& now, const std::string& ref,
                     const std::string& problem)
{
    if (problem.empty())
        return {};
    for (const auto& tunnel : now.tunnels)
        if (tunnel.status.ref == ref && tunnel.status.upstreamProblem == problem)
            return problemText({tunnel.status.upstreamCode, problem});
    return problemText(problem);
}

} // namespace

Tray::Tray(Session& session, QObject* parent) : QObject(parent), m_session(session), m_menu(session)
{
    m_iconTimer.setSingleShot(true);
    m_policyTimer.setSingleShot(true);
    m_panelPatience.setSingleShot(true);
    connectSignals();
    refresh();
    followPanel();
}

Tray::~Tray() = default;

void Tray::setWindow(QWindow& window)
{
    m_window = &window;
    window.installEventFilter(this);
}

void Tray::connectSignals()
{
    using control::AgentControl;
    AgentControl& control = m_session.control();
    connect(&m_session, &Session::changed, this, &Tray::refresh);
    connect(&control.traffic(), &inspect::TrafficSource::recordsChanged, this, &Tray::takeRecords);
    connect(&control, &AgentControl::upstreamChanged, this,
            [this](const std::string& ref, const std::string& problem) {
                m_policy.setUpstream(
                    ref, upstreamText(m_session.control().snapshot(), ref, problem), Clock::now());
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
    connect(&m_notifier, &DesktopNotifier::clicked, this, &Tray::showPlaceOf);
    connect(&m_notifier, &DesktopNotifier::refused, this, &Tray::tellByIcon);
    connect(&m_panel, &PanelWatch::changed, this, &Tray::followPanel);
    connect(&m_panelPatience, &QTimer::timeout, this, &Tray::missPanel);
    qGuiApp->installEventFilter(this);
}

void Tray::followPanel()
{
    const bool there = m_panel.place() != PanelWatch::Place::None;
    QGuiApplication::setQuitOnLastWindowClosed(!there);
    m_icon.reset();
    if (!there) {
        m_panelPatience.start(PanelPatienceMs);
        return;
    }
    m_panelPatience.stop();
    m_session.setTrayMissing(false);
    addIcon();
    if (std::exchange(m_surfaced, false) && m_window->windowStates() & Qt::WindowMinimized)
        m_window->hide();
}

// Made anew for each panel: Qt decides then which kind it becomes.
void Tray::addIcon()
{
    m_icon = std::make_unique<QSystemTrayIcon>();
    m_icon->setContextMenu(m_menu.menu());
    // That of one on D-Bus means any program's notification.
    if (m_panel.place() == PanelWatch::Place::Embedded)
        connect(m_icon.get(), &QSystemTrayIcon::messageClicked, this,
                [this] { showPlaceOf(m_toldByIcon); });
    connect(m_icon.get(), &QSystemTrayIcon::activated, this,
            [this](QSystemTrayIcon::ActivationReason reason) {
                if (reason == QSystemTrayIcon::Trigger)
                    toggleWindow();
            });
    m_shown.reset();
    refreshIcon();
    refreshTip();
    m_icon->show();
}

void Tray::missPanel()
{
    m_session.setTrayMissing(true);
    // Nobody could bring a hidden window back.
    if (m_window == nullptr || m_window->isVisible())
        return;
    m_surfaced = true;
    m_window->showMinimized();
}

void Tray::refresh()
{
    const auto now = Clock::now();
    m_state.setLink(m_session.state(), hasTunnelProblem(m_session.control().snapshot()));
    m_policy.setLink(m_session.state(), m_session.relay(), m_session.problem(), now);
    refreshIcon();
    refreshTip();
    tell();
}

void Tray::refreshTip()
{
    if (m_icon)
        m_icon->setToolTip("Sallyport – " + m_session.stateText());
}

void Tray::refreshIcon()
{
    const auto now = Clock::now();
    const TrayLook look = m_state.look(now);
    if (const auto next = m_state.nextChange(now))
        m_iconTimer.start(until(*next));
    if (look == m_shown || !m_icon)
        return;
    m_shown = look;
    m_icon->setIcon(TrayIcons::icon(look, TrayIcons::isPanelDark()));
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
    for (const Notification& notification : m_policy.takeNotifications())
        if (m_session.settings()->notifies(notification.notice))
            m_notifier.show(notification);
    if (const auto due = m_policy.nextDeadline())
        m_policyTimer.start(until(*due));
    else
        m_policyTimer.stop();
}

void Tray::tellByIcon(const Notification& notification)
{
    // One on D-Bus would ask the same service, which is not there.
    if (!m_icon || m_panel.place() != PanelWatch::Place::Embedded)
        return;
    m_toldByIcon = notification;
    m_icon->showMessage(notification.title, notification.text,
                        notification.isBad() ? QSystemTrayIcon::Warning
                                             : QSystemTrayIcon::Information);
}

void Tray::showPlaceOf(const Notification& notification)
{
    showWindow(notification.page, notification.argument);
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
    if (watched != m_window || event->type() != QEvent::Close || !m_icon)
        return QObject::eventFilter(watched, event);
    m_window->hide();
    event->ignore();
    return true;
}

} // namespace sallyport::gui
