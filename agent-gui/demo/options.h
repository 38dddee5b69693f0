// What sallyport-gui-demo is told.
#pragma once

#include "scene.h"

#include <QSize>
#include <QString>
#include <QStringList>

namespace sallyport::gui::demo {

struct Options
{
    Scene scene;
    QString theme;    // "light", "dark"; empty: the system's
    QString page;     // empty: the first
    QString argument; // what on that page
    QString language;
    QSize size{1080, 720};
    bool mirrored = false; // laid out for writing from right to left
    QStringList steps;     // see Driver
    QString grab;          // a PNG to write, and then end
    bool tray = false;     // with the icon in the panel
    bool still = false;    // see Still
    int settleMs = 1'500;

    // Ends the program with a usage message when the arguments are wrong.
    static Options fromArguments(const QStringList& arguments);
};

} // namespace sallyport::gui::demo
