// How much the peer may send on each stream, and how that grows.
//
// A window of `size` bytes is divided into credit (the peer may still send it), unread (arrived,
// and its final reader has not taken it) and the rest: consumed, to be given back as credit once it
// is half of the window. A window doubles when a whole window was consumed within two round trips:
// then bandwidth times delay is at least half of it. (Our own credit does not tell whether the peer
// had run out of it: what we give back arrives half a round trip later.)
//
// All windows of a session share a budget for growth and a limit on unread bytes. While unread
// bytes are over half of that limit, windows do not grow, and grown ones shrink as their credit is
// used up (credit once given can't be taken back).
#pragma once

#include <sallyport/base/clock.h>
#include <sallyport/mux/frame.h>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace sallyport::mux {

// Sums of two windows fit into 32 bits.
constexpr uint32_t LargestWindow = 1024 * 1024 * 1024;

struct ReceiveWindow
{
    uint32_t size = InitialWindow;
    uint32_t credit = InitialWindow;
    uint32_t unread = 0;
    // Since epochStart; an epoch ends when a whole window was consumed.
    uint32_t epochConsumed = 0;
    TimePoint epochStart;

    uint32_t owed() const { return size - credit - unread; }
};

class WindowManager
{
public:
    explicit WindowManager(const Config& config);

    struct Advice
    {
        bool sendCredit = false;
        bool measureRoundTrip = false; // growth hangs on a fresher measurement
    };

    // n bytes arrived; the caller has checked them against the credit.
    void received(ReceiveWindow& window, uint32_t n);
    // The same for bytes that nobody will read.
    void dropped(ReceiveWindow& window, uint32_t n);
    Advice consumed(ReceiveWindow& window, uint32_t n, TimePoint now,
                    std::optional<Duration> roundTrip);
    // Moves what is owed to the credit; returns how much that is.
    uint32_t grantCredit(ReceiveWindow& window);
    // The stream is gone.
    void release(ReceiveWindow& window);
    // All are.
    void releaseAll() { m_unread = m_grown = 0; }

    size_t unread() const { return m_unread; }
    size_t grown() const { return m_grown; }
    bool overUnreadLimit() const { return m_unread > m_unreadLimit; }
    uint32_t largest() const { return m_maxWindow; }

private:
    bool underPressure() const { return m_unread > m_unreadLimit / 2; }
    void shrink(ReceiveWindow& window);
    void grow(ReceiveWindow& window);

    uint32_t m_maxWindow;
    size_t m_budget;
    size_t m_unreadLimit;
    size_t m_grown = 0; // beyond InitialWindow, over all streams
    size_t m_unread = 0;
};

} // namespace sallyport::mux
