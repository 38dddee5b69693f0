// Exponential back-off with jitter between two bounds. Pure: the caller supplies randomness and
// waits.
#pragma once

#include <sallyport/base/clock.h>

#include <cstdint>

namespace sallyport {

class Backoff
{
public:
    Backoff(Duration first, Duration longest) : m_first(first), m_longest(longest), m_next(first) {}

    // The wait before the next try: between half of the current step and the whole of it. `random`
    // is any uniformly distributed 32-bit number. Each call doubles the step up to the longest.
    Duration next(uint32_t random);
    // After a success.
    void reset() { m_next = m_first; }

private:
    Duration m_first;
    Duration m_longest;
    Duration m_next;
};

} // namespace sallyport
