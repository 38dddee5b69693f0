#include <sallyport/mux/frame_reader.h>

#include <algorithm>
#include <cassert>
#include <cstring>

namespace sallyport::mux {

std::optional<Result<FrameHeader, SessionError>> FrameReader::nextHeader()
{
    assert(m_bodyLeft == 0);
    const std::byte* from = m_input.data();
    if (m_headerFilled == 0 && m_input.size() >= HeaderSize) {
        m_input = m_input.subspan(HeaderSize);
    } else {
        const size_t n = std::min(m_input.size(), HeaderSize - m_headerFilled);
        if (n == 0)
            return std::nullopt;
        std::memcpy(m_header.data() + m_headerFilled, m_input.data(), n);
        m_input = m_input.subspan(n);
        m_headerFilled += static_cast<uint32_t>(n);
        if (m_headerFilled < HeaderSize)
            return std::nullopt;
        m_headerFilled = 0;
        from = m_header.data();
    }
    auto header = decode(from);
    if (header && header->type == FrameType::Data)
        m_bodyLeft = header->length;
    return header;
}

ByteView FrameReader::nextBody()
{
    const ByteView piece = m_input.first(std::min<size_t>(m_input.size(), m_bodyLeft));
    m_input = m_input.subspan(piece.size());
    m_bodyLeft -= static_cast<uint32_t>(piece.size());
    return piece;
}

} // namespace sallyport::mux
