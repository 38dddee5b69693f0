#include "command_line.h"

#include <QtGlobal>

#include <cstdio>
#include <cstring>

namespace sallyport::gui {

namespace {

constexpr auto Help =
    "sallyport-gui: publishes services of this computer through a Sallyport relay.\n"
    "\n"
    "Usage: sallyport-gui\n"
    "\n"
    "Opens the window; where it runs already, that one is raised. Everything is set in it.\n"
    "For a terminal there is `sallyport`.\n"
    "\n"
    "  --help     this text\n"
    "  --version  the version\n";

bool asks(const char* argument, const char* name)
{
    return std::strcmp(argument, name) == 0;
}

// Qt ends the program without a word that helps where there is none.
bool hasDesktop(int argc, char** argv)
{
#if defined(Q_OS_LINUX) || defined(Q_OS_FREEBSD)
    for (int i = 1; i < argc; ++i)
        if (std::strstr(argv[i], "-platform") != nullptr)
            return true;
    return qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY") ||
           qEnvironmentVariableIsSet("QT_QPA_PLATFORM");
#else
    return argc > 0 && argv != nullptr;
#endif
}

} // namespace

std::optional<int> answerCommandLine(int argc, char** argv)
{
    for (int i = 1; i < argc; ++i) {
        if (asks(argv[i], "--help") || asks(argv[i], "-h")) {
            std::fputs(Help, stdout);
            return 0;
        }
        if (asks(argv[i], "--version")) {
            std::puts("sallyport-gui " SALLYPORT_GUI_VERSION);
            return 0;
        }
    }
    if (hasDesktop(argc, argv))
        return std::nullopt;
    std::fputs("sallyport-gui needs a desktop, and found none (DISPLAY and WAYLAND_DISPLAY are not "
               "set). In a terminal, use `sallyport`.\n",
               stderr);
    return 1;
}

} // namespace sallyport::gui
