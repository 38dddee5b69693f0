#include <sallyport/auth/timestamp.h>
#include <sallyport/config/units.h>

#include <charconv>
#include <cstddef>
#include <cstdio>
#include <system_error>

namespace sallyport::auth {

namespace {

using std::chrono::days;
using std::chrono::sys_days;

// Exactly `digits` decimal digits at the front, which are removed.
std::optional<int> take(std::string_view& text, size_t digits)
{
    const std::string_view part = text.substr(0, digits);
    if (part.size() != digits || part.find_first_not_of("0123456789") != std::string_view::npos)
        return {};
    int value = 0;
    std::from_chars(part.data(), part.data() + part.size(), value);
    text.remove_prefix(digits);
    return value;
}

bool skip(std::string_view& text, char c)
{
    if (!text.starts_with(c))
        return false;
    text.remove_prefix(1);
    return true;
}

std::optional<sys_days> takeDate(std::string_view& text)
{
    const auto year = take(text, 4);
    if (!year || !skip(text, '-'))
        return {};
    const auto month = take(text, 2);
    if (!month || !skip(text, '-'))
        return {};
    const auto day = take(text, 2);
    if (!day)
        return {};
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok())
        return {};
    return sys_days(date);
}

std::optional<std::chrono::seconds> takeTime(std::string_view& text)
{
    const auto hour = take(text, 2);
    if (!hour || !skip(text, ':'))
        return {};
    const auto minute = take(text, 2);
    if (!minute || !skip(text, ':'))
        return {};
    const auto second = take(text, 2);
    if (!second || *hour > 23 || *minute > 59 || *second > 59)
        return {};
    return std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
           std::chrono::seconds(*second);
}

} // namespace

Timestamp timestampNow()
{
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::string timestampText(Timestamp time)
{
    const auto day = std::chrono::floor<days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    char text[40];
    std::snprintf(text, sizeof(text), "%04d-%02u-%02uT%02d:%02d:%02dZ", int(date.year()),
                  unsigned(date.month()), unsigned(date.day()), int(clock.hours().count()),
                  int(clock.minutes().count()), int(clock.seconds().count()));
    return text;
}

Result<Timestamp, std::string> parseTimestamp(std::string_view text)
{
    const auto fault = [] {
        return Failure(std::string("is not a time: write 2027-01-31 or 2027-01-31T12:00:00Z"));
    };
    const auto date = takeDate(text);
    if (!date)
        return fault();
    if (text.empty())
        return Timestamp(*date);
    if (!skip(text, 'T') && !skip(text, ' '))
        return fault();
    const auto time = takeTime(text);
    if (!time || !skip(text, 'Z') || !text.empty())
        return fault();
    return Timestamp(*date) + *time;
}

Result<std::optional<Timestamp>, std::string> parseExpiry(std::string_view text, Timestamp now)
{
    constexpr std::chrono::hours longest(24 * 366 * 100);
    if (text == "never")
        return std::optional<Timestamp>();
    if (const auto duration = config::parseDuration(text)) {
        const auto seconds = std::chrono::floor<std::chrono::seconds>(*duration);
        if (seconds.count() < 1 || seconds > longest)
            return Failure(std::string("must be a second to a hundred years from now"));
        return std::optional(now + seconds);
    }
    const auto time = parseTimestamp(text);
    if (!time)
        return Failure(
            std::string("is not an expiry: write a duration (30d), a date (2027-01-31), or never"));
    if (*time <= now)
        return Failure(std::string("lies in the past"));
    return std::optional(*time);
}

} // namespace sallyport::auth
