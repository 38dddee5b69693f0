// Whether a text is an IP address, without the operating system. Private to this library.
#pragma once

#include <string_view>

namespace sallyport::wire {

bool isIpv4(std::string_view text); // four decimal numbers
bool isIpv6(std::string_view text); // RFC 4291, section 2.2; without a zone

} // namespace sallyport::wire
