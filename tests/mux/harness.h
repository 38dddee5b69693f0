// A session under test with a hand-made peer: frames go in as bytes, events and frames come out.
#pragma once

#include <sallyport/mux/frame.h>
#include <sallyport/mux/session.h>

#include <QTest>

#include <string>
#include <string_view>
#include <vector>

// So that a failing comparison shows both texts.
template <>
inline char* QTest::toString(const std::string& text)
{
    return qstrdup(text.c_str());
}

namespace sallyport::mux {

struct Frame
{
    FrameHeader header;
    std::string body;

    bool operator==(const Frame&) const = default;
};

Frame data(StreamId id, std::string body, uint16_t flags = 0);
Frame windowUpdate(StreamId id, uint32_t delta, uint16_t flags = 0);
Frame pingFrame(uint32_t id, uint16_t flags);
Frame goAwayFrame(uint32_t code);

std::string toBytes(const std::vector<Frame>& frames);
std::vector<Frame> toFrames(std::string_view bytes);
// One line for each, such as "Data 1 SYN|FIN 5 hello": what comparisons show when they fail.
std::string toText(const Frame& frame);
std::string toText(const std::vector<Frame>& frames);
// Such as "StreamOpened 1", "Data 1 hello", "StreamReset 3 reset by the peer".
std::string toText(const Event& event);

// No pings, so that tests see only the frames they are about.
Config quietConfig();

class Harness
{
public:
    explicit Harness(Role role, const Config& config = quietConfig());

    // Feeds the frames' bytes and returns the events they cause, one line each. Payload counts as
    // consumed at once unless holdPayload() was called.
    std::string receive(const std::vector<Frame>& frames);
    std::string receiveBytes(std::string_view bytes);
    std::string events();
    void holdPayload() { m_hold = true; }

    // All that the session wants to send now, one line for each frame.
    std::string output() { return toText(takeFrames()); }
    std::vector<Frame> takeFrames(size_t maxBytes = static_cast<size_t>(-1));

    // Moves the clock. Calls handleTimeout() at every deadline on the way.
    std::string advance(Duration by);

    // A stream opened by the peer and accepted, or by us and acknowledged; the output is discarded.
    StreamId openFromPeer(StreamId id);
    StreamId openHere();
    size_t write(StreamId id, std::string_view text) { return session.write(id, asBytes(text)); }

    BufferPool pool;
    TimePoint now{std::chrono::hours(1)};
    Session session;

private:
    bool m_hold = false;
};

} // namespace sallyport::mux
