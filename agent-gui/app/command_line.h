// What is asked of the program before there is a desktop: `--help`, `--version`, and whether there
// is one at all. Everything else is Qt's to read.
//
// Threads: the first one's, before the QApplication.
#pragma once

#include <optional>

namespace sallyport::gui {

// What the program ends with, having said why; nothing: it goes on.
std::optional<int> answerCommandLine(int argc, char** argv);

} // namespace sallyport::gui
