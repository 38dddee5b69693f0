// Durations and sizes as people write them: "3s", "500ms", "64KiB", "16MB".
// A failure is a sentence for the person who wrote the value.
#pragma once

#include <sallyport/base/result.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::config {

// "500ms", "3s", "1.5s", "2m", "1h", "30d", "1h30m", "0". A plain number is refused: nobody can see
// its unit.
Result<std::chrono::milliseconds, std::string> parseDuration(std::string_view text);
std::string durationText(std::chrono::milliseconds duration);

// "65536", "64KiB", "16MB" (= 16,000,000), "1GiB", "0". Bytes.
Result<uint64_t, std::string> parseSize(std::string_view text);
std::string sizeText(uint64_t bytes);

Result<uint64_t, std::string> parseCount(std::string_view text);
Result<bool, std::string> parseBool(std::string_view text);

} // namespace sallyport::config
