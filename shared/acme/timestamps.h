// Dates as HTTP and JSON write them. Private to this library.
#pragma once

#include <sallyport/tls/certificate.h>

#include <optional>
#include <string_view>

namespace sallyport::acme {

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7; the obsolete forms are not read).
std::optional<tls::SystemTime> parseHttpDate(std::string_view text);
// "2025-01-02T04:00:00Z", with fractions and offsets (RFC 3339).
std::optional<tls::SystemTime> parseTimestamp(std::string_view text);

} // namespace sallyport::acme
