#include "appearance.h"

#include <QEvent>
#include <QGuiApplication>
#include <QPalette>
#include <QSettings>

namespace sallyport::gui {

namespace {

const QString Key = QStringLiteral("appearance/mode");

} // namespace

Appearance::Appearance(QSettings* settings, QObject* parent) : QObject(parent), m_settings(settings)
{
    const QString kept = settings != nullptr ? settings->value(Key).toString() : QString();
    m_mode = kept == "dark" ? Mode::Dark : kept == "light" ? Mode::Light : Mode::System;
    qApp->installEventFilter(this);
}

void Appearance::setMode(Mode mode)
{
    if (mode == m_mode)
        return;
    m_mode = mode;
    if (m_settings != nullptr)
        m_settings->setValue(Key, mode == Mode::Dark    ? "dark"
                                  : mode == Mode::Light ? "light"
                                                        : "system");
    emit changed();
}

bool Appearance::isDark() const
{
    if (m_mode != Mode::System)
        return m_mode == Mode::Dark;
    const QPalette palette = QGuiApplication::palette();
    return palette.color(QPalette::Window).lightness() <
           palette.color(QPalette::WindowText).lightness();
}

bool Appearance::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == qApp && event->type() == QEvent::ApplicationPaletteChange &&
        m_mode == Mode::System)
        emit changed();
    return QObject::eventFilter(watched, event);
}

} // namespace sallyport::gui
