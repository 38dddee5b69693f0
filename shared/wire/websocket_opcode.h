// RFC 6455, section 5.2. Private to this library.
#pragma once

#include <cstdint>

namespace sallyport::wire::opcode {

inline constexpr uint8_t Continuation = 0x0;
inline constexpr uint8_t Text = 0x1;
inline constexpr uint8_t Binary = 0x2;
inline constexpr uint8_t Close = 0x8;
inline constexpr uint8_t Ping = 0x9;
inline constexpr uint8_t Pong = 0xa;

inline bool isControl(uint8_t code)
{
    return (code & 0x8) != 0;
}

} // namespace sallyport::wire::opcode
