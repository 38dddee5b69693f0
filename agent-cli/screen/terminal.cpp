#include "terminal.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace sallyport::cli {

namespace {

constexpr std::string_view Enter = "\x1b[?1049h\x1b[?25l\x1b[2J";
constexpr std::string_view Leave = "\x1b[0m\x1b[?25h\x1b[?1049l";
constexpr std::array Faults = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};

termios modesBefore;
volatile sig_atomic_t modesKnown = 0;
volatile sig_atomic_t screenTaken = 0;

void put(std::string_view text)
{
    [[maybe_unused]] const ssize_t n = ::write(STDOUT_FILENO, text.data(), text.size());
}

// Only what is allowed in a signal handler.
void putBack()
{
    if (!screenTaken)
        return;
    screenTaken = 0;
    put(Leave);
    if (modesKnown)
        ::tcsetattr(STDIN_FILENO, TCSANOW, &modesBefore);
}

void onFault(int number)
{
    putBack();
    std::signal(number, SIG_DFL);
    std::raise(number);
}

} // namespace

bool Terminal::isUsable()
{
    const char* kind = std::getenv("TERM");
    return ::isatty(STDOUT_FILENO) && kind && *kind && std::strcmp(kind, "dumb") != 0;
}

Terminal::Terminal()
{
    const char* noColour = std::getenv("NO_COLOR");
    m_colours = !noColour || !*noColour;
    for (const int number : Faults)
        std::signal(number, onFault);
    std::atexit(putBack);
    enter();
}

Terminal::~Terminal()
{
    leave();
    for (const int number : Faults)
        std::signal(number, SIG_DFL);
}

void Terminal::enter()
{
    if (m_inside)
        return;
    m_inside = true;
    modesKnown = ::tcgetattr(STDIN_FILENO, &modesBefore) == 0;
    if (modesKnown) {
        termios silent = modesBefore;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSANOW, &silent);
    }
    screenTaken = 1;
    put(Enter);
    forget();
}

void Terminal::leave()
{
    m_inside = false;
    putBack();
}

Terminal::Size Terminal::size() const
{
    winsize window = {};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) != 0 || window.ws_col == 0 ||
        window.ws_row == 0)
        return {};
    return {window.ws_col, window.ws_row};
}

void Terminal::draw(const std::vector<ScreenLine>& lines)
{
    pollfd ready = {STDOUT_FILENO, POLLOUT, 0};
    if (!m_inside || ::poll(&ready, 1, 0) != 1 || !(ready.revents & POLLOUT))
        return;
    std::string frame;
    if (m_clear)
        frame += "\x1b[2J";
    m_clear = false;
    const size_t rows = std::max(lines.size(), m_drawn.size());
    m_drawn.resize(rows);
    for (size_t row = 0; row < rows; ++row) {
        std::string text = row < lines.size() ? ansiText(lines[row], m_colours) : std::string();
        if (text == m_drawn[row])
            continue;
        // Cleared first: behind a line as wide as the screen it would take the last character.
        frame += "\x1b[" + std::to_string(row + 1) + ";1H\x1b[2K" + text;
        m_drawn[row] = std::move(text);
    }
    m_drawn.resize(lines.size());
    if (!frame.empty())
        put(frame);
}

} // namespace sallyport::cli
