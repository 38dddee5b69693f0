#include <sallyport/config/units.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <limits>
#include <optional>
#include <system_error>

namespace sallyport::config {

namespace {

struct Unit
{
    std::string_view name;
    uint64_t factor;
};

// Largest first, so that texts use the largest that fits. In milliseconds.
constexpr std::array timeUnits{Unit{"d", 86'400'000}, Unit{"h", 3'600'000}, Unit{"m", 60'000},
                               Unit{"s", 1'000}, Unit{"ms", 1}};
// The binary ones first: sizes are shown in them.
constexpr std::array sizeUnits{Unit{"GiB", uint64_t(1) << 30},
                               Unit{"MiB", uint64_t(1) << 20},
                               Unit{"KiB", uint64_t(1) << 10},
                               Unit{"GB", 1'000'000'000},
                               Unit{"MB", 1'000'000},
                               Unit{"KB", 1'000},
                               Unit{"kB", 1'000},
                               Unit{"B", 1}};

// Decimal digits at the front, which are removed; nothing when there are none or too many.
std::optional<uint64_t> takeNumber(std::string_view& text)
{
    uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc())
        return {};
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    return number;
}

std::string_view takeLetters(std::string_view& text)
{
    size_t n = 0;
    while (n < text.size() &&
           ((text[n] >= 'a' && text[n] <= 'z') || (text[n] >= 'A' && text[n] <= 'Z')))
        ++n;
    const std::string_view letters = text.substr(0, n);
    text.remove_prefix(n);
    return letters;
}

template <size_t N>
std::optional<uint64_t> factorOf(std::string_view unit, const std::array<Unit, N>& units)
{
    for (const Unit& candidate : units)
        if (candidate.name == unit)
            return candidate.factor;
    return {};
}

// number * factor, unless that exceeds what a signed 64-bit count of milliseconds can hold.
std::optional<uint64_t> scaled(uint64_t number, uint64_t factor)
{
    constexpr auto most = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
    if (number > most / factor)
        return {};
    return number * factor;
}

constexpr std::string_view durationHint = "write a duration like 500ms, 3s, 2m or 1h30m";
constexpr std::string_view sizeHint = "write a size like 64KiB, 16MB or 65536";

// One "1.5s" at the front of the text, in milliseconds.
std::optional<uint64_t> takeDurationPart(std::string_view& text)
{
    const auto number = takeNumber(text);
    if (!number)
        return {};
    // At most three digits behind the point: a millisecond is the finest unit.
    uint64_t fraction = 0;
    uint64_t divisor = 1;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        for (; !text.empty() && text[0] >= '0' && text[0] <= '9' && divisor < 1000; divisor *= 10) {
            fraction = fraction * 10 + static_cast<uint64_t>(text[0] - '0');
            text.remove_prefix(1);
        }
        if (divisor == 1)
            return {};
    }
    const auto factor = factorOf(takeLetters(text), timeUnits);
    if (!factor || (divisor > 1 && *factor == 1))
        return {};
    const auto whole = scaled(*number, *factor);
    if (!whole)
        return {};
    return *whole + fraction * *factor / divisor;
}

} // namespace

Result<std::chrono::milliseconds, std::string> parseDuration(std::string_view text)
{
    if (text == "0")
        return std::chrono::milliseconds(0);
    std::string_view rest = text;
    if (const auto number = takeNumber(rest); number && rest.empty())
        return Failure("has no unit: did you mean " + std::string(text) + "s?");
    rest = text;
    uint64_t total = 0;
    do {
        const auto part = takeDurationPart(rest);
        if (!part)
            return Failure("is not a duration: " + std::string(durationHint));
        total += *part;
        if (total > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
            return Failure("is not a duration: " + std::string(durationHint));
    } while (!rest.empty());
    return std::chrono::milliseconds(static_cast<int64_t>(total));
}

std::string durationText(std::chrono::milliseconds duration)
{
    const auto count = static_cast<uint64_t>(duration.count() < 0 ? 0 : duration.count());
    if (count == 0)
        return "0s";
    std::string text;
    uint64_t left = count;
    for (const Unit& unit : timeUnits) {
        if (left < unit.factor)
            continue;
        text += std::to_string(left / unit.factor) + std::string(unit.name);
        left %= unit.factor;
    }
    return text;
}

Result<uint64_t, std::string> parseSize(std::string_view text)
{
    std::string_view rest = text;
    const auto number = takeNumber(rest);
    if (!number)
        return Failure("is not a size: " + std::string(sizeHint));
    const auto factor = rest.empty() ? std::optional<uint64_t>(1) : factorOf(rest, sizeUnits);
    if (!factor)
        return Failure("has an unknown unit: " + std::string(sizeHint));
    const auto bytes = scaled(*number, *factor);
    if (!bytes)
        return Failure(std::string("is too large"));
    return *bytes;
}

std::string sizeText(uint64_t bytes)
{
    for (const Unit& unit : sizeUnits)
        if (bytes >= unit.factor && bytes % unit.factor == 0 && unit.name.ends_with("iB"))
            return std::to_string(bytes / unit.factor) + std::string(unit.name);
    return std::to_string(bytes);
}

Result<uint64_t, std::string> parseCount(std::string_view text)
{
    std::string_view rest = text;
    const auto number = takeNumber(rest);
    if (!number || !rest.empty())
        return Failure(std::string("is not a whole number"));
    return *number;
}

Result<bool, std::string> parseBool(std::string_view text)
{
    for (const std::string_view word : {"true", "yes", "on"})
        if (text == word)
            return true;
    for (const std::string_view word : {"false", "no", "off"})
        if (text == word)
            return false;
    return Failure(std::string("is neither true nor false"));
}

} // namespace sallyport::config
