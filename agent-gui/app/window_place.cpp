#include "window_place.h"

#include <QGuiApplication>
#include <QScreen>
#include <QSettings>

#include <algorithm>

namespace sallyport::gui {

namespace {

constexpr auto PlaceKey = "window/place";
constexpr auto MaximisedKey = "window/maximised";

} // namespace

WindowPlace::WindowPlace(QWindow& window, QSettings* settings)
    : QObject(&window), m_window(window), m_settings(settings)
{
    restore();
    for (const auto change :
         {&QWindow::xChanged, &QWindow::yChanged, &QWindow::widthChanged, &QWindow::heightChanged})
        connect(&window, change, this, &WindowPlace::note);
    connect(&window, &QWindow::windowStateChanged, this, &WindowPlace::note);
    connect(&window, &QWindow::visibleChanged, this, [this](bool visible) {
        m_shown = m_shown || visible;
        if (!visible)
            keep();
    });
}

QRect WindowPlace::fitted(const QRect& wanted, const QRect& available)
{
    QRect place = wanted;
    place.setWidth(std::min(wanted.width(), available.width() - 2 * Frame));
    place.setHeight(std::min(wanted.height(), available.height() - 2 * Frame));
    place.moveLeft(std::clamp(place.left(), available.left(), available.right() - place.width()));
    place.moveTop(std::clamp(place.top(), available.top(), available.bottom() - place.height()));
    return place;
}

void WindowPlace::restore()
{
    const QRect kept = m_settings ? m_settings->value(PlaceKey).toRect() : QRect();
    const QScreen* screen = kept.isValid() ? QGuiApplication::screenAt(kept.center()) : nullptr;
    const bool placed = screen != nullptr;
    if (!placed)
        screen = QGuiApplication::primaryScreen();
    if (screen == nullptr)
        return;
    const QRect available = screen->availableGeometry();
    const QRect wanted = kept.isValid() ? kept : QRect(available.topLeft(), m_window.size());
    m_normal = fitted(wanted, available);
    m_window.setMinimumSize(m_window.minimumSize().boundedTo(m_normal.size()));
    if (placed)
        m_window.setGeometry(m_normal);
    else
        m_window.resize(m_normal.size()); // where it goes is the window manager's
    m_maximised = m_settings && m_settings->value(MaximisedKey).toBool();
    if (m_maximised)
        m_window.setWindowStates(Qt::WindowMaximized);
}

void WindowPlace::note()
{
    if (!m_shown)
        return;
    m_maximised = m_window.windowStates().testFlag(Qt::WindowMaximized);
    if (m_window.windowStates() == Qt::WindowNoState)
        m_normal = m_window.geometry();
}

void WindowPlace::keep()
{
    note();
    if (!m_settings || !m_shown)
        return;
    if (m_settings->value(PlaceKey).toRect() != m_normal)
        m_settings->setValue(PlaceKey, m_normal);
    if (m_settings->value(MaximisedKey).toBool() != m_maximised)
        m_settings->setValue(MaximisedKey, m_maximised);
}

} // namespace sallyport::gui
