// Reads server-sent events (the WHATWG HTML standard, section 9.2) out of the body of an answer.
// Bytes in, messages out. Holds one event, of which the data is cut.
#pragma once

#include <sallyport/inspect/record.h>

#include <string>
#include <string_view>
#include <vector>

namespace sallyport::inspect {

class EventStreamReader
{
public:
    static constexpr size_t DataLimit = 64 * 1024;

    // Appends the events that ended within these bytes; their times are the caller's to set.
    void read(std::string_view bytes, std::vector<Message>& found);

private:
    void endLine(std::vector<Message>& found);

    std::string m_line;
    bool m_afterCr = false;
    bool m_hasData = false;
    Message m_event;
};

} // namespace sallyport::inspect
