#include "control_queue.h"

#include "frame_writer.h"

#include <utility>

namespace sallyport::mux {

void ControlQueue::addPong(uint32_t pingId)
{
    m_pongs[(m_firstPong + m_pongCount) % MaxPongs] = pingId;
    if (m_pongCount < MaxPongs)
        ++m_pongCount;
    else
        m_firstPong = (m_firstPong + 1) % MaxPongs;
}

void ControlQueue::addPing(uint32_t pingId)
{
    m_ping = pingId;
}

bool ControlQueue::addReset(StreamId id)
{
    if (m_resets.size() - m_firstReset >= m_maxResets)
        return false;
    m_resets.push_back(id);
    return true;
}

bool ControlQueue::empty() const
{
    return m_pongCount == 0 && !m_ping && m_resets.empty() && !m_goAway;
}

bool ControlQueue::writeNext(ByteQueue& out)
{
    const auto frame = next();
    if (frame)
        appendHeader(*frame, out);
    return frame.has_value();
}

void ControlQueue::clear()
{
    m_pongCount = 0;
    m_ping.reset();
    m_resets = {};
    m_firstReset = 0;
    m_goAway.reset();
}

std::optional<FrameHeader> ControlQueue::next()
{
    if (const auto id = popPong())
        return FrameHeader{FrameType::Ping, flag::Ack, 0, *id};
    if (const auto id = std::exchange(m_ping, std::nullopt))
        return FrameHeader{FrameType::Ping, flag::Syn, 0, *id};
    if (const auto id = popReset())
        return FrameHeader{FrameType::WindowUpdate, flag::Rst, *id, 0};
    if (const auto code = std::exchange(m_goAway, std::nullopt))
        return FrameHeader{FrameType::GoAway, 0, 0, static_cast<uint32_t>(*code)};
    return std::nullopt;
}

std::optional<uint32_t> ControlQueue::popPong()
{
    if (m_pongCount == 0)
        return std::nullopt;
    const uint32_t id = m_pongs[m_firstPong];
    m_firstPong = (m_firstPong + 1) % MaxPongs;
    --m_pongCount;
    return id;
}

std::optional<StreamId> ControlQueue::popReset()
{
    if (m_resets.empty())
        return std::nullopt;
    const StreamId id = m_resets[m_firstReset++];
    // Cheap on average, and what was sent never outgrows what waits.
    if (m_firstReset * 2 >= m_resets.size()) {
        m_resets.erase(m_resets.begin(),
                       m_resets.begin() + static_cast<std::ptrdiff_t>(m_firstReset));
        m_firstReset = 0;
    }
    return id;
}

} // namespace sallyport::mux
