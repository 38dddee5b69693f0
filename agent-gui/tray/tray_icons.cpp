#include "tray_icons.h"

#include <QFile>
#include <QGuiApplication>
#include <QPainter>
#include <QPalette>
#include <QSettings>
#include <QStandardPaths>
#include <QSvgRenderer>

#include <array>
#include <optional>

namespace sallyport::gui {

namespace {

constexpr std::array Sizes{16, 22, 24, 32, 48, 64};

QString nameOf(TrayLook look)
{
    switch (look) {
    case TrayLook::Off:
        return "off";
    case TrayLook::Connecting:
        return "connecting";
    case TrayLook::Connected:
        return "connected";
    case TrayLook::Problem:
        return "problem";
    case TrayLook::Moving:
        break;
    }
    return "moving";
}

// The drawings are black on white with red for what has to be seen. Each has an edge of white, so
// that it can be read on a panel of the other kind too: few tell of which kind theirs is.
QByteArray drawing(TrayLook look, bool darkPanel)
{
    QFile file(":/tray/" + nameOf(look) + ".svg");
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QByteArray text = file.readAll();
    text.replace("#ffffff", "#paper").replace("#000000", darkPanel ? "#f2f4f7" : "#22262d");
    text.replace("#paper", darkPanel ? "#1b1e24" : "#ffffff");
    const char* badge = look == TrayLook::Problem ? (darkPanel ? "#ff9a6b" : "#c4460d")
                                                  : (darkPanel ? "#5aa9ff" : "#0b62c4");
    return text.replace("#ff0000", badge);
}

QPixmap drawn(QSvgRenderer& renderer, int size)
{
    QPixmap picture(size, size);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    renderer.render(&painter, QRectF(0, 0, size, size));
    return picture;
}

// Of Plasma's panel, where its theme says so: Breeze Twilight has a dark one with light windows.
std::optional<bool> isPlasmaThemeDark()
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation);
    const QString theme =
        QSettings(folder + "/plasmarc", QSettings::IniFormat).value("Theme/name").toString();
    if (theme.contains("dark", Qt::CaseInsensitive))
        return true;
    if (theme.contains("light", Qt::CaseInsensitive))
        return false;
    return std::nullopt;
}

} // namespace

QPixmap TrayIcons::pixmap(TrayLook look, bool darkPanel, int size)
{
    QSvgRenderer renderer(drawing(look, darkPanel));
    return drawn(renderer, size);
}

QIcon TrayIcons::icon(TrayLook look, bool darkPanel)
{
    QIcon icon;
    QSvgRenderer renderer(drawing(look, darkPanel));
    for (const int size : Sizes)
        icon.addPixmap(drawn(renderer, size));
    return icon;
}

bool TrayIcons::isPanelDark()
{
    const QByteArray desktop = qgetenv("XDG_CURRENT_DESKTOP");
    if (desktop.contains("GNOME"))
        return true;
    if (desktop.contains("KDE"))
        if (const auto dark = isPlasmaThemeDark())
            return *dark;
    return QGuiApplication::palette().color(QPalette::Window).lightness() < 128;
}

} // namespace sallyport::gui
