// Views of raw bytes and of text, and the way between them. Nothing here owns or copies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sallyport {

using ByteView = std::span<const std::byte>;
using MutableByteView = std::span<std::byte>;

inline ByteView asBytes(std::string_view text)
{
    return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}
inline std::string_view asText(ByteView bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Big-endian (network order) integers; the caller has checked that the bytes are there.
inline uint16_t readU16(const std::byte* p)
{
    return static_cast<uint16_t>((std::to_integer<uint32_t>(p[0]) << 8) |
                                 std::to_integer<uint32_t>(p[1]));
}
inline uint32_t readU32(const std::byte* p)
{
    return (static_cast<uint32_t>(readU16(p)) << 16) | readU16(p + 2);
}
inline void writeU16(std::byte* p, uint16_t v)
{
    p[0] = static_cast<std::byte>(v >> 8);
    p[1] = static_cast<std::byte>(v & 0xff);
}
inline void writeU32(std::byte* p, uint32_t v)
{
    writeU16(p, static_cast<uint16_t>(v >> 16));
    writeU16(p + 2, static_cast<uint16_t>(v & 0xffff));
}

} // namespace sallyport
