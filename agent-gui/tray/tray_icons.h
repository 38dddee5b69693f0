// The icon of each state at the sizes of panels, for light and dark ones.
#pragma once

#include "tray_state.h"

#include <QIcon>

namespace sallyport::gui {

class TrayIcons
{
public:
    static QIcon icon(TrayLook look, bool darkPanel);
    static QPixmap pixmap(TrayLook look, bool darkPanel, int size);
    // What can be known of the panel: some desktops have a dark one with light windows.
    static bool isPanelDark();
};

} // namespace sallyport::gui
