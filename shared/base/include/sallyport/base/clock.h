// Time as the protocol cores see it: a monotonic instant that the caller passes in. No core reads a
// clock, so tests run on simulated time.
#pragma once

#include <chrono>
#include <optional>

namespace sallyport {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;
using Duration = Clock::duration;

// The earlier of two deadlines, either of which may be absent.
inline std::optional<TimePoint> earliest(std::optional<TimePoint> a, std::optional<TimePoint> b)
{
    if (!a)
        return b;
    return b && *b < *a ? b : a;
}

} // namespace sallyport
