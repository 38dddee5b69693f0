// Brings Qt's own messages (qWarning, QLoggingCategory) into a Log, with their category as a field.
//
// Install one, in main(), after the log and before the application object; it gives the old handler
// back when it goes. Fatal messages are flushed first. Threads: Qt may log from any.
#pragma once

#include <sallyport/observe/log.h>

namespace sallyport::observe {

class QtMessageBridge
{
public:
    explicit QtMessageBridge(Log log);
    ~QtMessageBridge();
    QtMessageBridge(const QtMessageBridge&) = delete;
    QtMessageBridge& operator=(const QtMessageBridge&) = delete;
};

} // namespace sallyport::observe
