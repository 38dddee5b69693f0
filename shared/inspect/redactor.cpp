#include "redactor.h"

#include "text.h"

#include <algorithm>

namespace sallyport::inspect {

namespace {

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// A name without its escapes, as far as ASCII goes.
std::string unescaped(std::string_view text)
{
    std::string result;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 >= text.size()) {
            result.push_back(text[i]);
            continue;
        }
        const char c = text[++i];
        if (c == 'u' && i + 4 < text.size() && text.substr(i + 1, 2) == "00") {
            result += percentDecoded("%" + std::string(text.substr(i + 3, 2)), false);
            i += 4;
        } else {
            result.push_back(c);
        }
    }
    return result;
}

} // namespace

std::string JsonRedactor::feed(std::string_view bytes)
{
    std::string out;
    out.reserve(bytes.size());
    for (const char c : bytes)
        take(c, out);
    return out;
}

void JsonRedactor::take(char c, std::string& out)
{
    switch (m_state) {
    case State::Outside:
    case State::AfterString:
        return outside(c, out);
    case State::String:
        out.push_back(c);
        if (m_escape || c != '"') {
            if (m_name.size() < NameLimit)
                m_name.push_back(c);
            m_escape = !m_escape && c == '\\';
            return;
        }
        m_state = State::AfterString;
        return;
    case State::BeforeValue:
        if (isBlank(c))
            out.push_back(c);
        else
            beginSkip(c, out);
        return;
    case State::SkipString:
        keep(c);
        if (!m_escape && c == '"')
            m_state = State::Outside;
        m_escape = !m_escape && c == '\\';
        return;
    case State::SkipScalar:
        if (c != ',' && c != '}' && c != ']' && !isBlank(c))
            return keep(c);
        m_state = State::Outside;
        out.push_back(c);
        return;
    case State::SkipNested:
        return skipNested(c);
    }
}

void JsonRedactor::outside(char c, std::string& out)
{
    out.push_back(c);
    if (c == '"') {
        m_name.clear();
        m_escape = false;
        m_state = State::String;
    } else if (m_state == State::AfterString && c == ':') {
        m_state = m_redaction.hidesField(unescaped(m_name)) ? State::BeforeValue : State::Outside;
    } else if (m_state == State::AfterString && !isBlank(c)) {
        m_state = State::Outside;
    }
}

void JsonRedactor::beginSkip(char c, std::string& out)
{
    if (m_hidden != nullptr)
        m_hidden->push_back({unescaped(m_name), {}, out.size()});
    out.append(StandIn);
    m_escape = m_inString = false;
    if (c == ',' || c == '}' || c == ']') { // no value at all
        m_state = State::Outside;
        out.push_back(c);
        return;
    }
    keep(c);
    if (c == '"') {
        m_state = State::SkipString;
    } else if (c == '{' || c == '[') {
        m_state = State::SkipNested;
        m_depth = 1;
    } else {
        m_state = State::SkipScalar;
    }
}

void JsonRedactor::keep(char c)
{
    if (m_hidden != nullptr)
        m_hidden->back().value.push_back(c);
}

void JsonRedactor::skipNested(char c)
{
    keep(c);
    if (m_inString) {
        if (!m_escape && c == '"')
            m_inString = false;
        m_escape = !m_escape && c == '\\';
        return;
    }
    if (c == '"')
        m_inString = true;
    else if (c == '{' || c == '[')
        ++m_depth;
    else if ((c == '}' || c == ']') && --m_depth == 0)
        m_state = State::Outside;
}

std::string FormRedactor::feed(std::string_view bytes)
{
    std::string out;
    for (const char c : bytes) {
        if (c == '&' || c == ';') {
            m_name.clear();
            m_inValue = m_skips = false;
            out.push_back(c);
        } else if (m_inValue) {
            if (!m_skips)
                out.push_back(c);
            else if (m_hidden != nullptr)
                m_hidden->back().value.push_back(c);
        } else if (c == '=') {
            m_inValue = true;
            m_skips = m_redaction.hidesField(percentDecoded(m_name));
            out.push_back(c);
            if (m_skips && m_hidden != nullptr)
                m_hidden->push_back({percentDecoded(m_name), {}, out.size()});
            if (m_skips)
                out.append(StandIn);
        } else {
            if (m_name.size() < NameLimit)
                m_name.push_back(c);
            out.push_back(c);
        }
    }
    return out;
}

RedactionPlan planRedaction(std::string_view contentType, std::string_view contentEncoding,
                            std::string_view start, const Redaction& redaction)
{
    const std::string type = mediaType(contentType);
    const bool coded = !contentEncoding.empty() && !equalAnyCase(contentEncoding, "identity");
    const bool opaque = type.starts_with("image/") || type.starts_with("video/") ||
                        type.starts_with("audio/") || type.starts_with("font/");
    if (opaque)
        return {};
    // Inside of a coding or of a part nobody looks.
    if (coded || type.starts_with("multipart/"))
        return {nullptr, false};
    if (type == "application/x-www-form-urlencoded")
        return {std::make_unique<FormRedactor>(redaction), true};
    const std::string_view text = trimmed(start);
    const bool json = containsAnyCase(type, "json") || text.starts_with('{') ||
                      text.starts_with('[') || type.starts_with("text/") || type.empty() ||
                      containsAnyCase(type, "javascript");
    if (json)
        return {std::make_unique<JsonRedactor>(redaction), true};
    return {};
}

std::string redactedJson(std::string_view json, const Redaction& redaction)
{
    return JsonRedactor(redaction).feed(json);
}

std::string redactedForm(std::string_view form, const Redaction& redaction)
{
    return FormRedactor(redaction).feed(form);
}

std::string redactedQuery(std::string_view text, const Redaction& redaction)
{
    const size_t question = text.find('?');
    if (question == std::string_view::npos)
        return std::string(text);
    const size_t end = std::min(text.find_first_of(" #\"'>", question), text.size());
    std::string result(text.substr(0, question + 1));
    result += redactedForm(text.substr(question + 1, end - question - 1), redaction);
    result += text.substr(end);
    return result;
}

} // namespace sallyport::inspect
