// Cuts a stream of bytes, arriving in any pieces, into frame headers and pieces of body.
//
// Order of calls: feed() when the previous input is used up; then nextHeader(), and after the
// header of a Data frame nextBody() until bodyLeft() is 0. Pieces of body point into what was fed
// (no copy). Only an incomplete header is kept inside.
#pragma once

#include <sallyport/mux/frame.h>

#include <array>
#include <optional>

namespace sallyport::mux {

class FrameReader
{
public:
    void feed(ByteView bytes) { m_input = bytes; }
    bool inputEmpty() const { return m_input.empty(); }

    // Absent: the header is not complete yet.
    std::optional<Result<FrameHeader, SessionError>> nextHeader();
    // The next contiguous piece of the current frame's body; empty when there is no input.
    ByteView nextBody();
    uint32_t bodyLeft() const { return m_bodyLeft; }
    // Drops what was fed; for a session that is over.
    void stop() { m_input = {}; }

private:
    ByteView m_input;
    uint32_t m_bodyLeft = 0;
    uint32_t m_headerFilled = 0;
    std::array<std::byte, HeaderSize> m_header;
};

} // namespace sallyport::mux
