#include "syntax.h"

#include <sallyport/http/head_reader.h>

namespace sallyport::http {

void HeadReader::reset()
{
    m_start = m_line = m_seen = m_fields = 0;
    m_error = HeadError::None;
}

ReadStatus HeadReader::fail(HeadError error)
{
    m_error = error;
    return ReadStatus::Error;
}

// Whether a byte is allowed at all is decided here, before a line's own grammar, in the order of
// the bytes: that makes the outcome independent of how they were cut.
HeadReader::Line HeadReader::nextLine(std::string_view bytes, size_t lineLimit, HeadError tooLong)
{
    const size_t end = std::min(bytes.size(), m_limits.head);
    const size_t longest = std::min(end - m_line, lineLimit);
    const size_t searchEnd = std::min(end, m_line + longest + 1);
    const size_t at = m_seen + findControl(bytes.substr(m_seen, searchEnd - m_seen));
    m_seen = static_cast<uint32_t>(at);
    if (at == searchEnd && at > m_line + lineLimit)
        return {fail(tooLong), {}};
    if (at == end || (bytes[at] == '\r' && at + 1 == end)) {
        if (end == m_limits.head)
            return {fail(HeadError::HeadTooLarge), {}};
        return {ReadStatus::NeedMore, {}};
    }
    switch (bytes[at]) {
    case '\r':
        break;
    case '\n':
        return {fail(HeadError::BareLf), {}};
    case '\0':
        return {fail(HeadError::NulByte), {}};
    default:
        return {fail(HeadError::ControlCharacter), {}};
    }
    if (bytes[at + 1] != '\n')
        return {fail(HeadError::BareCr), {}};
    const std::string_view text = bytes.substr(m_line, at - m_line);
    m_line = m_seen = static_cast<uint32_t>(at + 2);
    return {ReadStatus::Complete, text};
}

// RFC 9112 section 5. `line` is not empty and free of control characters.
static HeadError readField(std::string_view line, Field& field)
{
    size_t colon = 0;
    while (colon < line.size() && isTokenChar(line[colon]))
        ++colon;
    if (colon == line.size())
        return HeadError::MissingColon;
    if (line[colon] != ':') {
        if (!isBlank(line[colon]))
            return HeadError::InvalidFieldName;
        return colon == 0 ? HeadError::ObsoleteFold : HeadError::SpaceBeforeColon;
    }
    if (colon == 0)
        return HeadError::InvalidFieldName;
    field.name = line.substr(0, colon);
    field.value = trimBlanks(line.substr(colon + 1));
    field.lineSize = static_cast<uint32_t>(line.size() + 2);
    field.id = identifyField(field.name);
    return HeadError::None;
}

ReadStatus HeadReader::readFields(std::string_view bytes, MessageHead& head)
{
    while (true) {
        const Line line = nextLine(bytes, m_limits.head, HeadError::HeadTooLarge);
        if (line.status != ReadStatus::Complete)
            return line.status;
        if (line.text.empty()) {
            head.size = m_line;
            return ReadStatus::Complete;
        }
        if (++m_fields > m_limits.fields)
            return fail(HeadError::TooManyFields);
        Field& field = head.fields.emplace_back();
        if (const HeadError error = readField(line.text, field); error != HeadError::None)
            return fail(error);
        head.present.add(field.id);
    }
}

} // namespace sallyport::http
