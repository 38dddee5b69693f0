#include "meaning.h"
#include "syntax.h"

#include <sallyport/http/head_reader.h>

#include <cassert>

namespace sallyport::http {

static Method identifyMethod(std::string_view name)
{
    switch (name.size()) {
    case 3:
        return name == "GET" ? Method::Get : name == "PUT" ? Method::Put : Method::Other;
    case 4:
        return name == "POST" ? Method::Post : name == "HEAD" ? Method::Head : Method::Other;
    case 5:
        return name == "PATCH" ? Method::Patch : name == "TRACE" ? Method::Trace : Method::Other;
    case 6:
        return name == "DELETE" ? Method::Delete : Method::Other;
    case 7:
        return name == "OPTIONS"   ? Method::Options
               : name == "CONNECT" ? Method::Connect
                                   : Method::Other;
    default:
        return Method::Other;
    }
}

// Printable ASCII but for the fragment, which is never sent. Browsers do send some characters raw
// that RFC 3986 wants encoded (such as | in a query), and no two readers differ on them.
static bool isTargetChar(char c)
{
    return c > ' ' && c < 0x7f && c != '#';
}

// RFC 9112 section 3, with exactly one space between the parts.
static HeadError readRequestLine(std::string_view line, const HeadLimits& limits, RequestHead& head)
{
    size_t methodSize = 0;
    while (methodSize < line.size() && isTokenChar(line[methodSize]))
        ++methodSize;
    if (methodSize > limits.method)
        return HeadError::MethodTooLong;
    if (methodSize == line.size())
        return HeadError::InvalidRequestLine;
    if (methodSize == 0 || line[methodSize] != ' ')
        return HeadError::InvalidMethod;
    head.methodName = line.substr(0, methodSize);
    head.method = identifyMethod(head.methodName);
    line.remove_prefix(methodSize + 1);

    const size_t targetSize = line.find(' ');
    if (targetSize == line.npos)
        return line.size() > limits.target ? HeadError::TargetTooLong
                                           : HeadError::InvalidRequestLine;
    if (targetSize > limits.target)
        return HeadError::TargetTooLong;
    head.target = line.substr(0, targetSize);
    if (head.target.empty() || !std::all_of(head.target.begin(), head.target.end(), isTargetChar))
        return HeadError::InvalidTarget;

    const std::string_view version = line.substr(targetSize + 1);
    if (version.size() != 8 || !version.starts_with("HTTP/") || !isDigit(version[5]) ||
        version[6] != '.' || !isDigit(version[7]))
        return HeadError::InvalidRequestLine;
    if (version[5] != '1' || version[7] > '1')
        return HeadError::UnsupportedVersion;
    head.version = version[7] == '1' ? Version::Http11 : Version::Http10;
    return HeadError::None;
}

void RequestReader::skipEmptyLine(std::string_view bytes)
{
    if (m_seen == 0 && bytes.starts_with("\r\n"))
        m_start = m_line = m_seen = 2;
}

ReadStatus RequestReader::readAll(std::string_view bytes, RequestHead& head)
{
    if (m_line == m_start) {
        skipEmptyLine(bytes);
        const size_t lineLimit =
            m_limits.method + m_limits.target + std::string_view("  HTTP/1.1").size();
        const std::string_view begin = bytes.substr(m_line, m_limits.method + 1);
        const bool hasMethod = begin.find(' ') != begin.npos;
        const Line line = nextLine(bytes, lineLimit,
                                   hasMethod ? HeadError::TargetTooLong : HeadError::MethodTooLong);
        if (line.status != ReadStatus::Complete)
            return line.status;
        if (line.text.empty())
            return fail(HeadError::InvalidRequestLine);
        const HeadError error = readRequestLine(line.text, m_limits, head);
        if (error != HeadError::None)
            return fail(error);
    }
    return readFields(bytes, head);
}

ReadStatus RequestReader::read(ByteView received, RequestHead& head)
{
    if (m_error != HeadError::None)
        return ReadStatus::Error;
    const bool whole = m_line == m_start;
    head.fields.clear();
    head.present = {};
    ReadStatus status = readAll(asText(received), head);
    if (status == ReadStatus::Complete && !whole) {
        // The lines of earlier calls are not in the head: read once more, now that all is there.
        reset();
        head.fields.clear();
        head.present = {};
        status = readAll(asText(received), head);
        assert(status == ReadStatus::Complete);
    }
    if (status != ReadStatus::Complete)
        return status;
    const HeadError error = understandRequest(head);
    return error == HeadError::None ? ReadStatus::Complete : fail(error);
}

} // namespace sallyport::http
