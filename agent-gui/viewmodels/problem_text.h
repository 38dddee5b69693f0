// A problem's sentence in the language of the window. The engine's own sentences are English and
// the more precise ones; in another language the code's sentence stands first, and the engine's
// behind it in brackets.
#pragma once

#include <sallyport/agent/problem.h>

#include <QString>

namespace sallyport::gui {

QString problemText(const agent::Problem& problem);

} // namespace sallyport::gui
