#include "websocket_opcode.h"

#include <sallyport/wire/websocket.h>

#include <algorithm>
#include <cstring>

namespace sallyport::wire {

namespace {

constexpr uint8_t Fin = 0x80;
constexpr uint8_t ReservedBits = 0x70;
constexpr uint8_t MaskBit = 0x80;

// The size of the whole header, as its second byte tells.
size_t headerSize(uint8_t second)
{
    const uint8_t length = second & 0x7f;
    return 2 + (length == 126 ? 2 : length == 127 ? 8 : 0) + ((second & MaskBit) != 0 ? 4 : 0);
}

// Section 7.4: codes that may stand in a close frame.
bool maySend(uint16_t code)
{
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
           (code >= 3000 && code <= 4999);
}

} // namespace

Result<WebSocketDecoder::Event, WebSocketError> WebSocketDecoder::next(MutableByteView& input)
{
    if (m_error)
        return Failure(*m_error);
    if (m_closed) // section 5.5.1: what follows a close means nothing
        input = {};
    while (!input.empty() || (m_inFrame && m_left == 0)) {
        if (!m_inFrame) {
            if (!fillHeader(input))
                break;
            m_error = readHeader();
            if (m_error)
                return Failure(*m_error);
            continue;
        }
        const size_t n = static_cast<size_t>(std::min<uint64_t>(m_left, input.size()));
        const MutableByteView payload = input.first(n);
        input = input.subspan(n);
        if (m_role == WebSocketRole::Server) {
            applyMask(payload, m_mask, m_maskOffset);
            m_maskOffset = static_cast<uint32_t>((m_maskOffset + n) & 3);
        }
        m_left -= n;
        m_inFrame = m_left != 0;
        if (opcode::isControl(m_opcode)) {
            std::copy(payload.begin(), payload.end(),
                      m_control.begin() + static_cast<std::ptrdiff_t>(m_controlSize));
            m_controlSize += n;
            if (!m_inFrame)
                return finishControl();
        } else if (n != 0) {
            return Event(Data{payload});
        }
    }
    return Event(NeedMore{});
}

bool WebSocketDecoder::fillHeader(MutableByteView& input)
{
    while (!input.empty()) {
        m_header[m_headerSize++] = input[0];
        input = input.subspan(1);
        if (m_headerSize >= 2 && m_headerSize == headerSize(std::to_integer<uint8_t>(m_header[1])))
            return true;
    }
    return false;
}

std::optional<WebSocketError> WebSocketDecoder::readHeader()
{
    const uint8_t second = std::to_integer<uint8_t>(m_header[1]);
    if (const auto error = checkFirstByte(std::to_integer<uint8_t>(m_header[0])))
        return error;
    const bool masked = (second & MaskBit) != 0;
    if (masked != (m_role == WebSocketRole::Server))
        return WebSocketError::BadMask;

    m_left = second & 0x7f;
    if (m_left == 126) {
        m_left = readU16(m_header.data() + 2);
        if (m_left < 126)
            return WebSocketError::NotMinimal;
    } else if (m_left == 127) {
        m_left = (static_cast<uint64_t>(readU32(m_header.data() + 2)) << 32) |
                 readU32(m_header.data() + 6);
        if (m_left <= 0xffff)
            return WebSocketError::NotMinimal;
    }
    if (opcode::isControl(m_opcode) && m_left > m_control.size())
        return WebSocketError::ControlTooLong;
    if (m_left > m_maxFrame)
        return WebSocketError::FrameTooBig;

    if (masked)
        std::memcpy(m_mask.data(), m_header.data() + m_headerSize - m_mask.size(), m_mask.size());
    m_maskOffset = 0;
    m_headerSize = 0;
    m_controlSize = 0;
    m_inFrame = true;
    return std::nullopt;
}

std::optional<WebSocketError> WebSocketDecoder::checkFirstByte(uint8_t first)
{
    const bool fin = (first & Fin) != 0;
    m_opcode = first & 0x0f;
    if ((first & ReservedBits) != 0)
        return WebSocketError::ReservedBits;
    switch (m_opcode) {
    case opcode::Close:
    case opcode::Ping:
    case opcode::Pong:
        if (!fin)
            return WebSocketError::ControlFragmented;
        return std::nullopt;
    case opcode::Binary:
    case opcode::Continuation:
        if ((m_opcode == opcode::Continuation) != m_inMessage)
            return WebSocketError::BadContinuation;
        m_inMessage = !fin;
        return std::nullopt;
    default:
        return WebSocketError::BadOpcode;
    }
}

Result<WebSocketDecoder::Event, WebSocketError> WebSocketDecoder::finishControl()
{
    const ByteView payload(m_control.data(), m_controlSize);
    if (m_opcode == opcode::Ping)
        return Event(Ping{payload});
    if (m_opcode == opcode::Pong)
        return Event(Pong{payload});
    m_closed = true;
    if (payload.empty())
        return Event(Close{});
    if (payload.size() < 2 || !maySend(readU16(payload.data()))) {
        m_error = WebSocketError::BadClose;
        return Failure(*m_error);
    }
    return Event(
        Close{static_cast<CloseCode>(readU16(payload.data())), asText(payload.subspan(2))});
}

std::string_view describe(WebSocketError error)
{
    switch (error) {
    case WebSocketError::ReservedBits:
        return "a WebSocket frame with reserved bits set";
    case WebSocketError::BadOpcode:
        return "a WebSocket frame that is neither binary nor control";
    case WebSocketError::BadMask:
        return "a WebSocket frame that is masked at the wrong end";
    case WebSocketError::ControlTooLong:
        return "a WebSocket control frame over 125 bytes";
    case WebSocketError::ControlFragmented:
        return "a WebSocket control frame in fragments";
    case WebSocketError::BadContinuation:
        return "WebSocket fragments out of order";
    case WebSocketError::FrameTooBig:
        return "a WebSocket frame over the limit";
    case WebSocketError::NotMinimal:
        return "a WebSocket length that is not in its shortest form";
    case WebSocketError::BadClose:
        return "a WebSocket close frame with a wrong payload";
    }
    return {};
}

CloseCode closeCode(WebSocketError error)
{
    switch (error) {
    case WebSocketError::BadOpcode:
        return CloseCode::Unacceptable;
    case WebSocketError::FrameTooBig:
        return CloseCode::TooBig;
    default:
        return CloseCode::ProtocolError;
    }
}

} // namespace sallyport::wire
