// What kept a service from being installed or removed, in the window's language.
#pragma once

#include <sallyport/desktop/service_problem.h>

#include <QString>

namespace sallyport::gui {

// A translated sentence for the code, with the English details where they say more.
QString serviceText(const desktop::ServiceProblem& problem);

} // namespace sallyport::gui
