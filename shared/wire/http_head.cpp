#include <sallyport/wire/http_head.h>

#include <algorithm>
#include <utility>

namespace sallyport::wire {

namespace {

constexpr std::string_view HeadEnd = "\r\n\r\n";

bool isTokenCharacter(char c)
{
    const bool alphanumeric =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return alphanumeric || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool isToken(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), isTokenCharacter);
}

// Visible characters, blanks, tabs and bytes above ASCII (RFC 9110, section 5.5).
bool isFieldText(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) {
        const auto u = static_cast<unsigned char>(c);
        return u == '\t' || (u >= 0x20 && u != 0x7f);
    });
}

bool isVisibleText(std::string_view text)
{
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

std::string_view trim(std::string_view text)
{
    const size_t from = text.find_first_not_of(" \t");
    if (from == std::string_view::npos)
        return {};
    return text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

// Takes the first line off, without its CRLF. The text ends with one.
std::string_view takeLine(std::string_view& text)
{
    const size_t end = text.find("\r\n");
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(text.size(), line.size() + 2));
    return line;
}

Result<std::vector<HandshakeHeader>, HeadError> parseHeaders(std::string_view text)
{
    std::vector<HandshakeHeader> headers;
    while (!text.empty()) {
        const std::string_view line = takeLine(text);
        if (line.empty()) {
            if (!text.empty())
                return Failure(HeadError::BadLine);
            return headers;
        }
        const size_t colon = line.find(':');
        if (colon == std::string_view::npos || !isToken(line.substr(0, colon)) ||
            !isFieldText(line.substr(colon + 1)))
            return Failure(HeadError::BadLine);
        if (headers.size() == MaxHandshakeHeaders)
            return Failure(HeadError::TooManyHeaders);
        headers.push_back({line.substr(0, colon), trim(line.substr(colon + 1))});
    }
    return Failure(HeadError::BadLine); // no empty line
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

} // namespace

Result<size_t, HeadError> HeadReader::feed(ByteView bytes)
{
    if (m_done)
        return size_t(0);
    const size_t before = m_text.size();
    m_text.append(asText(bytes.first(std::min(bytes.size(), MaxHandshakeHead - before))));
    // The empty line may have begun in what came before.
    const size_t end = m_text.find(HeadEnd, before < 3 ? 0 : before - 3);
    if (end != std::string::npos) {
        m_text.resize(end + HeadEnd.size());
        m_done = true;
        return m_text.size() - before;
    }
    if (m_text.size() == MaxHandshakeHead)
        return Failure(HeadError::TooLong);
    return bytes.size();
}

Result<RequestHead, HeadError> parseRequestHead(std::string_view text)
{
    std::string_view line = takeLine(text);
    constexpr std::string_view Version = " HTTP/1.1";
    const size_t blank = line.find(' ');
    if (!line.ends_with(Version) || blank + Version.size() >= line.size())
        return Failure(HeadError::BadLine);
    line.remove_suffix(Version.size());
    RequestHead head;
    head.method = line.substr(0, blank);
    head.target = line.substr(blank + 1);
    if (!isToken(head.method) || !isVisibleText(head.target))
        return Failure(HeadError::BadLine);
    auto headers = parseHeaders(text);
    if (!headers)
        return Failure(headers.error());
    head.headers = std::move(*headers);
    return head;
}

Result<ResponseHead, HeadError> parseResponseHead(std::string_view text)
{
    const std::string_view line = takeLine(text);
    constexpr size_t CodeAt = 9, ReasonAt = 13; // "HTTP/1.1 200 OK"
    if ((!line.starts_with("HTTP/1.1 ") && !line.starts_with("HTTP/1.0 ")) ||
        line.size() < CodeAt + 3)
        return Failure(HeadError::BadLine);
    const std::string_view code = line.substr(CodeAt, 3);
    if (code[0] < '1' || code[0] > '5' || !isDigit(code[1]) || !isDigit(code[2]))
        return Failure(HeadError::BadLine);
    if (line.size() > CodeAt + 3 && line[CodeAt + 3] != ' ')
        return Failure(HeadError::BadLine);
    ResponseHead head;
    head.status = (code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0');
    head.reason = line.size() > ReasonAt ? line.substr(ReasonAt) : std::string_view();
    if (!isFieldText(head.reason))
        return Failure(HeadError::BadLine);
    auto headers = parseHeaders(text);
    if (!headers)
        return Failure(headers.error());
    head.headers = std::move(*headers);
    return head;
}

std::optional<std::string_view> onlyHeader(const std::vector<HandshakeHeader>& headers,
                                           std::string_view name)
{
    std::optional<std::string_view> found;
    for (const HandshakeHeader& header : headers) {
        if (!equalsIgnoringCase(header.name, name))
            continue;
        if (found)
            return std::nullopt;
        found = header.value;
    }
    return found;
}

bool hasToken(const std::vector<HandshakeHeader>& headers, std::string_view name,
              std::string_view token)
{
    for (const HandshakeHeader& header : headers) {
        if (!equalsIgnoringCase(header.name, name))
            continue;
        for (std::string_view list = header.value;;) {
            const size_t comma = list.find(',');
            if (equalsIgnoringCase(trim(list.substr(0, comma)), token))
                return true;
            if (comma == std::string_view::npos)
                break;
            list.remove_prefix(comma + 1);
        }
    }
    return false;
}

bool equalsIgnoringCase(std::string_view a, std::string_view b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view describe(HeadError error)
{
    switch (error) {
    case HeadError::TooLong:
        return "an HTTP head over 8 KiB";
    case HeadError::TooManyHeaders:
        return "an HTTP head with over 100 headers";
    case HeadError::BadLine:
        return "an HTTP head that is not well formed";
    }
    return {};
}

} // namespace sallyport::wire
