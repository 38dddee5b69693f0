// Bodies too long for the database, a file each, in a folder with mode 0700. A plain keeper of
// files: who owns the budget says what goes.
//
// Threads: the writer's.
#pragma once

#include <sallyport/inspect/record.h>

#include <functional>
#include <string>
#include <string_view>

namespace sallyport::inspect {

class BodyFiles
{
public:
    // False: the folder can't be made.
    bool open(const std::string& folder);

    // False: the piece is not kept, what was there before is.
    bool append(RecordId id, Side side, std::string_view bytes);
    // Tried by writing a quarter of a MiB.
    bool hasRoom() const;
    // At most `limit` bytes.
    std::string read(RecordId id, Side side, uint64_t limit) const;
    void remove(RecordId id);
    void remove(RecordId id, Side side);
    void removeAll();
    // Those left over from a process that broke off.
    void removeUnless(const std::function<bool(RecordId)>& known);

private:
    std::string path(RecordId id, Side side) const;
    std::string m_folder;
};

} // namespace sallyport::inspect
