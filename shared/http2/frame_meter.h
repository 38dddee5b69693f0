// Looks at the headers of the frames that come in, before anything else does: cuts the input at
// frame ends, and counts what a flood is made of (RFC 9113 section 10.5). So the limits hold
// whatever the framing library below does about floods in its own version.
#pragma once

#include <sallyport/base/bytes.h>
#include <sallyport/base/clock.h>
#include <sallyport/http2/types.h>

#include <array>
#include <cstdint>
#include <string_view>

namespace sallyport::http2 {

// So many at once, and a tenth of it each second.
class Allowance
{
public:
    Allowance(uint32_t most, TimePoint now) : m_most(most), m_left(most), m_since(now) {}
    // False when it is used up.
    bool take(uint32_t n, TimePoint now);
    void giveBack(uint32_t n) { m_left = m_left + n > m_most ? m_most : m_left + n; }

private:
    uint32_t m_most;
    uint32_t m_left;
    TimePoint m_since;
};

class FrameMeter
{
public:
    FrameMeter(Role role, const Config& config, TimePoint now);

    // How many leading bytes belong together: up to the end of the current frame. `flood` says what
    // there is too much of; empty when all is well.
    struct Cut
    {
        size_t size;
        std::string_view flood;
    };
    Cut next(ByteView bytes, TimePoint now);

    // We sent a frame of payload: the window updates and pings that follow it are explained.
    void payloadSent() { m_idle.giveBack(4); }
    // A stream was opened by the peer.
    void streamOpened() { m_idle.giveBack(2); }
    // True when the peer may cancel one more.
    bool mayCancel(TimePoint now) { return m_cancelled.take(1, now); }
    // True when the peer may do one more thing that is of no use.
    bool mayWaste(TimePoint now) { return m_idle.take(1, now); }

private:
    std::string_view begin(TimePoint now);

    static constexpr size_t HeaderSize = 9;
    // Frames that carry one field list on.
    static constexpr uint32_t MaxContinuations = 8;

    std::array<std::byte, HeaderSize> m_header;
    size_t m_headerSize = 0;
    size_t m_payloadLeft = 0;
    size_t m_prefaceLeft;
    uint32_t m_continuations = 0;
    Allowance m_idle;
    Allowance m_cancelled;
};

} // namespace sallyport::http2
