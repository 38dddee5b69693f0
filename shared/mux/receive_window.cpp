#include "receive_window.h"

#include <algorithm>
#include <cassert>

namespace sallyport::mux {

WindowManager::WindowManager(const Config& config)
    : m_maxWindow(std::clamp(config.maxWindow, InitialWindow, LargestWindow)),
      m_budget(config.windowBudget),
      m_unreadLimit(config.unreadLimit)
{}

void WindowManager::received(ReceiveWindow& window, uint32_t n)
{
    dropped(window, n);
    window.unread += n;
    m_unread += n;
}

void WindowManager::dropped(ReceiveWindow& window, uint32_t n)
{
    assert(n <= window.credit);
    window.credit -= n;
}

WindowManager::Advice WindowManager::consumed(ReceiveWindow& window, uint32_t n, TimePoint now,
                                              std::optional<Duration> roundTrip)
{
    assert(n <= window.unread);
    window.unread -= n;
    m_unread -= n;

    Advice advice;
    window.epochConsumed += n;
    if (window.epochConsumed >= window.size) {
        const bool fast = roundTrip && now - window.epochStart <= 2 * *roundTrip;
        if (fast && !underPressure())
            grow(window);
        else if (!fast)
            advice.measureRoundTrip = window.size < m_maxWindow;
        window.epochConsumed = 0;
        window.epochStart = now;
    }
    if (underPressure())
        shrink(window);
    advice.sendCredit = window.owed() >= window.size / 2;
    return advice;
}

uint32_t WindowManager::grantCredit(ReceiveWindow& window)
{
    const uint32_t owed = window.owed();
    window.credit += owed;
    return owed;
}

void WindowManager::release(ReceiveWindow& window)
{
    m_unread -= window.unread;
    m_grown -= window.size - InitialWindow;
    window = {};
}

void WindowManager::shrink(ReceiveWindow& window)
{
    const uint32_t size = std::max(InitialWindow, window.credit + window.unread);
    m_grown -= window.size - size;
    window.size = size;
}

void WindowManager::grow(ReceiveWindow& window)
{
    const uint32_t more = std::min(window.size, m_maxWindow - window.size);
    if (more > m_budget - m_grown)
        return;
    window.size += more;
    m_grown += more;
}

} // namespace sallyport::mux
