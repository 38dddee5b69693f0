// Masking while copying (RFC 6455, section 5.3). Private to this library.
#pragma once

#include <sallyport/base/bytes.h>

#include <array>

namespace sallyport::wire {

// `to` may be the same memory as `from`.
void maskCopy(std::byte* to, ByteView from, const std::array<std::byte, 4>& mask, size_t offset);

} // namespace sallyport::wire
