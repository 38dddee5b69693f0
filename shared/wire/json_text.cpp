#include "json_text.h"

#include <cstdint>

namespace sallyport::wire {

namespace {

uint8_t byteAt(std::string_view text, size_t i)
{
    return static_cast<uint8_t>(text[i]);
}

// Bytes of the well-formed sequence at i (RFC 3629, section 4), or 0.
size_t sequenceAt(std::string_view text, size_t i)
{
    const uint8_t first = byteAt(text, i);
    if (first < 0x80)
        return 1;
    size_t size = 0;
    uint8_t low = 0x80, high = 0xbf; // of the second byte
    if (first >= 0xc2 && first <= 0xdf) {
        size = 2;
    } else if (first >= 0xe0 && first <= 0xef) {
        size = 3;
        low = first == 0xe0 ? 0xa0 : 0x80;
        high = first == 0xed ? 0x9f : 0xbf;
    } else if (first >= 0xf0 && first <= 0xf4) {
        size = 4;
        low = first == 0xf0 ? 0x90 : 0x80;
        high = first == 0xf4 ? 0x8f : 0xbf;
    }
    if (size == 0 || text.size() - i < size)
        return 0;
    if (byteAt(text, i + 1) < low || byteAt(text, i + 1) > high)
        return 0;
    for (size_t k = 2; k < size; ++k)
        if ((byteAt(text, i + k) & 0xc0) != 0x80)
            return 0;
    return size;
}

// Bytes of the control character at i, or 0.
size_t controlAt(std::string_view text, size_t i)
{
    const uint8_t first = byteAt(text, i);
    if (first < 0x20 || first == 0x7f)
        return 1;
    const bool c1 = first == 0xc2 && i + 1 < text.size() && byteAt(text, i + 1) < 0xa0;
    return c1 ? 2 : 0;
}

} // namespace

bool isUtf8(std::string_view text)
{
    for (size_t i = 0; i < text.size();) {
        const size_t size = sequenceAt(text, i);
        if (size == 0)
            return false;
        i += size;
    }
    return true;
}

bool nestsDeeper(std::string_view json, int limit)
{
    int depth = 0;
    bool inString = false;
    for (size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (inString) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                inString = false;
        } else if (c == '"') {
            inString = true;
        } else if (c == '{' || c == '[') {
            if (++depth > limit)
                return true;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return false;
}

bool hasControls(std::string_view utf8)
{
    for (size_t i = 0; i < utf8.size(); ++i)
        if (controlAt(utf8, i) != 0)
            return true;
    return false;
}

std::string cleanProse(std::string_view utf8, size_t limit)
{
    std::string clean;
    for (size_t i = 0; i < utf8.size();) {
        const size_t control = controlAt(utf8, i);
        const size_t sequence = control == 0 ? sequenceAt(utf8, i) : 0;
        const std::string_view piece = control != 0    ? " "
                                       : sequence != 0 ? utf8.substr(i, sequence)
                                                       : "?";
        if (clean.size() + piece.size() > limit)
            break;
        clean += piece;
        i += control != 0 ? control : sequence != 0 ? sequence : 1;
    }
    return clean;
}

} // namespace sallyport::wire
