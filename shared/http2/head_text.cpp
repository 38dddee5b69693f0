#include <sallyport/http/field.h>
#include <sallyport/http2/head_text.h>

#include <algorithm>

namespace sallyport::http2 {

using http::FieldId;

namespace {

bool isNameChar(char c)
{
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || others.find(c) != others.npos;
}

// RFC 9113 section 8.2.1, and nothing that a line of text could not hold.
bool isFieldValue(std::string_view value)
{
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    if (value.empty())
        return true;
    if (blank(value.front()) || blank(value.back()))
        return false;
    return std::all_of(value.begin(), value.end(), [](char c) {
        const auto u = static_cast<unsigned char>(c);
        return (u >= 0x20 && u != 0x7f) || c == '\t';
    });
}

// What a start line is made of: no blanks.
bool isWord(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        const auto u = static_cast<unsigned char>(c);
        return u > 0x20 && u < 0x7f;
    });
}

bool sameNoCase(std::string_view a, std::string_view b)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

void putLine(std::string& out, std::string_view name, std::string_view value)
{
    out.append(name).append(": ").append(value).append("\r\n");
}

} // namespace

HeadText::HeadText(Kind kind, size_t maxBytes, size_t maxFields)
    : m_kind(kind), m_maxBytes(maxBytes), m_maxFields(maxFields)
{}

void HeadText::fail(HeadFault fault)
{
    if (m_fault == HeadFault::None)
        m_fault = fault;
    m_fields = m_cookie = std::string();
}

void HeadText::add(std::string_view name, std::string_view value)
{
    m_bytes += name.size() + value.size();
    ++m_count;
    if (m_fault != HeadFault::None)
        return;
    if (m_bytes > m_maxBytes)
        return fail(HeadFault::TooLarge);
    if (m_count > m_maxFields)
        return fail(HeadFault::TooManyFields);
    if (name.starts_with(':'))
        return addPseudo(name, value);
    m_inFields = true;
    if (name.empty() || !std::all_of(name.begin(), name.end(), isNameChar) || !isFieldValue(value))
        return fail(HeadFault::Malformed);
    addField(name, value);
}

void HeadText::addPseudo(std::string_view name, std::string_view value)
{
    std::string* slot = nullptr;
    if (m_kind == Kind::Request) {
        slot = name == ":method"      ? &m_method
               : name == ":scheme"    ? &m_scheme
               : name == ":authority" ? &m_authority
               : name == ":path"      ? &m_path
               : name == ":protocol"  ? &m_protocol
                                      : nullptr;
    } else if (m_kind == Kind::Answer && name == ":status") {
        slot = &m_status;
    }
    if (!slot || !slot->empty() || m_inFields || !isWord(value))
        return fail(HeadFault::Malformed);
    *slot = value;
    if (slot == &m_authority)
        m_hasAuthority = true;
}

void HeadText::addField(std::string_view name, std::string_view value)
{
    switch (http::identifyField(name)) {
    case FieldId::Connection:
    case FieldId::KeepAlive:
    case FieldId::ProxyConnection:
    case FieldId::TransferEncoding:
    case FieldId::Upgrade:
        return fail(HeadFault::Malformed);
    case FieldId::Te:
        if (m_kind != Kind::Request || !sameNoCase(value, "trailers"))
            return fail(HeadFault::Malformed);
        break;
    case FieldId::Host:
        if (m_kind != Kind::Request)
            break;
        if (m_hasHost)
            return fail(HeadFault::Malformed);
        m_hasHost = true;
        m_host = value;
        return;
    case FieldId::ContentLength:
        m_hasLength = true;
        break;
    default:
        break;
    }
    if (name == "cookie" && m_kind == Kind::Request) {
        m_cookie.append(m_cookie.empty() ? "" : "; ").append(value);
        return;
    }
    // RFC 8441 section 5.1 has no use for it; the upstream gets one of ours.
    if (!m_protocol.empty() && name == "sec-websocket-key")
        return;
    // Dropped rather than refused: what a trailer may not hold is of no consequence as a trailer.
    if (m_kind == Kind::Trailers && http::isForbiddenTrailer(name))
        return;
    putLine(m_fields, name, value);
}

HeadFault HeadText::finish(bool ended)
{
    if (m_fault != HeadFault::None)
        return m_fault;
    switch (m_kind) {
    case Kind::Request:
        return m_fault = finishRequest(ended);
    case Kind::Answer:
        return m_fault = finishAnswer(ended);
    case Kind::Trailers:
        m_text = std::move(m_fields);
        break;
    }
    return HeadFault::None;
}

// Nothing but a path: an absolute form here would override the authority.
bool HeadText::pathFits() const
{
    return m_path.starts_with('/') || (m_path == "*" && m_method == "OPTIONS");
}

// RFC 9113 section 8.3.1; RFC 8441 section 4.
HeadFault HeadText::finishRequest(bool ended)
{
    if (m_method.empty())
        return HeadFault::Malformed;
    const bool connect = m_method == "CONNECT";
    if (connect && m_protocol.empty()) {
        if (!m_hasAuthority || !m_path.empty() || !m_scheme.empty())
            return HeadFault::Malformed;
    } else {
        if (!pathFits() || (m_scheme != "http" && m_scheme != "https"))
            return HeadFault::Malformed;
        if (!m_protocol.empty() && !connect)
            return HeadFault::Malformed;
    }
    if (m_hasAuthority && m_hasHost && !sameNoCase(m_authority, m_host))
        return HeadFault::Malformed;
    if (!m_hasAuthority && !m_hasHost)
        return HeadFault::Malformed;
    if (!m_protocol.empty() && m_protocol != "websocket")
        return HeadFault::UnsupportedProtocol;
    m_webSocket = !m_protocol.empty();
    if (m_webSocket && m_hasLength)
        return HeadFault::Malformed;

    m_text.reserve(m_bytes + 4 * m_count + 128);
    m_text.append(m_webSocket ? "GET" : m_method).append(" ");
    m_text.append(connect && !m_webSocket ? m_authority : m_path).append(" HTTP/1.1\r\n");
    putLine(m_text, "host", m_hasAuthority ? m_authority : m_host);
    m_text.append(m_fields);
    if (!m_cookie.empty())
        putLine(m_text, "cookie", m_cookie);
    if (m_webSocket)
        m_text.append("connection: upgrade\r\nupgrade: websocket\r\n");
    else if (!ended && !m_hasLength)
        m_text.append("transfer-encoding: chunked\r\n");
    m_text.append("\r\n");
    return HeadFault::None;
}

HeadFault HeadText::finishAnswer(bool ended)
{
    const bool digits =
        m_status.size() == 3 &&
        std::all_of(m_status.begin(), m_status.end(), [](char c) { return c >= '0' && c <= '9'; });
    // 101 does not exist in HTTP/2 (section 8.6).
    if (!digits || m_status == "101")
        return HeadFault::Malformed;
    m_text.reserve(m_bytes + 4 * m_count + 64);
    m_text.append("HTTP/1.1 ").append(m_status).append(" \r\n").append(m_fields);
    const bool bodiless = m_noBody || interim() || m_status == "204" || m_status == "304";
    if (!m_hasLength && !bodiless)
        m_text.append(ended ? "content-length: 0\r\n" : "transfer-encoding: chunked\r\n");
    m_text.append("\r\n");
    return HeadFault::None;
}

void addField(std::string& head, std::string_view name, std::string_view value)
{
    head.resize(head.size() - 2);
    putLine(head, name, value);
    head.append("\r\n");
}

} // namespace sallyport::http2
