#include "websocket_mask.h"
#include "websocket_opcode.h"

#include <sallyport/wire/websocket.h>

#include <algorithm>
#include <cassert>
#include <cstring>

namespace sallyport::wire {

namespace {
constexpr uint8_t Fin = 0x80;
constexpr uint8_t MaskBit = 0x80;

// Appends `payload` masked, written straight into the queue's own blocks.
void appendMasked(ByteView payload, const std::array<std::byte, 4>& mask, size_t offset,
                  ByteQueue& out)
{
    while (!payload.empty()) {
        const MutableByteView room = out.reserve(payload.size());
        const size_t n = std::min(room.size(), payload.size());
        maskCopy(room.data(), payload.first(n), mask, offset);
        out.commit(n);
        payload = payload.subspan(n);
        offset += n;
    }
}
} // namespace

std::array<std::byte, 4> WebSocketEncoder::nextMask()
{
    // splitmix64 (Steele, Lea, Flood 2014): one step for each frame.
    m_seed += 0x9e3779b97f4a7c15u;
    uint64_t z = m_seed;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    std::array<std::byte, 4> mask;
    writeU32(mask.data(), static_cast<uint32_t>(z));
    return mask;
}

void WebSocketEncoder::header(uint8_t opcode, size_t size, const std::array<std::byte, 4>& mask,
                              ByteQueue& out) const
{
    const uint8_t maskBit = m_role == WebSocketRole::Client ? MaskBit : 0;
    std::array<std::byte, MaxHeader> bytes;
    size_t n = 2;
    bytes[0] = static_cast<std::byte>(Fin | opcode);
    if (size < 126) {
        bytes[1] = static_cast<std::byte>(maskBit | size);
    } else if (size <= 0xffff) {
        bytes[1] = static_cast<std::byte>(maskBit | 126);
        writeU16(bytes.data() + n, static_cast<uint16_t>(size));
        n += 2;
    } else {
        bytes[1] = static_cast<std::byte>(maskBit | 127);
        writeU32(bytes.data() + n, static_cast<uint32_t>(static_cast<uint64_t>(size) >> 32));
        writeU32(bytes.data() + n + 4, static_cast<uint32_t>(size & 0xffffffff));
        n += 8;
    }
    if (maskBit != 0) {
        std::memcpy(bytes.data() + n, mask.data(), mask.size());
        n += mask.size();
    }
    out.append(ByteView(bytes.data(), n));
}

void WebSocketEncoder::frame(uint8_t opcode, ByteView payload, ByteQueue& out)
{
    if (m_role == WebSocketRole::Server) {
        header(opcode, payload.size(), {}, out);
        out.append(payload);
        return;
    }
    const std::array<std::byte, 4> mask = nextMask();
    header(opcode, payload.size(), mask, out);
    appendMasked(payload, mask, 0, out);
}

void WebSocketEncoder::encode(ByteView payload, ByteQueue& out)
{
    frame(opcode::Binary, payload, out);
}

void WebSocketEncoder::encodeFrom(ByteQueue& payload, size_t n, ByteQueue& out)
{
    assert(n <= payload.size());
    if (m_role == WebSocketRole::Server) {
        header(opcode::Binary, n, {}, out);
        out.moveFrom(payload, n);
        return;
    }
    const std::array<std::byte, 4> mask = nextMask();
    header(opcode::Binary, n, mask, out);
    for (size_t done = 0; done < n;) {
        const ByteView front = payload.front();
        const ByteView piece = front.first(std::min(front.size(), n - done));
        appendMasked(piece, mask, done, out);
        done += piece.size();
        payload.consume(piece.size());
    }
}

void WebSocketEncoder::ping(ByteView payload, ByteQueue& out)
{
    assert(payload.size() <= MaxControlPayload);
    frame(opcode::Ping, payload, out);
}

void WebSocketEncoder::pong(ByteView payload, ByteQueue& out)
{
    assert(payload.size() <= MaxControlPayload);
    frame(opcode::Pong, payload, out);
}

void WebSocketEncoder::close(CloseCode code, std::string_view reason, ByteQueue& out)
{
    if (code == CloseCode::None) {
        frame(opcode::Close, {}, out);
        return;
    }
    std::array<std::byte, MaxControlPayload> payload;
    writeU16(payload.data(), static_cast<uint16_t>(code));
    const size_t n = std::min(reason.size(), payload.size() - 2);
    if (n != 0)
        std::memcpy(payload.data() + 2, reason.data(), n);
    frame(opcode::Close, ByteView(payload.data(), n + 2), out);
}

} // namespace sallyport::wire
