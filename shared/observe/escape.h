// Making text from outside harmless in a log line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sallyport::observe {

// For a message in a text line: control characters, DEL, backslashes and bytes that are not UTF-8
// as escapes (\n, \x1b, \u{85}); the line separators and direction marks of Unicode too, which
// reorder or split a line on some screens. Cut after `limit` bytes of output, in all three
// functions.
void appendEscaped(std::string& line, std::string_view text, size_t limit);

// For a value in a text line: as above, in quotes when it is empty or holds blanks, quotes or "=".
void appendValue(std::string& line, std::string_view text, size_t limit);

// A JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD.
void appendJson(std::string& line, std::string_view text, size_t limit);

} // namespace sallyport::observe
