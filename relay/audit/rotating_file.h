// A file of lines that only grows, up to a size. Each write is one append, so that several
// processes may write to it side by side.
//
// Beyond `limit` bytes PATH becomes PATH.1, PATH.1 becomes PATH.2, and so on; at most (keep + 1)
// files stay. A file that was moved away or removed is made anew at the next write, so logrotate
// needs to tell nobody. Readable by its owner alone; a symbolic link in its place is refused.
//
// Blocks on the disk: wrap it in observe::queuedSink() where an event loop writes.
#pragma once

#include <sallyport/base/result.h>
#include <sallyport/observe/sinks.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace sallyport::relay {

struct RotatingFile
{
    std::string path;
    uint64_t limit = 16 * 1024 * 1024;
    unsigned keep = 4;
    // Called by the writing thread, with a sentence when writing begins to fail, and with an empty
    // one when it works again.
    std::function<void(const std::string& sentence)> onTrouble = {};
    // Makes the line that says how many could not be written, once it works again.
    observe::DroppedLine lostLine = {};
};

// The error is a sentence that names the file.
Result<std::shared_ptr<observe::Sink>, std::string> openRotatingFile(RotatingFile file);

} // namespace sallyport::relay
