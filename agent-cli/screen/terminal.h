// The terminal while the live screen has it: its alternate screen, without cursor and echo. It is
// put back when this goes, and also when the program is ended by a fault.
//
// Never blocks: a frame that the terminal does not take now (it was stopped by Ctrl+S) is left out.
// One instance at a time, on the main thread.
#pragma once

#include "render.h"

#include <cstddef>
#include <string>
#include <vector>

namespace sallyport::cli {

class Terminal
{
public:
    // Whether standard output is a terminal that can show a screen.
    static bool isUsable();

    Terminal();
    ~Terminal();
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    struct Size
    {
        size_t width = 80;
        size_t height = 24;
    };
    Size size() const;
    // Writes what differs from what was drawn before.
    void draw(const std::vector<ScreenLine>& lines);
    // After a change of size, or when something else wrote to the terminal.
    void forget()
    {
        m_drawn.clear();
        m_clear = true;
    }
    // Around a stop by Ctrl+Z.
    void leave();
    void enter();

private:
    bool m_colours;
    bool m_inside = false;
    bool m_clear = true;
    std::vector<std::string> m_drawn;
};

} // namespace sallyport::cli
