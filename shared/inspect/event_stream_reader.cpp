#include "event_stream_reader.h"

#include <algorithm>
#include <utility>

namespace sallyport::inspect {

void EventStreamReader::read(std::string_view bytes, std::vector<Message>& found)
{
    for (const char c : bytes) {
        const bool lineFeedOfCr = c == '\n' && m_afterCr;
        m_afterCr = c == '\r';
        if (lineFeedOfCr)
            continue;
        if (c == '\n' || c == '\r')
            endLine(found);
        else if (m_line.size() < DataLimit)
            m_line.push_back(c);
    }
}

void EventStreamReader::endLine(std::vector<Message>& found)
{
    const std::string line = std::exchange(m_line, {});
    if (line.empty()) {
        Message event = std::exchange(m_event, {});
        if (!std::exchange(m_hasData, false))
            return;
        event.direction = Message::Direction::ToVisitor;
        event.kind = Message::Kind::Event;
        found.push_back(std::move(event));
        return;
    }
    const size_t colon = std::min(line.find(':'), line.size());
    const std::string_view name = std::string_view(line).substr(0, colon);
    std::string_view value = std::string_view(line).substr(std::min(colon + 1, line.size()));
    if (value.starts_with(' '))
        value.remove_prefix(1);
    if (name == "event") {
        m_event.event = value.substr(0, 256);
    } else if (name == "data") {
        if (std::exchange(m_hasData, true)) {
            m_event.data.push_back('\n');
            ++m_event.size;
        }
        m_event.size += value.size();
        m_event.data.append(value.substr(0, DataLimit - std::min(DataLimit, m_event.data.size())));
    }
}

} // namespace sallyport::inspect
