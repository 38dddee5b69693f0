// Framing of the control stream: u32 big-endian length (at most 64 KiB), then that many bytes of
// JSON.
//
// Order of calls: feed() whatever arrived, then next() until it yields nothing. Frames are cut
// lazily, so the reader holds bytes, never a backlog of parsed messages.
#pragma once

#include <sallyport/base/bytes.h>
#include <sallyport/base/result.h>

#include <optional>
#include <string>
#include <string_view>

namespace sallyport::wire {

inline constexpr size_t MaxControlFrame = 64 * 1024;

enum class FrameError {
    Empty,       // a length of zero
    TooLong,     // a length over MaxControlFrame
    BacklogFull, // more bytes fed than the reader may hold
};

class ControlReader
{
public:
    // Holds at most `backlog` bytes beside the frame that is being read.
    explicit ControlReader(size_t backlog = 256 * 1024) : m_backlog(backlog) {}

    void feed(ByteView bytes);

    // The next whole frame's JSON (valid until the next call), nothing when more bytes are needed,
    // or what the peer did. An error stays.
    Result<std::optional<std::string_view>, FrameError> next();

    size_t bytesHeld() const { return m_bytes.size() - m_start; }

private:
    size_t m_backlog;
    std::string m_bytes;
    size_t m_start = 0;
    std::optional<FrameError> m_error;
};

// The four bytes of length and the text. `json` is at most MaxControlFrame bytes.
std::string encodeControlFrame(std::string_view json);

} // namespace sallyport::wire
