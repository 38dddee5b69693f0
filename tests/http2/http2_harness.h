// A session under test with a hand-made peer: frames go in as bytes, events and frames come out as
// text. Field lists are sent as literals without indexing, so that every byte is the test's own.
#pragma once

#include <sallyport/http/head_reader.h>
#include <sallyport/http2/session.h>

#include <QTest>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

template <>
inline char* QTest::toString(const std::string& text)
{
    return qstrdup(text.c_str());
}

namespace sallyport::http2 {

using Fields = std::vector<std::pair<std::string, std::string>>;

enum FrameType : uint8_t {
    DataFrame = 0,
    HeadersFrame = 1,
    PriorityFrame = 2,
    RstStreamFrame = 3,
    SettingsFrame = 4,
    PushPromiseFrame = 5,
    PingFrame = 6,
    GoAwayFrame = 7,
    WindowUpdateFrame = 8,
    ContinuationFrame = 9,
};
inline constexpr uint8_t EndStreamFlag = 1;
inline constexpr uint8_t AckFlag = 1;
inline constexpr uint8_t EndHeadersFlag = 4;

std::string frame(uint8_t type, uint8_t flags, StreamId id, std::string_view payload);
std::string hpack(const Fields& fields);
std::string headers(StreamId id, const Fields& fields, uint8_t flags);
std::string u32(uint32_t value);
Fields get(std::string path = "/", std::string authority = "a.example");

// Such as "HEADERS 1 END_STREAM|END_HEADERS", "DATA 1 hello", "RST_STREAM 1 code=1".
std::string describeFrames(std::string_view bytes);
std::string describe(const Event& event);

class Harness
{
public:
    explicit Harness(Role role = Role::Server, const Config& config = {});

    // One line for each event.
    std::string receive(std::string_view bytes);
    std::string events();
    std::string output() { return describeFrames(take()); }
    std::string take();
    // Client preface and empty settings, or a server's settings; the answers are dropped.
    void settle(uint32_t window = 65535, uint32_t maxStreams = 100);
    void answer(StreamId id, std::string_view head, bool ended, bool own = false);

    BufferPool pool;
    TimePoint now{std::chrono::hours(1)};
    Session session;
    bool hold = false; // payload is not consumed

private:
    Role m_role;
};

} // namespace sallyport::http2
