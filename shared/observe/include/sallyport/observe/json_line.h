// One JSON object on one line, built field by field:
//
//     JsonLine line(now);
//     line.add("event", "auth.accepted");
//     sink.write(line.finish());   // {"time":"2026-01-31T12:00:00.123Z","event":"auth.accepted"}\n
//
// Text from outside is made harmless: bytes that are not UTF-8 become U+FFFD, controls are escaped,
// texts are cut at 1 KiB. A line stays below 8 KiB: fields beyond that are left out, whole, and
// counted in "fields_left_out".
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sallyport::observe {

class JsonLine
{
public:
    static constexpr size_t MaxValue = 1024;
    static constexpr size_t MaxLine = 8 * 1024;

    explicit JsonLine(std::chrono::system_clock::time_point time);

    // Keys are literals of the code: lower-case letters, digits and "_".
    void add(std::string_view key, std::string_view text);
    void add(std::string_view key, const char* text) { add(key, std::string_view(text)); }
    void add(std::string_view key, bool value);
    void add(std::string_view key, int64_t value);
    void add(std::string_view key, uint64_t value);
    void add(std::string_view key, std::span<const std::string> texts);

    // Ends the line. Call once.
    std::string finish();

private:
    template <typename Append>
    void addValue(std::string_view key, Append&& append);

    std::string m_line;
    uint64_t m_leftOut = 0;
};

} // namespace sallyport::observe
