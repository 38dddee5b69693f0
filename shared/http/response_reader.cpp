#include "meaning.h"
#include "syntax.h"

#include <sallyport/http/head_reader.h>

#include <cassert>

namespace sallyport::http {

// RFC 9112 section 4. The space before an empty reason is often left out, and nothing hangs on it.
static HeadError readStatusLine(std::string_view line, ResponseHead& head)
{
    if (line.size() < 9 || !line.starts_with("HTTP/") || !isDigit(line[5]) || line[6] != '.' ||
        !isDigit(line[7]) || line[8] != ' ')
        return HeadError::InvalidStatusLine;
    if (line[5] != '1' || line[7] > '1')
        return HeadError::UnsupportedVersion;
    head.version = line[7] == '1' ? Version::Http11 : Version::Http10;
    const std::string_view code = line.substr(9, 3);
    if (code.size() != 3 || !std::all_of(code.begin(), code.end(), isDigit) || code[0] == '0')
        return HeadError::InvalidStatusLine;
    head.status =
        static_cast<unsigned>((code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0'));
    line.remove_prefix(12);
    if (!line.empty() && line.front() != ' ')
        return HeadError::InvalidStatusLine;
    head.reason = line.empty() ? line : line.substr(1);
    return HeadError::None;
}

ReadStatus ResponseReader::readAll(std::string_view bytes, ResponseHead& head)
{
    if (m_line == 0) {
        const Line line = nextLine(bytes, m_limits.head, HeadError::HeadTooLarge);
        if (line.status != ReadStatus::Complete)
            return line.status;
        const HeadError error = readStatusLine(line.text, head);
        if (error != HeadError::None)
            return fail(error);
    }
    return readFields(bytes, head);
}

ReadStatus ResponseReader::read(ByteView received, const ResponseContext& context,
                                ResponseHead& head)
{
    if (m_error != HeadError::None)
        return ReadStatus::Error;
    const bool whole = m_line == 0;
    head.fields.clear();
    head.present = {};
    ReadStatus status = readAll(asText(received), head);
    if (status == ReadStatus::Complete && !whole) {
        reset();
        head.fields.clear();
        head.present = {};
        status = readAll(asText(received), head);
        assert(status == ReadStatus::Complete);
    }
    if (status != ReadStatus::Complete)
        return status;
    const HeadError error = understandResponse(context, head);
    return error == HeadError::None ? ReadStatus::Complete : fail(error);
}

} // namespace sallyport::http
