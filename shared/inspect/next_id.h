// The next id of a history, in a file of its own: it outlives a database that is damaged. Ids are
// reserved many at a time; a program that is killed leaves a gap.
//
// Threads: the writer's.
#pragma once

#include <sallyport/inspect/record.h>

#include <string>

namespace sallyport::inspect {

class NextId
{
public:
    static constexpr RecordId ReservedAtOnce = 10'000;

    // Goes on at what stands there, and not below `least`.
    void open(const std::string& file, RecordId least);
    RecordId take();
    RecordId next() const { return m_next; }
    // Gives back what was reserved.
    void close();

private:
    void write(RecordId next);

    std::string m_file;
    RecordId m_next = 1;
    RecordId m_reserved = 1;
};

} // namespace sallyport::inspect
