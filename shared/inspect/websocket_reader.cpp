#include "websocket_reader.h"

#include <algorithm>
#include <utility>

namespace sallyport::inspect {

namespace {
constexpr uint8_t Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10;
bool isControl(uint8_t opcode)
{
    return opcode >= Close;
}
} // namespace

void WebSocketReader::read(ByteView bytes, std::vector<Found>& found)
{
    while (!m_failed && !bytes.empty()) {
        if (!m_inPayload) {
            bytes = bytes.subspan(readHeader(bytes));
            if (!m_inPayload)
                continue;
        } else {
            const size_t n = size_t(std::min<uint64_t>(m_left, bytes.size()));
            takePayload(bytes.first(n));
            m_left -= n;
            bytes = bytes.subspan(n);
        }
        if (!m_failed && m_left == 0)
            endFrame(found);
    }
}

// Of the header's bytes read so far: how many it will have.
size_t WebSocketReader::headerSize() const
{
    if (m_headerSize < 2)
        return 2;
    const unsigned length = m_header[1] & 0x7f;
    const size_t extended = length == 126 ? 2 : length == 127 ? 8 : 0;
    return 2 + extended + ((m_header[1] & 0x80) ? 4 : 0);
}

size_t WebSocketReader::readHeader(ByteView bytes)
{
    size_t used = 0;
    while (m_headerSize < headerSize() && used < bytes.size())
        m_header[m_headerSize++] = std::to_integer<uint8_t>(bytes[used++]);
    if (m_headerSize == headerSize())
        beginFrame();
    return used;
}

void WebSocketReader::beginFrame()
{
    m_final = (m_header[0] & 0x80) != 0;
    m_opcode = m_header[0] & 0x0f;
    m_masked = (m_header[1] & 0x80) != 0;
    m_left = m_header[1] & 0x7f;
    size_t at = 2;
    const size_t extended = m_left == 126 ? 2 : m_left == 127 ? 8 : 0;
    if (extended > 0)
        m_left = 0;
    for (size_t i = 0; i < extended; ++i)
        m_left = (m_left << 8) | m_header[at++];
    if (m_masked)
        std::copy_n(m_header.begin() + long(at), 4, m_mask.begin());
    m_maskAt = 0;
    m_headerSize = 0;
    m_inPayload = true;
    const bool known = m_opcode <= Binary || (m_opcode >= Close && m_opcode <= Pong);
    if (!known || (m_header[0] & 0x30) != 0 || (isControl(m_opcode) && (m_left > 125 || !m_final)))
        m_failed = true;
    if (m_opcode == Text || m_opcode == Binary) {
        m_message = {};
        m_message.kind = m_opcode == Text ? Message::Kind::Text : Message::Kind::Binary;
        m_message.compressed = (m_header[0] & 0x40) != 0;
    } else if (isControl(m_opcode)) {
        m_control = {};
        m_control.kind = m_opcode == Close  ? Message::Kind::Close
                         : m_opcode == Ping ? Message::Kind::Ping
                                            : Message::Kind::Pong;
    }
}

void WebSocketReader::takePayload(ByteView bytes)
{
    Found& target = isControl(m_opcode) ? m_control : m_message;
    target.size += bytes.size();
    const size_t kept = std::min(bytes.size(), DataLimit - target.data.size());
    for (size_t i = 0; i < kept; ++i) {
        uint8_t byte = std::to_integer<uint8_t>(bytes[i]);
        if (m_masked)
            byte ^= m_mask[(m_maskAt + i) & 3];
        target.data.push_back(char(byte));
    }
    m_maskAt = (m_maskAt + bytes.size()) & 3;
}

void WebSocketReader::endFrame(std::vector<Found>& found)
{
    m_inPayload = false;
    if (isControl(m_opcode))
        found.push_back(std::exchange(m_control, {}));
    else if (m_final)
        found.push_back(std::exchange(m_message, {}));
}

} // namespace sallyport::inspect
