#include "frame_meter.h"

#include <algorithm>

namespace sallyport::http2 {

namespace {

enum class FrameType : uint8_t {
    Data = 0,
    Headers = 1,
    Priority = 2,
    RstStream = 3,
    Settings = 4,
    PushPromise = 5,
    Ping = 6,
    GoAway = 7,
    WindowUpdate = 8,
    Continuation = 9,
};

constexpr uint8_t Ack = 1;
constexpr uint8_t EndStream = 1;
constexpr size_t PrefaceSize = 24; // "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

} // namespace

bool Allowance::take(uint32_t n, TimePoint now)
{
    const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(now - m_since);
    const uint64_t refill = uint64_t(std::max<int64_t>(waited.count(), 0)) * m_most / 10'000;
    if (refill > 0) {
        m_left = uint32_t(std::min<uint64_t>(m_most, m_left + refill));
        m_since = now;
    }
    if (m_left < n)
        return false;
    m_left -= n;
    return true;
}

FrameMeter::FrameMeter(Role role, const Config& config, TimePoint now)
    : m_prefaceLeft(role == Role::Server ? PrefaceSize : 0),
      m_idle(config.idleFrames, now),
      m_cancelled(config.cancelled, now)
{}

FrameMeter::Cut FrameMeter::next(ByteView bytes, TimePoint now)
{
    if (m_prefaceLeft > 0) {
        const size_t n = std::min(m_prefaceLeft, bytes.size());
        m_prefaceLeft -= n;
        return {n, {}};
    }
    size_t used = 0;
    std::string_view flood;
    if (m_headerSize < HeaderSize) {
        used = std::min(HeaderSize - m_headerSize, bytes.size());
        std::copy_n(bytes.begin(), used, m_header.begin() + std::ptrdiff_t(m_headerSize));
        m_headerSize += used;
        if (m_headerSize < HeaderSize)
            return {used, {}};
        m_payloadLeft = readU32(m_header.data()) >> 8;
        flood = begin(now);
    }
    const size_t payload = std::min(m_payloadLeft, bytes.size() - used);
    m_payloadLeft -= payload;
    if (m_payloadLeft == 0)
        m_headerSize = 0;
    return {used + payload, flood};
}

std::string_view FrameMeter::begin(TimePoint now)
{
    const auto type = FrameType(m_header[3]);
    const auto flags = std::to_integer<uint8_t>(m_header[4]);
    switch (type) {
    case FrameType::Data:
        if (m_payloadLeft > 0 || (flags & EndStream) != 0)
            return {};
        return m_idle.take(1, now) ? "" : "empty DATA frames";
    case FrameType::Headers:
        // Given back when it opens a stream; one for a stream that is over costs us as much.
        m_continuations = 0;
        return m_idle.take(1, now) ? "" : "HEADERS frames of no stream";
    case FrameType::Continuation:
        return ++m_continuations <= MaxContinuations ? "" : "CONTINUATION frames";
    case FrameType::Settings:
        // Acknowledged, and each may change every stream's window.
        return (flags & Ack) != 0 || m_idle.take(10, now) ? "" : "SETTINGS frames";
    case FrameType::Ping:
        return m_idle.take(1, now) ? "" : "PING frames";
    case FrameType::WindowUpdate:
        return m_idle.take(1, now) ? "" : "WINDOW_UPDATE frames";
    case FrameType::Priority:
        return m_idle.take(1, now) ? "" : "PRIORITY frames";
    case FrameType::RstStream:
    case FrameType::PushPromise:
    case FrameType::GoAway:
        break;
    default:
        break;
    }
    return m_idle.take(1, now) ? "" : "frames without use";
}

} // namespace sallyport::http2
