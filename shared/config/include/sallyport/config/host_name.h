// Names of tunnels and of hosts as the link protocol knows them (wire/names.h), with hints for what
// people write instead.
#pragma once

#include <sallyport/base/result.h>

#include <string>
#include <string_view>

namespace sallyport::config {

// One label: ^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$. The failure says what is wrong, without the
// name.
Result<std::string, std::string> parseName(std::string_view text);

// A host name of one or more labels, at most 253 bytes. Upper case is folded; a final dot, a port
// and an IP address are refused.
Result<std::string, std::string> parseHostName(std::string_view text);

// A host name, or "*." and a host name of two labels or more.
Result<std::string, std::string> parseHostPattern(std::string_view text);

} // namespace sallyport::config
