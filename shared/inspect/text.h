// Small helpers for texts of ASCII.
#pragma once

#include <string>
#include <string_view>

namespace sallyport::inspect {

constexpr char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
}
std::string lowered(std::string_view text);
bool containsAnyCase(std::string_view text, std::string_view part);
bool equalAnyCase(std::string_view a, std::string_view b);
std::string_view trimmed(std::string_view text);
// "%20" and, in forms, "+".
std::string percentDecoded(std::string_view text, bool plusIsSpace = true);
// "application/json; charset=utf-8" -> "application/json".
std::string mediaType(std::string_view contentType);
// The value of "name=" behind the media type, unquoted; empty when it is missing.
std::string parameter(std::string_view headerValue, std::string_view name);
bool isUtf8(std::string_view text);
std::string base64(std::string_view bytes);

} // namespace sallyport::inspect
