// Brings a window to the front as the person left it: a maximised one stays so, a minimised one
// becomes what it was before, a hidden one comes back where it was.
#pragma once

class QWindow;

namespace sallyport::gui {

void raiseWindow(QWindow& window);

} // namespace sallyport::gui
