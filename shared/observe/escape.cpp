#include "escape.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>

namespace sallyport::observe {

namespace {

struct Character
{
    char32_t code = 0;
    size_t size = 1;
    bool valid = false;
};

// The first character of a text that is not empty. Overlong forms, surrogates and what is cut off
// are not valid; one byte of them is taken.
Character firstCharacter(std::string_view text)
{
    const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
    const uint8_t lead = byte(0);
    if (lead < 0x80)
        return {lead, 1, true};
    const size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < size)
        return {};
    char32_t code = lead & (0x7f >> size);
    for (size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xc0) != 0x80)
            return {};
        code = (code << 6) | (byte(i) & 0x3f);
    }
    const char32_t least = size == 4 ? 0x10000 : size == 3 ? 0x800 : 0x80;
    if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return {};
    return {code, size, true};
}

// C1 controls, line and paragraph separators, direction marks, byte order mark.
bool isTreacherous(char32_t code)
{
    return (code >= 0x80 && code <= 0x9f) || (code >= 0x200b && code <= 0x200f) ||
           (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
           code == 0xfeff;
}

void appendFormatted(std::string& line, const char* format, unsigned value)
{
    char text[16];
    const int n = std::snprintf(text, sizeof(text), format, value);
    line.append(text, static_cast<size_t>(n));
}

void appendControl(std::string& line, char c)
{
    switch (c) {
    case '\n':
        line += "\\n";
        break;
    case '\r':
        line += "\\r";
        break;
    case '\t':
        line += "\\t";
        break;
    default:
        appendFormatted(line, "\\x%02x", static_cast<uint8_t>(c));
    }
}

bool isPlain(char c)
{
    return c >= 0x20 && c < 0x7f && c != '\\' && c != '"';
}

constexpr std::string_view cutMark = "...";

// Splits the text into plain runs and the characters between them, until the limit is reached.
template <typename Special>
void walk(std::string& line, std::string_view text, size_t limit, Special&& special)
{
    const size_t start = line.size();
    while (!text.empty()) {
        const size_t room = limit - std::min(limit, line.size() - start);
        if (room == 0) {
            line += cutMark;
            return;
        }
        const auto end = std::find_if_not(text.begin(), text.end(), isPlain);
        const size_t plain = std::min(static_cast<size_t>(end - text.begin()), room);
        line.append(text.data(), plain);
        text.remove_prefix(plain);
        if (plain > 0 || text.empty())
            continue;
        const Character character = firstCharacter(text);
        special(text.substr(0, character.size), character);
        text.remove_prefix(character.size);
    }
}

void appendForText(std::string& line, std::string_view text, size_t limit, bool inQuotes)
{
    walk(line, text, limit, [&](std::string_view bytes, const Character& character) {
        const char c = bytes[0];
        if (c == '\\' || (c == '"' && inQuotes))
            line += {'\\', c};
        else if (c == '"')
            line += c;
        else if (!character.valid || character.code < 0x20 || character.code == 0x7f)
            appendControl(line, c);
        else if (isTreacherous(character.code))
            appendFormatted(line, "\\u{%x}", static_cast<unsigned>(character.code));
        else
            line += bytes;
    });
}

} // namespace

void appendEscaped(std::string& line, std::string_view text, size_t limit)
{
    appendForText(line, text, limit, false);
}

void appendValue(std::string& line, std::string_view text, size_t limit)
{
    const bool quotes = text.empty() || text.find_first_of(" \"=\\") != std::string_view::npos;
    if (quotes)
        line += '"';
    appendForText(line, text, limit, true);
    if (quotes)
        line += '"';
}

void appendJson(std::string& line, std::string_view text, size_t limit)
{
    line += '"';
    walk(line, text, limit, [&](std::string_view bytes, const Character& character) {
        const char c = bytes[0];
        if (!character.valid)
            line += "\\ufffd";
        else if (c == '\\' || c == '"')
            line += {'\\', c};
        else if (c == '\n')
            line += "\\n";
        else if (character.code < 0x20 || character.code == 0x7f || isTreacherous(character.code))
            appendFormatted(line, "\\u%04x", static_cast<unsigned>(character.code));
        else
            line += bytes;
    });
    line += '"';
}

} // namespace sallyport::observe
