#include "field_list.h"

#include <algorithm>

namespace sallyport::http2 {

using http::FieldId;
using http::FieldSet;

namespace {

char toLower(char c)
{
    return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c;
}

bool sameNoCase(std::string_view a, std::string_view b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return toLower(x) == toLower(y); });
}

// Section 8.2.2.
constexpr FieldSet ConnectionFields(FieldId::Connection, FieldId::KeepAlive,
                                    FieldId::ProxyConnection, FieldId::TransferEncoding,
                                    FieldId::Upgrade, FieldId::Te);

bool connectionNames(const http::MessageHead& head, std::string_view name)
{
    for (const http::Field& field : head.fields) {
        if (field.id != FieldId::Connection)
            continue;
        std::string_view rest = field.value;
        while (!rest.empty()) {
            const size_t comma = std::min(rest.find(','), rest.size());
            std::string_view option = rest.substr(0, comma);
            rest.remove_prefix(std::min(comma + 1, rest.size()));
            while (option.starts_with(' ') || option.starts_with('\t'))
                option.remove_prefix(1);
            while (option.ends_with(' ') || option.ends_with('\t'))
                option.remove_suffix(1);
            if (sameNoCase(option, name))
                return true;
        }
    }
    return false;
}

// Not to be kept in the compression's table (RFC 7541 section 7.1.3).
bool isSecret(std::string_view name)
{
    return name == "authorization" || name == "cookie" || name == "set-cookie" ||
           name == "proxy-authorization";
}

} // namespace

void FieldList::add(std::string_view name, std::string_view value)
{
    m_fields.push_back({m_text.size(), name.size(), value.size()});
    for (char c : name)
        m_text.push_back(toLower(c));
    m_text.append(value);
}

void FieldList::addFieldsOf(const http::MessageHead& head, FieldSet dropped)
{
    for (const http::Field& field : head.fields) {
        if (FieldSet(field.id).intersects(dropped))
            continue;
        if (field.id == FieldId::Other && head.connectionNamesFields &&
            connectionNames(head, field.name))
            continue;
        if (sameNoCase(field.name, "http2-settings"))
            continue;
        // RFC 8441 section 5.1
        if (head.upgrade && sameNoCase(field.name, "sec-websocket-accept"))
            continue;
        if (field.id == FieldId::ContentLength) {
            std::string_view digits = field.value;
            while (digits.size() > 1 && digits.front() == '0')
                digits.remove_prefix(1);
            add("content-length", digits);
        } else {
            add(field.name, field.value);
        }
    }
}

FieldList FieldList::answer(const http::ResponseHead& head, bool own)
{
    FieldList list;
    list.m_text.reserve(512);
    list.m_fields.reserve(head.fields.size() + 1);
    // RFC 8441 section 5: the answer that HTTP/1.1 gives by 101.
    list.add(":status", head.status == 101 ? "200" : std::to_string(head.status));
    FieldSet dropped = ConnectionFields;
    if (!own)
        dropped.add(FieldId::SallyportError);
    if (head.status < 200 || head.status == 204)
        dropped.add(FieldId::ContentLength);
    list.addFieldsOf(head, dropped);
    return list;
}

FieldList FieldList::request(const http::RequestHead& head)
{
    FieldList list;
    list.m_text.reserve(512);
    list.m_fields.reserve(head.fields.size() + 5);
    list.add(":method", head.methodName);
    list.add(":scheme", "http");
    list.add(":authority", head.authority);
    list.add(":path", head.path);
    FieldSet dropped = ConnectionFields;
    dropped.add(FieldId::Host);
    list.addFieldsOf(head, dropped);
    if (head.acceptsTrailers)
        list.add("te", "trailers");
    return list;
}

FieldList FieldList::trailers(std::string_view lines)
{
    FieldList list;
    while (!lines.empty()) {
        const size_t end = std::min(lines.find("\r\n"), lines.size());
        const std::string_view line = lines.substr(0, end);
        lines.remove_prefix(std::min(end + 2, lines.size()));
        const size_t colon = line.find(':');
        if (colon == line.npos)
            continue;
        std::string_view value = line.substr(colon + 1);
        while (value.starts_with(' ') || value.starts_with('\t'))
            value.remove_prefix(1);
        while (value.ends_with(' ') || value.ends_with('\t'))
            value.remove_suffix(1);
        list.add(line.substr(0, colon), value);
    }
    return list;
}

std::vector<nghttp2_nv> FieldList::view() const
{
    std::vector<nghttp2_nv> fields;
    fields.reserve(m_fields.size());
    // The library copies; its interface just lacks the const.
    auto* text = reinterpret_cast<uint8_t*>(const_cast<char*>(m_text.data()));
    for (const Place& place : m_fields) {
        const std::string_view name(m_text.data() + place.at, place.nameSize);
        const uint8_t flags = isSecret(name) ? NGHTTP2_NV_FLAG_NO_INDEX : NGHTTP2_NV_FLAG_NONE;
        fields.push_back({text + place.at, text + place.at + place.nameSize, place.nameSize,
                          place.valueSize, flags});
    }
    return fields;
}

} // namespace sallyport::http2
