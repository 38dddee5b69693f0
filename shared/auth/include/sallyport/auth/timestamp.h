// Moments of the calendar (UTC, whole seconds) as files and people write them.
#pragma once

#include <sallyport/base/result.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::auth {

using Timestamp = std::chrono::sys_seconds;

Timestamp timestampNow();

// "2027-01-31T12:00:00Z".
std::string timestampText(Timestamp time);
// The same, or a date alone ("2027-01-31": the beginning of that day). Fails with a sentence.
Result<Timestamp, std::string> parseTimestamp(std::string_view text);
// For `--expires`: a timestamp, a duration from now ("30d", "12h"), or "never" (no value).
Result<std::optional<Timestamp>, std::string> parseExpiry(std::string_view text, Timestamp now);

} // namespace sallyport::auth
