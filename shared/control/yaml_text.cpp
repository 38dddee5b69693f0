#include "yaml_text.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace sallyport::control {

namespace {

bool isPlain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '/' || c == '.' || c == '-';
}

// Words and numbers that YAML readers take for something else than text.
bool isLoaded(std::string_view text)
{
    static constexpr std::array words = {"true", "false", "yes", "no",  "on", "off",
                                         "null", "y",     "n",   "nan", "inf"};
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    return std::find(words.begin(), words.end(), lower) != words.end();
}

} // namespace

std::string yamlQuoted(std::string_view text)
{
    std::string result = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            result += '\\';
            result += c;
        } else if (c == '\n') {
            result += "\\n";
        } else if (byte < 0x20 || byte == 0x7f) {
            std::array<char, 8> escape;
            std::snprintf(escape.data(), escape.size(), "\\x%02x", byte);
            result += escape.data();
        } else {
            result += c;
        }
    }
    return result + '"';
}

std::string plainOrQuoted(std::string_view text)
{
    const bool letterFirst =
        !text.empty() && ((text[0] >= 'a' && text[0] <= 'z') || (text[0] >= 'A' && text[0] <= 'Z'));
    const bool number =
        !text.empty() && text.size() < 6 && text[0] != '0' &&
        std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (number ||
        (letterFirst && std::all_of(text.begin(), text.end(), isPlain) && !isLoaded(text)))
        return std::string(text);
    return yamlQuoted(text);
}

} // namespace sallyport::control
