// Where log lines go.
#pragma once

#include <sallyport/observe/log.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace sallyport::observe {

// Standard error, one write() for each line. May block when nobody reads it: for short commands.
std::shared_ptr<Sink> standardErrorSink();

// Hands lines to a thread of its own, so that an event loop never waits for a slow reader of the
// log. At most `limit` bytes wait; what comes beyond is dropped and counted, and one line says how
// many. flush() and the destructor wait for what is queued, two seconds at most.
// `droppedLine` makes that line, for files whose lines have a form.
using DroppedLine = std::function<std::string(uint64_t count)>;
std::string droppedLogLines(uint64_t count);
std::shared_ptr<Sink> queuedSink(std::shared_ptr<Sink> inner, size_t limit = 1024 * 1024,
                                 DroppedLine droppedLine = droppedLogLines);

// True when standard error is systemd's journal ($JOURNAL_STREAM): use Format::Journal.
bool standardErrorIsJournal();

} // namespace sallyport::observe
