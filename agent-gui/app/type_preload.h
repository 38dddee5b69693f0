// Makes the QML types that every page needs, and the fonts, known while the caller does something
// else. Libraries are loaded and types registered once for a process, by whichever engine asks
// first, and that is a quarter of the time to the first frame.
//
// Threads: made and destroyed by the GUI's; works in one of its own. Lifetime: from the
// QApplication to before the first engine loads something; its end waits for the work.
#pragma once

#include <thread>

namespace sallyport::gui {

class TypePreload
{
public:
    TypePreload();
    ~TypePreload();
    TypePreload(const TypePreload&) = delete;
    TypePreload& operator=(const TypePreload&) = delete;

private:
    std::thread m_thread;
};

} // namespace sallyport::gui
