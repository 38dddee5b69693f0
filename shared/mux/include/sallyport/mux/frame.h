// The frame header of yamux: 12 bytes, big-endian (spec.md, "Framing").
//
//   version u8 = 0 | type u8 | flags u16 | stream id u32 | length u32
//
// Pure functions; only Data frames have a body, `length` bytes behind the header.
#pragma once

#include <sallyport/base/bytes.h>
#include <sallyport/base/result.h>
#include <sallyport/mux/types.h>

#include <cstddef>
#include <cstdint>

namespace sallyport::mux {

constexpr size_t HeaderSize = 12;
constexpr uint32_t InitialWindow = 256 * 1024;

enum class FrameType : uint8_t { Data = 0, WindowUpdate = 1, Ping = 2, GoAway = 3 };

namespace flag {
constexpr uint16_t Syn = 1; // opens a stream; in a ping: the question
constexpr uint16_t Ack = 2; // accepts a stream; in a ping: the answer
constexpr uint16_t Fin = 4; // the sender's half ends
constexpr uint16_t Rst = 8; // both halves end at once
constexpr uint16_t All = Syn | Ack | Fin | Rst;
} // namespace flag

struct FrameHeader
{
    FrameType type = FrameType::Data;
    uint16_t flags = 0;
    StreamId streamId = 0;
    // Data: bytes that follow. WindowUpdate: credit. Ping: an opaque id. GoAway: a code.
    uint32_t length = 0;

    bool has(uint16_t f) const { return (flags & f) != 0; }
    bool operator==(const FrameHeader&) const = default;
};

void encode(const FrameHeader& header, std::byte* to);

// Reads HeaderSize bytes. Only frames that mean something pass: known version, type and flags;
// stream id 0 for Ping and GoAway and for nothing else; a ping is either question or answer.
Result<FrameHeader, SessionError> decode(const std::byte* from);

} // namespace sallyport::mux
