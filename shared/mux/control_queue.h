// Frames to send that belong to no living stream: answers to pings, our ping, resets, go-away.
// Bounded, whatever the peer does.
#pragma once

#include <sallyport/base/byte_queue.h>
#include <sallyport/mux/frame.h>

#include <array>
#include <optional>
#include <vector>

namespace sallyport::mux {

class ControlQueue
{
public:
    static constexpr uint32_t MaxPongs = 64;

    explicit ControlQueue(size_t maxResets) : m_maxResets(maxResets) {}

    // Beyond MaxPongs the oldest is dropped: a peer that does not read its answers needs none.
    void addPong(uint32_t pingId);
    void addPing(uint32_t pingId);
    bool pingPending() const { return m_ping.has_value(); }
    // False: there are too many, and the session should end.
    bool addReset(StreamId id);
    // The last code wins while none was sent yet.
    void setGoAway(GoAwayCode code) { m_goAway = code; }

    bool empty() const;
    // Appends the next frame; false when there is none.
    bool writeNext(ByteQueue& out);
    void clear();

private:
    std::optional<FrameHeader> next();
    std::optional<uint32_t> popPong();
    std::optional<StreamId> popReset();

    std::array<uint32_t, MaxPongs> m_pongs; // a ring
    uint32_t m_firstPong = 0;
    uint32_t m_pongCount = 0;
    std::optional<uint32_t> m_ping;
    size_t m_maxResets;
    std::vector<StreamId> m_resets;
    size_t m_firstReset = 0;
    std::optional<GoAwayCode> m_goAway;
};

} // namespace sallyport::mux
