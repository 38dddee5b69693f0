// Checks on text that run before or beside the JSON parser. Private to this library.
#pragma once

#include <string>
#include <string_view>

namespace sallyport::wire {

// Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
bool isUtf8(std::string_view text);

// Whether brackets nest deeper than the limit. Strings are stepped over; the text need not be JSON.
bool nestsDeeper(std::string_view json, int limit);

// C0 and C1 control characters and DEL, which could forge a log line or drive a terminal.
bool hasControls(std::string_view utf8);

// Prose for a log or a screen: control characters become blanks, and what exceeds `limit` bytes is
// cut off between two characters.
std::string cleanProse(std::string_view utf8, size_t limit);

} // namespace sallyport::wire
