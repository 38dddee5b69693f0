#include "raise_window.h"

#include <QWindow>

namespace sallyport::gui {

// Not QWindow::show(), which makes a normal window of each.
void raiseWindow(QWindow& window)
{
    const Qt::WindowStates states = window.windowStates();
    if (states & Qt::WindowMinimized)
        window.setWindowStates(states & ~Qt::WindowMinimized);
    window.setVisible(true);
    window.raise();
    window.requestActivate();
}

} // namespace sallyport::gui
