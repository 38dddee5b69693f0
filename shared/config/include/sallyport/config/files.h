// Small files read whole, within a limit, and written so that a reader never sees half of one.
#pragma once

#include <sallyport/base/result.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace sallyport::config {

constexpr size_t MaxFileSize = 1024 * 1024;

enum class FileError {
    Missing,
    NotAllowed, // the file or a folder above it may not be read or written
    TooLarge,
    NotAFile, // a folder, a device, a socket
    NoRoom,   // a full disk or a quota
    ReadOnly, // the file system
    Failed,   // anything else the system says: an I/O error
};

// "does not exist", "is larger than 1 MiB", ...: the second half of a sentence about the file.
std::string toText(FileError error);

struct FileText
{
    std::string text;
    unsigned mode = 0; // permission bits, 0 where the system has none
    bool mine = false; // owned by this process's user
};

Result<FileText, FileError> readFile(const std::string& path, size_t limit = MaxFileSize);

// Writes a temporary file beside `path` (readable by its owner alone), syncs it, renames it over
// `path`, and syncs the folder. A symbolic link is followed: its target is replaced. A file that
// was there keeps its permission bits, less those that `mode` does not allow.
Result<void, FileError> writeFileAtomically(const std::string& path, std::string_view text,
                                            unsigned mode = 0600);

// Makes the folder and those above it with the given mode. Fine when it exists.
Result<void, FileError> makeFolder(const std::string& path, unsigned mode = 0700);

} // namespace sallyport::config
