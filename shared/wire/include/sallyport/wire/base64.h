// Base64 (RFC 4648): the standard alphabet with padding, and the URL alphabet without.
#pragma once

#include <sallyport/base/bytes.h>

#include <optional>
#include <string>
#include <string_view>

namespace sallyport::wire {

std::string toBase64(ByteView bytes);
std::string toBase64Url(ByteView bytes);

// Strict: the right padding (none for URL), no blanks, unused bits zero. The bytes come as a
// string.
std::optional<std::string> fromBase64(std::string_view text);
std::optional<std::string> fromBase64Url(std::string_view text);

} // namespace sallyport::wire
