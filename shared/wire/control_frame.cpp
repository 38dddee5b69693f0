#include <sallyport/wire/control_frame.h>

#include <cassert>

namespace sallyport::wire {

namespace {
constexpr size_t LengthSize = 4;
}

void ControlReader::feed(ByteView bytes)
{
    if (m_error)
        return;
    // What was read is cut off here and not in next(), whose result is a view of it.
    m_bytes.erase(0, m_start);
    m_start = 0;
    if (m_bytes.size() + bytes.size() > m_backlog + MaxControlFrame + LengthSize) {
        m_error = FrameError::BacklogFull;
        return;
    }
    m_bytes.append(asText(bytes));
}

Result<std::optional<std::string_view>, FrameError> ControlReader::next()
{
    if (m_error)
        return Failure(*m_error);
    const std::string_view held = std::string_view(m_bytes).substr(m_start);
    if (held.size() < LengthSize)
        return std::optional<std::string_view>();
    const size_t length = readU32(asBytes(held).data());
    if (length == 0 || length > MaxControlFrame) {
        m_error = length == 0 ? FrameError::Empty : FrameError::TooLong;
        return Failure(*m_error);
    }
    if (held.size() < LengthSize + length)
        return std::optional<std::string_view>();
    m_start += LengthSize + length;
    return std::optional(held.substr(LengthSize, length));
}

std::string encodeControlFrame(std::string_view json)
{
    assert(!json.empty() && json.size() <= MaxControlFrame);
    std::byte length[LengthSize];
    writeU32(length, static_cast<uint32_t>(json.size()));
    std::string frame(asText(length));
    frame.append(json);
    return frame;
}

} // namespace sallyport::wire
