#include <sallyport/base/backoff.h>

#include <algorithm>

namespace sallyport {

Duration Backoff::next(uint32_t random)
{
    const Duration step = m_next;
    m_next = std::min(m_longest, m_next * 2);
    const double share = 0.5 + 0.5 * (static_cast<double>(random) / 4294967295.0);
    return std::chrono::duration_cast<Duration>(step * share);
}

} // namespace sallyport
