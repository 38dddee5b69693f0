// A log whose lines go to a function as LogLine, for screens. Internal.
#pragma once

#include <sallyport/control/agent_control.h>
#include <sallyport/observe/log.h>

#include <QObject>

#include <functional>

namespace sallyport::control {

// `take` is called on `home`'s thread, later; not when `home` is gone.
observe::Log logTail(QObject* home, std::function<void(LogLine)> take);

} // namespace sallyport::control
