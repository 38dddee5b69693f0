// The time at the beginning of a line: "2026-01-31T12:00:00.123Z" (RFC 3339, UTC).
#pragma once

#include <chrono>
#include <string>

namespace sallyport::observe {

void appendTime(std::string& line, std::chrono::system_clock::time_point now);

} // namespace sallyport::observe
