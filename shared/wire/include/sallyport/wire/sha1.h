// SHA-1 (RFC 3174), for Sec-WebSocket-Accept alone: it is no protection against anybody.
#pragma once

#include <sallyport/base/bytes.h>

#include <array>

namespace sallyport::wire {

std::array<std::byte, 20> sha1(ByteView bytes);

} // namespace sallyport::wire
