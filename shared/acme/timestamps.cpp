#include "timestamps.h"

#include <array>
#include <charconv>
#include <chrono>

namespace sallyport::acme {

using namespace std::chrono;

namespace {

// Reads fixed places one after the other; remembers whether all fitted.
struct Scanner
{
    std::string_view rest;
    bool good = true;

    int number(size_t digits)
    {
        int value = 0;
        if (rest.size() < digits)
            return good = false;
        for (size_t i = 0; i < digits; ++i) {
            if (rest[i] < '0' || rest[i] > '9')
                return good = false;
            value = value * 10 + (rest[i] - '0');
        }
        rest.remove_prefix(digits);
        return value;
    }
    void expect(std::string_view text)
    {
        if (!rest.starts_with(text))
            good = false;
        else
            rest.remove_prefix(text.size());
    }
    bool skip(char c)
    {
        if (!rest.starts_with(c))
            return false;
        rest.remove_prefix(1);
        return true;
    }
};

std::optional<tls::SystemTime> timeOf(year_month_day day, int h, int m, int s)
{
    const int y = int(day.year());
    if (!day.ok() || y < 1970 || y > 2200 || h > 23 || m > 59 || s > 60)
        return std::nullopt;
    return tls::SystemTime(sys_days(day) + hours(h) + minutes(m) + seconds(s));
}

} // namespace

std::optional<tls::SystemTime> parseHttpDate(std::string_view text)
{
    static constexpr std::array<std::string_view, 12> Months = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    Scanner in{text};
    const size_t comma = in.rest.find(", ");
    if (comma == std::string_view::npos)
        return std::nullopt;
    in.rest.remove_prefix(comma + 2);
    const int dayOfMonth = in.number(2);
    in.expect(" ");
    const std::string_view name = in.rest.substr(0, 3);
    in.rest.remove_prefix(name.size());
    in.expect(" ");
    const int y = in.number(4);
    in.expect(" ");
    const int h = in.number(2);
    in.expect(":");
    const int m = in.number(2);
    in.expect(":");
    const int s = in.number(2);
    in.expect(" GMT");
    unsigned month = 0;
    for (unsigned i = 0; i < Months.size(); ++i)
        if (Months[i] == name)
            month = i + 1;
    if (!in.good || !in.rest.empty() || month == 0)
        return std::nullopt;
    return timeOf(year(y) / int(month) / dayOfMonth, h, m, s);
}

std::optional<tls::SystemTime> parseTimestamp(std::string_view text)
{
    Scanner in{text};
    const int y = in.number(4);
    in.expect("-");
    const int mo = in.number(2);
    in.expect("-");
    const int d = in.number(2);
    if (!in.skip('T') && !in.skip('t'))
        return std::nullopt;
    const int h = in.number(2);
    in.expect(":");
    const int m = in.number(2);
    in.expect(":");
    const int s = in.number(2);
    if (in.skip('.'))
        while (!in.rest.empty() && in.rest.front() >= '0' && in.rest.front() <= '9')
            in.rest.remove_prefix(1);
    minutes offset(0);
    if (!in.skip('Z') && !in.skip('z')) {
        const bool minus = in.skip('-');
        if (!minus)
            in.expect("+");
        offset = hours(in.number(2));
        in.expect(":");
        offset += minutes(in.number(2));
        if (minus)
            offset = -offset;
    }
    if (!in.good || !in.rest.empty())
        return std::nullopt;
    auto time = timeOf(year(y) / mo / d, h, m, s);
    if (time)
        *time -= offset;
    return time;
}

} // namespace sallyport::acme
