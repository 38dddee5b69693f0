#include "head_text.h"

#include "redactor.h"
#include "text.h"

namespace sallyport::inspect {

namespace {

std::string_view takeLine(std::string_view& text)
{
    const size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

// False at the end.
bool nextField(std::string_view& text, std::string_view& name, std::string_view& value)
{
    while (!text.empty()) {
        const std::string_view line = takeLine(text);
        const size_t colon = line.find(':');
        if (colon == std::string_view::npos)
            continue;
        name = line.substr(0, colon);
        value = trimmed(line.substr(colon + 1));
        return true;
    }
    return false;
}

std::string_view behindStartLine(std::string_view head)
{
    if (startLine(head).empty()) // the empty line that may come before a request
        takeLine(head);
    takeLine(head);
    return head;
}

} // namespace

std::string_view startLine(std::string_view head)
{
    std::string_view line = takeLine(head);
    return line.empty() && !head.empty() ? takeLine(head) : line;
}

std::vector<HeaderLine> trailerLines(std::string_view lines, const Redaction& redaction)
{
    std::vector<HeaderLine> result;
    std::string_view name, value;
    while (nextField(lines, name, value))
        result.push_back({std::string(name), std::string(value), redaction.hidesHeader(name)});
    return result;
}

std::vector<HeaderLine> headerLines(std::string_view head, const Redaction& redaction)
{
    return trailerLines(behindStartLine(head), redaction);
}

std::string_view headerValue(std::string_view head, std::string_view wanted)
{
    std::string_view rest = behindStartLine(head);
    std::string_view name, value;
    while (nextField(rest, name, value))
        if (equalAnyCase(name, wanted))
            return value;
    return {};
}

std::string_view headerValue(const std::vector<HeaderLine>& headers, std::string_view wanted)
{
    for (const HeaderLine& line : headers)
        if (equalAnyCase(line.name, wanted))
            return line.value;
    return {};
}

std::string withoutSecrets(std::string_view head, const Redaction& redaction)
{
    std::string result;
    // Trailers begin with a field; a start line has a blank before any colon.
    while (!head.empty()) {
        const std::string_view line = takeLine(head);
        const size_t colon = line.find(':');
        const bool isField = colon != std::string_view::npos &&
                             line.substr(0, colon).find(' ') == std::string_view::npos;
        if (isField && redaction.hidesHeader(line.substr(0, colon)))
            result.append(line.substr(0, colon)).append(": ");
        else
            result.append(redactedQuery(line, redaction));
        result.append("\r\n");
    }
    return result;
}

} // namespace sallyport::inspect
