// Telling DNS names from IP addresses, for SNI, name checks and subjectAltName. Private to this
// library.
#pragma once

#include "openssl.h"

#include <string_view>

namespace sallyport::tls {

// The address' 4 or 16 bytes, or null when the text is no IP address.
OctetsPtr parseIpAddress(std::string_view text);
// Letters, digits, hyphens and underscores in labels of 1 to 63, at most 253 in all. An asterisk
// may stand for the first label where `wildcard` allows it.
bool isDnsName(std::string_view text, bool wildcard = false);

} // namespace sallyport::tls
