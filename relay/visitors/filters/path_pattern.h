// Paths that a policy makes an exception for, and which requests may take one.
//
// An exception opens what is closed otherwise, so it never applies to a path that the service
// behind could read in another way than we do: plainPath() gives nothing for such a path, and the
// visitor is asked for the password. That is every path which, after percent-decoding, holds
//   - "//", or a segment of dots and blanks alone ("/../", "/./", "/.. /"): servers merge them;
//   - "\", ";", "%", "?", "#", or an encoded slash: servers turn, cut or decode them (again);
//   - control characters, or bytes beyond ASCII (some fold full-width dots and slashes).
// A query is not looked at.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sallyport::relay {

// The decoded path of a request's target (origin-form).
std::optional<std::string> plainPath(std::string_view target);

// `pattern` has passed wire::checkPathPattern(). "*" is any run within a segment; "/a/*" is
// "/a/" and everything below it, but not "/a".
bool pathMatches(std::string_view pattern, std::string_view path);

} // namespace sallyport::relay
