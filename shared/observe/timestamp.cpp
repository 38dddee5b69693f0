#include "timestamp.h"

#include <cstdio>

namespace sallyport::observe {

// By hand: strftime asks for the time zone and takes locks.
void appendTime(std::string& line, std::chrono::system_clock::time_point now)
{
    using namespace std::chrono;
    const auto ms = floor<milliseconds>(now);
    const auto day = floor<days>(ms);
    const year_month_day date(day);
    const hh_mm_ss clock(ms - day);
    char text[64];
    const int n = std::snprintf(text, sizeof(text), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                                int(date.year()), unsigned(date.month()), unsigned(date.day()),
                                int(clock.hours().count()), int(clock.minutes().count()),
                                int(clock.seconds().count()), int(clock.subseconds().count()));
    line.append(text, static_cast<size_t>(n));
}

} // namespace sallyport::observe
